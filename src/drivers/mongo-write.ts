/**
 * The writes of one collection. Each carries a random id that stays in the row, so that a write whose answer was lost can be
 * asked again without being done twice, and then be known again: it is decided by what stands there, never assumed.
 */
import { randomBytes } from 'node:crypto';
import type { Collection as MongooseCollection, Model, UpdateQuery } from 'mongoose';
import { mongo } from 'mongoose';
import { AppError } from '../errors';
import { answered, isDuplicate, undecided } from './mongo-fail';
import { assign, entriesOf, filterOf, number, text, type Filter, type MongoRow } from './mongo-query';
import type { NewRow, Table, TableSpec } from './records';

/** Ids kept in a row: more writes than a row sees while one of them is being decided (2 s). */
const KEPT = 32;
/** Rounds against other writers before giving up. */
const ROUNDS = 20;

export interface Bounds {
  /** How long a write or the reading of one row may take, with everything that is asked again, ms. */
  readonly answerMs: number;
  /** The same for lists, counts and removing, ms. */
  readonly listMs: number;
}

export interface Collection {
  readonly spec: TableSpec;
  readonly model: Model<MongoRow>;
  /** The same collection bare, for what every turn does: our own filters and updates are cast when they are made. */
  readonly rows: MongooseCollection<MongoRow>;
  readonly bounds: Bounds;
  /** Reads see what a majority has; 'local' on a server that is alone. */
  readonly readConcern: 'majority' | 'local';
}

/** A change of one row that leaves its write's id in `mark`. */
interface Change {
  readonly id: string;
  /** What must hold besides. */
  readonly filter: Filter;
  readonly update: UpdateQuery<MongoRow>;
  readonly mark: 'w' | 'p';
  /** The revision it must meet, where it raises it. */
  readonly revision?: number;
}

const newId = () => randomBytes(6).toString('base64url');

/** Is it in the row, is it not, or can nobody say because too much has been written since? */
function standsIn(row: Pick<MongoRow, 'revision' | 'w' | 'p'> | null, id: string, change: Change): boolean {
  if (!row) throw undecided();
  const kept = row[change.mark] ?? [];
  if (kept.includes(id)) return true;
  const since = change.revision === undefined ? kept.length + 1 : row.revision - change.revision;
  if (kept.length < KEPT || since <= kept.length) return false;
  throw undecided();
}

/** An operator without fields is refused by servers before 5.0. */
const filled = (update: UpdateQuery<MongoRow>): mongo.UpdateFilter<MongoRow> =>
  Object.fromEntries(Object.entries(update).filter(([, fields]) => Object.keys(fields as object).length > 0));

function changer({ model, rows, bounds, readConcern }: Collection): (change: Change) => Promise<boolean> {
  return (change) => {
    const id = newId();
    const { mark } = change;
    const where = { _id: text(change.id) };
    const update = filled({ ...change.update, $push: { [mark]: { $each: [id], $slice: -KEPT } } });
    return answered(bounds.answerMs, async (again) => {
      const filter = { ...change.filter, ...where, [mark]: { $ne: id } };
      const { matchedCount } = await rows.updateOne(filter, update);
      if (matchedCount === 1 || !again) return matchedCount === 1;
      const row = await model.findOne(where, { revision: 1, w: 1, p: 1 }).readConcern(readConcern).lean();
      return standsIn(row, id, change);
    });
  };
}

export type MongoWriters = Pick<
  Table,
  'insert' | 'insertAll' | 'put' | 'replace' | 'patch' | 'reseal' | 'take' | 'remove'
>;

/** A new row as a document, at revision 1. */
function documentOf(spec: TableSpec, row: NewRow, id: string): MongoRow {
  const { $set } = assign(spec, row.clear);
  const head = { _id: text(row.id), revision: 1, v: number(row.v), kid: text(row.kid) };
  return { ...head, body: Buffer.from(row.body), w: [id], ...$set, ...entriesOf(spec, row) } as MongoRow;
}

function inserter(collection: Collection): MongoWriters['insert'] {
  const { spec, model, rows, bounds } = collection;
  const holder = (column: string, row: NewRow) => {
    const value = column === 'id' ? row.id : (row.clear[column] ?? null);
    return value === null ? null : model.findOne(filterOf(spec, { [column]: value }, 'taken')).lean();
  };
  /** Our own write, found again, or a row that has just gone; else the column whose value exists. */
  const conflictOf = async (
    row: NewRow,
    id: string,
  ): Promise<{ readonly column: string } | 'ours' | 'gone'> => {
    const same = await holder('id', row);
    if (same?.w.includes(id)) return 'ours';
    if (same?.gone !== undefined) {
      await model.deleteOne({ _id: same._id, gone: same.gone });
      return 'gone';
    }
    if (same) return { column: 'id' };
    for (const column of spec.unique ?? []) if (await holder(column, row)) return { column };
    return 'gone';
  };
  return (row) => {
    const id = newId();
    return answered(bounds.answerMs, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        try {
          await rows.insertOne(documentOf(spec, row, id));
          return null;
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          const conflict = await conflictOf(row, id);
          if (conflict === 'ours') return null;
          if (conflict !== 'gone') return conflict.column;
        }
      }
      throw undecided();
    });
  };
}

/** The place of the first row that exists already, when nothing else went wrong. */
function firstDuplicate(error: unknown): number {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some((one) => one.code !== 11_000)) throw error;
  return errors[0]?.index ?? 0;
}

