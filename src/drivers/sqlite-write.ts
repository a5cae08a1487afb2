/** The writing statements of one SQLite table: synchronous, to be run inside a transaction. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Clear, ClearColumns, NewRow, Patch, Row, TableSpec } from './records';
import { entryTable, quote, whereSql, type Sql } from './sqlite-sql';

type Value = Clear | Uint8Array;
export type RawRow = Omit<Row, 'clear'> & ClearColumns;

/** Prepared statements by their text. */
export interface Statements {
  run(text: string, values: readonly Value[]): number;
  get(text: string, values: readonly Value[]): RawRow | undefined;
  all(text: string, values: readonly Value[]): RawRow[];
}

export function statements(db: DatabaseSyncInstance): Statements {
  const prepared = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();
  const of = (text: string) => {
    const known = prepared.get(text);
    if (known) return known;
    const made = db.prepare(text);
    prepared.set(text, made);
    return made;
  };
  return {
    run: (text, values) => of(text).run(...values).changes,
    get: (text, values) => of(text).get(...values) as RawRow | undefined,
    all: (text, values) => of(text).all(...values) as RawRow[],
  };
}

const marks = (columns: readonly string[]) => columns.map(() => '?').join(', ');
const assign = (columns: readonly string[]) => columns.map((column) => `${quote(column)} = ?`);

type WriteEntries = (row: NewRow) => void;

/** Writes the entry sets of a row that differ from what stands there. */
function entryWriter(spec: TableSpec, sql: Statements): WriteEntries {
  const sets = Object.entries(spec.entries ?? {}).map(([set, entry]) => {
    const name = quote(entryTable(spec.name, set));
    const fields = Object.keys(entry.columns);
    return {
      set,
      fields,
      read: `SELECT ${fields.map(quote).join(', ')} FROM ${name} WHERE id = ? ORDER BY rowid`,
      clear: `DELETE FROM ${name} WHERE id = ?`,
      add: `INSERT INTO ${name} (id, ${fields.map(quote).join(', ')}) VALUES (?, ${marks(fields)})`,
    };
  });
  return (row) => {
    for (const { set, fields, read, clear, add } of sets) {
      const wanted = (row.entries?.[set] ?? []).map((entry) => fields.map((field) => entry[field] ?? null));
      const present = sql.all(read, [row.id]).map((raw) => fields.map((field) => raw[field] ?? null));
      if (JSON.stringify(wanted) === JSON.stringify(present)) continue;
      if (present.length > 0) sql.run(clear, [row.id]);
      wanted.forEach((entry) => sql.run(add, [row.id, ...entry]));
    }
  };
}

interface Changes {
  readonly text: readonly string[];
  readonly values: readonly Value[];
}
const ALWAYS: Sql = { text: '1', values: [] };

export interface Writers {
  insert(row: NewRow): string | null;
  put(row: NewRow): void;
  replace(row: NewRow, revision: number): boolean;
  reseal(id: string, revision: number, kid: string, body: Uint8Array): boolean;
  patch(id: string, change: Patch): boolean;
  removeAll(where: Sql): number;
}

/** Creating and overwriting whole rows. */
function rowWriters(
  spec: TableSpec,
  sql: Statements,
  writeEntries: WriteEntries,
): Pick<Writers, 'insert' | 'put'> {
  const columns = Object.keys(spec.columns);
  const all = ['id', 'revision', 'v', 'kid', ...columns, 'body'];
  const insertText = `INSERT INTO ${quote(spec.name)} (${all.map(quote).join(', ')}) VALUES (${marks(all)})`;
  const overwrite = ['v', 'kid', ...columns, 'body'].map(
    (name) => `${quote(name)} = excluded.${quote(name)}`,
  );
  const putText = `${insertText} ON CONFLICT (id) DO UPDATE SET revision = revision + 1, ${overwrite.join(', ')}`;
  const values = ({ id, v, kid, clear, body }: NewRow): Value[] => [
    ...[id, 1, v, kid],
    ...columns.map((column) => clear[column] ?? null),
    body,
  ];
  /** The column whose value exists already. */
  const conflictOf = ({ id, clear }: NewRow) => {
    const exists = (column: string) =>
      sql.get(`SELECT id FROM ${quote(spec.name)} WHERE ${quote(column)} = ?`, [clear[column] ?? id]) !==
      undefined;
    return exists('id') ? 'id' : (spec.unique?.find(exists) ?? 'id');
  };
  return {
    insert(row) {
      if (sql.run(`${insertText} ON CONFLICT DO NOTHING`, values(row)) === 0) return conflictOf(row);
      writeEntries(row);
      return null;
    },
    put(row) {
      sql.run(putText, values(row));
      writeEntries(row);
    },
  };
}

export function sqliteWriters(spec: TableSpec, sql: Statements): Writers {
  const table = quote(spec.name);
  const writeEntries = entryWriter(spec, sql);
  const entryTables = Object.keys(spec.entries ?? {}).map((set) => quote(entryTable(spec.name, set)));

  const update = (id: string, changes: Changes, guard: Sql) => {
    if (changes.text.length === 0) return false;
    const text = `UPDATE ${table} SET ${changes.text.join(', ')} WHERE id = ? AND ${guard.text}`;
    return sql.run(text, [...changes.values, id, ...guard.values]) === 1;
  };

  return {
    ...rowWriters(spec, sql, writeEntries),
    replace(row, revision) {
      const changes = [
        ...assign(['v', 'kid', ...Object.keys(row.clear), 'body']),
        'revision = revision + 1',
      ].join(', ');
      const bound = [row.v, row.kid, ...Object.values(row.clear), row.body, row.id, revision];
      const done = sql.run(`UPDATE ${table} SET ${changes} WHERE id = ? AND revision = ?`, bound) === 1;
      if (done) writeEntries(row);
      return done;
    },
    reseal(id, revision, kid, body) {
      const text = `UPDATE ${table} SET kid = ?, body = ? WHERE id = ? AND revision = ? AND kid <> ?`;
      return sql.run(text, [kid, body, id, revision, kid]) === 1;
    },
    patch(id, { max = {}, set, when = {} }) {
      const raised = {
        text: Object.keys(max).map((column) => `${quote(column)} = max(${quote(column)}, ?)`),
        values: Object.values(max),
      };
      if (!set) return update(id, raised, ALWAYS);
      const all = {
        text: [...raised.text, ...assign(Object.keys(set))],
        values: [...raised.values, ...Object.values(set)],
      };
      // Mostly the guard holds and one statement does both; where it does not, the marks rise all the same.
      if (update(id, all, whereSql(when))) return true;
      update(id, raised, ALWAYS);
      return false;
    },
    removeAll({ text, values }) {
      for (const name of entryTables)
        sql.run(`DELETE FROM ${name} WHERE id IN (SELECT id FROM ${table} WHERE ${text})`, values);
      return sql.run(`DELETE FROM ${table} WHERE ${text}`, values);
    },
  };
}
