/**
 * What the MongoDB engine sends: schemas, filters and pipelines from our own specs. Every value is cast to the type of its
 * column here, so that no object of a client can become an operator. Absent and null are one: nulls are left out.
 */
import { Schema, type PipelineStage } from 'mongoose';
import { AppError } from '../errors';
import type {
  Clear,
  ClearColumns,
  Condition,
  Conditions,
  EntryMatch,
  EntryQuery,
  NewRow,
  Query,
  Row,
  TableSpec,
} from './records';

/** A row as it stands in a collection: clear columns beside these. */
export interface MongoRow {
  _id: string;
  revision: number;
  v: number;
  kid: string;
  body: Buffer;
  /** Ids of the last writes that raised the revision, newest last: how a write whose answer was lost knows itself again. */
  w: string[];
  /** The same for writes that leave the revision alone. */
  p?: string[];
  /** Taken by this write, to be removed: no longer to be seen. */
  gone?: string;
  /** Sets of entries. */
  e?: Record<string, ClearColumns[]>;
  [column: string]: unknown;
}

export type Filter = Record<string, unknown>;
type Type = 'text' | 'number';
type Columns = Readonly<Record<string, Type>>;

const HEAD: Columns = { id: 'text', revision: 'number', v: 'number', kid: 'text' };
const RESERVED = new Set(['_id', 'body', 'w', 'p', 'gone', 'e', ...Object.keys(HEAD)]);

/** What a row is named and numbered by, cast like every other value. */
export const text = (value: string | number): string => String(value);
export const number = (value: string | number): number => Number(value);

const fieldOf = (column: string) => (column === 'id' ? '_id' : column);
const typeOf = (type: Type) => (type === 'text' ? String : Number);

function typesOf(columns: Columns): Record<string, StringConstructor | NumberConstructor> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, typeOf(type)]));
}

/** The shape of a collection. Fields it does not name are refused in writes and in filters. */
export function schemaOf(spec: TableSpec): Schema {
  const taken = Object.keys(spec.columns).filter((name) => RESERVED.has(name));
  if (taken.length > 0)
    throw new Error(`${spec.name} names a column of the engine's own: ${taken.join(', ')}`);
  const sets = Object.entries(spec.entries ?? {}).map(
    ([set, { columns }]) => [set, [new Schema(typesOf(columns), { _id: false })]] as const,
  );
  const own = { _id: String, revision: Number, v: Number, kid: String, body: Buffer };
  const engine = {
    w: [String],
    p: [String],
    gone: String,
    ...(spec.entries ? { e: Object.fromEntries(sets) } : {}),
  };
  return new Schema(
    { ...own, ...engine, ...typesOf(spec.columns) },
    {
      versionKey: false,
      id: false,
      strict: 'throw',
      strictQuery: 'throw',
      autoIndex: false,
      autoCreate: false,
    },
  );
}

export interface Index {
  readonly fields: Record<string, 1>;
  readonly unique: boolean;
}

const ascending = (names: readonly string[]): Record<string, 1> =>
  Object.fromEntries(names.map((name) => [fieldOf(name), 1]));

/** Unique ones are sparse, so that absent values never conflict. */
export function indexesOf({ unique = [], indexes = [], entries = {} }: TableSpec): readonly Index[] {
  return [
    ...unique.map((column) => ({ fields: ascending([column]), unique: true })),
    ...indexes.map((columns) => ({ fields: ascending(columns), unique: false })),
    ...Object.entries(entries).flatMap(([set, entry]) =>
      entry.indexes.map((columns) => ({
        fields: ascending(columns.map((column) => `e.${set}.${column}`)),
        unique: false,
      })),
    ),
  ];
}

function cast(columns: Columns, name: string, value: Clear): Clear {
  const type = columns[name] ?? HEAD[name];
  if (!type) throw new AppError('internal', `There is no column "${name}".`);
  const plain = value === null ? null : typeOf(type)(value);
  if (Number.isNaN(plain)) throw new AppError('internal', `"${name}" would be no number.`);
  return plain;
}

const BOUNDS = new Set(['gt', 'gte', 'lt', 'lte']);

function condition(wanted: Condition, of: (value: Clear) => Clear): unknown {
  if (wanted === null || typeof wanted !== 'object') return { $eq: of(wanted) };
  if ('in' in wanted) return { $in: wanted.in.map(of) };
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => {
      if (!BOUNDS.has(name)) throw new AppError('internal', `There is no condition "${name}".`);
      return [`$${name}`, of(value)];
    }),
  );
}

