/**
 * Files in MongoDB (GridFS): sealed before they leave the process. A unique index on the name lets exactly one writer of a
 * key win; a file is there whole or not at all, because its entry is written after its pieces.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo, type Connection } from 'mongoose';
import type { Vault } from '../crypto/vault';
import { AppError, codeOf } from '../errors';
import type { Files } from '../ports/files';
import { answered, isDuplicate, unavailable } from './mongo-fail';
import { askServer } from './mongo-server';
import { connectMongo, type MongoOptions } from './mongo-store';

export interface GridFsOptions extends Pick<
  MongoOptions,
  'url' | 'database' | 'pool' | 'selectMs' | 'socketMs'
> {
  readonly vault: Vault;
  /** ms epoch */
  readonly clock: () => number;
  /** How long one file may take, with everything that is asked again, ms. Default 20 s. */
  readonly fileMs?: number;
  /** Pieces of an upload or a removing that never ended are swept away after this long, ms. Default an hour. */
  readonly leftOverMs?: number;
}

/** Random names only, as on the disk. */
const KEY = /^[A-Za-z0-9_-]{16,64}$/;
const LEFT_OVER_MS = 60 * 60_000;
const FILE_MS = 20_000;
/** Few: a file holds a connection for long, and turns have their own. */
const POOL = 10;
const PIECE_BYTES = 1024 * 1024;
const BUCKET = 'files';

export const placeOf = (key: string) => ({ record: `files/${key}`, field: 'bytes' });
const notFound = () => new AppError('not-found', 'There is no such file.');

export const unlessGone = (error: unknown): null => {
  if (codeOf(error) === 'not-found') return null;
  throw error;
};

function checkKey(key: string): void {
  if (!KEY.test(key)) throw new AppError('bad-request', 'A file key is 16–64 letters, digits, "-" or "_".');
}

/** An upload or a removing that has begun: what it leaves behind when it does not end is known by it. */
interface Begun {
  _id: mongo.ObjectId;
  at: number;
}

export interface Shelf {
  readonly bucket: mongo.GridFSBucket;
  readonly entries: mongo.Collection<mongo.GridFSFile>;
  readonly pieces: mongo.Collection<{ files_id: mongo.ObjectId; n: number }>;
  readonly begun: mongo.Collection<Begun>;
}

function shelfOf(connection: Connection, level: 'majority' | 'local'): Shelf {
  const { db } = connection;
  if (!db) throw new AppError('store-unavailable', 'There is no connection to MongoDB.');
  return {
    bucket: new mongo.GridFSBucket(db, { bucketName: BUCKET, chunkSizeBytes: PIECE_BYTES }),
    // An entry that was read stays: the pieces were written before it.
    entries: db.collection(`${BUCKET}.files`, { readConcern: { level } }),
    pieces: db.collection(`${BUCKET}.chunks`),
    begun: db.collection(`${BUCKET}.begun`),
  };
}

async function buildIndexes({ entries, pieces, begun }: Shelf): Promise<void> {
  await entries.createIndex({ filename: 1 }, { unique: true }, {});
  await pieces.createIndex({ files_id: 1, n: 1 }, { unique: true }, {});
  await begun.createIndex({ at: 1 }, {}, {});
}

/** Under which id a file's pieces are: its own, or of the upload that took their place when it was sealed anew. */
export const piecesOf = (entry: mongo.GridFSFile): mongo.ObjectId =>
  (entry.metadata?.['pieces'] as mongo.ObjectId | undefined) ?? entry._id;

/** Written with the pieces: under which key they are. An entry of a version that did not write it has to be read. */
export const sealedBy = ({ kid }: Vault, pieces: mongo.ObjectId) => ({ kid, pieces });

/** The entry as it was read, or nothing: somebody sealed it anew or removed it since. */
export const asRead = (entry: mongo.GridFSFile) => ({
  _id: entry._id,
  'metadata.pieces': (entry.metadata?.['pieces'] as mongo.ObjectId | undefined) ?? null,
});

/** Removes pieces whose file never came to be, or no longer is, or has others now. */
async function sweepLeftOvers(shelf: Shelf, upTo: number): Promise<void> {
  const { entries, begun } = shelf;
  for await (const { _id } of begun.find({ at: { $lt: upTo } })) {
    const own = { _id, 'metadata.pieces': null, 'metadata.of': null };
    const used = await entries.findOne({ $or: [own, { 'metadata.pieces': _id }] });
    if (used === null) await discard(shelf, _id);
    // Somebody may have begun with it again meanwhile.
    else await begun.deleteOne({ _id, at: { $lt: upTo } });
  }
}

/** Yields between the parts: a whole photo deciphered in one go holds up everything else. */
export const readerOf = (bytes: Buffer) => async (at: number, length: number) => {
  await nextTurn();
  return bytes.subarray(at, at + length);
};

