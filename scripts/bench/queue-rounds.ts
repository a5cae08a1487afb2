/** The three ways the queue bench works off deliveries. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue as Bell, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { createDossier } from '../../src/app/dossier/track-citizen';
import { deliveryFor } from '../../src/app/dossier/parcel';
import { openDelivery } from '../../src/app/delivery/delivery-moves';
import { loadConfig } from '../../src/config';
import { signBody } from '../../src/crypto/agency-signature';
import { connectMongo } from '../../src/drivers/mongo-store';
import { openHouse } from '../../src/house/house';
import type { Agency, Dossier, NewDelivery, NewDossier } from '../../src/ports/documents';
import { BELLS } from '../../src/ports/queue';
import type { Log, Universe } from '../../src/ports/universe';
import type { Rounds } from './queue-worker';

type Env = Readonly<Record<string, string | undefined>>;

const root = join(__dirname, '../../..');
/** As the house's own queue. */
const CONCURRENCY = 50;
/** Communes: an agency has few deliveries under way at a time. */
const AGENCIES = 200;
const HOUR_MS = 3_600_000;
const newId = () => randomBytes(12).toString('base64url');
const all = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
/** One after another in ten lanes. */
async function inLanes<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) made.push(await make(next++));
  };
  await Promise.all(all(10, lane));
  return made;
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function agencyOf(n: number, { AGENCY_URL: url = '', AGENCY_SECRET: secret = '' }: Env): Agency {
  const place = { communeCode: String(n), provinceCode: '01', address: '', hours: '', phone: '' };
  const receiver = { type: 'http' as const, url, secret };
  return { id: `xa-${n}`, name: `UBND xã ${n}`, ...place, demo: false, procedures: [], receiver };
}

const VOICE = { say: () => 'Đã gửi cho cán bộ.', lang: 'vi' as const, words: {} };
const ANSWERS: readonly (readonly [string, string])[] = [
  ['Họ và tên', 'Nguyễn Thị Ví Dụ'],
  ['Số định danh', '001190000123'],
  ['Loại giấy tờ', 'Trích lục khai sinh'],
  ['Số bản', '2'],
  ['Số điện thoại', '0912345678'],
];

function sent(agency: Agency, at: number): NewDossier {
  const ann = { name: 'Nguyễn Thị Ví Dụ', nationalId: '001190000123', phone: '0912345678' };
  return {
    sessionKey: newId(),
    demo: false,
    procedure: { id: 'trich-luc-ho-tich', code: '2.000635', name: 'Cấp bản sao trích lục hộ tịch' },
    people: { filer: null, applicant: ann, subject: ann },
    answers: ANSWERS.map(([label, display], n) => ({
      ...{ step: `step${n}`, section: 'Người yêu cầu', label, display, value: display },
      ...{ source: 'typed' as const, by: 'citizen', rev: 1, flags: [] },
    })),
    facts: [],
    parts: [
      { agency: agency.id, agencyName: agency.name, procedure: 'trich-luc-ho-tich', lookBy: '2026-11-24' },
    ],
    at,
    retentionDays: 30,
  };
}

/** As it is when its own acts are carried out and its delivery is all that is left. */
function dossierOf(agency: Agency, at: number): Dossier {
  const ids = { id: newId(), code: newId(), conversation: newId() };
  const move = { at, revision: 0, voice: VOICE, effect: newId() };
  return { ...createDossier(sent(agency, at), ids, move), acts: [] };
}

function firstDelivery(dossier: Dossier): NewDelivery {
  const [part] = dossier.parts;
  if (part === undefined) throw new Error('a dossier without parts');
  return deliveryFor(dossier, part, 1);
}

const SILENT: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, error) => void process.stderr.write(`${event} ${String(error)}\n`),
};

