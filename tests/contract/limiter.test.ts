/** Limits: alike in memory and on Redis, where several processes count together. */
import { Redis } from 'ioredis';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryLimiter } from '../../src/app/memory-limiter';
import { openOfficers } from '../../src/app/officers/officers';
import { openTries } from '../../src/app/tries';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { redisLimits, type RedisLimits } from '../../src/drivers/redis-limiter';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { realUniverse as universe } from '../../src/house/universe';
import type { Limiter, OpenLimiter } from '../../src/ports/limiter';
import { openRedisServer, redisHere, type RedisServer } from '../servers/redis-server';
import { sleep, until } from './queue-contract';

const vault = openVault(parseDataKeys(newKeys(randomBytes)));
const onRedis = redisHere ? describe : describe.skip;
/** Counts one; true: it was within the limit. */
const may = async (limiter: Limiter, key: string) => (await limiter.take(key)) === 0;
const wins = (results: readonly boolean[]) => results.filter(Boolean).length;

function limiterContract(name: string, open: () => OpenLimiter): void {
  describe(`limits: ${name}`, () => {
    it('let through as many as were said, also at once, and count each key by itself', async () => {
      const limiter = open()({ name: 'a', points: 3, seconds: 60 });
      expect(wins(await Promise.all(Array.from({ length: 10 }, () => may(limiter, 'k'))))).toBe(3);
      expect(await may(limiter, 'other')).toBe(true);
    });

    it('tell limits of two names apart', async () => {
      const [one, two] = ['one', 'two'].map((each) => open()({ name: each, points: 1, seconds: 60 }));
      expect([await may(one!, 'k'), await may(two!, 'k'), await may(one!, 'k')]).toEqual([true, true, false]);
    });

    it('forget all that was counted for a key', async () => {
      const limiter = open()({ name: 'c', points: 2, seconds: 60 });
      for (const key of ['k', 'k', 'other', 'other']) await limiter.take(key);
      await limiter.forget('k');
      const after = ['k', 'k', 'k', 'other'].map((key) => may(limiter, key));
      expect(await Promise.all(after)).toEqual([true, true, false, false]);
    });

    it('give back, and begin anew when their time is over', async () => {
      const limiter = open()({ name: 'b', points: 1, seconds: 1 });
      expect(await may(limiter, 'k')).toBe(true);
      await limiter.giveBack('k');
      expect([await may(limiter, 'k'), await may(limiter, 'k')]).toEqual([true, false]);
      await sleep(1_100);
      expect(await may(limiter, 'k')).toBe(true);
    });
  });
}

limiterContract('memory', () => memoryLimiter);

onRedis('on Redis', () => {
  let server: RedisServer;
  const opened: RedisLimits[] = [];
  let round = 0;
  beforeAll(async () => {
    server = await openRedisServer();
  });
  afterAll(() => server.close());
  afterEach(() => opened.splice(0).forEach((one) => one.close()));
  const errors: unknown[] = [];
  const open = (prefix = `{test-${(round += 1)}}`) => {
    const limits = redisLimits({ url: server.url, vault, prefix, onError: (error) => errors.push(error) });
    opened.push(limits);
    return limits.limiter;
  };
  /** A process that has been up for a while. */
  const connected = async (prefix: string) => {
    const limiter = open(prefix);
    await sleep(100);
    return limiter;
  };

  limiterContract('redis', open);

  it('slow down wrong passwords over all processes of a desk', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mot-cua-limits-'));
    const store = await openSealedStore({ records: sqliteRecords({ path: join(dir, 'store.db') }), vault });
    const limiters = [await connected('{desk}'), await connected('{desk}')];
    const desks = limiters.map((limiterOf) => openOfficers(store, universe, limiterOf));
    const results: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      const result = await desks[n % 2]!.signIn('ly', 'sai mật khẩu rồi', '203.0.113.9');
      results.push(result.ok ? 'in' : result.problem);
    }
    expect(results).toEqual([...Array<string>(5).fill('wrong'), 'slow-down', 'slow-down']);
    await store.close();
    rmSync(dir, { recursive: true });
  });

  it('count together over processes, and keep no address readable', async () => {
    const two = [await connected('{both}'), await connected('{both}')].map((limiterOf) =>
      openTries({ machine: 100, ip: 4, code: 100, house: 100 }, limiterOf),
    );
    const keys = { ip: '203.0.113.7', machine: 'm', code: 'ABCDE' };
    const results: boolean[] = [];
    for (let n = 0; n < 6; n += 1) results.push(await two[n % 2]!.begin(keys));
    expect(results).toEqual([true, true, true, true, false, false]);
    const redis = new Redis(server.url);
    const names = await redis.keys('{both}*');
    expect(names.length).toBeGreaterThan(2);
    // Nor one that is found by trying all addresses.
    const hash = createHash('sha256').update(keys.ip);
    const plain = ['203.0', 'ABCDE', hash.copy().digest('hex'), hash.digest('base64url')];
    expect(names.filter((name) => plain.some((one) => name.includes(one)))).toEqual([]);
    redis.disconnect();
  });

  it('hold nobody up while Redis answers nothing', async () => {
    const limiter = (await connected('{frozen}'))({ name: 'a', points: 2, seconds: 60 });
    expect(await may(limiter, 'k')).toBe(true);
    server.freeze();
    const began = performance.now();
    const taken = [await may(limiter, 'k'), await may(limiter, 'k'), await may(limiter, 'k')];
    for (let n = 0; n < 20; n += 1) await may(limiter, `other-${n}`);
    const tookMs = performance.now() - began;
    server.thaw();
    expect(taken).toEqual([true, true, false]);
    // One waited for it; nobody after.
    expect(tookMs).toBeLessThan(2_000);
    expect(errors.splice(0)).toHaveLength(1);
  });

  it('go on in memory while Redis is away, say so once, and together again after', async () => {
    const limiter = (await connected('{away}'))({ name: 'a', points: 2, seconds: 60 });
    await server.kill();
    await sleep(200);
    const began = performance.now();
    expect([await may(limiter, 'k'), await may(limiter, 'k'), await may(limiter, 'k')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(performance.now() - began).toBeLessThan(2_000);
    await until(() => errors.length > 0);
    await sleep(500);
    expect(errors).toHaveLength(1);
    await server.start();
    const fresh = (await connected('{away}'))({ name: 'a', points: 2, seconds: 60 });
    expect([await may(fresh, 'k'), await may(fresh, 'k')]).toEqual([true, true]);
    let together = true;
    await until(() => {
      void may(limiter, 'k').then((taken) => (together = taken));
      return !together;
    });
  });
});
