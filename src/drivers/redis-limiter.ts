/** Limits that all processes share, on Redis; while it is away each process counts for itself. */
import type { Vault } from '../crypto/vault';
import { Redis } from 'ioredis';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { OpenLimiter } from '../ports/limiter';

export interface RedisLimits {
  readonly limiter: OpenLimiter;
  close(): void;
}

export interface RedisLimitsOptions {
  readonly url: string;
  /** An address says where somebody lives: Redis gets a token that tells nothing without the keys. */
  readonly vault: Pick<Vault, 'blind'>;
  /** In braces, as the queue's. Default `{mot-cua}`. */
  readonly prefix?: string;
  /** Redis went away or stopped answering; once each time. */
  readonly onError: (error: unknown) => void;
}

/** A Redis that hangs must not hold up who waits to be counted: after so long they are counted here, ms. */
const ANSWER_MS = 250;
/** And so long nobody else waits for it, ms. */
const DEAF_MS = 5_000;

/** Whether Redis answers; said once each time it stops. */
function hearing(onError: (error: unknown) => void) {
  let away = false;
  let deaf: NodeJS.Timeout | undefined;
  function lost(error: unknown): void {
    if (!away) onError(error);
    away = true;
  }
  return {
    isDeaf: () => deaf !== undefined,
    lost,
    silent(error: unknown) {
      lost(error);
      deaf ??= setTimeout(() => (deaf = undefined), DEAF_MS).unref();
    },
    found() {
      away = false;
    },
    close: () => clearTimeout(deaf),
  };
}

/** ms to wait, 0 when counted. @throws what Redis says when it does not count */
async function countOn(counter: RateLimiterAbstract, key: string): Promise<number> {
  try {
    await counter.consume(key);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
    throw refusal;
  }
}

const limiterOn =
  (
    redis: Redis,
    { vault, prefix = '{mot-cua}' }: RedisLimitsOptions,
    ear: ReturnType<typeof hearing>,
  ): OpenLimiter =>
  ({ name, points, seconds }) => {
    const limit = { points, duration: seconds, keyPrefix: `${prefix}:limit:${name}` };
    const shared = new RateLimiterRedis({ ...limit, storeClient: redis, rejectIfRedisNotReady: true });
    const own = new RateLimiterMemory(limit);
    const token = (key: string) => vault.blind('limit', key);
    async function on<T>(ask: (counter: RateLimiterAbstract) => Promise<T>): Promise<T> {
      if (ear.isDeaf()) return ask(own);
      try {
        const answer = await ask(shared);
        ear.found();
        return answer;
      } catch (error) {
        // A connection that is lost says so itself.
        if (redis.status === 'ready') ear.silent(error);
        return ask(own);
      }
    }
    return {
      take: (key) => on((counter) => countOn(counter, token(key))),
      async giveBack(key) {
        await on((counter) => counter.reward(token(key)));
      },
      async forget(key) {
        await on((counter) => counter.delete(token(key)));
      },
    };
  };

/** Does not wait for Redis: until it answers, the counts are this process's own. */
export function redisLimits(options: RedisLimitsOptions): RedisLimits {
  const redis = new Redis(options.url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_MS,
  });
  const ear = hearing(options.onError);
  redis.on('ready', ear.found).on('error', ear.lost);
  const close = () => {
    ear.close();
    redis.disconnect();
  };
  return { limiter: limiterOn(redis, options, ear), close };
}
