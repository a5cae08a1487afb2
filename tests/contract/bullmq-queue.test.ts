import { randomBytes } from 'node:crypto';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { bullmqQueue, type BullmqQueueOptions } from '../../src/drivers/bullmq-queue';
import type { Job } from '../../src/ports/queue';
import { openRedisServer, redisHere, type RedisServer } from '../servers/redis-server';
import { openTcpProxy } from '../servers/tcp-proxy';
import { job, queueContract, sleep, until, type OpenedQueue } from './queue-contract';

const onRedis = redisHere ? describe : describe.skip;

onRedis('on Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await openRedisServer();
  });
  afterAll(() => server.close());

  async function open(more: Partial<BullmqQueueOptions> = {}): Promise<OpenedQueue> {
    const due: Job[] = [];
    const errors: unknown[] = [];
    const everyMs = more.everyMs ?? 50;
    const queue = await bullmqQueue({
      url: server.url,
      prefix: `{test-${randomBytes(4).toString('hex')}}`,
      sweep: (_, limit) => Promise.resolve(due.slice(0, limit)),
      clock: Date.now,
      everyMs,
      onError: (error) => errors.push(error),
      onAway: (reason) => errors.push(reason),
      ...more,
    });
    return { queue, due, errors, everyMs, close: () => queue.close() };
  }

  queueContract('bullmq', () => open());

  it('looks at a document in one of two processes, at no more documents than it was told', async () => {
    const prefix = '{two}';
    const [one, two] = [await open({ prefix, concurrency: 2 }), await open({ prefix, concurrency: 2 })];
    const seen: string[] = [];
    let running = 0;
    let most = 0;
    const handler = async ({ id }: Job) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
      seen.push(id);
    };
    [one, two].forEach(({ queue }) => queue.work(handler));
    for (let n = 0; n < 40; n += 1) one.queue.ring(job(`d${n}`));
    await until(() => seen.length >= 40);
    await sleep(100);
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
    expect(most).toBe(4);
    await Promise.all([one.close(), two.close()]);
  });

  it('looks once more when the same bell rings during the look', async () => {
    const { queue, close } = await open({ everyMs: 60_000 });
    let looks = 0;
    queue.work(async () => {
      looks += 1;
      await sleep(80);
    });
    queue.ring(job('a'));
    await until(() => looks === 1);
    for (let n = 0; n < 5; n += 1) queue.ring(job('a'));
    await until(() => looks === 2);
    await sleep(200);
    expect(looks).toBe(2);
    await close();
  });

  it('gives the job of a process that was lost to another', async () => {
    const prefix = '{lost}';
    const { queue, close } = await open({ prefix, lockMs: 500, stalledMs: 300, everyMs: 60_000 });
    queue.ring(job('a'));
    await sleep(100);
    // Takes the job and never renews its hold, as a process does that was killed.
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    const lost = new Worker('looks', null, { connection, prefix, lockDuration: 500, autorun: false });
    const taken = (await lost.getNextJob('token')) as { id?: string } | undefined;
    expect(taken?.id).toBe('conversation-a-1');
    const seen: string[] = [];
    queue.work(({ id }) => Promise.resolve(void seen.push(id)));
    await until(() => seen.length === 1, 8_000);
    await lost.close(true);
    connection.disconnect();
    await close();
  }, 20_000);

  it('keeps no word of an error, which may quote a citizen', async () => {
    const { queue, errors, close } = await open({ prefix: '{words}', everyMs: 60_000 });
    queue.work(() => Promise.reject(new Error('Unexpected token in "Nguyễn Thị Ví Dụ"')));
    queue.ring(job('a'));
    await until(() => errors.length === 1);
    const redis = new Redis(server.url);
    let kept: Record<string, string> = {};
    while (kept['failedReason'] === undefined) {
      kept = await redis.hgetall('{words}:looks:conversation-a-1');
      await sleep(10);
    }
    expect(kept).toMatchObject({ failedReason: 'internal', stacktrace: '[]' });
    expect(JSON.stringify(kept)).not.toContain('Nguy');
    redis.disconnect();
    await close();
  });

  it('keeps no trace of what is done, so that it can ring again', async () => {
    const { queue, close } = await open({ prefix: '{trace}', everyMs: 60_000 });
    let looks = 0;
    queue.work(() => Promise.resolve(void (looks += 1)));
    for (const turn of [1, 2, 3]) {
      queue.ring(job('a'));
      await until(() => looks === turn);
      await sleep(30);
    }
    const redis = new Redis(server.url);
    const left = (await redis.keys('{trace}:*')).filter((key) => key.includes('conversation'));
    expect(left).toEqual([]);
    redis.disconnect();
    await close();
  });
});

