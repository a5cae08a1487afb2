/** The store people run, in a folder of its own that goes when it is closed. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import type { Store } from '../../src/ports/store';

export async function sqliteStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  const vault = openVault(parseDataKeys(newKeys(randomBytes)));
  const store = await openSealedStore({ records: sqliteRecords({ path: join(folder, 'store.db') }), vault });
  return {
    ...store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