export const discard = async ({ entries, pieces, begun }: Shelf, id: mongo.ObjectId) => {
  await entries.deleteOne({ _id: id, 'metadata.of': { $ne: null } });
  await pieces.deleteMany({ files_id: id });
  await begun.deleteOne({ _id: id });
};

export const markBegun = ({ begun }: Shelf, id: mongo.ObjectId, at: number) =>
  begun.updateOne({ _id: id }, { $set: { at } }, { upsert: true });

export const entryOf = ({ entries }: Shelf, key: string) => entries.findOne({ filename: key });

/** One upload under an id of its own; a second one of the key gives way. */
async function upload(shelf: Shelf, key: string, bytes: Buffer, vault: Vault, at: number): Promise<void> {
  if (await entryOf(shelf, key)) return;
  const id = new mongo.ObjectId();
  await shelf.begun.insertOne({ _id: id, at });
  const metadata = { sealed: sealedBy(vault, id) };
  try {
    const parts = Readable.from(vault.sealParts(placeOf(key), bytes));
    await pipeline(parts, shelf.bucket.openUploadStreamWithId(id, key, { metadata }));
    await shelf.begun.deleteOne({ _id: id });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await discard(shelf, id);
  }
}

/** All pieces of one upload. @throws MongoRuntimeError when some are missing */
async function gather({ bucket }: Shelf, id: mongo.ObjectId): Promise<Buffer> {
  const stream = bucket.openDownloadStream(id);
  let length = 0;
  stream.once('file', (entry: mongo.GridFSFile) => {
    length = entry.length;
  });
  const bytes = Buffer.concat(await stream.toArray());
  // The stream takes pieces that vanish behind its entry for the end of the file.
  if (bytes.length < length) throw new mongo.MongoRuntimeError('A file ends before its length.');
  return bytes;
}

export async function download(shelf: Shelf, key: string): Promise<Buffer> {
  const entry = await entryOf(shelf, key);
  if (!entry) throw notFound();
  const id = piecesOf(entry);
  try {
    return await gather(shelf, id);
  } catch (error) {
    if (!(error instanceof mongo.MongoRuntimeError)) throw error;
    // Pieces are missing: it was removed or sealed anew in the midst of reading, or somebody took them.
    const now = await entryOf(shelf, key);
    if (now === null) throw notFound();
    if (!piecesOf(now).equals(id)) return download(shelf, key);
    throw new AppError('document-unreadable', 'Pieces of a file are missing.', { cause: error });
  }
}

/** `tried`: whose entry an earlier attempt may have removed, without hearing of it. */
async function discardFile(shelf: Shelf, key: string, at: number, tried: mongo.ObjectId[]): Promise<void> {
  for (;;) {
    const entry = await entryOf(shelf, key);
    if (!entry) {
      for (const id of tried) await discard(shelf, id);
      return;
    }
    const id = piecesOf(entry);
    await markBegun(shelf, id, at);
    tried.push(id);
    if ((await shelf.entries.deleteOne(asRead(entry))).deletedCount === 1) return discard(shelf, id);
  }
}

/** Runs work again while it has no answer, within the time one file may take. */
export type Bounded = <T>(work: () => Promise<T>) => Promise<T>;

/** Connects and builds what is missing; sweeps what was left over, now and then. */
export async function openShelf(options: GridFsOptions) {
  const { clock, fileMs = FILE_MS, leftOverMs = LEFT_OVER_MS, pool = POOL } = options;
  const connection = await connectMongo({ ...options, pool, answerMs: fileMs });
  const bounded: Bounded = (work) => answered(fileMs, work);
  const open = async () => {
    const { replicaSet } = await askServer(connection);
    const shelf = shelfOf(connection, replicaSet ? 'majority' : 'local');
    await buildIndexes(shelf);
    return shelf;
  };
  const shelf = await bounded(open).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  // One that fails is made up for by the next.
  const sweep = () => bounded(() => sweepLeftOvers(shelf, clock() - leftOverMs)).catch(() => undefined);
  await sweep();
  const sweeping = setInterval(() => void sweep(), leftOverMs).unref();
  const close = () => {
    clearInterval(sweeping);
    return connection.close().catch((cause: unknown) => {
      throw unavailable(cause);
    });
  };
  return { shelf, bounded, close };
}

/** Opens the files. @throws AppError `store-unavailable` · `config-invalid` (a server that loses writes). */
export async function gridFsFiles(options: GridFsOptions): Promise<Files> {
  const { vault, clock } = options;
  const { shelf, bounded, close } = await openShelf(options);
  return {
    async put(key, bytes) {
      checkKey(key);
      await bounded(() => upload(shelf, key, bytes, vault, clock()));
    },
    async get(key) {
      checkKey(key);
      const sealed = await bounded(() => download(shelf, key));
      return vault.openParts(placeOf(key), sealed.length, readerOf(sealed));
    },
    async remove(key) {
      checkKey(key);
      const tried: mongo.ObjectId[] = [];
      await bounded(() => discardFile(shelf, key, clock(), tried));
    },
    close,
  };
}
