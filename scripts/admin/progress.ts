/** Says how far long work is: every two seconds, not for every step. */
import type { Tools } from './command';

const EVERY_MS = 2_000;

export interface Progress {
  /** `line` is only made when it is time to say it. */
  step(line: () => string): void;
}

export function openProgress({ say, universe }: Pick<Tools, 'say' | 'universe'>): Progress {
  let next = universe.now() + EVERY_MS;
  return {
    step(line) {
      if (universe.now() < next) return;
      next = universe.now() + EVERY_MS;
      say(line());
    },
  };
}

/** 12345 → "12,345". */
export const figure = (n: number): string => n.toLocaleString('en-US');
