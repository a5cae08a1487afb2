import { DatabaseSync } from '@photostructure/sqlite';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFiles } from '../../src/drivers/disk-files';
import { resealAll } from '../../src/drivers/sealed-store';
import { audit } from '../../src/drivers/sealed/audit';
import { TABLES } from '../../src/drivers/sealed/tables';
import type { Store } from '../../src/ports/store';
import {
  AN,
  auditOf,
  BINH,
  conversationDoc,
  deliveryDoc,
  dossierDoc,
  officerDoc,
  said,
} from '../contract/documents';
import { fileKey } from '../contract/files-contract';
import {
  cleanUp,
  ONLY_NEW,
  openSqlite,
  OTHER_BYTES,
  OTHER_INDEX,
  ROTATED,
  tempFolder,
  vaultOf,
  DATA_KEYS,
} from './sqlite-stores';

afterEach(cleanUp);

/** Changes the file behind the store's back. */
function tamper(dir: string, ...sql: string[]): void {
  const db = new DatabaseSync(join(dir, 'store.db'));
  sql.forEach((text) => db.exec(text));
  db.close();
}

const MARK = 'Đánh Dấu Bí Mật';
const SECRETS = [
  MARK,
  'danh dau',
  'Bí Mật',
  AN.name,
  'Ví Dụ',
  AN.nationalId!,
  AN.phone!,
  BINH.name,
  BINH.phone!,
  'chat-c1',
  'tran.canbo',
  'slip-secret',
];

async function fill(store: Store): Promise<void> {
  await store.conversations.create(conversationDoc('c1', { pair: MARK, agency: 'xa-mau' }), null);
  await store.transcripts.append([said('c1', 1, `Tôi tên ${MARK}, số ${AN.nationalId!}`)]);
  await store.dossiers.create(dossierDoc('d1', 'A'), null);
  await store.deliveries.create(
    deliveryDoc('x1', { body: JSON.stringify({ name: MARK, id: AN.nationalId }) }),
  );
  await store.drafts.put({
    id: 'r1',
    holder: 'c1',
    session: { answers: { name: MARK } } as never,
    dueAt: 1e15,
  });
  await store.officers.create(officerDoc('o1', 'tran.canbo'));
  await store.slips.put('session', 'slip-secret', { name: MARK }, 1e15);
  await store.attachments.put({
    id: 'f1',
    owner: 'd1',
    state: 'ok',
    name: `${MARK}.jpg`,
    type: 'image/jpeg',
    bytes: 1,
    fileKey: 'k',
    at: 1,
  });
  await store.audit.append(auditOf(1));
}

it('leaves no name, number or secret readable on the disk: not in the database, its log or the files', async () => {
  const dir = tempFolder();
  const { store } = await openSqlite(dir);
  await fill(store);
  const files = await diskFiles({ dir: join(dir, 'files'), vault: vaultOf(DATA_KEYS), clock: Date.now });
  await files.put(fileKey(), Buffer.from(SECRETS.join(' ')));
  const onDisk = () =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  for (const bytes of onDisk()) for (const secret of SECRETS) expect(bytes.includes(secret)).toBe(false);
  // The search itself works: clear columns are found.
  expect(onDisk().some((bytes) => bytes.includes('xa-mau'))).toBe(true);
  await store.close();
  for (const bytes of onDisk()) for (const secret of SECRETS) expect(bytes.includes(secret)).toBe(false);
});

describe('keys', () => {
  it('of another store are refused at start, by what is wrong with them', async () => {
    const dir = tempFolder();
    const { store } = await openSqlite(dir);
    await store.close();
    const refused = (keys: string) => expect(openSqlite(dir, keys)).rejects;
    await refused(ONLY_NEW).toMatchObject({
      code: 'key-unknown',
      message: expect.stringContaining('k1') as string,
    });
    await refused(OTHER_BYTES).toMatchObject({
      code: 'key-unknown',
      message: expect.stringContaining('data key "k1"') as string,
    });
    await refused(OTHER_INDEX).toMatchObject({
      code: 'key-unknown',
      message: expect.stringContaining('index key') as string,
    });
    await (await openSqlite(dir)).store.close();
  });

  it('rotate: everything stays readable, is found as before, and needs the old key no more once all is resealed', async () => {
    const dir = tempFolder();
    const first = await openSqlite(dir);
    await fill(first.store);
    await first.store.close();

    const { store, records, vault } = await openSqlite(dir, ROTATED);
    const before = (await store.conversations.byId('c1'))!;
    expect(before.doc.pair).toBe(MARK);
    await store.conversations.save({ ...before.doc, pair: 'k2' }, before.revision, null);
    expect(await resealAll({ records, vault })).toBe(9);
    expect(await resealAll({ records, vault })).toBe(0);
    await store.close();

    const last = await openSqlite(dir, ONLY_NEW);
    expect(await last.store.conversations.byId('c1')).toMatchObject({ revision: 2, doc: { pair: 'k2' } });
    expect(
      (await last.store.dossiers.list({ agency: 'xa-mau', find: AN.phone!, limit: 5 }))[0]?.state,
    ).toEqual({
      doc: dossierDoc('d1', 'A'),
      revision: 1,
    });
    expect(await last.store.audit.verify()).toBeNull();
    await last.store.close();
  });
});

