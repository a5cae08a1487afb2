/** The store of DATA_DIR for a command: opened without the server's lock, so a running server may go on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyRing } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords, type SqliteRecords } from '../../src/drivers/sqlite-store';
import type { Store } from '../../src/ports/store';
import { refuse, type Tools } from './command';

function recordsOf({ config }: Tools): SqliteRecords {
  const path = join(config.dataDir, 'mot-cua.sqlite');
  if (!existsSync(path)) refuse(`There is no data at ${path}. Start the server once, or set DATA_DIR.`);
  return sqliteRecords({ path, lock: false });
}

/** Does the work with the sealed store, and closes it however the work ends. */
export async function withStore<T>(tools: Tools, work: (store: Store) => Promise<T>): Promise<T> {
  const { config, universe } = tools;
  const records = recordsOf(tools);
  try {
    const random = (count: number) => universe.randomBytes(count);
    const ring = openKeyRing({
      dataKeys: config.dataKeys?.reveal(),
      dataDir: config.dataDir,
      mayCreate: false,
      random,
    });
    return await work(await openSealedStore({ records, vault: openVault(ring) }));
  } finally {
    await records.close();
  }
}

/** Does the work with the records themselves: no keys needed. */
export async function withRecords<T>(tools: Tools, work: (records: SqliteRecords) => Promise<T>): Promise<T> {
  const records = recordsOf(tools);
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}
