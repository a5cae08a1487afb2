/** What the citizen changed since an officer last did something: by step, the text before. */
import type { Dossier, Part } from '../ports/documents';

/** `before` null: the answer is new. Of several changes to one step the earliest text counts. */
export function freshChanges(dossier: Dossier, part: Part): ReadonlyMap<string, string | null> {
  const hands = dossier.history.filter(({ by, part: id }) => by.role === 'officer' && id === part.id);
  const lastHand = hands.filter(({ event }) => event !== 'note').at(-1)?.at ?? 0;
  const later = part.rounds.filter((round) => round.n > 1 && round.at >= lastHand);
  const rounds = later.length > 0 ? later : part.rounds.filter((round) => round.n > 1).slice(-1);
  const changes = new Map<string, string | null>();
  for (const { step, before } of rounds.flatMap((round) => round.changed)) {
    if (!changes.has(step)) changes.set(step, before);
  }
  return changes;
}
