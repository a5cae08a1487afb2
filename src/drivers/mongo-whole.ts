/** The collections of a MongoDB store that rows move to, while no server works on it. */
import type { Collection, Connection } from 'mongoose';
import { answered } from './mongo-fail';
import { assign, entriesOf, number, text, toRow, type MongoRow } from './mongo-query';
import type { TableSpec } from './records';
import { columnsIn, type WholeRow, type WholeTarget } from './whole-rows';

/** How long one page may take, with everything that is asked again, ms. */
const PAGE_MS = 60_000;

/** As a write of the engine would leave it; it has no write of its own to be known by. */
function documentOf(spec: TableSpec, row: WholeRow): MongoRow {
  const head = { _id: text(row.id), revision: number(row.revision), v: number(row.v), kid: text(row.kid) };
  const { $set } = assign(spec, row.clear);
  return { ...head, body: Buffer.from(row.body), w: [], ...$set, ...entriesOf(spec, row) } as MongoRow;
}

function wholeOf(spec: TableSpec, raw: MongoRow): WholeRow {
  const sets = Object.entries(spec.entries ?? {}).map(([set, { columns }]) => [
    set,
    (raw.e?.[set] ?? []).map((entry) => columnsIn(columns, entry)),
  ]);
  const { clear, ...row } = toRow(spec, raw);
  return {
    ...row,
    clear: columnsIn(spec.columns, clear),
    entries: Object.fromEntries(sets) as WholeRow['entries'],
  };
}

function mirrorer(spec: TableSpec, rows: Collection<MongoRow>): WholeTarget['mirror'] {
  return (after, upTo, given) => {
    const range = { $gt: after, ...(upTo === null ? {} : { $lte: upTo }) };
    const others = { _id: { ...range, $nin: given.map((row) => text(row.id)) } };
    const writes = given.map((row) => {
      const replacement = documentOf(spec, row);
      return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
    });
    return answered(PAGE_MS, async () => {
      await rows.deleteMany(others);
      if (writes.length > 0) await rows.bulkWrite(writes, { ordered: false });
    });
  };
}

/** The tables must stand with their indexes: open the records once before. */
export function mongoWhole(connection: Connection, spec: TableSpec): WholeTarget {
  const rows = connection.collection<MongoRow>(spec.name);
  return {
    count: () => answered(PAGE_MS, () => rows.countDocuments({})),
    read: (after, limit, upTo) =>
      answered(PAGE_MS, async () => {
        const _id = { $gt: after, ...(upTo === undefined ? {} : { $lte: upTo }) };
        const found = await rows.find({ _id }).sort({ _id: 1 }).limit(limit).toArray();
        return found.map((raw) => wholeOf(spec, raw as MongoRow));
      }),
    mirror: mirrorer(spec, rows),
  };
}
