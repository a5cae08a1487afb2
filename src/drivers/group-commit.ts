/** All writes of one event-loop tick share one SQLite transaction: one sync to disk for all of them. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { AppError } from '../errors';

export interface GroupCommit {
  /**
   * Runs `work` inside the next transaction and resolves with its result after COMMIT. `work` is synchronous, may run
   * twice, and reports an expected refusal (a unique key, a moved revision) as its result.
   * @throws AppError `store-unavailable` · `stopping` after `close`.
   */
  write<T>(work: () => T): Promise<T>;
  close(): Promise<void>;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

export function unavailable(cause: unknown): AppError {
  return new AppError('store-unavailable', `The store could not do it: ${String(cause)}.`, { cause });
}

function rollback(db: DatabaseSyncInstance): void {
  // A full disk may have ended the transaction already.
  if (db.isTransaction) db.exec('ROLLBACK');
}

function commitAll(db: DatabaseSyncInstance, batch: readonly Waiting[]): unknown[] {
  db.exec('BEGIN IMMEDIATE');
  const results = batch.map((one) => one.work());
  db.exec('COMMIT');
  return results;
}

/** When the whole batch fails, each write is tried alone: one that cannot be done hurts no other. */
function run(db: DatabaseSyncInstance, batch: readonly Waiting[]): void {
  try {
    const results = commitAll(db, batch);
    batch.forEach((one, i) => one.resolve(results[i]));
  } catch (cause) {
    rollback(db);
    if (batch.length > 1) batch.forEach((one) => run(db, [one]));
    else batch[0]?.reject(unavailable(cause));
  }
}

export function groupCommit(db: DatabaseSyncInstance): GroupCommit {
  let batch: Waiting[] = [];
  let closed = false;

  const flush = () => {
    const due = batch;
    batch = [];
    if (due.length > 0) run(db, due);
  };

  return {
    write<T>(work: () => T) {
      if (closed) return Promise.reject(new AppError('stopping', 'The store is closed.'));
      return new Promise<T>((resolve, reject) => {
        if (batch.length === 0) setImmediate(flush);
        batch.push({ work, resolve: resolve as (value: unknown) => void, reject });
      });
    },
    close() {
      closed = true;
      flush();
      return Promise.resolve();
    },
  };
}
