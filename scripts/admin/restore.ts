/** From a backup back to a store: tried aside first, put in place only when its keys open all of it. */
import { DatabaseSync } from '@photostructure/sqlite';
import {
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
} from 'node:fs';
import { renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { diskFiles } from '../../src/drivers/disk-files';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { AppError } from '../../src/errors';
import { refuse, type Command, type Tools } from './command';
import { inspectStore, report, type Inspected } from './inspect';
import { databaseOf, filesFolderOf, isEmbedded, openKeys } from './store';

interface Places {
  readonly copy: string;
  readonly copiedFiles: string | null;
  readonly database: string;
  readonly files: string;
  /** Where the backup is tried. */
  readonly aside: { readonly database: string; readonly files: string };
}

const isEmptyFolder = (path: string) =>
  !existsSync(path) || readdirSync(path).every((name) => name === 'tmp');

/** Nothing is ever written over. */
function placesOf([copy, folder]: readonly string[], tools: Tools): Places {
  if (!isEmbedded(tools)) refuse('MongoDB is restored with its own mongorestore: see docs/operations.md');
  if (copy === undefined) refuse('say which file "backup" wrote, and the copied folder of files');
  if (!existsSync(copy)) refuse(`there is no ${resolve(copy)}`);
  if (folder !== undefined && !existsSync(folder)) refuse(`there is no ${resolve(folder)}`);
  const [database, files] = [databaseOf(tools), filesFolderOf(tools)];
  if (existsSync(database)) refuse(`${database} exists: move it away first, or set DATA_DIR to a new folder`);
  if (!isEmptyFolder(files)) refuse(`${files} holds files: move them away first`);
  const aside = { database: `${database}.restoring`, files: `${files}.restoring` };
  return {
    copy: resolve(copy),
    copiedFiles: folder === undefined ? null : resolve(folder),
    database,
    files,
    aside,
  };
}

function removeAside({ aside }: Places): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${aside.database}${end}`, { force: true });
  rmSync(aside.files, { recursive: true, force: true });
}

/** Pages and indexes of the file itself, before anything reads documents from it. */
function checkFile(path: string): void {
  const db = new DatabaseSync(path);
  try {
    const [first] = db.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw new Error(first?.integrity_check ?? 'no answer');
  } catch (cause) {
    throw new AppError('document-unreadable', 'The copy is no whole database: take an older one.', { cause });
  } finally {
    db.close();
  }
}

async function tryAside({ aside }: Places, tools: Tools): Promise<Inspected> {
  const vault = openKeys(tools);
  checkFile(aside.database);
  const records = sqliteRecords({ path: aside.database, lock: false });
  try {
    const files = await diskFiles({ dir: aside.files, vault, clock: () => tools.universe.now() });
    return await inspectStore({ records, vault, files, tools });
  } finally {
    await records.close();
  }
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** The database last: with it the store is there. */
function putInPlace({ aside, files, database }: Places): void {
  sync(aside.database);
  rmSync(files, { recursive: true, force: true });
  renameSync(aside.files, files);
  renameSync(aside.database, database);
  sync(dirname(database));
}

export const restore: Command = {
  usage: '<file of backup> [<copied folder of files>]',
  what: 'puts a backup into an empty DATA_DIR, once its keys open all of it',
  async run(args, tools) {
    const places = placesOf(args, tools);
    mkdirSync(dirname(places.database), { recursive: true, mode: 0o700 });
    removeAside(places);
    tools.say('copying …');
    copyFileSync(places.copy, places.aside.database);
    if (places.copiedFiles !== null) cpSync(places.copiedFiles, places.aside.files, { recursive: true });
    try {
      const found = await tryAside(places, tools);
      report(found).forEach(tools.say);
      if (found.damage.length > 0)
        throw new AppError('document-unreadable', 'this backup is damaged: take an older one');
      putInPlace(places);
    } catch (error) {
      removeAside(places);
      tools.say('nothing was restored');
      throw error;
    }
    tools.say(
      `restored to ${dirname(places.database)}. What was erased since the backup must be erased again.`,
    );
  },
};
