/**
 * The server the MongoDB suites run on: the one that `MONGO_TEST_URL` names, else the stand-in (mongo-java-server, which speaks
 * MongoDB's wire protocol and is not MongoDB), built by Maven once. Where neither is to be had the suites are skipped by name.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createConnection } from 'mongoose';
import { randomBytes } from 'node:crypto';
import { mongoKind, required, standIn } from './found.cjs';

export interface MongoServer {
  /** Without a database. */
  readonly url: string;
  /** Null where MONGO_TEST_URL names more than a host and a port: no proxy can stand before it. */
  readonly port: number | null;
  close(): Promise<void>;
}

const kind = mongoKind();
/** The suites run: there is a server, or must be one. Else they are skipped. */
export const mongoHere = kind !== 'none' || required;
/** The suites run on a server whose acknowledged writes are durable and whose commands are MongoDB's own. */
export const realMongo = kind === 'real';

const built = () => existsSync(join(standIn, 'target/classes/StandIn.class'));
const LOCK = join(standIn, 'target.lock');
const STALE_MS = 5 * 60_000;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function lock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    if (Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0) > STALE_MS) rmdirSync(LOCK);
    return false;
  }
}

/** Two suites may come at once; one builds, the other waits. */
async function build(): Promise<void> {
  while (!built()) {
    if (!lock()) {
      await sleep(200);
      continue;
    }
    const { status, stdout } = spawnSync('mvn', ['-q', '-B', 'compile'], { cwd: standIn, encoding: 'utf8' });
    rmdirSync(LOCK);
    if (status !== 0) throw new Error(`The stand-in could not be built: ${stdout}`);
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = /^ready (\d+)$/.exec(line)?.[1];
    if (port) return Number(port);
  }
  throw new Error('The stand-in ended before it was ready.');
}

async function openStandIn(): Promise<MongoServer> {
  await build();
  const classes = ['target/classes', 'target/lib/*'].join(':');
  const child = spawn('java', ['-cp', classes, 'StandIn'], {
    cwd: standIn,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const port = await portOf(child);
  return {
    url: `mongodb://127.0.0.1:${port}`,
    port,
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Starts the stand-in, or takes the server that is named. @throws Error where there is neither. */
export async function openMongoServer(): Promise<MongoServer> {
  const url = process.env['MONGO_TEST_URL'];
  if (!url) return openStandIn();
  const port = /^mongodb:\/\/(?:localhost|127\.0\.0\.1):(\d+)\/?$/.exec(url)?.[1];
  return { url, port: port ? Number(port) : null, close: () => Promise.resolve() };
}

/** A database of its own for one test. */
export const newDatabase = () => `mot-cua-test-${randomBytes(6).toString('hex')}`;

export async function dropDatabase(url: string, database: string): Promise<void> {
  const connection = await createConnection(url, { dbName: database }).asPromise();
  await connection.dropDatabase();
  await connection.close();
}
