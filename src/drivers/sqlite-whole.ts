/** A database file of the embedded engine, read row by row for a move: it is not changed. The caller holds the server's lock. */
import { DatabaseSync } from '@photostructure/sqlite';
import type { Row, TableSpec } from './records';
import { columnsOf, entryTable, quote } from './sqlite-sql';
import { columnsIn, type WholeRow, type WholeTable } from './whole-rows';

export interface SqliteWhole {
  /** The tables of the spec must stand as it says: open the records once before. */
  table(spec: TableSpec): WholeTable;
  close(): void;
}

type Raw = Readonly<Record<string, unknown>> & Omit<Row, 'clear'>;

export function sqliteWhole(path: string): SqliteWhole {
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (text: string, ...values: (string | number)[]) => db.prepare(text).all(...values) as Raw[];

  const entriesOf = (spec: TableSpec, id: string): WholeRow['entries'] =>
    Object.fromEntries(
      Object.entries(spec.entries ?? {}).map(([set, { columns }]) => {
        const rows = all(`SELECT * FROM ${quote(entryTable(spec.name, set))} WHERE id = ?`, id);
        return [set, rows.map((raw) => columnsIn(columns, raw))];
      }),
    );
  const wholeOf = (spec: TableSpec, raw: Raw): WholeRow => {
    const { id, revision, v, kid, body } = raw;
    return { id, revision, v, kid, body, clear: columnsIn(spec.columns, raw), entries: entriesOf(spec, id) };
  };
  return {
    table: (spec) => ({
      count: () =>
        Promise.resolve(Number(all(`SELECT COUNT(*) AS n FROM ${quote(spec.name)}`)[0]?.['n'] ?? 0)),
      read(after, limit, upTo) {
        const until = upTo === undefined ? '' : ' AND id <= ?';
        const text = `SELECT ${columnsOf(spec, true)} FROM ${quote(spec.name)} WHERE id > ?${until} ORDER BY id LIMIT ?`;
        const rows = all(text, after, ...(upTo === undefined ? [] : [upTo]), limit);
        return Promise.resolve(rows.map((raw) => wholeOf(spec, raw)));
      },
    }),
    close: () => db.close(),
  };
}