/** The house as a worker runs it. */
export async function openHouseRounds(env: Env): Promise<Rounds> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  let skipped = 0;
  const universe: Universe = { now: () => Date.now() + skipped, randomBytes, jitter: Math.random };
  const { STORE_URL, QUEUE_URL, DATA_KEYS } = env;
  const config = loadConfig({ DATA_DIR: dataDir, ROLE: 'worker', STORE_URL, QUEUE_URL, DATA_KEYS }, root);
  const meter = { count: () => undefined, seconds: () => undefined };
  const house = await openHouse({ config, root, universe, log: SILENT, meter });
  await inLanes(AGENCIES, (n) => house.store.agencies.create(agencyOf(n, env)));
  house.start();
  const connection = new Redis(QUEUE_URL ?? '', { maxRetriesPerRequest: null });
  const bells = BELLS.map((name) => new Bell(name, { connection, prefix: '{mot-cua}' }));
  const idle = async () => {
    const counts = await Promise.all(bells.map((bell) => bell.getJobCounts('wait', 'active', 'delayed')));
    return counts.flatMap((count) => Object.values(count)).every((count) => count === 0);
  };
  /** Due in an hour: nobody looks at it before the round. */
  const store = async (agency: Agency): Promise<string> => {
    const dossier = dossierOf(agency, universe.now());
    const id = newId();
    await house.store.dossiers.create(dossier, null);
    await house.store.deliveries.create(openDelivery(firstDelivery(dossier), id, universe.now() + HOUR_MS));
    return id;
  };
  return {
    async prepare(count) {
      const ids = await inLanes(count, (n) => store(agencyOf(n % AGENCIES, env)));
      return async () => {
        skipped += 2 * HOUR_MS;
        for (const id of ids) house.queue.ring({ document: 'delivery', id, revision: 1 });
        // Redis is asked, and the store only when nothing is left there: the measuring must not be a load of its own.
        while (!(await idle()) || (await house.store.due(Number.MAX_SAFE_INTEGER, 1)).length > 0)
          await pause(20);
      };
    },
    async close() {
      await Promise.all(bells.map((bell) => bell.close()));
      connection.disconnect();
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A bare queue: jobs named and kept as the house's are. */
function bareQueue({ QUEUE_URL: url = '' }: Env, name: string, handler: (job: Job<string>) => Promise<void>) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const bell = new Bell<string>(name, { connection, prefix: '{bench}' });
  const worker = new Worker<string>(name, handler, {
    connection,
    prefix: '{bench}',
    concurrency: CONCURRENCY,
  });
  const opts = { removeOnComplete: true, removeOnFail: true };
  return {
    /** Rings for all, resolves when all are done. */
    async work(ids: readonly string[]): Promise<void> {
      let left = ids.length;
      const done = new Promise<void>((resolve, reject) => {
        const one = () => (left -= 1) === 0 && resolve();
        worker.removeAllListeners('completed').on('completed', one);
        worker.removeAllListeners('failed').on('failed', (_job, error) => reject(error));
      });
      await bell.addBulk(ids.map((id) => ({ name, data: id, opts: { ...opts, jobId: `delivery-${id}-1` } })));
      await done;
    },
    async close() {
      await worker.close();
      await bell.close();
      connection.disconnect();
    },
  };
}

export function openBare(env: Env): Promise<Rounds> {
  const queue = bareQueue(env, 'bare', () => Promise.resolve());
  return Promise.resolve({
    prepare: (count: number) => Promise.resolve(() => queue.work(all(count, newId))),
    close: () => queue.close(),
  });
}

interface BareDelivery {
  _id: string;
  revision: number;
  state: string;
  attempts: number;
  dueAt: number | null;
  dossier: string;
  officialCode: string | null;
  body: string;
}
interface BareDossier {
  _id: string;
  revision: number;
  state: string;
  body: string;
}

function post(url: string, secret: string, key: string, body: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
    'X-MotCua-Timestamp': timestamp,
    'X-MotCua-Signature': signBody(secret, timestamp, Buffer.from(body)),
  };
  return fetch(url, { method: 'POST', headers, body });
}

/**
 * The fewest writes the promise needs, on the same server with the same safety: the claim (nobody else sends it, and a time-out
 * is known as one), what its dossier says of it, its end; each a compare-and-set. Nothing is read that the claim does not give.
 */
export async function openLeast(env: Env): Promise<Rounds> {
  const { STORE_URL: url = '', AGENCY_URL: agency = '', AGENCY_SECRET: secret = '' } = env;
  const connection = await connectMongo({ url });
  const deliveries = connection.collection<BareDelivery>('deliveries');
  const dossiers = connection.collection<BareDossier>('dossiers');
  const deliver = async ({ data: id }: Job<string>): Promise<void> => {
    const claim = {
      $set: { state: 'sending', dueAt: Date.now() + 90_000 },
      $inc: { revision: 1, attempts: 1 },
    };
    const found = await deliveries.findOneAndUpdate({ _id: id, state: 'waiting' }, claim, {
      returnDocument: 'after',
    });
    if (found === null) throw new Error('claimed by another');
    const response = await post(agency, secret, id, found.body);
    const { officialCode } = (await response.json()) as { officialCode: string };
    const told = { $set: { state: 'accepted' }, $inc: { revision: 1 } };
    await dossiers.updateOne({ _id: found.dossier, revision: 1 }, told);
    const end = { $set: { state: 'accepted', officialCode, dueAt: null }, $inc: { revision: 1 } };
    await deliveries.updateOne({ _id: id, revision: found.revision }, end);
  };
  const queue = bareQueue(env, 'least', deliver);
  const store = async (): Promise<string> => {
    const dossier = dossierOf(agencyOf(0, env), Date.now());
    const { body } = firstDelivery(dossier);
    const id = newId();
    await dossiers.insertOne({
      _id: dossier.id,
      revision: 1,
      state: 'waiting',
      body: JSON.stringify(dossier),
    });
    const fresh = { revision: 1, state: 'waiting', attempts: 0, dueAt: Date.now(), officialCode: null };
    await deliveries.insertOne({ _id: id, ...fresh, dossier: dossier.id, body });
    return id;
  };
  return {
    async prepare(count) {
      const ids = await inLanes(count, store);
      return () => queue.work(ids);
    },
    async close() {
      await queue.close();
      await connection.close();
    },
  };
}
