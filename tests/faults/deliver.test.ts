import { deliverer } from '../../src/app/delivery/deliver';
import { DELIVERY } from '../../src/app/delivery/delivery-moves';
import { httpReceiver } from '../../src/drivers/http-agency';
import type { Delivery } from '../../src/ports/documents';
import type { Store } from '../../src/ports/store';
import { startFakeAgency } from '../servers/fake-agency';
import type { FakeAgency } from '../servers/fake-agency';
import { agencyAt, directory, dossiers, fresh, SECRET, storm } from './deliver-storm';
import { sqliteStore } from './sqlite-house';
import { seeded } from '../servers/seeded';

const never = new AbortController().signal;

test('300 deliveries through a storm: none doubled, none lost, every dossier told', async () => {
  const store = await sqliteStore();
  const report = await storm({ store, count: 300, seed: 20261122 });
  await report.close();

  const ended = await store.deliveries.inState(['accepted', 'needs-officer'], 1_000);
  expect(ended).toHaveLength(300);
  const ledger = report.agencies.flatMap((agency) => agency.ledger);
  const tallies = { accepted: 0, given: 0, retried: 0 };
  for (const { doc } of ended) {
    const lines = ledger.filter(({ key }) => key === doc.key);
    const commits = lines.filter(({ what }) => what === 'committed').length;
    const arrivals = lines.filter(({ what }) => what === 'arrived');
    expect(commits).toBeLessThanOrEqual(1);
    if (doc.state === 'accepted') expect(commits).toBe(1);
    expect(arrivals.length).toBeLessThanOrEqual(doc.attempts);
    expect(doc.attempts).toBeLessThanOrEqual(DELIVERY.tries);
    expect(new Set(arrivals.map(({ body }) => body).filter((body) => body !== ''))).toEqual(
      new Set([doc.body]),
    );
    expect(report.told.of(doc.key).at(-1)).toMatchObject({
      state: doc.state,
      officialCode: doc.officialCode,
    });
    expect(doc.dueAt).toBeNull();
    tallies[doc.state === 'accepted' ? 'accepted' : 'given'] += 1;
    if (doc.attempts > 1) tallies.retried += 1;
  }
  expect(ledger.filter(({ what }) => what === 'forged')).toHaveLength(0);
  // The storm was one: else the rest proves nothing.
  expect(report.kills).toBeGreaterThan(5);
  expect(report.storeFaults).toBeGreaterThan(10);
  expect(report.lostLeases).toBeGreaterThan(1);
  expect(tallies.retried).toBeGreaterThan(100);
  expect(tallies.accepted).toBeGreaterThan(150);
  // 24 of each 300 cannot succeed: refused, redirected, silent or busy for good.
  expect(tallies.given).toBeGreaterThanOrEqual(24);
  await store.close();
}, 180_000);

