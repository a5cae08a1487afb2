/** A new data key while servers work on the same MongoDB: they read and write all the while, and what they erase stays erased. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'mongoose';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rotateKeys } from '../../scripts/admin/rotate-keys';
import type { Tools } from '../../scripts/admin/command';
import { loadConfig } from '../../src/config';
import { newKeys, parseDataKeys, withNewKey } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { gridFsShelf } from '../../src/drivers/gridfs-shelf';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { realUniverse as universe } from '../../src/house/universe';
import { conversationDoc } from '../contract/documents';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { openTcpProxy } from '../servers/tcp-proxy';
import { commandOf } from '../faults/mongo-cuts';
import { fileKeyOf, fillStore, someone } from './operator';

const DOSSIERS = 40;
const clock = () => Date.now();
const onMongo = mongoHere ? describe : describe.skip;
const FIRST = newKeys(randomBytes);
const RING = withNewKey(FIRST, randomBytes);
const ONLY_NEW = RING.replace(/,k1:[^;]+/, '');

const idOf = (id: unknown): string => JSON.stringify(id);

onMongo('rotate-keys on MongoDB', () => {
  let server: MongoServer;
  let database: string;
  let url: string;
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-rotate-'));

  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    database = newDatabase();
    const [base = '', options] = server.url.split('?');
    url = `${base.replace(/\/$/, '')}/${database}${options === undefined ? '' : `?${options}`}`;
  });
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await dropDatabase(server.url, database);
  });

  async function open(keys: string) {
    const vault = openVault(parseDataKeys(keys));
    const records = await mongoRecords({ url });
    const store = await openSealedStore({ records, vault });
    const files = await gridFsFiles({ url, vault, clock });
    const close = async () => {
      await files.close();
      await store.close();
    };
    closers.push(close);
    return { store, files, close };
  }
  function operator(keys: string) {
    const said: string[] = [];
    const config = loadConfig({ DATA_DIR: dir, DATA_KEYS: keys, STORE_URL: url }, dir);
    const tools: Tools = { config, root: dir, universe, say: (line) => said.push(line) };
    return { said, run: (...args: string[]) => rotateKeys.run(args, tools) };
  }
  /** Pieces and uploads that no file names. */
  async function strayPieces(): Promise<readonly unknown[]> {
    const raw = await createConnection(url).asPromise();
    const [entries, pieces] = [raw.collection('files.files'), raw.collection('files.chunks')];
    const mains = await entries.find({ 'metadata.of': null }).toArray();
    const used = mains.map((one) =>
      idOf((one['metadata'] as { pieces?: unknown } | undefined)?.pieces ?? one._id),
    );
    const stray = (await pieces.find({}).toArray()).filter((one) => !used.includes(idOf(one['files_id'])));
    const uploads = (await entries.find({ 'metadata.of': { $ne: null } }).toArray()).filter(
      (one) => !used.includes(idOf(one._id)),
    );
    const begun = await raw.collection('files.begun').find({}).toArray();
    await raw.close();
    return [...stray, ...uploads, ...begun];
  }

  it('goes on beside a server, until the old key is needed no more', async () => {
    const before = await open(FIRST);
    await fillStore(before, DOSSIERS);
    await before.close();
    const working = await open(RING);
    let [busy, turns, revision] = [true, 0, 1];
    const server = (async () => {
      for (; busy; turns += 1) {
        expect(
          await working.store.conversations.save(conversationDoc('c0', { nextSeq: turns }), revision, null),
        ).toBe(true);
        revision += 1;
        expect((await working.files.get(fileKeyOf(turns % DOSSIERS))).length).toBe(
          2_000 + (turns % DOSSIERS),
        );
      }
    })();
    const { run, said } = operator(RING);
    await expect(Promise.resolve(run('run'))).rejects.toThrow(/start all of them with the new DATA_KEYS/);
    await run('run', 'all-know');
    busy = false;
    await server;
    expect(turns).toBeGreaterThan(5);
    expect(said.join('\n')).toMatch(
      /and 40 files were sealed anew under k2\nNothing here needs an older key/,
    );
    await working.close();

    const after = await open(ONLY_NEW);
    expect((await after.store.conversations.byId('c0'))?.revision).toBe(revision);
    expect(
      await after.store.dossiers.list({ agency: 'xa-mau', find: someone.phone!, limit: 100 }),
    ).toHaveLength(DOSSIERS);
    for (let n = 0; n < DOSSIERS; n += 1)
      expect((await after.files.get(fileKeyOf(n))).length).toBe(2_000 + n);
    expect(await after.store.audit.verify()).toBeNull();
    expect(await strayPieces()).toEqual([]);
    await after.close();
  }, 60_000);

  it('reads every file whole, however often it is read while it is sealed anew', async () => {
    const old = await open(FIRST);
    const working = await open(RING);
    for (let n = 0; n < DOSSIERS; n += 1) await old.files.put(fileKeyOf(n), randomBytes(2_000));
    const shelf = await gridFsShelf({ url, vault: openVault(parseDataKeys(RING)), clock });
    closers.push(() => shelf.close());
    for (let n = 0; n < DOSSIERS; n += 1) {
      let moving = true;
      const readers = Array.from({ length: 4 }, async () => {
        do expect((await working.files.get(fileKeyOf(n))).length).toBe(2_000);
        while (moving);
      });
      const outcome = shelf.reseal(fileKeyOf(n)).finally(() => {
        moving = false;
      });
      await Promise.all(readers);
      expect(await outcome).toBe('moved');
    }
  }, 60_000);

  it('never brings back a file that is erased meanwhile', async () => {
    const working = await open(FIRST);
    for (let n = 0; n < DOSSIERS; n += 1) await working.files.put(fileKeyOf(n), randomBytes(2_000));
    const shelf = await gridFsShelf({ url, vault: openVault(parseDataKeys(RING)), clock });
    closers.push(() => shelf.close());
    const outcomes = await Promise.all(
      Array.from({ length: DOSSIERS }, async (_, n) => {
        const [outcome] = await Promise.all([shelf.reseal(fileKeyOf(n)), working.files.remove(fileKeyOf(n))]);
        return outcome;
      }),
    );
    expect(outcomes.every((outcome) => ['moved', 'gone'].includes(outcome))).toBe(true);
    for (let n = 0; n < DOSSIERS; n += 1)
      await expect(working.files.get(fileKeyOf(n))).rejects.toMatchObject({ code: 'not-found' });
    expect(await strayPieces()).toEqual([]);
  }, 60_000);

  it('passes over what is sealed anew already without reading it', async () => {
    const old = await open(FIRST);
    await old.files.put(fileKeyOf(1), randomBytes(2_000));
    const working = await open(RING);
    await working.files.put(fileKeyOf(2), randomBytes(2_000));
    const shelf = await gridFsShelf({ url, vault: openVault(parseDataKeys(RING)), clock });
    closers.push(() => shelf.close());
    expect(await shelf.reseal(fileKeyOf(1))).toBe('moved');
    const raw = await createConnection(url).asPromise();
    await raw.collection('files.chunks').deleteMany({});
    await raw.close();
    for (const n of [1, 2]) expect(await shelf.reseal(fileKeyOf(n))).toBe('current');
  });

  it('lists all keys though it rests for longer between them than a server keeps a cursor', async () => {
    const proxy = await openTcpProxy(server.port!);
    const vault = openVault(parseDataKeys(RING));
    const through = `mongodb://127.0.0.1:${proxy.port}/${database}?directConnection=true`;
    const shelf = await gridFsShelf({ url: through, vault, clock });
    const raw = await createConnection(url).asPromise();
    const keys = Array.from({ length: 1_234 }, (_, n) => fileKeyOf(n));
    await raw.collection('files.files').insertMany(keys.map((filename) => ({ filename })));
    await raw.close();
    // Each page is asked for anew, and none goes on with a cursor.
    const asked: string[] = [];
    proxy.decide = (piece) => {
      const command = commandOf(piece);
      if (['find', 'getMore'].includes(command)) asked.push(command);
      return 'pass';
    };
    const listed: string[] = [];
    for await (const key of shelf.keys()) listed.push(key);
    expect([listed, asked]).toEqual([keys, ['find', 'find', 'find', 'find']]);
    await shelf.close();
    await proxy.close();
  });
});
