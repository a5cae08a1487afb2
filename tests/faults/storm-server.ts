/** A server of a storm, alone or one of many: killed and started again on the same folder, while its address may change each time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const CHILD = join(__dirname, '../../dist/tests/servers/server-child.js');
const START_MS = 60_000;
/** V8's number × 16: what a life of seconds spends on optimizing code is a quarter of its start, and never comes back. */
const SHORT_LIFE = '--interrupt-budget=1081344';

export interface StormServer {
  /** Where it listens now, or listened last. */
  readonly url: () => string;
  /** `more`: environment of this life only. */
  readonly start: (more?: Readonly<Record<string, string>>) => Promise<void>;
  /** It listens, as far as anybody knows. */
  readonly isUp: () => boolean;
  /** Resolves when the present life is over, whoever ended it. */
  readonly gone: () => Promise<void>;
  readonly kill: () => Promise<void>;
  /** A graceful end. */
  readonly stop: () => Promise<void>;
  /** All it ever printed, of every life. */
  readonly printed: () => string;
  /** ms from spawn to ready, one for each life. */
  readonly starts: readonly number[];
}

/** `env`: of all lives, or of the life with this number (from 1). */
export function stormServer(
  dataDir: string,
  env: Readonly<Record<string, string>> | ((life: number) => Readonly<Record<string, string>>),
): StormServer {
  const chunks: string[] = [];
  const starts: number[] = [];
  let life = 0;
  const now: { child: ChildProcess | null; gone: Promise<void>; url: string; up: boolean } = {
    child: null,
    gone: Promise.resolve(),
    url: 'http://127.0.0.1:1',
    up: false,
  };

  async function start(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const from = Date.now();
    life += 1;
    const child = spawn(process.execPath, [SHORT_LIFE, CHILD], {
      env: {
        PATH: process.env['PATH'],
        TZ: 'UTC',
        ...(typeof env === 'function' ? env(life) : env),
        ...more,
        DATA_DIR: dataDir,
        PORT: '0',
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    now.child = child;
    now.gone = new Promise((resolve) => child.once('close', () => resolve()));
    child.once('exit', () => (now.up = false));
    now.url = `http://127.0.0.1:${await portOf(child)}`;
    now.up = child.exitCode === null && child.signalCode === null;
    starts.push(Date.now() - from);
  }

  function portOf(child: ChildProcess): Promise<string> {
    let out = '';
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`the server was not ready in ${START_MS} ms`)),
        START_MS,
      );
      const listen = (chunk: Buffer) => {
        chunks.push(chunk.toString());
        if (out.includes('ready ')) return;
        out += chunk.toString();
        const port = /ready (\d+)\n/.exec(out)?.[1];
        if (port === undefined) return;
        clearTimeout(late);
        resolve(port);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
      child.once('close', () =>
        reject(new Error(`the server ended by itself:\n${chunks.slice(-5).join('')}`)),
      );
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    now.up = false;
    now.child?.kill(signal);
    await now.gone;
  }
  return {
    url: () => now.url,
    isUp: () => now.up,
    start,
    gone: () => now.gone,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    printed: () => chunks.join(''),
    starts,
  };
}
