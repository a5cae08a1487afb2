/** Embedded stores for the fault tests: in this process, or written to by a child that can be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDataKeys } from '../../src/crypto/key-ring';
import { openVault, type Vault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords, type SqliteRecords } from '../../src/drivers/sqlite-store';
import type { Store } from '../../src/ports/store';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
export const DATA_KEYS = `k1:${key(1)};index:${key(9)}`;
export const ROTATED = `k2:${key(2)},k1:${key(1)};index:${key(9)}`;
export const ONLY_NEW = `k2:${key(2)};index:${key(9)}`;
export const OTHER_BYTES = `k1:${key(3)};index:${key(9)}`;
export const OTHER_INDEX = `k1:${key(1)};index:${key(8)}`;

export const vaultOf = (keys: string): Vault => openVault(parseDataKeys(keys));

const made: string[] = [];
export function tempFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-faults-'));
  made.push(dir);
  return dir;
}
const children: ChildProcess[] = [];

/** Ends writers that a failed test left running, and removes what was written. */
export async function cleanUp(): Promise<void> {
  const left = children.splice(0).filter((child) => child.exitCode === null && child.signalCode === null);
  const gone = left.map((child) => new Promise((resolve) => child.on('close', resolve)));
  left.forEach((child) => child.kill('SIGKILL'));
  await Promise.all(gone);
  made.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true }));
}

export interface SqliteStore {
  readonly store: Store;
  readonly records: SqliteRecords;
  readonly vault: Vault;
}

export async function openSqlite(dir: string, keys = DATA_KEYS, lock = true): Promise<SqliteStore> {
  const records = sqliteRecords({ path: join(dir, 'store.db'), lock, lockWaitMs: 200 });
  const vault = vaultOf(keys);
  try {
    return { store: await openSealedStore({ records, vault }), records, vault };
  } catch (error) {
    await records.close();
    throw error;
  }
}

/** A child that writes to the store in `dir` until it is killed; `acked` fills with the numbers it saw become durable. */
export interface Writer {
  readonly child: ChildProcess;
  readonly acked: Map<string, number>;
  readonly lines: () => number;
  kill(): Promise<void>;
}

export function startWriter(dir: string, round: number): Writer {
  const script = join(__dirname, 'sqlite-writer.ts');
  const child = spawn(process.execPath, ['-r', join(__dirname, 'ts-hook.cjs'), script, dir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const acked = new Map<string, number>();
  let rest = '';
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const [id = '', n] = line.split(' ');
      acked.set(id, Number(n));
      lines += 1;
    }
  });
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    child,
    acked,
    lines: () => lines,
    kill() {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
