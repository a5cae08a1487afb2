/** What the MongoDB engine asks before it starts, and what it refuses. */
import { randomBytes } from 'node:crypto';
import { createConnection } from 'mongoose';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { judgeServer } from '../../src/drivers/mongo-server';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { AN, conversationDoc, dossierDoc, said } from '../contract/documents';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { thing, THINGS } from './mongo-cuts';

const BUILD = { version: '7.0.14' };
const STATUS = { storageEngine: { name: 'wiredTiger', persistent: true } };
const OPTIONS = { parsed: {} };
const codesOf = (...given: Parameters<typeof judgeServer>) =>
  judgeServer(...given).notices.map(({ code }) => code);

describe('a server is judged by what it says', () => {
  it.each([
    ['a replica set has nothing to be said of it', { setName: 'rs0' }, STATUS, OPTIONS, []],
    ['nor has a cluster', { msg: 'isdbgrid' }, null, null, []],
    ['a single server is named', {}, STATUS, OPTIONS, ['no-replica-set']],
    [
      'a server without its journal is named',
      { setName: 'rs0' },
      STATUS,
      { parsed: { storage: { journal: { enabled: false } } } },
      ['no-journal'],
    ],
    [
      'one that keeps nothing on disk too',
      { setName: 'rs0' },
      { storageEngine: { name: 'inMemory', persistent: false } },
      OPTIONS,
      ['not-on-disk'],
    ],
    ['one that may not be asked is said to be so', { setName: 'rs0' }, null, null, ['journal-unknown']],
  ])('%s', (_, hello, status, options, codes) => {
    expect(codesOf(BUILD, hello, status, options)).toEqual(codes);
  });

  it.each(['v1.24.0', '1.5.0', 'v0.9.0'])('FerretDB %s is refused with the reason', (ferretdbVersion) => {
    expect(() => judgeServer({ ...BUILD, ferretdbVersion }, {}, null, null)).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: expect.stringContaining('is lost') as string,
      }) as Error,
    );
  });

  it('FerretDB 2 is not', () => {
    const build = { ...BUILD, ferretdb: { version: 'v2.1.0' } };
    expect(judgeServer(build, {}, STATUS, OPTIONS).version).toBe('7.0.14');
  });
});

describe('an address that cannot be read is no outage', () => {
  it.each([
    ['mongodb://user:p@ss@127.0.0.1:1/x', /p@ss/],
    ['mongodb://user:p/ss@127.0.0.1:1/x', /p\/ss/],
    ['mongodb://user:p%zz@127.0.0.1:1/x', /p%zz/],
    ['mongodb://127.0.0.1:1/x?replicaset=rs0&foo=1', /foo|rs0/],
    ['mongodb://127.0.0.1:1/x?replicaSet=', /127/],
    ['mongodb://127.0.0.1:99999/x', /99999/],
  ])('%s', async (url, itsOwn) => {
    const error = await mongoRecords({ url }).catch((refusal: unknown) => refusal as Error);
    expect(error).toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(/^STORE_URL: .*percent-encode @ : \/ % in passwords/) as string,
    });
    expect((error as Error).message).not.toMatch(itsOwn);
    expect(error).not.toHaveProperty('cause');
  });

  it('nor is a certificate that is not there', async () => {
    const url = 'mongodb://127.0.0.1:1/x?tls=true&tlsCAFile=/not/there.pem';
    await expect(mongoRecords({ url })).rejects.toMatchObject({ code: 'config-invalid' });
  });
});

const onMongo = mongoHere ? describe : describe.skip;

