/** The drill of docs/operations.md: a backup beside a running server, everything lost, everything back. */
import { DatabaseSync } from '@photostructure/sqlite';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileKeyOf, fillStore, openOperator, someone, type Operator } from './operator';

const DOSSIERS = 30;
let at: Operator;
let copy: string;
let copiedFiles: string;
let keysAside: string;

beforeAll(async () => {
  at = openOperator();
  const house = await at.open();
  await fillStore(house, DOSSIERS);
  [copy, copiedFiles] = [join(at.dir, 'copy.sqlite'), join(at.dir, 'copied-files')];
  keysAside = join(at.dir, 'keys-elsewhere');
  // The store is open all the while: nobody has to stop for it.
  expect(await at.admin('backup', copy)).toMatchObject({ code: 0 });
  cpSync(join(at.data, 'files'), copiedFiles, { recursive: true });
  cpSync(join(at.data, 'keys'), keysAside);
  await house.close();
});
afterAll(() => at.remove());

const loseEverything = () => {
  rmSync(at.data, { recursive: true });
  mkdirSync(at.data);
};

function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

it('looks at a store and says what is in it', async () => {
  const { code, out } = await at.admin('check-store');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/and 30 files[^]*ends with entry 30,[^]*all of it opens/),
  ]);
});

it('writes over nothing', async () => {
  expect((await at.admin('restore', copy, copiedFiles)).err).toMatch(/mot-cua.sqlite exists: move it away/);
  expect((await at.admin('restore', join(at.dir, 'no-such'))).err).toMatch(/there is no .*no-such/);
  expect((await at.admin('restore')).err).toMatch(/say which file/);
});

it('asks for the keys, and takes no others', async () => {
  loseEverything();
  expect((await at.admin('restore', copy, copiedFiles)).err).toMatch(/^config-invalid: DATA_KEYS is missing/);
  const other = openOperator();
  cpSync(join(other.data, 'keys'), join(at.data, 'keys'));
  const { code, err, out } = await at.admin('restore', copy, copiedFiles);
  expect([code, err, out]).toEqual([
    1,
    expect.stringMatching(/^key-unknown/),
    expect.stringContaining('nothing was restored'),
  ]);
  expect(existsSync(join(at.data, 'mot-cua.sqlite'))).toBe(false);
  other.remove();
});

it('brings everything back, found as before', async () => {
  cpSync(keysAside, join(at.data, 'keys'));
  const { code, out } = await at.admin('restore', copy, copiedFiles);
  expect([code, out]).toEqual([0, expect.stringMatching(/30 files[^]*restored to/)]);
  const house = await at.open();
  const found = await house.store.dossiers.list({ agency: 'xa-mau', find: someone.phone!, limit: 100 });
  expect(found).toHaveLength(DOSSIERS);
  expect((await house.files.get(fileKeyOf(7))).length).toBe(2_007);
  expect(await house.store.audit.verify()).toBeNull();
  await house.close();
});

it('tells of files that are not there, and goes on', async () => {
  loseEverything();
  cpSync(keysAside, join(at.data, 'keys'));
  const { code, out } = await at.admin('restore', copy);
  expect([code, out]).toEqual([0, expect.stringContaining('30 files are named and not there')]);
});

it.each([
  [
    'a document that was changed',
    'UPDATE conversations SET body = zeroblob(60)',
    /conversations\/c\d+: document-unreadable/,
  ],
  ['a missing audit entry', `DELETE FROM audit WHERE id = '000000000003'`, /the chain breaks at entry 3/],
])('refuses %s', async (_, sql, why) => {
  const bad = join(at.dir, 'bad.sqlite');
  cpSync(copy, bad);
  tamper(bad, sql);
  loseEverything();
  cpSync(keysAside, join(at.data, 'keys'));
  const { code, out } = await at.admin('restore', bad, copiedFiles);
  expect([code, out]).toEqual([1, expect.stringMatching(why)]);
  expect(existsSync(join(at.data, 'mot-cua.sqlite'))).toBe(false);
});

it('refuses half a database, and what else is none', async () => {
  const half = join(at.dir, 'half.sqlite');
  const bytes = readFileSync(copy);
  for (const content of [bytes.subarray(0, bytes.length / 2), Buffer.from('hello')]) {
    writeFileSync(half, content);
    const { code, err } = await at.admin('restore', half, copiedFiles);
    expect([code, err]).toEqual([1, expect.stringMatching(/no whole database/)]);
  }
});