function conditions(columns: Columns, wanted: Conditions, prefix = ''): Filter {
  const parts = Object.entries(wanted).map(([name, value]) => [
    prefix ? prefix + name : fieldOf(name),
    condition(value, (one) => cast(columns, name, one)),
  ]);
  return Object.fromEntries(parts) as Filter;
}

/** The rows that meet all conditions; with `taken`, also those somebody is just taking away. */
export function filterOf(spec: TableSpec, where: Conditions, taken: 'taken' | 'there' = 'there'): Filter {
  return { ...conditions(spec.columns, where), ...(taken === 'there' ? { gone: null } : {}) };
}

/** Clear columns as fields to set and fields to take away. */
export function assign(spec: TableSpec, clear: ClearColumns): { $set: Filter; $unset: Filter } {
  const all = Object.entries(clear).map(([name, value]) => [name, cast(spec.columns, name, value)] as const);
  return {
    $set: Object.fromEntries(all.filter(([, value]) => value !== null)),
    $unset: Object.fromEntries(all.filter(([, value]) => value === null).map(([name]) => [name, ''])),
  };
}

/** All entries of a row, each set as the spec names it. */
export function entriesOf(spec: TableSpec, row: NewRow): { e?: Record<string, Filter[]> } {
  if (!spec.entries) return {};
  const sets = Object.entries(spec.entries).map(([set, { columns }]) => [
    set,
    (row.entries?.[set] ?? []).map((entry) =>
      Object.fromEntries(
        Object.keys(columns)
          .map((name) => [name, cast(columns, name, entry[name] ?? null)] as const)
          .filter(([, value]) => value !== null),
      ),
    ),
  ]);
  return { e: Object.fromEntries(sets) as Record<string, Filter[]> };
}

export const sortOf = ({ order = [], descending }: Pick<Query, 'order' | 'descending'>) =>
  Object.fromEntries(order.map((name) => [fieldOf(name), descending ? -1 : 1])) as Record<string, 1 | -1>;

function holdingOf(holding: EntryQuery['holding']): Filter {
  if (!holding) return {};
  const lists = holding.anyOf.filter((list) => list.length > 0);
  const field = `e.${holding.set}.${holding.column}`;
  // No list, no row: an $or of nothing is refused, a field in nothing is met by none.
  if (lists.length === 0) return { _id: { $in: [] } };
  return { $or: lists.map((list) => ({ [field]: { $all: list.map(String) } })) };
}

/** Rows with an entry that meets all conditions by itself. */
export function throughFilter(spec: TableSpec, { set, where, holding }: Omit<EntryQuery, 'limit'>): Filter {
  const columns = spec.entries?.[set]?.columns ?? {};
  const one = conditions(columns, where);
  return { gone: null, [`e.${set}`]: { $elemMatch: one }, ...holdingOf(holding) };
}

/** Entries behind a place in the order: larger in the first column, or equal in it and behind in the rest. */
function behind(fields: readonly string[], after: readonly (string | number)[]): Filter {
  const steps = fields.map((field, i) => ({
    ...Object.fromEntries(fields.slice(0, i).map((equal, j) => [equal, after[j]])),
    [field]: { $gt: after[i] },
  }));
  return { $or: steps };
}

/** One document a matching entry: the row as it stands, and the entry in `found`. Sorted with a limit, so the server keeps no more. */
export function throughPipeline(spec: TableSpec, query: EntryQuery): PipelineStage[] {
  const { set, where, order = [], after, limit } = query;
  const columns = spec.entries?.[set]?.columns ?? {};
  const fields = order.map((name) => (name === 'id' ? '_id' : `found.${name}`));
  return [
    { $match: throughFilter(spec, query) },
    { $addFields: { found: `$e.${set}` } },
    { $project: { e: 0 } },
    { $unwind: '$found' },
    { $match: conditions(columns, where, 'found.') },
    ...(after ? [{ $match: behind(fields, after) }] : []),
    ...(fields.length > 0 ? [{ $sort: Object.fromEntries(fields.map((field) => [field, 1 as const])) }] : []),
    { $limit: limit },
  ];
}

function clearOf(columns: Columns, raw: Readonly<Record<string, unknown>>): ClearColumns {
  const all = Object.keys(columns).map((name) => [name, (raw[name] ?? null) as Clear]);
  return Object.fromEntries(all) as ClearColumns;
}

export function toRow(spec: TableSpec, raw: MongoRow): Row {
  const { _id: id, revision, v, kid, body } = raw;
  return { id, revision, v, kid, body, clear: clearOf(spec.columns, raw) };
}

export function toMatch(spec: TableSpec, set: string, raw: MongoRow): EntryMatch {
  const columns = spec.entries?.[set]?.columns ?? {};
  return { row: toRow(spec, raw), entry: clearOf(columns, raw['found'] as ClearColumns) };
}
