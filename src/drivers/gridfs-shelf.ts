/** The files in MongoDB for whoever looks after them: all their keys, and each under a newer data key while servers work. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mongo } from 'mongoose';
import { kidOf } from '../crypto/seal';
import type { Vault } from '../crypto/vault';
import type { Shelf as Keeping } from '../ports/shelf';
import {
  asRead,
  discard,
  download,
  entryOf,
  markBegun,
  openShelf,
  piecesOf,
  placeOf,
  readerOf,
  sealedBy,
  unlessGone,
  type Bounded,
  type GridFsOptions,
  type Shelf,
} from './gridfs-files';

/** Keys that are asked for at once. */
const KEYS = 500;

function isUnder({ kid }: Vault, entry: mongo.GridFSFile): boolean {
  const sealed = entry.metadata?.['sealed'] as ReturnType<typeof sealedBy> | undefined;
  return sealed?.kid === kid && sealed.pieces.equals(piecesOf(entry));
}

/** What keepers of the store need of its files. */
export interface GridFsShelf extends Keeping {
  close(): Promise<void>;
}

/**
 * Puts a file under the newest key: its new pieces are uploaded beside the old ones, then the entry points to them in one step.
 * Whoever removes it meanwhile wins.
 */
async function resealFile(
  shelf: Shelf,
  key: string,
  vault: Vault,
  at: number,
): ReturnType<Keeping['reseal']> {
  const entry = await entryOf(shelf, key);
  if (!entry) return 'gone';
  if (isUnder(vault, entry)) return 'current';
  const sealed = await download(shelf, key).catch(unlessGone);
  if (sealed === null) return 'gone';
  if (kidOf(sealed) === vault.kid) return 'current';
  const plain = await vault.openParts(placeOf(key), sealed.length, readerOf(sealed));
  const [old, id] = [piecesOf(entry), new mongo.ObjectId()];
  await markBegun(shelf, id, at);
  const stream = shelf.bucket.openUploadStreamWithId(id, `${key}~${id.toHexString()}`, {
    metadata: { of: key },
  });
  await pipeline(Readable.from(vault.sealParts(placeOf(key), plain)), stream);
  await markBegun(shelf, old, at);
  const to = { 'metadata.pieces': id, 'metadata.sealed': sealedBy(vault, id) };
  const { matchedCount } = await shelf.entries.updateOne(asRead(entry), { $set: to });
  // Either way the entry no longer points to the old pieces.
  await discard(shelf, old);
  if (matchedCount === 0) {
    await discard(shelf, id);
    return 'gone';
  }
  await shelf.begun.deleteOne({ _id: id });
  return 'moved';
}

/** Page by page: between two pages hours may pass, and a server forgets a cursor that rests for ten minutes. */
async function* keysOn({ entries }: Shelf, bounded: Bounded): AsyncIterable<string> {
  for (let after = ''; ;) {
    const page = await bounded(() =>
      entries
        .find({ 'metadata.of': null, filename: { $gt: after } }, { projection: { filename: 1 } })
        .sort({ filename: 1 })
        .limit(KEYS)
        .batchSize(KEYS)
        .toArray(),
    );
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page.map(({ filename }) => filename);
    after = last.filename;
  }
}

/** Opens the same files for their keeper; servers may work meanwhile. Errors as `gridFsFiles`. */
export async function gridFsShelf(options: GridFsOptions): Promise<GridFsShelf> {
  const { vault, clock } = options;
  const { shelf, bounded, close } = await openShelf(options);
  return {
    keys: () => keysOn(shelf, bounded),
    reseal: (key) => bounded(() => resealFile(shelf, key, vault, clock())),
    close,
  };
}
