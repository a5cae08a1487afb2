/**
 * The embedded engine: one SQLite file (WAL, synchronous=FULL) for one server process. Writes of one event-loop tick share
 * one transaction; reads see only what is committed. A second server on the same file is refused by a lock that ends with
 * the process, however it ends.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../errors';
import { groupCommit, unavailable } from './group-commit';
import type { Records, TableSpec } from './records';
import { quote, schemasOf } from './sqlite-sql';
import { sqliteTable } from './sqlite-table';
import { statements, type Statements } from './sqlite-write';

/** Version of this engine's own layout (user_version). The documents have their own. */
const LAYOUT = 1;
const BUSY_MS = 5_000;
/** Pages of the log (4 KB each) before they are brought into the database: fewer, longer syncs than the default 1,000. */
const CHECKPOINT_PAGES = 4_000;

export interface SqliteOptions {
  /** The database file; its folder is made where missing. */
  readonly path: string;
  /** Take the server's lock. `false` for commands that run beside a server. */
  readonly lock?: boolean;
  /** How long to wait for the lock, ms: a server that is just going down. */
  readonly lockWaitMs?: number;
}

export interface SqliteRecords extends Records {
  /** Writes a consistent copy of the whole store to a new file. It may run while the server works. */
  backup(target: string): Promise<void>;
}

/** An open transaction on a side file is a lock that the system frees when the process ends, even by kill -9. */
function takeLock(path: string, waitMs: number): DatabaseSyncInstance {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    throw new AppError(
      'store-locked',
      `Another server process uses ${path}. Stop it first, or give this one another DATA_DIR.`,
      { cause },
    );
  }
}

function checkLayout(db: DatabaseSyncInstance, path: string): void {
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found > LAYOUT)
    throw new AppError(
      'store-too-new',
      `${path} was written by a newer version (layout ${found}, this one knows ${LAYOUT}).`,
    );
  if (found < LAYOUT) db.exec(`PRAGMA user_version = ${LAYOUT}`);
}

function openDatabase(path: string): DatabaseSyncInstance {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  checkLayout(db, path);
  return db;
}

function makeTable(db: DatabaseSyncInstance, sql: Statements, spec: TableSpec): void {
  for (const { name, create, columns, indexes } of schemasOf(spec)) {
    db.exec(create);
    const present = sql.all(`PRAGMA table_info(${quote(name)})`, []).map((raw) => raw['name']);
    columns.filter((column) => !present.includes(column.name)).forEach((column) => db.exec(column.add));
    indexes.forEach((text) => db.exec(text));
  }
}

/** @throws AppError `store-locked` · `store-too-new` · `store-unavailable`. */
export function sqliteRecords({ path, lock = true, lockWaitMs = 1_000 }: SqliteOptions): SqliteRecords {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const held = lock ? takeLock(path, lockWaitMs) : null;
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      held?.close();
      throw cause instanceof AppError ? cause : unavailable(cause);
    }
  };
  const db = attempt(() => openDatabase(path));
  const commit = groupCommit(db);
  const sql = statements(db);

  return {
    table: (spec) => commit.write(() => makeTable(db, sql, spec)).then(() => sqliteTable(spec, sql, commit)),
    async backup(target) {
      try {
        await Promise.resolve(sql.run('VACUUM INTO ?', [target]));
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    async close() {
      if (!db.isOpen) return;
      await commit.close();
      db.close();
      held?.close();
    },
  };
}
