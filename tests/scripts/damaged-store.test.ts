/** A few things do not open: they are named by check-store and by a key rotation, which does all the others. */
import { DatabaseSync } from '@photostructure/sqlite';
import { randomBytes } from 'node:crypto';
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mongoose';
import { newKeys, parseDataKeys, withNewKey } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { fileKeyOf, fillStore, openOperator, type Opened, type Operator } from './operator';

const COUNT = 5;
/** An upload that no document names yet. */
const LOOSE = 'loose-0000000000000';
const WHOLE = [0, 2, 3, 4].map(fileKeyOf);
const FIRST = newKeys(randomBytes);
const RING = withNewKey(FIRST, randomBytes);
const ONLY_NEW = RING.replace(/,k1:[^;]+/, '');

type Open = (keys: string) => Promise<Pick<Opened, 'store' | 'files' | 'close'>>;

interface Place {
  readonly at: Operator;
  readonly run: readonly string[];
  readonly open: Open;
  /** Spoils the files 1 and LOOSE, and the dossier d2. */
  spoil(): Promise<void>;
  /** Takes what was spoilt away. */
  clear(): Promise<void>;
  close(): void;
}

async function namedAndPassedOver({ at, run, open, spoil, clear }: Place): Promise<void> {
  const house = await open(FIRST);
  await fillStore(house, COUNT);
  await house.files.put(LOOSE, randomBytes(3_000));
  await house.close();
  expect((await at.admin('check-store')).out).toMatch(
    /documents and 6 files were looked at[^]*all of it opens/,
  );
  await spoil();
  const named = (out: string) => [...out.matchAll(/(files|dossiers)\/[^ :]+/g)].map(([what]) => what).sort();
  const spoilt = ['dossiers/d2', `files/${LOOSE}`, `files/${fileKeyOf(1)}`];

  const check = await at.admin('check-store');
  expect([check.code, named(check.out)]).toEqual([1, spoilt]);
  const first = await at.admin('rotate-keys', ...run);
  expect([first.code, named(first.out)]).toEqual([1, spoilt]);
  expect(first.out).toMatch(/and 4 files were sealed anew under k2/);
  expect(first.err).toMatch(/^document-unreadable: 3 could not be read \(named above\)/);
  const after = await open(ONLY_NEW);
  for (const key of WHOLE) expect((await after.files.get(key)).length).toBeGreaterThan(1_999);
  expect((await after.store.dossiers.byId('d4'))?.doc.id).toBe('d4');
  await after.close();

  await clear();
  const second = await at.admin('rotate-keys', ...run);
  expect([second.code, second.out]).toEqual([
    0,
    expect.stringMatching(/^0 documents and 0 files were sealed anew[^]*Nothing here needs an older key/),
  ]);
}

function onDisk(): Place {
  const at = openOperator({ DATA_KEYS: RING });
  const pathOf = (key: string) => join(at.data, 'files', key.slice(0, 2), key);
  const sql = (words: string) => {
    const db = new DatabaseSync(join(at.data, 'mot-cua.sqlite'));
    db.exec(words);
    db.close();
    return Promise.resolve();
  };
  return {
    ...{ at, run: ['run'], open: at.open },
    spoil() {
      for (const key of [fileKeyOf(1), LOOSE]) truncateSync(pathOf(key), 1_000);
      return sql(`UPDATE dossiers SET body = substr(body, 1, 100) WHERE id = 'd2'`);
    },
    clear() {
      for (const key of [fileKeyOf(1), LOOSE]) rmSync(pathOf(key));
      return sql(`DELETE FROM dossiers WHERE id = 'd2'`);
    },
    close: at.remove,
  };
}

function inMongo(url: string): Place {
  const at = openOperator({ DATA_KEYS: RING, STORE_URL: url });
  const withRaw = async (work: (raw: Connection) => Promise<unknown>) => {
    const raw = await createConnection(url).asPromise();
    await work(raw).finally(() => raw.close());
  };
  const filename = { $in: [fileKeyOf(1), LOOSE] };
  const d2 = { _id: 'd2' as never };
  return {
    ...{ at, run: ['run', 'all-know'] },
    async open(keys) {
      const vault = openVault(parseDataKeys(keys));
      const store = await openSealedStore({ records: await mongoRecords({ url }), vault });
      const files = await gridFsFiles({ url, vault, clock: Date.now });
      const close = async () => {
        await files.close();
        await store.close();
      };
      return { store, files, close };
    },
    spoil: () =>
      withRaw(async (raw) => {
        const entries = await raw.collection('files.files').find({ filename }).toArray();
        await raw.collection('files.chunks').deleteMany({ files_id: { $in: entries.map(({ _id }) => _id) } });
        await raw.collection('dossiers').updateOne(d2, { $set: { body: Buffer.from('spoilt') } });
      }),
    clear: () =>
      withRaw(async (raw) => {
        await raw.collection('files.files').deleteMany({ filename });
        await raw.collection('dossiers').deleteOne(d2);
      }),
    close: at.remove,
  };
}

it('on the disk', async () => {
  const place = onDisk();
  await namedAndPassedOver(place);
  place.close();
}, 60_000);

const onMongo = mongoHere ? describe : describe.skip;
onMongo('on MongoDB', () => {
  let server: MongoServer;
  const database = newDatabase();
  beforeAll(async () => {
    server = await openMongoServer();
  }, 180_000);
  afterAll(async () => {
    await dropDatabase(server.url, database);
    await server.close();
  });

  it('too', async () => {
    const place = inMongo(`${server.url}/${database}`);
    await namedAndPassedOver(place);
    place.close();
  }, 60_000);
});
