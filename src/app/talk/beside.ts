/** Words of the bot beside what it asked: the question, its buttons and their numbers stand as before. */
import type { Phrase } from '../../flow/types';
import type { Talk } from './talk';

export function sayBeside(talk: Talk, line: Phrase): void {
  const { offered, spokenAt = talk.world.revision } = talk.state;
  talk.say(line);
  talk.state = { ...talk.state, offered, spokenAt };
}
