/** The circumstances of a dossier's change that an effect asks for: when, in whose words, and the date promised anew. */
import type { Agency, Part } from '../../ports/documents';
import type { Universe } from '../../ports/universe';
import type { Move } from './dossier-moves';
import { voiceOf } from './dossier-tell';
import type { ProposeDueOn } from './promised-date';
import type { Lang, Speech } from '../speech';

export interface EffectMoveDeps {
  readonly universe: Universe;
  readonly speech: Speech;
  readonly agency: (id: string) => Agency | undefined;
  readonly proposeDueOn: ProposeDueOn;
}

/** `talk`: who is told, in their own form of address; null when the conversation is gone. */
export type EffectMove = (
  talk: { readonly lang: Lang; readonly pair: string } | null,
  effect: string,
  revision: number,
) => Move;

export function effectMover({ universe, speech, agency, proposeDueOn }: EffectMoveDeps): EffectMove {
  function redue(part: Part): string | null {
    const office = agency(part.agency);
    if (office === undefined || part.receivedAt === null) return null;
    return proposeDueOn(part.procedure, office, part.receivedAt, part.pauses)?.dueOn ?? null;
  }
  return (talk, effect, revision) => ({
    at: universe.now(),
    revision,
    voice: voiceOf(speech, talk),
    effect,
    redue,
  });
}
