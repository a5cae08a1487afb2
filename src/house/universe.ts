/** The real universe: this machine's clock and its randomness. */
import { randomBytes } from 'node:crypto';
import type { Universe } from '../ports/universe';

export const realUniverse: Universe = {
  now: () => Date.now(),
  randomBytes: (count) => randomBytes(count),
  jitter: () => Math.random(),
};
