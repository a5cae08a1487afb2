/**
 * Deliveries a second through Redis, in one run: the house's own, beside the fewest writes its promise needs, beside an empty
 * handler. Each variant works in a process of its own, idle while the others have their round.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { newKeys } from '../../src/crypto/key-ring';
import { startFakeAgency } from '../../tests/servers/fake-agency';
import { dropDatabase, newDatabase, openMongoServer, realMongo } from '../../tests/servers/mongo-server';
import { standInName } from '../../tests/servers/found.cjs';
import { openRedisServer } from '../../tests/servers/redis-server';
import { nodeFlags } from './child';
import type { Rate } from './client';

/** Until the compilers of both sides, Node's and the server's, are done with what is hot. */
const WARM_ROUNDS = 2;
const SECRET = 'queue-bench';
const WORKER = join(__dirname, 'queue-worker.js');

export const VARIANTS = ['house', 'least', 'bare'] as const;
export type Variant = (typeof VARIANTS)[number];

export interface QueueFigures extends Readonly<Record<Variant, readonly Rate[]>> {
  /** Of all rounds, warming included: dossiers at the agency that are doubled. */
  readonly doubled: number;
  /** What the writes went to. */
  readonly store: string;
  /** Of the machine, at the end of each round. */
  readonly loads: readonly number[];
}

async function startWorker(variant: Variant, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = fork(WORKER, [variant], {
    env: { PATH: process.env['PATH'], ...env },
    execArgv: [...(variant === 'house' ? nodeFlags() : [])],
  });
  await told(child);
  return child;
}

/** The next word of a worker: `ready`, then a rate for each round. @throws Error when it ends without one. */
function told(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a worker ended in its round'));
    child.once('exit', gone);
    child.once('message', (word) => {
      child.off('exit', gone);
      resolve(word);
    });
  });
}

export async function measureQueue(rounds: number, perRound: number): Promise<QueueFigures> {
  const [mongo, redis, agency] = await Promise.all([
    openMongoServer(),
    openRedisServer(),
    startFakeAgency({ secret: SECRET }),
  ]);
  const databases = VARIANTS.map(() => newDatabase());
  const keys = newKeys(randomBytes);
  const workers = await Promise.all(
    VARIANTS.map((variant, n) =>
      startWorker(variant, {
        STORE_URL: `${mongo.url}/${databases[n] ?? ''}`,
        QUEUE_URL: redis.url,
        DATA_KEYS: keys,
        AGENCY_URL: agency.url,
        AGENCY_SECRET: SECRET,
      }),
    ),
  );
  const figures: Record<Variant, Rate[]> = { house: [], least: [], bare: [] };
  const loads: number[] = [];
  for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
    for (const [n, worker] of workers.entries()) {
      worker.send(perRound);
      const rate = (await told(worker)) as Rate;
      const variant = VARIANTS[n];
      if (round >= 0 && variant !== undefined) figures[variant].push(rate);
    }
    if (round >= 0) loads.push(loadavg()[0] ?? NaN);
  }
  const ended = workers.map((worker) => once(worker, 'exit'));
  workers.forEach((worker) => worker.disconnect());
  await Promise.all(ended);
  const committed = agency.committed().map(({ key }) => key);
  await agency.close();
  if (process.env['MONGO_TEST_URL'])
    await Promise.all(databases.map((database) => dropDatabase(mongo.url, database)));
  await Promise.all([mongo.close(), redis.close()]);
  const store = realMongo ? 'MongoDB' : `stand-in ${standInName()}`;
  return { ...figures, doubled: committed.length - new Set(committed).size, store, loads };
}
