/**
 * Deliveries under everything at once: agencies that misbehave, workers that die between any two steps, a store whose
 * errors say nothing, leases that run out under a worker that is still sending. The agencies' ledgers outlive it all.
 */
import { deliverer } from '../../src/app/delivery/deliver';
import type { Deliverer, DeliveryOutcome } from '../../src/app/delivery/deliver';
import { DELIVERY } from '../../src/app/delivery/delivery-moves';
import { httpReceiver } from '../../src/drivers/http-agency';
import { AppError } from '../../src/errors';
import type { Agency, NewDelivery } from '../../src/ports/documents';
import type { Agencies, Store, Versioned } from '../../src/ports/store';
import { MODES, startFakeAgency } from '../servers/fake-agency';
import type { FakeAgency, Mode } from '../servers/fake-agency';
import { seeded } from '../servers/seeded';

export const SECRET = 'một bí mật dùng chung đủ dài';
export type DeliveryStore = Pick<Store, 'deliveries' | 'due'>;

/** Dossiers as far as deliveries know them: each applies an outcome id once, and an acceptance is final. */
export function dossiers() {
  const outcomes = new Map<string, DeliveryOutcome[]>();
  return {
    of: (key: string) => outcomes.get(key) ?? [],
    take(outcome: DeliveryOutcome): Promise<void> {
      const known = outcomes.get(outcome.key) ?? [];
      const final = known.some(({ id, state }) => id === outcome.id || state === 'accepted');
      if (!final) outcomes.set(outcome.key, [...known, outcome]);
      return Promise.resolve();
    },
  };
}

export function agencyAt(id: string, url: string | null): Versioned<Agency> {
  const receiver = url === null ? { type: 'desk' as const } : { type: 'http' as const, url, secret: SECRET };
  const place = { communeCode: '00070', provinceCode: '01', address: '', hours: '', phone: '' };
  return { doc: { id, name: id, ...place, demo: true, procedures: [], receiver }, revision: 1 };
}

export function directory(agencies: readonly Versioned<Agency>[]): Pick<Agencies, 'byId'> {
  return { byId: (id) => Promise.resolve(agencies.find(({ doc }) => doc.id === id) ?? null) };
}

export function fresh(n: number, agency: string): NewDelivery {
  const body = JSON.stringify({ n, name: `Nguyễn Thị Ví Dụ ${n}` });
  return { key: `d${n}-p1-1`, dossierId: `d${n}`, part: 'p1', round: 1, agency, body };
}

export interface StormReport {
  readonly agencies: readonly FakeAgency[];
  readonly told: ReturnType<typeof dossiers>;
  readonly kills: number;
  readonly storeFaults: number;
  readonly lostLeases: number;
  readonly rounds: number;
  readonly close: () => Promise<void>;
}

/** Bad for good: these keys cannot end as accepted, whatever is tried. */
const HOPELESS: Partial<Record<number, Mode>> = {
  3: '422',
  17: 'redirect',
  31: 'hang-after-commit',
  43: '503',
};
const FAULTS = MODES.filter((mode) => !['accept-twice', '409', '422', 'redirect', 'ok'].includes(mode));

export async function storm(options: {
  store: DeliveryStore;
  count: number;
  seed: number;
}): Promise<StormReport> {
  const { store, count } = options;
  const random = seeded(options.seed);
  const agencies = await Promise.all(Array.from({ length: 10 }, () => startFakeAgency({ secret: SECRET })));
  const rows = agencies.map((agency, n) => agencyAt(`xa-${n}`, agency.url));
  const told = dossiers();
  const tally = { kills: 0, storeFaults: 0, lostLeases: 0, rounds: 0 };
  let now = 1_800_000_000_000;
  for (const agency of agencies) {
    agency.setMode((key) => {
      const hopeless = HOPELESS[Number(/^d(\d+)/.exec(key)?.[1]) % 50];
      if (hopeless !== undefined) return hopeless;
      return random() < 0.4 ? 'ok' : FAULTS[Math.floor(random() * FAULTS.length)]!;
    });
  }

  /** One life of a worker. Once dead, nothing it does reaches the store, the agencies' answers included. */
  function worker() {
    const life = { dead: false, stop: new AbortController() };
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      dieMaybe();
      const result = await work();
      dieMaybe();
      return result;
    };
    const dieMaybe = (): void => {
      if (!life.dead && random() < 0.001) {
        life.dead = true;
        tally.kills += 1;
      }
      if (life.dead) throw new Error('killed');
    };
    /** An error before the write, or after it: the caller cannot tell which. */
    const write = <T>(work: () => Promise<T>): Promise<T> =>
      step(async () => {
        const draw = random();
        if (draw > 0.02) return work();
        tally.storeFaults += 1;
        if (draw > 0.01) await work();
        throw new AppError('store-unavailable', 'nobody knows');
      });
    const receiver = httpReceiver({ now: () => now, timeoutMs: 150 });
    const deliveries: Store['deliveries'] = {
      byKey: (key) => step(() => store.deliveries.byKey(key)),
      byId: (id) => step(() => store.deliveries.byId(id)),
      create: (doc) => write(() => store.deliveries.create(doc)),
      save: (doc, revision) => write(() => store.deliveries.save(doc, revision)),
      inState: (states, limit) => store.deliveries.inState(states, limit),
      remove: (key) => write(() => store.deliveries.remove(key)),
    };
    const look: Deliverer = deliverer({
      deliveries,
      agencies: directory(rows),
      receiver: { deliver: (...call) => step(() => receiver.deliver(...call)) },
      ring: () => undefined,
      onOutcome: (_dossier, outcome) => write(() => told.take(outcome)),
      now: () => now,
      random,
    });
    return { ...life, ...look, life };
  }

  for (let n = 0; n < count; n += 1) {
    const made = fresh(n, `xa-${n % agencies.length}`);
    for (let done = false; !done;) done = await begin(worker(), made, n);
  }
  let workers = [worker(), worker()];
  const reborn = (): void => {
    workers = workers.map((each) => (each.life.dead || each.life.stop.signal.aborted ? worker() : each));
  };
  const pass = async (): Promise<void> => {
    const jobs = await store.due(now, 64);
    const looks = workers.flatMap((each) => jobs.map((job) => each.look(job.id, each.life.stop.signal)));
    // The worker's clock stands still for longer than a lease while its requests are on the wire.
    const stall = random() < 0.1;
    if (stall) {
      await new Promise((resume) => setTimeout(resume, 15));
      now += DELIVERY.lease + 1;
      tally.lostLeases += 1;
      looks.push(...jobs.map((job) => worker().look(job.id, new AbortController().signal)));
    }
    if (random() < 0.1) workers[0]?.life.stop.abort();
    await Promise.allSettled(looks);
  };
  for (; tally.rounds < 2_000; tally.rounds += 1) {
    const [next] = await store.due(Number.MAX_SAFE_INTEGER, 1);
    if (next === undefined) break;
    // The clock jumps to what is due next, and a minute on, so that many are due together.
    const dueAt = (await store.deliveries.byId(next.id))?.doc.dueAt ?? 0;
    if (dueAt > now) now = dueAt + 60_000;
    await pass();
    reborn();
  }
  const close = async (): Promise<void> => {
    await Promise.all(agencies.map((agency) => agency.close()));
  };
  return { agencies, told, ...tally, close };
}

/** What the dossier's outbox does with its effect: repeats it until it is known to have happened. */
async function begin(worker: Pick<Deliverer, 'open'>, made: NewDelivery, n: number): Promise<boolean> {
  return worker.open(made, `v${n}`).then(
    () => true,
    () => false,
  );
}
