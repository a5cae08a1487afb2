/** Notes and photos that are kept with the talk itself: what the citizen may be told of them. */
import type { Conversation } from '../../ports/documents';
import { TALK_FILE_DAYS } from '../talk-files';
import type { Talk } from './talk';

/** More than these are not counted. */
const COUNTED = 100;

type Kept = NonNullable<Conversation['kept']>;

/** Those whose days are not over at `at` (ms epoch). */
export const keptNow = ({ kept = [] }: Conversation, at: number): Kept =>
  kept.filter((one) => one.at + TALK_FILE_DAYS * 86_400_000 > at);

export function keptWithTalk(talk: Talk, ids: readonly string[]): void {
  const { at } = talk.world;
  const kept = [...keptNow(talk.state, at), ...ids.map((id) => ({ id, at }))].slice(-COUNTED);
  talk.state = { ...talk.state, kept };
}

/** One of them could not be kept. */
export function notKept(talk: Talk, id: string): void {
  const { kept = [] } = talk.state;
  talk.state = { ...talk.state, kept: kept.filter((one) => one.id !== id) };
}
