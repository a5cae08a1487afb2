/** Words that did not reach the citizen stand in the history, so that an officer can call or write; and that they were told after all. */
import type { Dossier, HistoryEntry } from '../../ports/documents';
import { withHistory } from './dossier-moves';

const EVENTS = { missed: 'notTold', later: 'toldLater' } as const;

/** `text`: what should have been read, or was read later. */
export function withReach(dossier: Dossier, what: keyof typeof EVENTS, text: string, at: number): Dossier {
  const part = dossier.parts.find(({ status }) => status === dossier.status) ?? dossier.parts[0];
  if (part === undefined) return dossier;
  const entry = { at, by: { role: 'system' }, event: EVENTS[what], part: part.id, text } as const;
  return withHistory(dossier, entry, part);
}

/** About telling alone: it changes nothing of the dossier, and not when it was closed. */
export const isAboutReach = ({ event }: Pick<HistoryEntry, 'event'>): boolean =>
  event === EVENTS.missed || event === EVENTS.later;

/** Did the last news find nobody? */
export const isNotTold = ({ history }: Pick<Dossier, 'history'>): boolean =>
  history.findLast(isAboutReach)?.event === EVENTS.missed;
