/** The server as people start it: one process on a folder of its own, stopped by its own id. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const START_MS = 60_000;

export interface Server {
  readonly url: string;
  /** The one-time link of the first admin, as printed at the start. */
  readonly adminLink: string;
  /** All it printed so far, on both outputs. */
  readonly printed: () => string;
  /** Ends the server gracefully and removes its folder. */
  close(): Promise<void>;
}

/** `more`: environment beside the usual. */
export async function startServer(more: Readonly<Record<string, string>> = {}): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'mot-cua-e2e-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'src/main'], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env['PATH'], TZ: 'UTC', PORT: `${port}`, DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  const adminLink = await printedLink(child).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, adminLink, printed: () => chunks.join(''), close };
}

/** Links in messages carry the port, so it is chosen before the start. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function printedLink(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server ${why}; it printed:\n${printed}`));
    const late = setTimeout(() => fail(`said no link in ${START_MS} ms`), START_MS);
    const hear = (chunk: Buffer) => {
      printed += chunk.toString();
      const link = /^ *(http\S+\/desk\/\S+\/\S+)$/m.exec(printed)?.[1];
      if (link === undefined) return;
      clearTimeout(late);
      resolve(link);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('close', () => fail('ended by itself'));
  });
}
