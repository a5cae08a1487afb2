/** A new data key, with the machine failing again and again on the way. */
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { countOld } from '../../src/drivers/sealed-store';
import { fileKeyOf, fillStore, openOperator, someone, type Operator } from './operator';

const DOSSIERS = 60;
let at: Operator;

beforeEach(() => {
  at = openOperator();
});
afterEach(() => at.remove());

async function fill(count: number): Promise<void> {
  const house = await at.open();
  await fillStore(house, count);
  await house.close();
}

/** All that was filed opens, is found, and its photos too. */
async function readsAll(keys: string, count: number): Promise<void> {
  const house = await at.open(keys);
  const found = await house.store.dossiers.list({ agency: 'xa-mau', find: someone.phone!, limit: count + 1 });
  expect(found).toHaveLength(count);
  for (let n = 0; n < count; n += 1) {
    expect((await house.files.get(fileKeyOf(n))).length).toBe(2_000 + n);
    expect((await house.store.conversations.byId(`c${n}`))?.revision).toBe((n % 4) + 1);
    expect(await house.store.transcripts.last(`c${n}`, 9)).toHaveLength(3);
  }
  expect(await house.store.audit.verify()).toBeNull();
  await house.close();
}

/** The documents' part of the work: so many bytes stand in the log of the database. */
const walOver = (bytes: number) => () =>
  (statSync(join(at.data, 'mot-cua.sqlite-wal'), { throwIfNoEntry: false })?.size ?? 0) > bytes;

/** So many files stand under the key. */
const filesUnder = (kid: string, count: number) => () => {
  const folder = join(at.data, 'files/ph');
  const under = readdirSync(folder).filter(
    (name) => readFileSync(join(folder, name)).toString('latin1', 2, 4) === kid,
  );
  return under.length >= count;
};

/** Ends the command with SIGKILL at that moment; false when it was through before. */
async function killedWhen(reached: () => boolean, ...args: readonly string[]): Promise<boolean> {
  const run = at.begin(...args);
  const gone = once(run, 'exit') as Promise<[number | null, string | null]>;
  const watch = setInterval(() => reached() && run.kill('SIGKILL'), 1);
  const [, signal] = await gone;
  clearInterval(watch);
  return signal === 'SIGKILL';
}

/** On a busy machine the command may be through before anybody looks: then all is put back, and it begins again. */
async function killedAt(reached: () => boolean, ...args: readonly string[]): Promise<boolean> {
  const before = join(at.dir, 'before');
  rmSync(before, { recursive: true, force: true });
  cpSync(at.data, before, { recursive: true });
  for (let tries = 0; tries < 5; tries += 1) {
    if (await killedWhen(reached, ...args)) return true;
    rmSync(at.data, { recursive: true });
    cpSync(before, at.data, { recursive: true });
  }
  return false;
}

const without = (keys: string, kid: string): string => keys.replace(new RegExp(`,?${kid}:[^,;]+`), '');

it('needs the old key no more at the end, though killed wherever it stands', async () => {
  await fill(DOSSIERS);
  const old = at.keys();
  expect((await at.admin('rotate-keys', 'new')).out).toMatch(/the new key is k2/);
  expect(at.keys()).toMatch(/^k2:[^,]+,k1:[^;]+;index:/);
  expect(at.keys().endsWith(old)).toBe(true);
  expect(statSync(join(at.data, 'keys')).mode & 0o777).toBe(0o600);

  const moments = [
    walOver(60_000),
    walOver(200_000),
    filesUnder('k2', 1),
    filesUnder('k2', 20),
    filesUnder('k2', 45),
  ];
  for (const reached of moments) {
    expect(await killedAt(reached, 'rotate-keys', 'run')).toBe(true);
    // The server may work between two rounds: both keys open all the while.
    await readsAll(at.keys(), DOSSIERS);
  }
  const { code, out } = await at.admin('rotate-keys', 'run');
  expect([code, out]).toEqual([0, expect.stringMatching(/Nothing here needs an older key/)]);
  await readsAll(without(at.keys(), 'k1'), DOSSIERS);
  expect((await at.admin('rotate-keys', 'run')).out).toMatch(
    /^0 documents and 0 files were sealed anew under k2/,
  );
  // Whoever took the first disk has nothing to open with the first key.
  await expect(at.open(old)).rejects.toMatchObject({ code: 'key-unknown' });
}, 120_000);

it('leaves nothing aside that was written for one moment', async () => {
  await fill(3);
  await at.admin('rotate-keys', 'new');
  await at.admin('rotate-keys', 'run');
  expect(readdirSync(join(at.data, 'files/tmp'))).toEqual([]);
  expect(readdirSync(at.data).filter((name) => /new|reseal/.test(name))).toEqual([]);
});

it('does not work beside a server, nor begin twice', async () => {
  await fill(2);
  const house = await at.open();
  for (const what of ['new', 'run'])
    expect(await at.admin('rotate-keys', what)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^store-locked: .*Stop it first/) as string,
    });
  await house.close();
  await at.admin('rotate-keys', 'new');
  expect((await at.admin('rotate-keys', 'new')).err).toMatch(/still under an older key: finish/);
  await at.admin('rotate-keys', 'run');
  expect((await at.admin('rotate-keys', 'new')).out).toMatch(/the new key is k3/);
});

it('writes keys of the environment to a file, and shows none', async () => {
  await fill(2);
  const keys = at.keys();
  rmSync(join(at.data, 'keys'));
  Object.assign(at.env, { DATA_KEYS: keys });
  const target = join(at.dir, 'new-keys');
  expect((await at.admin('rotate-keys', 'new')).err).toMatch(/which new file/);
  const { out } = await at.admin('rotate-keys', 'new', target);
  const fresh = readFileSync(target, 'utf8').trim();
  const secrets = fresh.match(/[A-Za-z0-9+/]{43}=/g)!;
  expect(secrets).toHaveLength(3);
  for (const secret of secrets) expect(out).not.toContain(secret);
  expect((await at.admin('rotate-keys', 'new', target)).err).toMatch(/exists/);

  Object.assign(at.env, { DATA_KEYS: fresh });
  expect((await at.admin('rotate-keys', 'run')).code).toBe(0);
  const house = await at.open(without(fresh, 'k1'));
  expect(await countOld(house)).toBe(0);
  await house.close();
});
