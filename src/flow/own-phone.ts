/** The one question that asks for the phone of whoever holds it: a number handed over by a press answers that, and no other. */
import type { Flow, Session } from './types';
import type { Spot, Walk } from './view';

/** By the first source of the filer whose name was answered: when somebody only types, the applicant's phone is not theirs. */
export function asksOwnPhone({ people }: Flow, { view }: Walk, { step, path }: Spot): boolean {
  if (step.kind !== 'phone') return false;
  return people.filer.find(({ name }) => typeof view.get(name) === 'string')?.phone === path;
}

/** A yes, a choice or a place for photos is waited for, elsewhere than at this question. */
export const waitsElsewhere = ({ pending }: Session, { path }: Spot): boolean =>
  pending !== null && pending.type !== 'undo' && (!('step' in pending) || pending.step !== path);