function batchInserter({ spec, model, rows, bounds, readConcern }: Collection): MongoWriters['insertAll'] {
  return (given, repeated) => {
    const id = newId();
    const documents = given.map((row) => documentOf(spec, row, id));
    const ids = documents.map((one) => one._id);
    const ours = async (): Promise<ReadonlySet<string>> => {
      const found = await model
        .find({ _id: { $in: ids }, w: id }, { _id: 1 })
        .readConcern(readConcern)
        .lean();
      return new Set(found.map((one) => one._id));
    };
    /** How many stand there without a gap. */
    const prefix = async () => {
      const written = await ours();
      const gap = ids.findIndex((one) => !written.has(one));
      return gap < 0 ? ids.length : gap;
    };
    const skipping = async (again: boolean) => {
      try {
        const { insertedCount } = await rows.insertMany(documents, { ordered: false });
        if (!again) return insertedCount;
      } catch (error) {
        firstDuplicate(error);
        if (!again) return (error as mongo.MongoBulkWriteError).insertedCount;
      }
      return (await ours()).size;
    };
    const stopping = async (again: boolean) => {
      for (let at = again ? await prefix() : 0; at < ids.length;) {
        try {
          await rows.insertMany(documents.slice(at), { ordered: true });
          return ids.length;
        } catch (error) {
          const stopped = at + firstDuplicate(error);
          // What looks like another's may be our own, come late.
          const known = again ? await prefix() : stopped;
          if (known <= stopped) return stopped;
          at = known;
        }
      }
      return ids.length;
    };
    return given.length === 0
      ? Promise.resolve(0)
      : answered(bounds.answerMs, repeated === 'skip' ? skipping : stopping);
  };
}

/** The whole row at a new revision. `all`: columns not named are emptied. */
function replacing(spec: TableSpec, row: NewRow, revision: number, all: boolean): Change {
  const empty = all ? Object.fromEntries(Object.keys(spec.columns).map((name) => [name, null])) : {};
  const { $set, $unset } = assign(spec, { ...empty, ...row.clear });
  const head = { v: number(row.v), kid: text(row.kid), body: Buffer.from(row.body) };
  return {
    id: row.id,
    filter: { revision: number(revision), ...(all ? {} : { gone: null }) },
    update: {
      $set: { ...$set, ...head, ...entriesOf(spec, row) },
      $unset: { ...$unset, ...(all ? { gone: '' } : {}) },
      $inc: { revision: 1 },
    },
    mark: 'w',
    revision,
  };
}

function putter(collection: Collection, insert: MongoWriters['insert'], change: ReturnType<typeof changer>) {
  const { spec, model, bounds } = collection;
  const revisionOf = (id: string) =>
    answered(bounds.answerMs, () => model.findOne({ _id: text(id) }, { revision: 1 }).lean());
  // A plain overwrite that arrives late would undo the next one; by revision it cannot.
  return async (row: NewRow): Promise<void> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = await revisionOf(row.id);
      if (found ? await change(replacing(spec, row, found.revision, true)) : (await insert(row)) === null)
        return;
    }
    throw new AppError('conflict', 'A row is being overwritten by too many.');
  };
}

function patcher(
  { spec, rows, bounds }: Collection,
  change: ReturnType<typeof changer>,
): MongoWriters['patch'] {
  return async (id, { max = {}, set, when = {} }) => {
    const raised = Object.fromEntries(Object.entries(max).map(([name, value]) => [name, number(value)]));
    const $max = Object.keys(raised).length > 0 ? { $max: raised } : {};
    const raise = () => answered(bounds.answerMs, () => rows.updateOne(filterOf(spec, { id }), $max));
    if (!set) return '$max' in $max && (await raise()).matchedCount === 1;
    const update = { ...assign(spec, set), ...$max } as UpdateQuery<MongoRow>;
    if (await change({ id, filter: filterOf(spec, when), update, mark: 'p' })) return true;
    // The guard does not hold; the marks rise all the same.
    if ('$max' in $max) await raise();
    return false;
  };
}

function taker(
  { spec, model, bounds }: Collection,
  toRow: (raw: MongoRow) => ReturnType<Table['take']>,
): MongoWriters['take'] {
  return async (id) => {
    const gone = newId();
    const filter = { ...filterOf(spec, { id }, 'taken'), gone: { $in: [null, gone] } };
    // First marked, then removed: a taker whose answer was lost asks again and still is the one who has it.
    const raw = await answered(bounds.answerMs, () =>
      model.findOneAndUpdate(filter, { $set: { gone } }).lean(),
    );
    if (!raw) return null;
    await answered(bounds.answerMs, () => model.deleteOne({ _id: text(id), gone })).catch(() => undefined);
    return toRow(raw);
  };
}

export function mongoWriters(
  collection: Collection,
  toRow: (raw: MongoRow) => ReturnType<Table['take']>,
): MongoWriters {
  const { spec, model, bounds } = collection;
  const change = changer(collection);
  const insert = inserter(collection);
  return {
    insert,
    insertAll: batchInserter(collection),
    put: putter(collection, insert, change),
    replace: (row, revision) => change(replacing(spec, row, revision, false)),
    patch: patcher(collection, change),
    reseal: (id, revision, kid, body) =>
      change({
        id,
        filter: { ...filterOf(spec, { revision }), kid: { $ne: text(kid) } },
        update: { $set: { kid: text(kid), body: Buffer.from(body) } },
        mark: 'p',
      }),
    take: taker(collection, toRow),
    async remove(where) {
      const filter = filterOf(spec, where, 'taken');
      return (await answered(bounds.listMs, () => model.deleteMany(filter))).deletedCount;
    },
  };
}
