/** Guessing at dossiers has an end: per machine, per network address, per code, and for the whole house. */
import { createHash } from 'node:crypto';
import type { OpenLimiter } from '../ports/limiter';
import { memoryLimiter } from './memory-limiter';

export interface Tries {
  /** Counts a try before it is made, so that many at once count too. False: no more for now. */
  begin(keys: TryKeys): Promise<boolean>;
  /** The try was right: it does not count. */
  forgive(keys: TryKeys): Promise<void>;
}

export interface TryKeys {
  readonly ip: string;
  /** Cookie of this machine; those without one share a key at their address. */
  readonly machine: string;
  readonly code: string;
}

const WINDOW_S = 15 * 60;
/**
 * Four digits are 10,000 guesses: at ten a quarter of an hour for one code they last a week and a half. An address may be
 * a whole village behind one modem, so it gets more than a machine.
 */
const WRONG = { machine: 5, ip: 30, code: 10, house: 300 } as const;

export function openTries(
  wrong: Readonly<Record<keyof typeof WRONG, number>> = WRONG,
  limiterOf: OpenLimiter = memoryLimiter,
): Tries {
  const limiter = (name: keyof typeof WRONG) => limiterOf({ name, points: wrong[name], seconds: WINDOW_S });
  const machine = limiter('machine');
  const ip = limiter('ip');
  const code = limiter('code');
  const house = limiter('house');
  const all = (keys: TryKeys) =>
    [
      [machine, `${keys.ip} ${keys.machine}`],
      [ip, keys.ip],
      [code, createHash('sha256').update(keys.code).digest('base64url')],
      [house, 'all'],
    ] as const;

  return {
    async begin(keys) {
      for (const [limit, key] of all(keys)) if ((await limit.take(key)) > 0) return false;
      return true;
    },
    async forgive(keys) {
      await Promise.all(all(keys).map(([limit, key]) => limit.giveBack(key)));
    },
  };
}
