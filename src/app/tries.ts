/** Guessing at dossiers has an end: per machine, per network address, per code, and for the whole house. */
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

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

export function openTries(wrong: Readonly<Record<keyof typeof WRONG, number>> = WRONG): Tries {
  const limiter = (points: number, keyPrefix: string) =>
    new RateLimiterMemory({ points, duration: WINDOW_S, keyPrefix });
  const machine = limiter(wrong.machine, 'machine');
  const ip = limiter(wrong.ip, 'ip');
  const code = limiter(wrong.code, 'code');
  const house = limiter(wrong.house, 'house');
  const all = (keys: TryKeys) =>
    [
      [machine, `${keys.ip} ${keys.machine}`],
      [ip, keys.ip],
      [code, createHash('sha256').update(keys.code).digest('base64url')],
      [house, 'all'],
    ] as const;

  return {
    async begin(keys) {
      for (const [limit, key] of all(keys)) {
        try {
          await limit.consume(key);
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return false;
          throw refusal;
        }
      }
      return true;
    },
    async forgive(keys) {
      await Promise.all(all(keys).map(([limit, key]) => limit.reward(key)));
    },
  };
}
