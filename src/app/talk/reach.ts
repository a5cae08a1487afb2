/** Citizens who left or blocked us, and come back. */
import { statusPhrase } from './status-words';
import type { HouseEvent, Talk } from './talk';

type Lost = Extract<HouseEvent, { type: 'unreachable' }>['lost'];

/** Nothing more is sent before they write again; of each dossier's news that was lost its officers learn. */
export function unreachable(talk: Talk, lost: Lost): void {
  talk.state = { ...talk.state, unreachableSince: talk.state.unreachableSince ?? talk.world.at };
  for (const { dossierId, seq, text } of lost) talk.act({ type: 'not-told', dossierId, said: seq, text });
}

/** They write again: what became of their dossiers meanwhile is said first. */
export function welcomeBack(talk: Talk): void {
  const since = talk.state.unreachableSince ?? null;
  if (since === null) return;
  talk.state = { ...talk.state, unreachableSince: null };
  const missed = talk.state.dossiers.filter(({ at }) => at >= since - GRACE_MS);
  if (missed.length > 0) talk.say(missed.map((news) => statusPhrase(news)));
}

/** News is older than the moment it was found undeliverable. */
const GRACE_MS = 60_000;
