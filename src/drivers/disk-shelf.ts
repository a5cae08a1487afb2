/** The folder of sealed files, for whoever looks after it. Nobody else may write there meanwhile: what a server erases just then would come back. */
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kidOf } from '../crypto/seal';
import type { Vault } from '../crypto/vault';
import { AppError } from '../errors';
import type { Shelf } from '../ports/shelf';

export interface DiskShelfOptions {
  /** The folder of the files, e.g. DATA_DIR/files. */
  readonly dir: string;
  readonly vault: Vault;
}

const KEY = /^[A-Za-z0-9_-]{16,64}$/;
const FOLDER = /^[A-Za-z0-9_-]{2}$/;
const pathOf = (dir: string, key: string) => join(dir, key.slice(0, 2), key);
const placeOf = (key: string) => ({ record: `files/${key}`, field: 'bytes' });

const unlessMissing = (error: unknown): null => {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
};

/** What has another name is not ours. */
async function* keysIn(dir: string): AsyncIterable<string> {
  const folders = (await readdir(dir).catch(unlessMissing)) ?? [];
  for (const folder of folders.filter((name) => FOLDER.test(name)))
    yield* (await readdir(join(dir, folder))).filter((name) => KEY.test(name));
}

/** Null: there is none. A disk that cannot read one file may read the next. */
async function read(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path).catch(unlessMissing);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new AppError('document-unreadable', `The disk cannot read a file: ${code}.`, { cause });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Written aside, synced, renamed over the old one: a kill leaves the one or the other. */
async function replace(dir: string, key: string, bytes: Buffer): Promise<void> {
  const aside = join(dir, 'tmp', `${key}.reseal`);
  await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
  await writeFile(aside, bytes, { mode: 0o600, flush: true });
  await rename(aside, pathOf(dir, key));
  await syncFolder(dirname(pathOf(dir, key)));
}

export function diskShelf({ dir, vault }: DiskShelfOptions): Shelf {
  return {
    keys: () => keysIn(dir),
    async reseal(key) {
      const sealed = await read(pathOf(dir, key));
      if (sealed === null) return 'gone';
      if (kidOf(sealed) === vault.kid) return 'current';
      await replace(dir, key, vault.seal(placeOf(key), vault.open(placeOf(key), sealed)));
      return 'moved';
    },
  };
}
