/** The store for a command: beside a running server, or alone (with the server's own lock) where both would be in each other's way. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyRing } from '../../src/crypto/key-ring';
import { openVault, type Vault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { diskShelf } from '../../src/drivers/disk-shelf';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { gridFsShelf } from '../../src/drivers/gridfs-shelf';
import { mongoRecords } from '../../src/drivers/mongo-store';
import type { Records } from '../../src/drivers/records';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords, type SqliteRecords } from '../../src/drivers/sqlite-store';
import type { Files } from '../../src/ports/files';
import type { Shelf } from '../../src/ports/shelf';
import type { Store } from '../../src/ports/store';
import { refuse, type Tools } from './command';

type Given = Pick<Tools, 'config' | 'universe'>;

/** One file in DATA_DIR and files beside it; else a MongoDB. */
export const isEmbedded = ({ config }: Given): boolean => config.mongoUrl === null;
export const databaseOf = ({ config }: Given): string => join(config.dataDir, 'mot-cua.sqlite');
export const filesFolderOf = ({ config }: Given): string => join(config.dataDir, 'files');

/** The embedded engine. `alone`: refused while a server works. @throws AppError `store-locked` */
export function embeddedRecords(tools: Given, how: 'alone' | 'beside'): SqliteRecords {
  const path = databaseOf(tools);
  if (!existsSync(path)) refuse(`There is no data at ${path}. Start the server once, or set DATA_DIR.`);
  return sqliteRecords({ path, lock: how === 'alone' });
}

/** The engine that STORE_URL names. */
export async function openRecords(tools: Given, how: 'alone' | 'beside' = 'beside'): Promise<Records> {
  const url = tools.config.mongoUrl?.reveal();
  return url === undefined ? embeddedRecords(tools, how) : mongoRecords({ url });
}

/** The keys, which must be there. @throws AppError `config-invalid` */
export function openKeys({ config, universe }: Given): Vault {
  const random = (count: number) => universe.randomBytes(count);
  const { dataDir, dataKeys } = config;
  return openVault(openKeyRing({ dataKeys: dataKeys?.reveal(), dataDir, mayCreate: false, random }));
}

export function openFiles(tools: Given, vault: Vault): Promise<Files> {
  const clock = () => tools.universe.now();
  const url = tools.config.mongoUrl?.reveal();
  return url === undefined
    ? diskFiles({ dir: filesFolderOf(tools), vault, clock })
    : gridFsFiles({ url, vault, clock });
}

/** Does the work with the shelf of files, and closes it. */
export async function withShelf<T>(
  tools: Given,
  vault: Vault,
  work: (shelf: Shelf) => Promise<T>,
): Promise<T> {
  const url = tools.config.mongoUrl?.reveal();
  if (url === undefined) return work(diskShelf({ dir: filesFolderOf(tools), vault }));
  const clock = () => tools.universe.now();
  const shelf = await gridFsShelf({ url, vault, clock });
  return work(shelf).finally(() => shelf.close());
}

async function closing<T>(records: Records, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await records.close();
  }
}

/** Does the work with the sealed store, and closes it however the work ends. */
export async function withStore<T>(tools: Tools, work: (store: Store) => Promise<T>): Promise<T> {
  const records = await openRecords(tools);
  return closing(records, async () => work(await openSealedStore({ records, vault: openKeys(tools) })));
}

/** Does the work with the records themselves: no keys needed. */
export async function withRecords<T>(
  tools: Tools,
  how: 'alone' | 'beside',
  work: (records: Records) => Promise<T>,
): Promise<T> {
  const records = await openRecords(tools, how);
  return closing(records, () => work(records));
}
