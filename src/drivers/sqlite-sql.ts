/** The SQL of the SQLite engine: tables and queries as text with their parameters. Names come from our own specs, values never enter the text. */
import type { Clear, Condition, Conditions, EntryQuery, EntrySpec, Query, TableSpec } from './records';

export interface Sql {
  readonly text: string;
  readonly values: readonly (Clear | Uint8Array)[];
}

/** Columns every table has; the body last, so that long bodies do not slow the reading of clear columns. */
const HEAD = ['id', 'revision', 'v', 'kid'] as const;

export const quote = (name: string) => `"${name}"`;
export const entryTable = (table: string, set: string) => `${table}_${set}`;

const typed = (columns: Readonly<Record<string, 'text' | 'number'>>) =>
  Object.entries(columns).map(([name, type]) => `${quote(name)} ${type === 'text' ? 'TEXT' : 'INTEGER'}`);

function index(table: string, columns: readonly string[], unique: boolean): string {
  const name = quote(`${table}__${columns.join('_')}`);
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${name} ON ${quote(table)} (${columns.map(quote).join(', ')})`;
}

/** One table as it must stand; columns that a newer spec brought are added to one that exists. */
export interface Schema {
  readonly name: string;
  readonly create: string;
  readonly columns: readonly { readonly name: string; readonly add: string }[];
  readonly indexes: readonly string[];
}

function schema(
  name: string,
  head: string,
  columns: TableSpec['columns'],
  tail: string,
  indexes: string[],
): Schema {
  return {
    name,
    create: `CREATE TABLE IF NOT EXISTS ${quote(name)} (${[head, ...typed(columns)].join(', ')}${tail}`,
    columns: Object.keys(columns).map((column, i) => ({
      name: column,
      add: `ALTER TABLE ${quote(name)} ADD COLUMN ${typed(columns)[i] ?? ''}`,
    })),
    indexes,
  };
}

function entrySchema(table: string, set: string, spec: EntrySpec): Schema {
  const name = entryTable(table, set);
  const indexes = [
    index(name, ['id'], false),
    ...spec.indexes.map((columns) => index(name, [...columns, 'id'], false)),
  ];
  return schema(name, 'id TEXT NOT NULL', spec.columns, ')', indexes);
}

const HEAD_TYPES = 'id TEXT PRIMARY KEY, revision INTEGER NOT NULL, v INTEGER NOT NULL, kid TEXT NOT NULL';

/** A table, then the tables of its entry sets. */
export function schemasOf(spec: TableSpec): readonly Schema[] {
  const indexes = [
    ...(spec.unique ?? []).map((column) => index(spec.name, [column], true)),
    ...(spec.indexes ?? []).map((columns) => index(spec.name, columns, false)),
  ];
  const tail = `, body BLOB NOT NULL)${spec.small ? ' WITHOUT ROWID' : ''}`;
  const entries = Object.entries(spec.entries ?? {});
  return [
    schema(spec.name, HEAD_TYPES, spec.columns, tail, indexes),
    ...entries.map(([set, entry]) => entrySchema(spec.name, set, entry)),
  ];
}

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function condition(column: string, wanted: Condition): Sql {
  if (wanted === null) return { text: `${column} IS NULL`, values: [] };
  if (typeof wanted !== 'object') return { text: `${column} = ?`, values: [wanted] };
  if ('in' in wanted)
    return { text: `${column} IN (${wanted.in.map(() => '?').join(', ')})`, values: wanted.in };
  const bounds = Object.entries(wanted) as [keyof typeof OPERATORS, string | number][];
  return {
    text: bounds.map(([name]) => `${column} ${OPERATORS[name]} ?`).join(' AND '),
    values: bounds.map(([, value]) => value),
  };
}

/** All conditions joined by AND; `1` when there are none. `prefix` is a table alias with its dot. */
export function whereSql(conditions: Conditions, prefix = ''): Sql {
  const parts = Object.entries(conditions).map(([name, wanted]) => condition(prefix + quote(name), wanted));
  return {
    text: parts.map((part) => part.text).join(' AND ') || '1',
    values: parts.flatMap((part) => part.values),
  };
}

/** Column list of a row; without bodies for `peek`. */
export function columnsOf(spec: TableSpec, bodies: boolean, prefix = ''): string {
  const names = [...HEAD, ...Object.keys(spec.columns), ...(bodies ? ['body'] : [])];
  return names.map((name) => prefix + quote(name)).join(', ');
}

export function findSql(
  spec: TableSpec,
  { where = {}, order = [], descending, limit }: Query,
  bodies: boolean,
): Sql {
  const wanted = whereSql(where);
  const way = descending ? 'DESC' : 'ASC';
  const sorted = order.map((column) => `${quote(column)} ${way}`).join(', ');
  const text =
    `SELECT ${columnsOf(spec, bodies)} FROM ${quote(spec.name)} WHERE ${wanted.text}` +
    `${sorted ? ` ORDER BY ${sorted}` : ''} LIMIT ?`;
  return { text, values: [...wanted.values, limit] };
}

function holdingSql(table: string, holding: EntryQuery['holding']): Sql {
  if (!holding) return { text: '1', values: [] };
  const one = `e.id IN (SELECT id FROM ${quote(entryTable(table, holding.set))} WHERE ${quote(holding.column)} = ?)`;
  const lists = holding.anyOf.filter((list) => list.length > 0);
  const text = lists.map((list) => `(${list.map(() => one).join(' AND ')})`).join(' OR ');
  return { text: text ? `(${text})` : '0', values: lists.flat() };
}

function afterSql(order: readonly string[], after: EntryQuery['after']): Sql {
  if (!after) return { text: '1', values: [] };
  const columns = order.map((column) => `e.${quote(column)}`).join(', ');
  return { text: `(${columns}) > (${after.map(() => '?').join(', ')})`, values: after };
}

function throughSql(spec: TableSpec, query: Omit<EntryQuery, 'limit'>): Sql {
  const parts = [
    whereSql(query.where, 'e.'),
    holdingSql(spec.name, query.holding),
    afterSql(query.order ?? [], query.after),
  ];
  return {
    text: `FROM ${quote(entryTable(spec.name, query.set))} e WHERE ${parts.map((part) => part.text).join(' AND ')}`,
    values: parts.flatMap((part) => part.values),
  };
}

/** Rows with the entry they were found by; the entry's columns are named `e.<column>`. */
export function findThroughSql(spec: TableSpec, query: EntryQuery): Sql {
  const { text, values } = throughSql(spec, query);
  const entry = Object.keys(spec.entries?.[query.set]?.columns ?? {});
  const named = entry.map((column) => `e.${quote(column)} AS ${quote(`e.${column}`)}`).join(', ');
  const sorted = (query.order ?? []).map((column) => `e.${quote(column)}`).join(', ');
  const from = text.replace(' e WHERE ', ` e JOIN ${quote(spec.name)} r ON r.id = e.id WHERE `);
  return {
    text: `SELECT ${columnsOf(spec, true, 'r.')}, ${named} ${from}${sorted ? ` ORDER BY ${sorted}` : ''} LIMIT ?`,
    values: [...values, query.limit],
  };
}

export function countThroughSql(spec: TableSpec, query: Pick<EntryQuery, 'set' | 'where' | 'holding'>): Sql {
  const { text, values } = throughSql(spec, query);
  return { text: `SELECT COUNT(DISTINCT e.id) AS n ${text}`, values };
}
