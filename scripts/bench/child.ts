/** A server in a process of its own, with what the system knows of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Child {
  readonly port: number;
  /** Resident memory, MB. */
  readonly rss: () => number;
  readonly stop: () => Promise<void>;
}

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
  const port = await portOf(child, ready);
  return {
    port,
    rss: () => rssOf(child.pid ?? 0),
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

/** Linux tells it in /proc; NaN elsewhere. */
function rssOf(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kb) / 1024;
  } catch {
    return NaN;
  }
}
