/** Buttons under a message, and the ids of those that are the engine's own. */
import type { Button, Command, Phrase } from './types';
import { own } from './words';

/** Choice ids of the engine's own buttons; no kind's choice begins with "-". */
export const PICK = {
  yes: '-yes',
  no: '-no',
  keep: '-keep',
  skip: '-skip',
  more: '-more',
  done: '-done',
  drop: '-drop:',
  /** A photo that waits belongs to this step; or to none. */
  here: '-here',
  away: '-away',
} as const;

/** Where a button belongs: a spot, or whatever else has a path. */
export interface Placed {
  readonly path: string;
}

export const pick = ({ path }: Placed, choice: string, label: Phrase): Button => ({
  label,
  does: { type: 'choice', step: path, choice },
});

export const command = (name: Command, label: Phrase, step?: string): Button => ({
  label,
  does: { type: 'command', command: name, ...(step === undefined ? {} : { step }) },
});

export const yesAndNo = (spot: Placed): readonly Button[] => [
  pick(spot, PICK.yes, own('yes')),
  pick(spot, PICK.no, own('no')),
];