describe('one worker', () => {
  let agency: FakeAgency;
  let now: number;
  const opened: Store[] = [];
  beforeEach(async () => {
    agency = await startFakeAgency({ secret: SECRET });
    now = 1_800_000_000_000;
  });
  afterEach(async () => {
    await agency.close();
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });

  async function house(others: readonly FakeAgency[] = []) {
    const store = await sqliteStore();
    opened.push(store);
    const told = dossiers();
    const rings: number[] = [];
    let dossierDown = false;
    const agencies = [
      agencyAt('desk', null),
      ...[agency, ...others].map((each, n) => agencyAt(`xa-${n}`, each.url)),
    ];
    const worker = deliverer({
      deliveries: store.deliveries,
      agencies: directory(agencies),
      receiver: httpReceiver({ now: () => now, timeoutMs: 5_000 }),
      ring: (_job, at) => rings.push(at ?? 0),
      onOutcome: (_id, outcome) => (dossierDown ? Promise.reject(new Error('dossier')) : told.take(outcome)),
      now: () => now,
      random: seeded(1),
    });
    const read = async (id: string): Promise<Delivery> => (await store.deliveries.byId(id))!.doc;
    return { ...worker, store, told, rings, read, setDossierDown: (down: boolean) => (dossierDown = down) };
  }

  test('a desk has it at once, without the wire', async () => {
    const h = await house();
    await h.open(fresh(1, 'desk'), 'v1');
    await h.look('v1', never);
    expect(await h.read('v1')).toMatchObject({ state: 'accepted', dueAt: null });
    expect(h.told.of('d1-p1-1')).toEqual([
      { id: 'd1-p1-1-1-accepted', key: 'd1-p1-1', state: 'accepted', officialCode: null, reason: null },
    ]);
  });

  test('opened twice is one delivery, and looking again after the end sends nothing', async () => {
    const h = await house();
    await h.open(fresh(1, 'xa-0'), 'v1');
    await h.open(fresh(1, 'xa-0'), 'v2');
    await h.look('v1', never);
    await h.look('v1', never);
    expect(await h.store.deliveries.byId('v2')).toBeNull();
    expect(agency.committed()).toHaveLength(1);
    expect(h.told.of('d1-p1-1')[0]).toMatchObject({ state: 'accepted', officialCode: 'H26.18-000002' });
  });

  test('an agency that hangs holds four requests; the others’ deliveries all go through meanwhile', async () => {
    const healthy = await startFakeAgency({ secret: SECRET });
    agency.setMode('hang-before-read');
    const h = await house([healthy]);
    for (let n = 0; n < 80; n += 1) await h.open(fresh(n, n < 40 ? 'xa-0' : 'xa-1'), `v${n}`);
    const stop = new AbortController();
    const hanging = Array.from({ length: 40 }, (_, n) => h.look(`v${n}`, stop.signal));
    while (healthy.committed().length < 40) {
      const waiting = (await h.store.due(now, 100)).filter(({ id }) => Number(id.slice(1)) >= 40);
      await Promise.all(waiting.map(({ id }) => h.look(id, stop.signal)));
      now += DELIVERY.slotWait;
    }
    await healthy.close();
    expect(agency.ledger.filter(({ what }) => what === 'arrived')).toHaveLength(DELIVERY.inFlightPerAgency);
    const deferred = await h.store.deliveries.inState(['waiting'], 100);
    expect(deferred).toHaveLength(40 - DELIVERY.inFlightPerAgency);
    expect(deferred.every(({ doc }) => doc.attempts === 0)).toBe(true);

    stop.abort();
    await Promise.all(hanging);
    const stopped = await h.store.deliveries.inState(['unknown'], 100);
    expect(stopped.map(({ doc }) => doc.lastReason)).toEqual(Array(4).fill('stopped'));
  });

  test('an agency in trouble gets one request at a time until it answers', async () => {
    agency.setMode('500');
    const h = await house();
    for (let n = 0; n < 12; n += 1) await h.open(fresh(n, 'xa-0'), `v${n}`);
    for (const id of ['v0', 'v1', 'v2']) await h.look(id, never);
    await Promise.all(['v3', 'v4', 'v5'].map((id) => h.look(id, never)));
    expect(agency.ledger).toHaveLength(4);
    agency.setMode('ok');
    await h.look('v6', never);
    await Promise.all(['v7', 'v8', 'v9', 'v10'].map((id) => h.look(id, never)));
    expect(agency.committed()).toHaveLength(5);
  });

  test('a dossier that cannot be told now is told later', async () => {
    const h = await house();
    await h.open(fresh(1, 'xa-0'), 'v1');
    h.setDossierDown(true);
    await expect(h.look('v1', never)).rejects.toThrow('dossier');
    const doc = await h.read('v1');
    expect(doc.state).toBe('accepted');
    expect(h.rings.at(-1)).toBe(doc.dueAt);
    h.setDossierDown(false);
    now = doc.dueAt!;
    await h.look('v1', never);
    expect((await h.read('v1')).dueAt).toBeNull();
    expect(h.told.of('d1-p1-1')).toHaveLength(1);
    expect(agency.committed()).toHaveLength(1);
  });

  test('taken back before it was sent: the agency never hears of it', async () => {
    const h = await house();
    await h.open(fresh(1, 'xa-0'), 'v1');
    expect(await h.cancel('d1-p1-1')).toBe('cancelled');
    expect(await h.cancel('d1-p1-1')).toBe('cancelled');
    await h.look('v1', never);
    expect(agency.ledger).toHaveLength(0);
    expect(h.told.of('d1-p1-1')).toMatchObject([{ state: 'cancelled' }]);
    expect(await h.cancel('nobody')).toBe('absent');
  });

  test('taken back while on the wire: what the agency says still counts', async () => {
    const h = await house();
    agency.setMode('hang-after-commit');
    await h.open(fresh(1, 'xa-0'), 'v1');
    const stop = new AbortController();
    const looking = h.look('v1', stop.signal);
    while (agency.committed().length === 0) await new Promise((resume) => setTimeout(resume, 5));
    expect(await h.cancel('d1-p1-1')).toBe('asked');
    stop.abort();
    await looking;
    expect(h.told.of('d1-p1-1')).toMatchObject([
      { state: 'needs-officer', reason: 'cancelled-after-unknown' },
    ]);
    expect(await h.retry('d1-p1-1')).toBe(false);
  });

  test('ten tries, then an officer; one press, one more try', async () => {
    const h = await house();
    agency.setMode('500');
    await h.open(fresh(1, 'xa-0'), 'v1');
    const started = now;
    for (let due: number | null = now; due !== null; due = (await h.read('v1')).dueAt) {
      now = due;
      await h.look('v1', never);
    }
    expect(agency.ledger).toHaveLength(DELIVERY.tries);
    expect(now - started).toBeGreaterThan(2 * 3_600_000);
    expect(now - started).toBeLessThan(6.1 * 3_600_000);
    expect(h.told.of('d1-p1-1')).toMatchObject([{ state: 'needs-officer', reason: 'status-500' }]);

    agency.setMode('ok');
    expect(await h.retry('d1-p1-1')).toBe(true);
    await h.look('v1', never);
    expect(h.told.of('d1-p1-1').at(-1)).toMatchObject({ id: 'd1-p1-1-11-accepted', state: 'accepted' });
    expect(await h.retry('d1-p1-1')).toBe(false);
  });
});
