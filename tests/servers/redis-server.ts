/** Debian's redis-server on a spare loopback port, in memory unless told otherwise; stopped by its own pid. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { redisVersion, required } from './found.cjs';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** kill -9 */
  kill(): Promise<void>;
  /** Starts it again on the same port; empty, unless it keeps a file. */
  start(): Promise<void>;
  /** It answers nobody and lets nobody go, as behind a wire that swallows everything, until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Its suites run: it is here, or must be. Else they are skipped. */
export const redisHere = redisVersion() !== null || required;

async function sparePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function start(port: number, options: readonly string[]): Promise<ChildProcess> {
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--daemonize', 'no'];
  const child = spawn('redis-server', [...fixed, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('Ready to accept connections')) return;
    throw new Error('redis-server ended before it was ready.');
  })();
  await Promise.race([ready, failed]);
  child.stdout.resume();
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** `options` as on redis-server's command line, e.g. `--maxmemory 2mb`. @throws Error where there is none. */
export async function openRedisServer(options: readonly string[] = []): Promise<RedisServer> {
  const port = await sparePort();
  let child = await start(port, options);
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => stop(child),
    async start() {
      child = await start(port, options);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    close: () => stop(child),
  };
}