onMongo('a start on MongoDB', () => {
  let server: MongoServer;
  let database: string;
  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(() => server.close());
  beforeEach(() => {
    database = newDatabase();
  });
  afterEach(() => dropDatabase(server.url, database));
  const open = () => mongoRecords({ url: server.url, database });
  const beside = async <T>(work: (db: ReturnType<typeof createConnection>) => Promise<T>) => {
    const connection = createConnection(server.url, { dbName: database });
    await connection.asPromise();
    return work(connection).finally(() => connection.close());
  };

  it('builds its indexes once, by many at once, and again without harm', async () => {
    const many = await Promise.all([open(), open(), open()]);
    await Promise.all(many.map((records) => records.table(THINGS)));
    const indexes = await beside((connection) => connection.collection('things').indexes());
    expect(indexes).toHaveLength(2);
    expect(indexes.find((one) => 'key' in one.key)).toMatchObject({
      key: { key: 1 },
      unique: true,
      sparse: true,
    });
    await Promise.all(many.map((records) => records.close()));
  });

  it('leaves a store alone that a newer program laid out', async () => {
    await (await open()).close();
    await beside((connection) =>
      connection.collection<{ _id: string }>('engine').updateOne({ _id: 'layout' }, { $set: { version: 2 } }),
    );
    await expect(open()).rejects.toMatchObject({ code: 'store-too-new' });
  });

  it('says in time that there is no server', async () => {
    const began = performance.now();
    await expect(mongoRecords({ url: 'mongodb://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('lets running writes end when it closes, and takes no more', async () => {
    const records = await open();
    const things = await records.table(THINGS);
    const writes = Array.from({ length: 50 }, (_, n) => things.insert(thing(`t${n}`)));
    await records.close();
    await records.close();
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 50 }, () => null));
    await expect(things.get('id', 't1')).rejects.toMatchObject({ code: 'stopping' });
  });

  it('lets absent values of a unique column never conflict', async () => {
    const records = await open();
    const things = await records.table(THINGS);
    for (const id of ['a', 'b']) expect(await things.insert(thing(id, null, { key: null }))).toBeNull();
    expect(
      (await things.find({ where: { key: null }, order: ['id'], limit: 9 })).map((row) => row.id),
    ).toEqual(['a', 'b']);
    expect(await things.replace(thing('a', null, { key: 'k' }), 1)).toBe(true);
    expect(await things.insert(thing('c', null, { key: 'k' }))).toBe('key');
    expect(await things.replace(thing('a', null, { key: null }), 2)).toBe(true);
    expect(await things.insert(thing('c', null, { key: 'k' }))).toBeNull();
    await records.close();
  });

  it('takes what looks like an operator as a word', async () => {
    const records = await open();
    const things = await records.table(THINGS);
    await things.insert(thing('a'));
    const hostile = { $ne: null } as unknown as string;
    expect(await things.get('id', hostile)).toBeNull();
    expect(await things.count({ holder: { in: [hostile] } })).toBe(0);
    const refused = { code: 'internal' };
    await expect(things.remove({ id: hostile })).rejects.toMatchObject(refused);
    await expect(things.take(hostile)).rejects.toMatchObject(refused);
    await expect(things.patch(hostile, { max: { mark: 9 } })).rejects.toMatchObject(refused);
    await expect(things.get('$where', 'true')).rejects.toMatchObject({ code: 'internal' });
    expect((await things.get('id', 'a'))?.clear['mark']).toBe(0);
    await records.close();
  });

  it('leaves no name or number readable in the database', async () => {
    const records = await open();
    const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
    await store.conversations.create(conversationDoc('c1', { pair: 'Đánh Dấu' }), null);
    await store.dossiers.create(dossierDoc('d1', 'A'), null);
    await store.transcripts.append([said('c1', 1, `Tôi tên ${AN.name}`)]);
    await store.close();
    const bytes = await beside(async (connection) => {
      const names = (await connection.db!.listCollections().toArray()).map(({ name }) => name);
      const rows = await Promise.all(names.map((name) => connection.db!.collection(name).find().toArray()));
      const bodies = rows
        .flat()
        .map((row) => Buffer.from((row['body'] as { buffer?: Uint8Array } | undefined)?.buffer ?? []));
      return Buffer.concat([Buffer.from(JSON.stringify(rows)), ...bodies]);
    });
    expect(bytes.includes('xa-mau')).toBe(true);
    for (const secret of ['Đánh Dấu', AN.name, AN.nationalId!, AN.phone!, 'chat-c1'])
      expect(bytes.includes(secret)).toBe(false);
  });
});
