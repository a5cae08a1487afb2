/** A server in a process of its own, with what the system knows of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Child {
  readonly port: number;
  /** Resident memory of it and of the processes it started, MB. */
  readonly rss: () => number;
  /** Processor time it has used, ms; of all its threads, not of the processes it started. */
  readonly cpu: () => number;
  readonly stop: () => Promise<void>;
}

/** `BENCH_NODE_FLAGS`: what to tell Node about the house, `--cpu-prof` for one. */
export const nodeFlags = (): readonly string[] =>
  (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');

/** Starts a compiled entry and waits until it says where it listens; `ready` finds the port in what it prints. */
export async function startChild(
  entry: readonly string[],
  env: Readonly<Record<string, string>>,
  ready = /^ready (\d+)$/m,
): Promise<Child> {
  const child = spawn(process.execPath, entry, {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A bench that fails leaves nobody running.
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  const port = await portOf(child, ready);
  return {
    port,
    rss: () => [child.pid ?? 0, ...startedBy(child.pid ?? 0)].map(rssOf).reduce((a, b) => a + b),
    cpu: () => cpuOf(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.once('close', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function portOf(child: ChildProcess, ready: RegExp): Promise<number> {
  let out = '';
  return new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error('the server ended')));
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const port = ready.exec(out)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

/** Linux tells it in /proc; 0 elsewhere, and for a process that has ended meanwhile. */
function rssOf(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(told(pid, 'status'))?.[1];
  return Number(kb ?? 0) / 1024;
}

/** Linux counts it in hundredths of a second, after the name, which stands in brackets; 0 elsewhere. */
function cpuOf(pid: number): number {
  const fields = told(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

const startedBy = (pid: number): readonly number[] =>
  told(pid, `task/${pid}/children`)
    .trim()
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);

function told(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
