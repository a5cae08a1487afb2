/** Words of the bot beside what it asked: the question, its buttons and their numbers stand as before. */
import type { Phrase } from '../../flow/types';
import type { Talk } from './talk';

export function sayBeside(talk: Talk, line: Phrase): void {
  const { offered, spokenAt } = talk.state;
  talk.say(line);
  const { spokenAt: _now, ...rest } = talk.state;
  talk.state = { ...rest, offered, ...(spokenAt === undefined ? {} : { spokenAt }) };
}
