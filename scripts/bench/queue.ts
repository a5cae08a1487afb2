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

type Workers = ReadonlyMap<Variant, ChildProcess>;

/** The variants by turns in each round, the warming ones not counted. */
async function play(workers: Workers, rounds: number, perRound: number) {
  const figures: Record<Variant, Rate[]> = { house: [], least: [], bare: [] };
  const loads: number[] = [];
  for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
    for (const [variant, worker] of workers) {
      worker.send(perRound);
      const rate = (await told(worker)) as Rate;
      if (round >= 0) figures[variant].push(rate);
    }
    if (round >= 0) loads.push(loadavg()[0] ?? NaN);
  }
  return { ...figures, loads };
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.disconnect();
  await gone;
}

/** @throws Error when a worker ends in its round: the store was too slow for it. */
export async function measureQueue(rounds: number, perRound: number): Promise<QueueFigures> {
  const [mongo, redis, agency] = await Promise.all([
    openMongoServer(),
    openRedisServer(),
    startFakeAgency({ secret: SECRET }),
  ]);
  const databases = VARIANTS.map(() => newDatabase());
  const keys = newKeys(randomBytes);
  const workers = new Map<Variant, ChildProcess>();
  try {
    for (const [n, variant] of VARIANTS.entries()) {
      const addresses = { STORE_URL: `${mongo.url}/${databases[n] ?? ''}`, QUEUE_URL: redis.url };
      const receiver = { AGENCY_URL: agency.url, AGENCY_SECRET: SECRET };
      workers.set(variant, await startWorker(variant, { ...addresses, ...receiver, DATA_KEYS: keys }));
    }
    const figures = await play(workers, rounds, perRound);
    const committed = agency.committed().map(({ key }) => key);
    const store = realMongo ? 'MongoDB' : `stand-in ${standInName()}`;
    return { ...figures, doubled: committed.length - new Set(committed).size, store };
  } finally {
    await Promise.all([...workers.values()].map(end));
    await agency.close();
    if (realMongo) await Promise.all(databases.map((database) => dropDatabase(mongo.url, database)));
    await Promise.all([mongo.close(), redis.close()]);
  }
}
