/**
 * From the embedded store to MongoDB: every row as it is (revision, sealed body, entries), every file, compared by hash. May be
 * killed and repeated: what is there already and equal is passed over. The source is not changed, and no server works on it meanwhile.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Vault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { diskShelf } from '../../src/drivers/disk-shelf';
import { gridFsFiles } from '../../src/drivers/gridfs-files';
import { connectMongo, mongoRecords } from '../../src/drivers/mongo-store';
import { mongoWhole } from '../../src/drivers/mongo-whole';
import type { Records, TableSpec } from '../../src/drivers/records';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { TABLES } from '../../src/drivers/sealed/tables';
import { sqliteWhole, type SqliteWhole } from '../../src/drivers/sqlite-whole';
import { hashOf, type WholeRow, type WholeTable, type WholeTarget } from '../../src/drivers/whole-rows';
import { AppError, codeOf } from '../../src/errors';
import type { Files } from '../../src/ports/files';
import { refuse, type Command, type Tools } from './command';
import { figure, openProgress } from './progress';
import { databaseOf, embeddedRecords, filesFolderOf, isEmbedded, openKeys } from './store';

const PAGE = 100;

export interface Moved {
  readonly rows: number;
  /** Rows that were not there yet, or were others. */
  readonly written: number;
  /** SHA-256 over the hashes of all rows in the order of ids. */
  readonly hash: string;
}

const sameAs = (rows: readonly WholeRow[], there: readonly WholeRow[]): boolean =>
  rows.length === there.length && rows.every((row, i) => hashOf(row) === hashOf(there[i] ?? row));

/** Makes one table of the target the same as the source's, page by page, and reads back what it wrote. */
export async function moveTable(
  from: WholeTable,
  to: WholeTarget,
  tell: (rows: number) => void,
): Promise<Moved> {
  const sum = createHash('sha256');
  let [rows, written, after] = [0, 0, ''];
  for (;;) {
    const page = await from.read(after, PAGE);
    const last = page.at(-1)?.id;
    // One more than there should be shows what does not belong there.
    const there = () => to.read(after, PAGE + 1, last);
    if (!sameAs(page, await there())) {
      await to.mirror(after, last ?? null, page);
      written += page.length;
      if (!sameAs(page, await there()))
        throw new AppError(
          'conflict',
          `rows behind "${after}" do not stay as they were written: is somebody else writing there?`,
        );
    }
    page.forEach((row) => sum.update(hashOf(row)));
    rows += page.length;
    tell(rows);
    if (last === undefined) return { rows, written, hash: sum.digest('hex') };
    after = last;
  }
}

interface Ends {
  readonly source: SqliteWhole;
  readonly connection: Connection;
  readonly target: Records;
}

async function moveTables({ source, connection, target }: Ends, tools: Tools): Promise<void> {
  const progress = openProgress(tools);
  for (const spec of Object.values<TableSpec>(TABLES)) {
    await target.table(spec);
    const [from, to] = [source.table(spec), mongoWhole(connection, spec)];
    const total = await from.count();
    const tell = (rows: number) => progress.step(() => `  ${spec.name}: ${figure(rows)} of ${figure(total)}`);
    const { rows, written, hash } = await moveTable(from, to, tell);
    const there = await to.count();
    if (there !== total || rows !== total)
      throw new AppError('conflict', `${spec.name}: ${total} here, ${there} there`);
    tools.say(
      `  ${spec.name}: ${figure(rows)} rows, ${figure(written)} written now, ${hash.slice(0, 16)} on both sides`,
    );
  }
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** What does not open here would not open there: it is named, and nothing is left out in silence. */
async function readFrom(from: Files, key: string): Promise<Buffer> {
  try {
    return await from.get(key);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'document-unreadable' && code !== 'key-unknown') throw error;
    throw new AppError(code, `files/${key} does not open: put it back from a backup, then run it again.`);
  }
}

async function moveFile(from: Files, to: Files, key: string): Promise<void> {
  const bytes = await readFrom(from, key);
  await to.put(key, bytes);
  if (digest(await to.get(key)) !== digest(bytes))
    throw new AppError('conflict', `files/${key} is another one there`);
}

async function moveFiles(url: string, vault: Vault, tools: Tools): Promise<void> {
  const clock = () => tools.universe.now();
  const dir = filesFolderOf(tools);
  const [from, to] = [await diskFiles({ dir, vault, clock }), await gridFsFiles({ url, vault, clock })];
  const progress = openProgress(tools);
  let moved = 0;
  try {
    for await (const key of diskShelf({ dir, vault }).keys()) {
      await moveFile(from, to, key);
      moved += 1;
      progress.step(() => `  files: ${figure(moved)}`);
    }
  } finally {
    await to.close();
  }
  tools.say(`  files: ${figure(moved)}, the same bytes on both sides`);
}

interface Mark {
  _id: string;
  from: string;
  finished: boolean;
}

/** Whose store is being moved here: only the same one may go on. */
async function claim(connection: Connection, target: Records, from: string): Promise<void> {
  const marks = connection.collection<Mark>('engine');
  const mark = await marks.findOne({ _id: 'move' });
  if (mark?.finished === true)
    refuse(
      'this move is finished: set STORE_URL and start the servers. To begin anew, drop that database first',
    );
  if (mark !== null && mark.from !== from)
    refuse('another store is being moved there: name another database');
  if (mark !== null) return;
  const meta = await target.table(TABLES.meta);
  if ((await meta.count({})) > 0) refuse('that database holds a store already: name another one, or drop it');
  await marks.insertOne({ _id: 'move', from, finished: false });
}

async function move(url: string, tools: Tools): Promise<void> {
  const vault = openKeys(tools);
  const lock = embeddedRecords(tools, 'alone');
  const closers: (() => unknown)[] = [() => lock.close()];
  try {
    // Its tables stand as this version wants them, and these keys are its own.
    await openSealedStore({ records: lock, vault });
    const target = await mongoRecords({ url, moving: true });
    closers.push(() => target.close());
    target.server.notices.forEach(({ text }) => tools.say(`note: ${text}`));
    const connection = await connectMongo({ url });
    closers.push(() => connection.close());
    const source = sqliteWhole(databaseOf(tools));
    closers.push(() => source.close());
    await claim(connection, target, vault.blind('move', 'from'));
    await moveTables({ source, connection, target }, tools);
    await moveFiles(url, vault, tools);
    await connection.collection<Mark>('engine').updateOne({ _id: 'move' }, { $set: { finished: true } });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

export const moveStore: Command = {
  usage: '<mongodb://…/database?replicaSet=…>',
  what: 'copies the embedded store to MongoDB (stop the server; may be killed and repeated)',
  async run([url, ...rest], tools) {
    if (url === undefined || !/^mongodb(\+srv)?:\/\//.test(url) || rest.length > 0)
      refuse('say where to: mongodb://host/database');
    if (!isEmbedded(tools)) refuse('STORE_URL names a MongoDB already: unset it while the store is moved');
    await move(url, tools);
    tools.say(
      'moved. Now set STORE_URL to that address and DATA_KEYS to the same keys, and start the servers.',
    );
    tools.say(
      `${databaseOf(tools)} is as it was: it is your way back until the first new message, and nothing later.`,
    );
  },
};
