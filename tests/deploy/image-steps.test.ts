/**
 * The Dockerfile's own steps, walked without Docker: only what it copies, its commands, the pruned tree, made read-only and
 * started as somebody else. What this cannot show is the base image: built and run by Docker itself only in the workflow.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { freePort } from '../e2e/server';
import { closeAgent, pause, postUntilTaken, readTalk } from '../faults/storm-http';
import { copiesOf, filesUnder, isIgnored, read, root, stagesOf, type Stage } from './dockerfile';

const NOBODY = 65_534;
const START_MS = 30_000;
const END_MS = 10_000;
const isRoot = process.getuid?.() === 0;
/** As another user where that is ours to do; else as ourselves on a tree that nobody may write. */
const other = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const [build, final] = stagesOf(read('Dockerfile')) as [Stage, Stage];
const ignore = read('.dockerignore');
const dir = mkdtempSync(join(tmpdir(), 'mot-cua-image-'));
const places = { build: join(dir, 'build'), app: join(dir, 'app'), data: join(dir, 'data') };

/** `COPY` of this project's files, past .dockerignore. */
function copyIn(stage: Stage, target: string): void {
  for (const { from, to } of copiesOf(stage))
    for (const path of from)
      for (const file of filesUnder(path).filter((one) => !isIgnored(one, ignore))) {
        const place = to.endsWith('/')
          ? join(target, to, basename(file))
          : join(target, to, file.slice(path.length));
        mkdirSync(dirname(place), { recursive: true });
        cpSync(join(root, file), place);
      }
}

/** `COPY --from=build /app/x ./x`. */
function copyFromBuild(): void {
  for (const { name, rest } of final.steps) {
    const [, from, to] = (name === 'COPY' && /^--from=build \/app\/(\S+) (\S+)$/.exec(rest)) || [];
    if (from !== undefined && to !== undefined)
      cpSync(join(places.build, from), join(places.app, to), { recursive: true, verbatimSymlinks: true });
  }
}

function runAll(stage: Stage): void {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], npm_config_prefer_offline: 'true' };
  for (const { rest } of stage.steps.filter(({ name }) => name === 'RUN'))
    execFileSync('/bin/sh', ['-ec', rest], { cwd: places.build, env, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** The command of the image, as the image says it. */
const command = (): readonly string[] =>
  JSON.parse(final.steps.findLast(({ name }) => name === 'CMD')!.rest) as string[];

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly printed: () => string;
}

async function start(): Promise<Running> {
  const port = await freePort();
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', DATA_DIR: places.data, PORT: `${port}` };
  const [, ...args] = command();
  const child = spawn(process.execPath, args, {
    cwd: places.app,
    env,
    ...other,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + START_MS; ;) {
    if (
      await fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || Date.now() > end) throw new Error(`the server did not start:\n${printed}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { child, url, printed: () => printed };
}

let running: Running | null = null;

beforeAll(() => {
  mkdirSync(places.app);
  copyIn(build, places.build);
  runAll(build);
  copyFromBuild();
  copyIn(final, places.app);
  rmSync(places.build, { recursive: true });
  mkdirSync(places.data);
  chmodSync(dir, 0o755);
  if (isRoot) execFileSync('chown', [`${NOBODY}:${NOBODY}`, places.data]);
  execFileSync('chmod', ['-R', 'a-w,a+rX', places.app]);
}, 180_000);

afterAll(() => {
  running?.child.kill('SIGKILL');
  closeAgent();
  execFileSync('chmod', ['-R', 'u+w', dir]);
  rmSync(dir, { recursive: true, force: true });
});

it('leaves out what only developers need, and every source', () => {
  const there = readdirSync(places.app).toSorted();
  expect(there).toEqual(['assets', 'dist', 'flows', 'locales', 'node_modules', 'package.json']);
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  for (const name of Object.keys(devDependencies))
    expect([name, existsSync(join(places.app, 'node_modules', name))]).toEqual([name, false]);
  for (const name of ['express', 'sharp', 'mongoose', 'bullmq'])
    expect([name, existsSync(join(places.app, 'node_modules', name))]).toEqual([name, true]);
});

it('cannot be changed by whoever runs it', () => {
  const write = `require('node:fs').writeFileSync(${JSON.stringify(join(places.app, 'dist/x'))}, '')`;
  const { stderr } = spawnSync(process.execPath, ['-e', write], { ...other, encoding: 'utf8' });
  expect(stderr).toMatch(/EACCES|EROFS/);
});

/** Fails when it is not said in 10 s. */
async function hears(url: string, cookie: string, words: RegExp): Promise<void> {
  const said = async () =>
    (await readTalk(url, cookie)).flatMap(({ side, text }) => (side === 'bot' ? [text] : [])).join('\n');
  const from = Date.now();
  while (!words.test(await said()) && Date.now() - from < 10_000) await pause(100);
  expect(await said()).toMatch(words);
}

it('starts, talks, and ends within 10 s of being told', async () => {
  running = await start();
  const { child, url, printed } = running;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const cookie = `chat=${randomBytes(16).toString('base64url')}`;
  await postUntilTaken(() => url, '/chat/say', cookie, { id: 'first-message', start: 'trich-luc-ho-tich' });
  await hears(url, cookie, /^Câu 1 trong khoảng/m);

  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const from = Date.now();
  child.kill('SIGTERM');
  expect(await gone).toBe(0);
  expect(Date.now() - from).toBeLessThan(END_MS);
  expect(printed()).not.toMatch(/EACCES|EROFS|Error/);
}, 60_000);
