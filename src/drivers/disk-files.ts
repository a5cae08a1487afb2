/**
 * Files on the disk: sealed, each in `<dir>/<first two letters of the key>/<key>`. A file is there whole or not at all:
 * written aside, synced, renamed, and its folder synced.
 */
import { randomBytes } from 'node:crypto';
import { access, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReadAt } from '../crypto/seal';
import type { Vault } from '../crypto/vault';
import { AppError } from '../errors';
import type { Files } from '../ports/files';

export interface DiskFilesOptions {
  /** The folder of the files, e.g. DATA_DIR/files. */
  readonly dir: string;
  readonly vault: Vault;
  /** ms epoch */
  readonly clock: () => number;
}

/** Random names only: no dots, no slashes, so no way out of the folder. */
const KEY = /^[A-Za-z0-9_-]{16,64}$/;
/** Half-written files of a killed process are swept away after this long, ms. */
const LEFT_OVER_MS = 60 * 60_000;

const placeOf = (key: string) => ({ record: `files/${key}`, field: 'bytes' });
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

function unavailable(cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new AppError('store-unavailable', `The disk could not do it: ${code}.`, {
    cause,
    details: { code },
  });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function writeSynced(file: string, parts: Iterable<Buffer>): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const readerOf =
  (handle: FileHandle): ReadAt =>
  async (at, length) => {
    const { buffer, bytesRead } = await handle
      .read(Buffer.allocUnsafe(length), 0, length, at)
      .catch((cause: unknown) => {
        throw unavailable(cause);
      });
    return buffer.subarray(0, bytesRead);
  };

async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(made));
}

async function sweepLeftOvers(temp: string, before: number): Promise<void> {
  for (const name of await readdir(temp)) {
    const file = join(temp, name);
    const written = await stat(file).catch(() => null);
    if (written && written.mtimeMs < before) await rm(file, { force: true });
  }
}

/** Opens the folder, made where missing. @throws AppError `store-unavailable`. */
export async function diskFiles({ dir, vault, clock }: DiskFilesOptions): Promise<Files> {
  const temp = join(dir, 'tmp');
  const pathOf = (key: string) => {
    if (!KEY.test(key)) throw new AppError('bad-request', 'A file key is 16–64 letters, digits, "-" or "_".');
    return join(dir, key.slice(0, 2), key);
  };
  try {
    await makeFolder(temp);
    await sweepLeftOvers(temp, clock() - LEFT_OVER_MS);
  } catch (cause) {
    throw unavailable(cause);
  }

  const write = async (path: string, aside: string, parts: Iterable<Buffer>) => {
    try {
      await makeFolder(dirname(path));
      await writeSynced(aside, parts);
      await rename(aside, path);
      await syncFolder(dirname(path));
    } catch (cause) {
      await rm(aside, { force: true }).catch(() => undefined);
      throw unavailable(cause);
    }
  };

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      const there = await access(path).then(
        () => true,
        () => false,
      );
      if (there) return;
      const aside = join(temp, `${key}.${randomBytes(6).toString('hex')}`);
      await write(path, aside, vault.sealParts(placeOf(key), bytes));
    },
    async get(key) {
      const handle = await open(pathOf(key), 'r').catch((cause: unknown) => {
        throw isMissing(cause)
          ? new AppError('not-found', 'There is no such file.', { cause })
          : unavailable(cause);
      });
      try {
        const { size } = await handle.stat();
        return await vault.openParts(placeOf(key), size, readerOf(handle));
      } finally {
        await handle.close();
      }
    },
    async remove(key) {
      const path = pathOf(key);
      await rm(path, { force: true }).catch((cause: unknown) => {
        throw unavailable(cause);
      });
    },
    close: () => Promise.resolve(),
  };
}
