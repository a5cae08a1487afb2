/** Counts that end: how often something may happen in a stretch of time, for one key. */

export interface Limiter {
  /** Counts one. 0: it is within the limit; else ms until one may be tried again. Never rejects: a count that cannot be shared is kept here. */
  take(key: string): Promise<number>;
  /** Takes one back. */
  giveBack(key: string): Promise<void>;
  /** Takes all of them back. */
  forget(key: string): Promise<void>;
}

export interface Limit {
  /** Tells limits apart that count the same keys. */
  readonly name: string;
  /** At most so many. */
  readonly points: number;
  /** In so many seconds, from the first. */
  readonly seconds: number;
}

export type OpenLimiter = (limit: Limit) => Limiter;