describe('a changed file', () => {
  it('shows: a body moved to another row does not open, and its neighbours do', async () => {
    const dir = tempFolder();
    const { store } = await openSqlite(dir);
    for (const id of ['c1', 'c2', 'c3']) await store.conversations.create(conversationDoc(id), null);
    tamper(
      dir,
      `UPDATE conversations SET body = (SELECT body FROM conversations WHERE id = 'c2') WHERE id = 'c1'`,
    );
    await expect(store.conversations.byId('c1')).rejects.toMatchObject({
      code: 'document-unreadable',
      details: { record: 'conversations/c1' },
    });
    expect((await store.conversations.byId('c2'))?.doc.id).toBe('c2');
    await store.close();
  });

  it.each([
    ['a removed entry', [`DELETE FROM audit WHERE id = '000000000003'`], 3],
    ['a removed first entry', [`DELETE FROM audit WHERE id = '000000000001'`], 1],
    ['a changed hash', [`UPDATE audit SET hash = 'x' WHERE id = '000000000004'`], 4],
    [
      'two exchanged entries',
      [
        `UPDATE audit SET id = 'x' WHERE id = '000000000002'`,
        `UPDATE audit SET id = '000000000002' WHERE id = '000000000005'`,
        `UPDATE audit SET id = '000000000005' WHERE id = 'x'`,
      ],
      2,
    ],
  ])('shows in the audit chain: %s', async (_, sql, broken) => {
    const dir = tempFolder();
    const { store } = await openSqlite(dir);
    for (let n = 1; n <= 6; n += 1) await store.audit.append(auditOf(n));
    expect(await store.audit.verify()).toBeNull();
    tamper(dir, ...sql);
    expect(await store.audit.verify()).toBe(broken);
    await store.close();
  });
});

describe('a store of a newer version', () => {
  it.each([
    ['documents', `UPDATE meta SET version = 99 WHERE id = 'schema'`],
    ['file layout', 'PRAGMA user_version = 99'],
  ])('is not touched: %s', async (_, sql) => {
    const dir = tempFolder();
    await (await openSqlite(dir)).store.close();
    tamper(dir, sql);
    await expect(openSqlite(dir)).rejects.toMatchObject({ code: 'store-too-new' });
  });

  it('refuses one document that a newer program wrote meanwhile', async () => {
    const dir = tempFolder();
    const { store } = await openSqlite(dir);
    await store.conversations.create(conversationDoc('c1'), null);
    tamper(dir, 'UPDATE conversations SET v = 99');
    await expect(store.conversations.byId('c1')).rejects.toMatchObject({ code: 'store-too-new' });
    await store.close();
  });
});

it('copies itself while it works: the backup opens and holds what was there', async () => {
  const [dir, target] = [tempFolder(), tempFolder()];
  const { store, records } = await openSqlite(dir);
  await fill(store);
  await records.backup(join(target, 'store.db'));
  await expect(records.backup(join(target, 'store.db'))).rejects.toMatchObject({ code: 'store-unavailable' });
  await store.close();
  const copy = await openSqlite(target);
  expect((await copy.store.conversations.byId('c1'))?.doc.pair).toBe(MARK);
  await copy.store.close();
});

it('continues the audit chain behind a row that another process wrote at the last moment', async () => {
  const { store, records, vault } = await openSqlite(tempFolder());
  const table = await records.table(TABLES.audit);
  const other = audit(table, vault);
  let raced = false;
  const late = audit(
    {
      ...table,
      async insertAll(rows, repeated) {
        if (rows.length > 1 && !raced) {
          raced = true;
          await other.append(auditOf(0));
        }
        return table.insertAll(rows, repeated);
      },
    },
    vault,
  );
  await Promise.all([1, 2, 3, 4, 5].map((n) => late.append(auditOf(n))));
  expect(raced).toBe(true);
  expect(await store.audit.verify()).toBeNull();
  expect((await store.audit.last(10)).map((row) => row.at)).toEqual([5, 4, 3, 2, 0, 1]);
  await store.close();
});

it('does not let a write that cannot be done hurt those of the same tick', async () => {
  const { store } = await openSqlite(tempFolder());
  const results = await Promise.allSettled([
    store.conversations.create(conversationDoc('c1'), null),
    // A value the engine cannot bind: the whole batch fails, and is tried one by one.
    store.conversations.create(conversationDoc('c2', { agency: { wrong: true } as never }), null),
    store.conversations.create(conversationDoc('c1'), null),
    store.conversations.save(conversationDoc('c1'), 9, null),
    store.conversations.create(conversationDoc('c3'), null),
  ]);
  expect(results).toMatchObject([
    { value: true },
    { reason: { code: 'store-unavailable' } },
    { value: false },
    { value: false },
    { value: true },
  ]);
  expect([await store.conversations.byId('c2'), (await store.conversations.byId('c3'))?.revision]).toEqual([
    null,
    1,
  ]);
  await store.close();
});

it('says stopping to a write after close', async () => {
  const { store } = await openSqlite(tempFolder());
  const late = store.conversations.create(conversationDoc('c1'), null);
  await store.close();
  expect(await late).toBe(true);
  await expect(store.ping()).rejects.toMatchObject({ code: 'stopping' });
});
