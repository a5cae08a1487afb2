/** `npm run admin`, run as the operator does: beside a server that works, and before there is one. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

const root = join(__dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'mot-cua-admin-'));
const env = { ...process.env, DATA_DIR: join(dir, 'data'), PORT: '0', PUBLIC_URL: '', LOG_LEVEL: 'error' };

interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function admin(...args: readonly string[]): Promise<Done> {
  return new Promise((resolve) => {
    const entry = join(root, 'dist/scripts/admin.js');
    const child = execFile(process.execPath, [entry, ...args], { env, cwd: root }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** The address of a server started on a free port. */
async function addressOf(server: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of server.stdout!) {
    text += String(chunk);
    const url = /Khung chat:\s+(\S+)\//.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended: ${text}`);
}

let server: ChildProcess;
let url: string;

beforeAll(async () => {
  expect((await admin('agency', 'list')).err).toMatch(
    /^bad-request: There is no data at .*Start the server once/,
  );
  server = spawn(process.execPath, [join(root, 'dist/src/main.js')], { env, cwd: root });
  url = await addressOf(server);
});
afterAll(async () => {
  server.kill();
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(dir, { recursive: true });
});

it('lists the commands when it knows none of that name', async () => {
  for (const args of [[], ['toString'], ['creat-officer']]) {
    const { code, err } = await admin(...args);
    expect(code).toBe(2);
    expect(err).toContain('create-officer <login> <name> <agency>');
  }
});

it('makes an officer whose link the running server takes', async () => {
  const { out } = await admin('create-officer', 'Lan.Anh', 'Trần Thị Lan Anh', 'demo');
  const path = /\/desk\/set-password\/[\w-]+/.exec(out)![0];
  const page = await fetch(url + path);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('lan.anh');
  expect(await admin('create-officer', 'lan.anh', 'Ai Đó', 'demo')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^conflict/) as string,
  });
  expect((await admin('create-officer', 'an', 'An', 'nowhere')).err).toMatch(/no agency is called "nowhere"/);
});

it('makes an agency, gives it a receiver, and keeps its secret', async () => {
  const fresh = ['UBND phường Ba Đình', 'Số 2 Trúc Bạch', '7:30–17:00'] as const;
  const { out: made } = await admin('agency', 'create', 'phường Ba Đình, Hà Nội', ...fresh);
  const id = /^xa-\d{5}/.exec(made)![0];
  expect((await admin('agency', 'create', 'phường Ba Đình, Hà Nội', ...fresh)).err).toMatch(/exists/);
  expect((await admin('agency', 'create', 'xã Không Có Ở Đâu', ...fresh)).err).toMatch(/no commune/);

  const refused = await admin('agency', 'set-receiver', id, 'http://co-quan.vn/nhan');
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/not-https/) as string });
  const first = await admin('agency', 'set-receiver', id, 'https://co-quan.vn/nhan');
  expect(first.out).toMatch(/shown once.*\n[\w-]{43}\n/);
  const moved = await admin('agency', 'set-receiver', id, 'https://co-quan.vn/nhan-2');
  expect(moved.out.trim()).toBe(`${id} receives at https://co-quan.vn/nhan-2`);
  expect((await admin('agency', 'list')).out).toContain(
    `${id}\tUBND phường Ba Đình\thttps://co-quan.vn/nhan-2\t-`,
  );
});

it('copies the database once, while the server goes on', async () => {
  const copy = join(dir, 'copy.sqlite');
  expect(await admin('backup', copy)).toMatchObject({ code: 0 });
  expect(existsSync(copy)).toBe(true);
  expect(await admin('backup', copy)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/exists/) as string,
  });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

it('tells what is known of a procedure, with sources', async () => {
  expect((await admin('catalogue')).out).toContain('trich-luc-ho-tich\t2.000635\tfile');
  expect((await admin('catalogue', 'trich-luc-ho-tich', '2026-11-23')).out).toMatch(/^fee\t8000\t/m);
  expect((await admin('catalogue', 'no-such')).err).toMatch(/no procedure/);
});

it('starts a receiving system in known modes only', async () => {
  const { code, err } = await admin('fake-agency', 'secret', '0', 'no-such-mode');
  expect([code, err]).toEqual([1, expect.stringContaining('the mode is one of: ok')]);
});
