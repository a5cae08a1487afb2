/** What happens to a Redis in its life, one trouble after another; each ends with a Redis that works. */
import { Redis } from 'ioredis';
import type { RedisServer } from '../servers/redis-server';
import { pause } from './storm-http';

export const TROUBLES = [
  /** Somebody empties it, again and again. */
  'flush',
  /** No memory left for what is written (`noeviction`). */
  'full',
  /** It answers nobody and lets nobody go. */
  'frozen',
  /** kill -9 with nothing on disk, and nobody there for a while. */
  'away',
  /** The same, and up again at once. */
  'kill',
] as const;
export type Trouble = (typeof TROUBLES)[number];

const FLUSHES = 5;
const SHORT_MS = 300;
const LONG_MS = 8_000;
/** What `full` leaves for all that is written, bytes. */
const LEFT_BYTES = 8_192;

async function ask<T>({ url }: RedisServer, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function flush(redis: Redis): Promise<void> {
  for (let times = 0; times < FLUSHES; times += 1) {
    await redis.flushall();
    await pause(SHORT_MS);
  }
}

async function fill(redis: Redis): Promise<void> {
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await redis.config('SET', 'maxmemory', String(used + LEFT_BYTES));
  await pause(LONG_MS);
  await redis.config('SET', 'maxmemory', '0');
}

/** Makes one trouble, and resolves at its end. `awayMs`: how long Redis is away. */
export async function makeTrouble(trouble: Trouble, redis: RedisServer, awayMs: number): Promise<void> {
  switch (trouble) {
    case 'flush':
      return ask(redis, flush);
    case 'full':
      return ask(redis, fill);
    case 'frozen':
      redis.freeze();
      await pause(LONG_MS);
      redis.thaw();
      return;
    case 'kill':
    case 'away':
      await redis.kill();
      await pause(trouble === 'kill' ? SHORT_MS : awayMs);
      return redis.start();
  }
}
