/** From the embedded store to MongoDB, as an operator does it: killed on the way, and equal in every row at the end. */
import { createConnection, type Connection } from 'mongoose';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { openVault } from '../../src/crypto/vault';
import { parseDataKeys } from '../../src/crypto/key-ring';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { connectMongo, mongoRecords } from '../../src/drivers/mongo-store';
import { mongoWhole } from '../../src/drivers/mongo-whole';
import type { TableSpec } from '../../src/drivers/records';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { TABLES } from '../../src/drivers/sealed/tables';
import { sqliteWhole } from '../../src/drivers/sqlite-whole';
import { hashOf } from '../../src/drivers/whole-rows';
import { openHouse } from '../../src/house/house';
import { realUniverse as universe } from '../../src/house/universe';
import { conversationDoc } from '../contract/documents';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { fileKeyOf, fillStore, openOperator, someone, type Operator } from './operator';

const DOSSIERS = 40;
const root = join(__dirname, '../..');
const noted = () => undefined;
const onMongo = mongoHere ? describe : describe.skip;

onMongo('move-store', () => {
  let server: MongoServer;
  let at: Operator;
  let database: string;
  let url: string;

  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    at = openOperator();
    database = newDatabase();
    const [base = '', options] = server.url.split('?');
    url = `${base.replace(/\/$/, '')}/${database}${options === undefined ? '' : `?${options}`}`;
    const house = await at.open();
    await fillStore(house, DOSSIERS);
    await house.close();
  });
  afterEach(async () => {
    await dropDatabase(server.url, database);
    at.remove();
  });

  const withRaw = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await createConnection(url).asPromise();
    return work(connection).finally(() => connection.close());
  };

  /** Every row of every table, by its hash. */
  async function bothSides(): Promise<void> {
    const source = sqliteWhole(join(at.data, 'mot-cua.sqlite'));
    const connection = await connectMongo({ url });
    for (const spec of Object.values<TableSpec>(TABLES)) {
      const here = (await source.table(spec).read('', 10_000)).map(hashOf);
      const there = (await mongoWhole(connection, spec).read('', 10_000)).map(hashOf);
      expect([spec.name, there]).toEqual([spec.name, here]);
    }
    source.close();
    await connection.close();
  }

  /** Kills the command once so much stands in the target; false when it was through before. */
  async function killedWhen(collection: string, count: number): Promise<boolean> {
    return withRaw(async (raw) => {
      const run = at.begin('move-store', url);
      let signal: string | null | undefined;
      run.once('exit', (_code, by) => (signal = by));
      // While rows come a count may fail; it is asked for again.
      const standing = () =>
        raw
          .collection(collection)
          .countDocuments({})
          .catch(() => 0);
      while (signal === undefined) {
        if ((await standing()) >= count) run.kill('SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return signal === 'SIGKILL';
    });
  }

  /** On a busy machine the command may be through before anybody looks: then it begins again with nothing there. */
  async function killedAt(collection: string, count: number): Promise<boolean> {
    for (let tries = 0; tries < 5; tries += 1) {
      if (await killedWhen(collection, count)) return true;
      await dropDatabase(server.url, database);
    }
    return false;
  }

  async function worksThere(): Promise<void> {
    const vault = openVault(parseDataKeys(at.keys()));
    const records = await mongoRecords({ url });
    const store = await openSealedStore({ records, vault });
    const files = await gridFsFiles({ url, vault, clock: () => Date.now() });
    const found = await store.dossiers.list({ agency: 'xa-mau', find: someone.phone!, limit: DOSSIERS + 1 });
    expect(found).toHaveLength(DOSSIERS);
    for (const n of [0, 27, DOSSIERS - 1]) expect((await files.get(fileKeyOf(n))).length).toBe(2_000 + n);
    expect(await store.audit.verify()).toBeNull();
    // A talk goes on at the revision it had: the ids of its effects must never repeat.
    expect(await store.conversations.save(conversationDoc('c3'), 4, null)).toBe(true);
    expect((await store.conversations.byId('c3'))?.revision).toBe(5);
    await files.close();
    await store.close();
  }

  it('ends with the same rows and files on both sides, though killed wherever it stands', async () => {
    for (const [collection, count] of [
      ['dossiers', 1],
      ['audit', 20],
      ['files.files', 2],
      ['files.files', 25],
    ] as const)
      expect([collection, count, await killedAt(collection, count)]).toEqual([collection, count, true]);
    const { code, out } = await at.admin('move-store', url);
    const moved =
      /conversations: 40 rows, 0 written now[^]*files: 40, the same bytes[^]*moved\. Now set STORE_URL/;
    expect([code, out]).toEqual([0, expect.stringMatching(moved)]);
    await bothSides();
    await worksThere();
  }, 180_000);

  /** The whole server, but its port. */
  async function startsThere(): Promise<void> {
    const env = { DATA_DIR: at.data, DATA_KEYS: at.keys(), STORE_URL: url };
    const [config, log] = [loadConfig(env, root), { info: noted, warn: noted, error: noted }];
    const meter = { count: noted, seconds: noted };
    await (await openHouse({ config, root, universe, log, meter })).close();
  }

  it('goes by what the source says now, when a server was started between two rounds', async () => {
    expect(await killedAt('files.files', 2)).toBe(true);
    await expect(startsThere()).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(/Run "move-store" again .*or drop the database/) as string,
    });
    const house = await at.open();
    await house.store.conversations.save(conversationDoc('c0', { nextSeq: 9 }), 1, null);
    await house.store.dossiers.remove('d5');
    await house.store.conversations.create(conversationDoc('c-new'), null);
    await house.close();
    expect((await at.admin('move-store', url)).code).toBe(0);
    await bothSides();
    await startsThere();
  }, 120_000);

  it('refuses a target that holds another store, a running server, and what is no address', async () => {
    const refused = async (why: RegExp, ...args: readonly string[]) =>
      expect(await at.admin('move-store', ...args)).toMatchObject({
        code: 1,
        err: expect.stringMatching(why) as string,
      });
    await refused(/say where to/);
    await refused(/say where to/, 'http://x/y');
    const house = await at.open();
    await refused(/^store-locked/, url);
    await house.close();
    const records = await mongoRecords({ url });
    await (await openSealedStore({ records, vault: openVault(parseDataKeys(at.keys())) })).close();
    await refused(/holds a store already/, url);
    await refused(/^store-unavailable/, 'mongodb://127.0.0.1:1/x');
  }, 60_000);

  it('names a file that does not open, and goes on when it is put back', async () => {
    const path = join(at.data, 'files', fileKeyOf(7).slice(0, 2), fileKeyOf(7));
    const whole = readFileSync(path);
    truncateSync(path, 1_000);
    const { code, err } = await at.admin('move-store', url);
    expect([code, err]).toEqual([1, expect.stringContaining(`files/${fileKeyOf(7)} does not open`)]);
    writeFileSync(path, whole);
    expect((await at.admin('move-store', url)).code).toBe(0);
  }, 60_000);

  it('says so when somebody else writes there', async () => {
    expect((await at.admin('move-store', url)).code).toBe(0);
    expect((await at.admin('move-store', url)).err).toMatch(/this move is finished/);
    await withRaw(async (raw) => {
      await raw
        .collection('engine')
        .updateOne({ _id: 'move' as never }, { $set: { finished: false, from: 'x' } });
    });
    expect((await at.admin('move-store', url)).err).toMatch(/another store is being moved there/);
  }, 60_000);
});
