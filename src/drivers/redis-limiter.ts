/** Limits that all processes share, on Redis; while it is away each process counts for itself. */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { OpenLimiter } from '../ports/limiter';

export interface RedisLimits {
  readonly limiter: OpenLimiter;
  close(): void;
}

export interface RedisLimitsOptions {
  readonly url: string;
  /** In braces, as the queue's. Default `{mot-cua}`. */
  readonly prefix?: string;
  /** Connections lost, each time anew. */
  readonly onError: (error: unknown) => void;
}

/** A Redis that hangs must not hold up who waits to be counted: after so long they are counted here, ms. */
const ANSWER_MS = 250;

/** An address says where somebody lives: Redis gets its hash. */
const hashed = (key: string) => createHash('sha256').update(key).digest('base64url');

const limiterOn =
  (redis: Redis, prefix: string): OpenLimiter =>
  ({ name, points, seconds }) => {
    const limit = { points, duration: seconds, keyPrefix: `${prefix}:limit:${name}` };
    const counter = new RateLimiterRedis({
      ...limit,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(limit),
    });
    return {
      async take(key) {
        try {
          await counter.consume(hashed(key));
          return 0;
        } catch (refusal) {
          if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
          throw refusal;
        }
      },
      async giveBack(key) {
        await counter.reward(hashed(key));
      },
    };
  };

/** Does not wait for Redis: until it answers, the counts are this process's own. */
export function redisLimits({ url, prefix = '{mot-cua}', onError }: RedisLimitsOptions): RedisLimits {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_MS,
  });
  let away = false;
  redis
    .on('ready', () => (away = false))
    .on('error', (error) => {
      if (!away) onError(error);
      away = true;
    });
  return { limiter: limiterOn(redis, prefix), close: () => redis.disconnect() };
}
