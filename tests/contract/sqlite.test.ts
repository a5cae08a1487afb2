import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { recordsContract } from './records-contract';
import { storeContract } from './store-contract';

recordsContract('sqlite', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  const records = sqliteRecords({ path: join(dir, 'store.db') });
  const close = () => records.close().then(() => rmSync(dir, { recursive: true }));
  return Promise.resolve({ records, close });
});

storeContract('sqlite', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  const records = sqliteRecords({ path: join(dir, 'store.db') });
  const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
  return {
    store,
    async close() {
      await store.close();
      rmSync(dir, { recursive: true });
    },
  };
});
