/** Writes whose answer is lost: none is done twice, none that was answered is missing, and nobody waits longer than was said. */
import { randomBytes } from 'node:crypto';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { auditOf, conversationDoc, said } from '../contract/documents';
import { mongoHere, openMongoServer, type MongoServer } from '../servers/mongo-server';
import { commandOf, cutting, openCut, thing, WRITES, type Cut } from './mongo-cuts';

type Outcome<T> = { readonly answer: T } | 'unknown';

/** What a caller learns: an answer, or that nobody can say. Anything else is a bug. */
async function outcome<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await work };
  } catch (error) {
    expect(error).toMatchObject({ code: 'store-unavailable' });
    return 'unknown';
  }
}

const count = (n: number) => Array.from({ length: n }, (_, i) => i);
const answers = <T>(all: readonly Outcome<T>[]) =>
  all.flatMap((one) => (one === 'unknown' ? [] : [one.answer]));
const bodyOf = (row: { readonly body: Uint8Array } | null) =>
  JSON.parse(Buffer.from(row!.body).toString()) as readonly string[];

const onMongo = mongoHere ? describe : describe.skip;

onMongo('a wire that breaks', () => {
  let server: MongoServer;
  let cut: Cut;
  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    cut = await openCut(server);
  });
  afterEach(() => cut.close());

  it('leaves every compare-and-set done once or not at all, and as it was answered', async () => {
    const { things, proxy } = cut;
    await things.insert(thing('a', []));
    const { decide, cuts } = cutting(0.1, 7);
    proxy.decide = decide;
    const said = { yes: [] as string[], no: [] as string[], unknown: [] as string[] };
    const writer = async (n: number) => {
      for (let i = 0; i < 25; i += 1) {
        const name = `${n}-${i}`;
        const read = await outcome(things.get('id', 'a'));
        if (read === 'unknown') continue;
        const row = read.answer!;
        const next = thing('a', [...bodyOf(row), name]);
        const result = await outcome(things.replace(next, row.revision));
        said[result === 'unknown' ? 'unknown' : result.answer ? 'yes' : 'no'].push(name);
      }
    };
    await Promise.all(count(8).map(writer));
    proxy.decide = () => 'pass';
    const row = await things.get('id', 'a');
    const done = bodyOf(row);
    expect(new Set(done).size).toBe(done.length);
    expect(row!.revision).toBe(1 + done.length);
    expect(said.yes.filter((name) => !done.includes(name))).toEqual([]);
    expect(said.no.filter((name) => done.includes(name))).toEqual([]);
    expect(cuts.before).toBeGreaterThan(3);
    expect(cuts.after).toBeGreaterThan(3);
    expect(said.yes.length).toBeGreaterThan(20);
  }, 120_000);

  it.each(['cut-before', 'cut-after'] as const)(
    '%s: one write of each kind is done, once, and says so',
    async (fate) => {
      const { things, proxy } = cut;
      let left = 0;
      proxy.decide = (piece) => {
        if (left === 0 || !WRITES.includes(commandOf(piece))) return 'pass';
        left -= 1;
        return fate;
      };
      const once = <T>(work: () => Promise<T>) => {
        left = 1;
        return work();
      };
      expect(await once(() => things.insert(thing('a')))).toBeNull();
      expect(await once(() => things.insert(thing('a')))).toBe('id');
      expect(await once(() => things.insert({ ...thing('b'), clear: { key: 'key-a' } }))).toBe('key');
      expect(await once(() => things.replace(thing('a', ['new']), 1))).toBe(true);
      expect(await once(() => things.replace(thing('a', ['old']), 1))).toBe(false);
      expect(await once(() => things.patch('a', { max: { mark: 4 } }))).toBe(true);
      const lease = (holder: string, now: number) =>
        things.patch('a', {
          set: { holder, until: now + 10 },
          when: { until: { lte: now } },
          max: { mark: now },
        });
      expect(await once(() => lease('me', 5))).toBe(true);
      expect(await once(() => lease('you', 6))).toBe(false);
      expect(await once(() => things.reseal('a', 2, 'k2', Buffer.from('["k2"]')))).toBe(true);
      expect(await once(() => things.reseal('a', 1, 'k3', Buffer.from('["k3"]')))).toBe(false);
      const row = await things.get('id', 'a');
      expect(row).toMatchObject({ revision: 2, kid: 'k2', clear: { mark: 6, holder: 'me', until: 15 } });
      await once(() => things.put(thing('p', ['one'])));
      await once(() => things.put(thing('p', ['two'])));
      expect(bodyOf(await things.get('id', 'p'))).toEqual(['two']);
      expect((await once(() => things.take('p')))!.id).toBe('p');
      expect(await things.take('p')).toBeNull();
      expect(await once(() => things.insertAll([thing('x'), thing('a'), thing('y')], 'skip'))).toBe(2);
      expect(await once(() => things.insertAll([thing('z'), thing('a'), thing('zz')], 'stop'))).toBe(1);
      expect(await things.get('id', 'zz')).toBeNull();
      await once(() => things.remove({ id: 'a' }));
      expect(await things.get('id', 'a')).toBeNull();
    },
    60_000,
  );

  it('gives a value that is taken to one taker, and never loses it between two', async () => {
    const { things, proxy } = cut;
    for (const n of count(40)) await things.put(thing(`s${n}`));
    proxy.decide = cutting(0.15, 11).decide;
    const taken = await Promise.all(
      count(40).map((n) => Promise.all(count(3).map(() => outcome(things.take(`s${n}`))))),
    );
    proxy.decide = () => 'pass';
    const got = taken.map((takers) => answers(takers).filter((row) => row !== null).length);
    taken.forEach((takers, n) => {
      expect(got[n]).toBeLessThanOrEqual(1);
      if (!takers.includes('unknown')) expect(got[n]).toBe(1);
    });
    expect(await things.count({})).toBeLessThanOrEqual(got.filter((n) => n === 0).length);
    expect(got.filter((n) => n === 1).length).toBeGreaterThan(10);
  }, 120_000);

  it('keeps a taken value away from readers, and its name free for the next', async () => {
    const { things, proxy } = cut;
    await things.put(thing('s', ['one']));
    // The removing never arrives: the row is only marked.
    proxy.decide = (piece) => (commandOf(piece) === 'delete' ? 'cut-before' : 'pass');
    expect((await things.take('s'))!.id).toBe('s');
    proxy.decide = () => 'pass';
    expect(await things.take('s')).toBeNull();
    expect(await things.get('id', 's')).toBeNull();
    expect(await things.find({ limit: 9 })).toEqual([]);
    expect(await things.insert(thing('s', ['two']))).toBeNull();
    expect(bodyOf(await things.get('id', 's'))).toEqual(['two']);
  }, 60_000);

  it('leaves the audit without a gap and the transcript without a double', async () => {
    const { records, proxy } = cut;
    const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
    proxy.decide = cutting(0.1, 3).decide;
    const audited = await Promise.all(
      count(150).map(async (n) => {
        await new Promise((resolve) => setTimeout(resolve, n * 20));
        return outcome(store.audit.append(auditOf(n)));
      }),
    );
    await store.conversations.create(conversationDoc('c1'), null).catch(() => undefined);
    for (const n of count(60))
      await outcome(store.transcripts.append([said('c1', n), said('c1', n + 1), said('c1', n + 2)]));
    proxy.decide = () => 'pass';
    expect(await store.audit.verify()).toBeNull();
    const rows = await store.audit.last(1_000);
    expect(rows.length).toBeGreaterThanOrEqual(answers(audited).length);
    expect(new Set(rows.map((row) => row.at)).size).toBe(rows.length);
    const seqs = (await store.transcripts.read('c1', -1, 1_000)).map((row) => row.seq);
    expect(seqs).toEqual(count(62));
  }, 120_000);

  const BOUND_MS = 2_000;

  it.each(['away', 'half-open'])(
    'says within two seconds that nobody answers: %s',
    async (how) => {
      const { things, proxy } = cut;
      await things.insert(thing('a', []));
      if (how === 'away') proxy.away();
      else proxy.decide = () => 'swallow';
      for (const work of [
        () => things.get('id', 'a'),
        () => things.replace(thing('a', ['x']), 1),
        () => things.insert(thing('b')),
        () => things.patch('a', { max: { mark: 1 } }),
      ]) {
        const began = performance.now();
        expect(await outcome<unknown>(work())).toBe('unknown');
        expect(performance.now() - began).toBeLessThan(BOUND_MS);
      }
      proxy.decide = () => 'pass';
      proxy.back();
      const began = performance.now();
      for (;;) if ((await outcome(things.get('id', 'a'))) !== 'unknown') break;
      expect(performance.now() - began).toBeLessThan(20_000);
      const { revision } = (await things.get('id', 'a'))!;
      expect(await things.replace(thing('a', ['after']), revision)).toBe(true);
    },
    60_000,
  );

  it('waits for an answer that is only late', async () => {
    const { things, proxy } = cut;
    await things.insert(thing('a', []));
    proxy.decide = (piece) => (WRITES.includes(commandOf(piece)) ? 600 : 'pass');
    expect(await things.replace(thing('a', ['late']), 1)).toBe(true);
    expect(bodyOf(await things.get('id', 'a'))).toEqual(['late']);
  });
});
