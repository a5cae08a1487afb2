/** Workers as they run on many machines: the house's own wiring over MongoDB (or what stands in for it) and Redis, and agencies to deliver to. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { voiceOf } from '../../src/app/dossier/dossier-tell';
import { createDossier } from '../../src/app/dossier/track-citizen';
import { loadConfig } from '../../src/config';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { newKeys } from '../../src/crypto/key-ring';
import { codeOf } from '../../src/errors';
import { openHouse, type House, type HouseOptions } from '../../src/house/house';
import type { Agency, Delivery, DeliveryState, Dossier } from '../../src/ports/documents';
import type { Log, Universe } from '../../src/ports/universe';
import { agencyDoc, newDossier } from '../desk/house';
import { startFakeAgency, type FakeAgency } from '../servers/fake-agency';
import { openMongoServer, newDatabase } from '../servers/mongo-server';
import { MUTATIONS } from '../servers/mutations';
import { openRedisServer } from '../servers/redis-server';

export const SECRET = 'một bí mật dùng chung đủ dài';
const root = join(__dirname, '../..');
const UNDER_WAY: readonly DeliveryState[] = ['waiting', 'sending', 'unknown'];
const ENDED: readonly DeliveryState[] = ['accepted', 'needs-officer', 'refused', 'cancelled'];

export interface Office {
  readonly doc: Agency;
  readonly system: FakeAgency;
}

export type Workers = Awaited<ReturnType<typeof openWorkers>>;

export interface WorkersOptions extends Pick<HouseOptions, 'receiverTimeoutMs' | 'sweepMs'> {
  /** How many houses work, each with its queue and its store. */
  readonly houses: number;
  readonly offices: number;
  readonly slowMs?: number;
  /** One of `MUTATIONS`. */
  readonly mutate?: string | undefined;
}

/** Servers, offices with systems of their own, and houses that work. The clock is this machine's, moved on by `skip`. */
export async function openWorkers({ houses, offices, slowMs, mutate, ...pace }: WorkersOptions) {
  const [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  const env = {
    DATA_DIR: dataDir,
    STORE_URL: `${mongo.url}/${newDatabase()}`,
    QUEUE_URL: redis.url,
    DATA_KEYS: newKeys(randomBytes),
    ROLE: 'worker',
  };
  let skipped = 0;
  const universe: Universe = { now: () => Date.now() + skipped, randomBytes, jitter: Math.random };
  const failures: unknown[] = [];
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: (_event, error) => void failures.push(error),
  };
  const meter = { count: () => undefined, seconds: () => undefined };
  const options = { config: loadConfig(env, root), root, universe, log, meter, ...pace };
  const broken = MUTATIONS[mutate ?? ''];
  const openOne = async () =>
    openHouse({ ...options, ...(broken && { records: broken(await mongoRecords({ url: env.STORE_URL })) }) });
  const first = await openOne();
  const made = await Promise.all(
    Array.from({ length: offices }, (_, n) => openOffice(first, n, slowMs === undefined ? {} : { slowMs })),
  );
  const opened = [first];
  while (opened.length < houses) opened.push(await openOne());
  await Promise.all(opened.map(({ directory }) => directory.refresh()));
  opened.forEach((house) => house.start());
  return {
    offices: made,
    store: first.store,
    failures,
    now: universe.now,
    skip: (ms: number) => void (skipped += ms),
    /** As on SIGTERM: all houses end what they have in hand. */
    end: () => Promise.all(opened.map((house) => house.endWork())),
    /** A dossier that a citizen sent, as it is saved when its commit's effect is carried out. */
    file: (office: Office) => fileAt(first, office, universe.now()),
    async close() {
      await Promise.all(opened.map((house) => house.close()));
      await Promise.all(made.map(({ system }) => system.close()));
      await Promise.all([mongo.close(), redis.close()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function openOffice({ store }: House, n: number, pace: { readonly slowMs?: number }): Promise<Office> {
  const system = await startFakeAgency({ secret: SECRET, ...pace });
  const doc = agencyDoc(`xa-${n}`, { receiver: { type: 'http', url: system.url, secret: SECRET } });
  await sure(() => store.agencies.create(doc));
  return { doc, system };
}

/** On a busy machine the store may say that it does not know: the tests ask again, as the house does. */
export async function sure<T>(ask: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) !== 'store-unavailable') throw error;
    }
}

async function fileAt({ store, queue, speech }: House, office: Office, at: number): Promise<Dossier> {
  const id = randomBytes(12).toString('base64url');
  const ids = { id, code: randomBytes(6).toString('hex').toUpperCase(), conversation: `talk-${id}` };
  const move = { at, revision: 0, voice: voiceOf(speech, null), effect: `${id}-sent` };
  const dossier = createDossier(newDossier(office.doc, { at }), ids, move);
  await sure(() => store.dossiers.create(dossier, at));
  queue.ring({ document: 'dossier', id, revision: 1 });
  return dossier;
}

/** A few at a time, as fast as the store takes them, the offices in turn. Never waits for what is done with them. */
export async function fileAll(
  workers: Workers,
  offices: readonly Office[],
  count: number,
): Promise<readonly Dossier[]> {
  const filed: Dossier[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) filed.push(await workers.file(offices[next++ % offices.length]!));
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  return filed;
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** All that has begun and has not ended. */
export const underWay = async ({ store }: Workers): Promise<readonly Delivery[]> =>
  (await sure(() => store.deliveries.inState(UNDER_WAY, 1_000_000))).map(({ doc }) => doc);

/** All that has ended, whatever way. */
export const ended = async ({ store }: Workers): Promise<readonly Delivery[]> =>
  (await sure(() => store.deliveries.inState(ENDED, 1_000_000))).map(({ doc }) => doc);

const GRACE_MS = 5_000;
/** Beyond what is due next, so that many are due together. */
const TOGETHER_MS = 3_600_000;

/**
 * Lets the workers work until nothing is left to do. Ten tries of a delivery take four hours: when nothing is due and nothing
 * is being sent, the clock skips to what is due next. False when that took longer than `ms`.
 */
export async function workedOff(workers: Workers, ms: number): Promise<boolean> {
  const { store, now, skip } = workers;
  const end = Date.now() + ms;
  const busy = async () =>
    (await store.due(now(), 1)).length > 0 || (await store.deliveries.inState(['sending'], 1)).length > 0;
  /** How far the next work is, ms; null when there is none. */
  const idleFor = async () => {
    const [next] = await store.due(Number.MAX_SAFE_INTEGER, 1);
    if (next === undefined) return null;
    const dueAt = next.document === 'delivery' ? (await store.deliveries.byId(next.id))?.doc.dueAt : null;
    return dueAt == null ? GRACE_MS : Math.max(0, dueAt - now()) + TOGETHER_MS;
  };
  while (Date.now() < end) {
    await pause(50);
    if (await sure(busy)) continue;
    const idle = await sure(idleFor);
    if (idle === null) return true;
    skip(idle);
  }
  return false;
}
