/** Whether Redis takes what it is given: said once when it does not, and why, in words that hold no address and no password. */

/** So long after its last refusal a Redis is believed to be well again, ms. */
const QUIET_MS = 60_000;

const SAID_BY_REDIS = /\b(NOAUTH|WRONGPASS|NOPERM|OOM|READONLY|MISCONF|LOADING|CLUSTERDOWN|MASTERDOWN)\b/;

/** What Redis or the network calls it: `OOM`, `NOAUTH`, `ECONNREFUSED`, …; else the error's class. */
function reasonOf(error: unknown): string {
  const { message = '', code, name } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  return SAID_BY_REDIS.exec(message)?.[1] ?? code ?? name ?? 'unknown';
}

export interface RedisOutage {
  lost(error: unknown): void;
  found(): void;
  /** Why Redis does not do it; null while it does. */
  reason(): string | null;
}

/** `onAway`: once per outage, with its reason. `clock`: ms epoch. */
export function redisOutage(clock: () => number, onAway: (reason: string) => void): RedisOutage {
  let away: { readonly why: string; readonly at: number } | null = null;
  const lasting = () => (away !== null && clock() - away.at < QUIET_MS ? away : null);
  return {
    lost(error) {
      const before = lasting();
      const why = reasonOf(error);
      away = { why, at: clock() };
      if (before === null) onAway(why);
    },
    found() {
      away = null;
    },
    reason: () => lasting()?.why ?? null,
  };
}