onRedis('when Redis fails', () => {
  let server: RedisServer;
  const errors: unknown[] = [];
  const due: Job[] = [];
  const openQueue = (url = server.url) =>
    bullmqQueue({
      url,
      sweep: (_, limit) => Promise.resolve(due.slice(0, limit)),
      clock: Date.now,
      everyMs: 200,
      onError: (error) => errors.push(error),
      onAway: (reason) => errors.push(reason),
    });
  /** A handler as the app's: what was looked at is no longer due. */
  const settle = (seen: Set<string>) => (one: Job) => {
    seen.add(one.id);
    const at = due.findIndex(({ id }) => id === one.id);
    if (at >= 0) due.splice(at, 1);
    return Promise.resolve();
  };
  beforeEach(async () => {
    errors.length = 0;
    due.length = 0;
    server = await openRedisServer();
  });
  afterEach(() => server.close());

  const ringAll = (ring: (one: Job) => void, name: string, n = 50) => {
    for (let i = 0; i < n; i += 1) {
      due.push(job(`${name}${i}`));
      ring(job(`${name}${i}`));
    }
  };

  it('rings without waiting or throwing, says so once, looks at what is due without it, and rings when it is back', async () => {
    const queue = await openQueue();
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'before');
    await until(() => seen.size === 50);
    await server.kill();
    await sleep(300);
    const began = performance.now();
    ringAll(queue.ring, 'during');
    expect(performance.now() - began).toBeLessThan(1_000);
    await sleep(1_500);
    expect(errors).toHaveLength(1);
    expect(queue.trouble?.()).toBe('ECONNREFUSED');
    expect(seen.size).toBe(100);
    await server.start();
    ringAll(queue.ring, 'after');
    await until(() => seen.size === 150, 10_000);
    await until(() => queue.trouble?.() === null, 5_000);
    await queue.close();
  }, 60_000);

  it('makes a connection anew on which nothing comes any more', async () => {
    const proxy = await openTcpProxy(Number(new URL(server.url).port));
    const queue = await openQueue(`redis://127.0.0.1:${proxy.port}`);
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'before');
    await until(() => seen.size === 50);
    // Half-open: whoever speaks now on these connections is never answered, and nothing breaks.
    proxy.decide = () => 'swallow';
    ringAll(queue.ring, 'into-the-void');
    await sleep(2_000);
    proxy.decide = () => 'pass';
    await until(() => seen.size === 100, 40_000);
    expect(errors.length).toBeGreaterThan(0);
    await queue.close();
    await proxy.close();
  }, 90_000);

  it('loses nothing when everything in it is flushed', async () => {
    const queue = await openQueue();
    const redis = new Redis(server.url);
    ringAll(queue.ring, 'waiting');
    await sleep(100);
    await redis.flushall();
    const seen = new Set<string>();
    queue.work(settle(seen));
    await until(() => seen.size === 50, 10_000);
    for (let round = 0; round < 5; round += 1) {
      ringAll(queue.ring, `round${round}-`);
      await redis.flushall();
    }
    await until(() => seen.size === 300, 15_000);
    redis.disconnect();
    await queue.close();
  }, 60_000);

  it('rings again for a document whose job was flushed while it was looked at', async () => {
    const queue = await openQueue();
    const redis = new Redis(server.url);
    let looks = 0;
    queue.work(async () => {
      looks += 1;
      await sleep(200);
    });
    queue.ring(job('a'));
    await until(() => looks === 1);
    await redis.flushall();
    queue.ring(job('a'));
    await until(() => looks === 2, 5_000);
    await sleep(1_500);
    queue.ring(job('a'));
    await until(() => looks === 3, 5_000);
    redis.disconnect();
    await queue.close();
  }, 30_000);

  it('starts without Redis, closes without Redis, and works once it is there', async () => {
    await server.kill();
    const alone = await openQueue();
    alone.work(() => Promise.resolve());
    await alone.close();
    const queue = await openQueue();
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'early');
    await server.start();
    await until(() => seen.size === 50, 20_000);
    await queue.close();
  }, 60_000);

  it('refuses new keys when its memory is full, and nothing is lost', async () => {
    await server.close();
    server = await openRedisServer(['--maxmemory', '1500kb', '--maxmemory-policy', 'noeviction']);
    const redis = new Redis(server.url);
    await redis.set('filler', 'x'.repeat(600_000)).catch(() => undefined);
    const queue = await openQueue();
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'full', 400);
    await sleep(1_000);
    await redis.del('filler');
    await redis.config('SET', 'maxmemory', '0');
    await until(() => seen.size === 400, 20_000);
    redis.disconnect();
    await queue.close();
  }, 60_000);

  it.each([
    ['is full', 'OOM', 'maxmemory', '1mb'],
    ['may not be written', 'READONLY', 'replicaof', '127.0.0.1 1'],
  ])('looks by itself for as long as Redis %s', async (_, reason, ...setting) => {
    const queue = await openQueue();
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'before');
    await until(() => seen.size === 50);
    const redis = new Redis(server.url);
    const [name, value] = setting;
    await (name === 'replicaof' ? redis.call(name, ...value.split(' ')) : redis.config('SET', name, value));
    ringAll(queue.ring, 'during', 300);
    await until(() => seen.size === 350, 5_000);
    expect(queue.trouble?.()).toBe(reason);
    const web = await openQueue();
    ringAll(web.ring, 'web', 2);
    await until(() => web.trouble?.() === reason, 5_000);
    await web.close();
    await (name === 'replicaof' ? redis.call(name, 'no', 'one') : redis.config('SET', name, '0'));
    ringAll(queue.ring, 'after');
    await until(() => seen.size === 402, 10_000);
    await until(() => queue.trouble?.() === null, 5_000);
    redis.disconnect();
    await queue.close();
  });

  it('looks at all that waits without Redis, however much it is and whatever a delivery takes', async () => {
    const queue = await openQueue();
    await server.kill();
    for (let n = 0; n < 60; n += 1) due.push({ document: 'delivery', id: `slow${n}`, revision: 1 });
    const seen = new Set<string>();
    const settled = settle(seen);
    let release = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (release = resolve));
    queue.work((one) => (one.document === 'delivery' ? hangs : settled(one)));
    for (let n = 0; n < 300; n += 1) due.push(job(`talk${n}`));
    await until(() => seen.size === 300, 5_000);
    release();
    await queue.close();
  });

  it('names what Redis has against it, with no word of its address', async () => {
    await server.close();
    server = await openRedisServer(['--requirepass', 'secret']);
    const queue = await openQueue();
    const seen = new Set<string>();
    queue.work(settle(seen));
    ringAll(queue.ring, 'unheard');
    await until(() => seen.size === 50, 5_000);
    expect(errors).toEqual(['NOAUTH']);
    await queue.close();
  });
});
