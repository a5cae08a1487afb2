/** Store and files of a house that was stormed, opened by those who check them once no process lives. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyRing } from '../../src/crypto/key-ring';
import { openVault, type Vault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { gridFsShelf } from '../../src/drivers/gridfs-shelf';
import { connectMongo, mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import type { Files } from '../../src/ports/files';
import type { Store } from '../../src/ports/store';

export interface OpenedHouse {
  readonly store: Store;
  readonly files: Files;
  /** Every file that lies there, also pieces of one that nobody finished. */
  fileKeys(): Promise<readonly string[]>;
  close(): Promise<void>;
}

function vaultOf(dataKeys: string | undefined, dataDir: string): Vault {
  return openVault(openKeyRing({ dataKeys, dataDir, mayCreate: false, random: () => Buffer.alloc(0) }));
}

export async function openOnFolder(dataDir: string): Promise<OpenedHouse> {
  const vault = vaultOf(undefined, dataDir);
  const dir = join(dataDir, 'files');
  const records = sqliteRecords({ path: join(dataDir, 'mot-cua.sqlite'), lockWaitMs: 5_000 });
  const store = await openSealedStore({ records, vault });
  return {
    store,
    files: await diskFiles({ dir, vault, clock: () => Date.now() }),
    fileKeys() {
      const found = readdirSync(dir, { recursive: true, withFileTypes: true });
      return Promise.resolve(found.filter((one) => one.isFile()).map(({ name }) => name));
    },
    close: () => store.close(),
  };
}

/** `url`: with the database's name. */
export async function openOnMongo(url: string, dataKeys: string): Promise<OpenedHouse> {
  const vault = vaultOf(dataKeys, '');
  const store = await openSealedStore({ records: await mongoRecords({ url }), vault });
  const clock = () => Date.now();
  const files = await gridFsFiles({ url, vault, clock });
  return {
    store,
    files,
    async fileKeys() {
      const shelf = await gridFsShelf({ url, vault, clock });
      const keys: string[] = [];
      for await (const key of shelf.keys()) keys.push(key);
      await shelf.close();
      return [...keys, ...(await loosePieces(url))];
    },
    async close() {
      await files.close();
      await store.close();
    },
  };
}

/** Pieces of which no file is made, by their upload. */
async function loosePieces(url: string): Promise<readonly string[]> {
  const connection = await connectMongo({ url });
  const pieces = await connection
    .collection('files.chunks')
    .find({}, { projection: { files_id: 1 } })
    .toArray();
  const entries = await connection
    .collection('files.files')
    .find({}, { projection: { _id: 1 } })
    .toArray();
  await connection.close();
  const known = new Set(entries.map(({ _id }) => String(_id)));
  return [...new Set(pieces.map((piece) => String(piece['files_id'])))].filter((id) => !known.has(id));
}
