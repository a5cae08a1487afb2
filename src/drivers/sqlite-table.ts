/** One table of the SQLite engine: writes go through the group commit, reads see what is committed. */
import { unavailable, type GroupCommit } from './group-commit';
import type { Clear, EntryMatch, Row, Table, TableSpec } from './records';
import { columnsOf, countThroughSql, findSql, findThroughSql, quote, whereSql, type Sql } from './sqlite-sql';
import { sqliteWriters, type RawRow, type Statements } from './sqlite-write';

const toRow = (raw: RawRow): Row => ({
  id: raw.id,
  revision: raw.revision,
  v: raw.v,
  kid: raw.kid,
  body: raw.body,
  clear: raw,
});

function toMatch(raw: RawRow): EntryMatch {
  const entry = Object.entries(raw).filter(([name]) => name.startsWith('e.'));
  return {
    row: toRow(raw),
    entry: Object.fromEntries(entry.map(([name, value]) => [name.slice(2), value as Clear])),
  };
}

type Reads = Pick<Table, 'get' | 'find' | 'peek' | 'count' | 'findThrough' | 'countThrough'>;

/** Reads run at once on what is committed; a failure has the same name as a failed write. */
function reads(spec: TableSpec, sql: Statements): Reads {
  const table = quote(spec.name);
  const read = <T>(work: () => T): Promise<T> => {
    try {
      return Promise.resolve(work());
    } catch (cause) {
      return Promise.reject(unavailable(cause));
    }
  };
  const all = <T>(query: Sql, shape: (raw: RawRow) => T) =>
    read(() => sql.all(query.text, query.values).map(shape));
  const count = (query: Sql) => read(() => Number(sql.get(query.text, query.values)?.['n']));

  return {
    get: (column, value) =>
      read(() => {
        const text = `SELECT ${columnsOf(spec, true)} FROM ${table} WHERE ${quote(column)} = ?`;
        const raw = sql.get(text, [value]);
        return raw ? toRow(raw) : null;
      }),
    find: (query) => all(findSql(spec, query, true), toRow),
    peek: (query) => all(findSql(spec, query, false), toRow),
    count: (where) => {
      const { text, values } = whereSql(where);
      return count({ text: `SELECT COUNT(*) AS n FROM ${table} WHERE ${text}`, values });
    },
    findThrough: (query) => all(findThroughSql(spec, query), toMatch),
    countThrough: (query) => count(countThroughSql(spec, query)),
  };
}

export function sqliteTable(spec: TableSpec, sql: Statements, commit: GroupCommit): Table {
  const write = sqliteWriters(spec, sql);
  const takeText = `SELECT ${columnsOf(spec, true)} FROM ${quote(spec.name)} WHERE id = ?`;

  return {
    ...reads(spec, sql),
    insert: (row) => commit.write(() => write.insert(row)),
    insertAll: (rows, repeated) =>
      commit.write(() => {
        let created = 0;
        for (const row of rows) {
          if (write.insert(row) === null) created += 1;
          else if (repeated === 'stop') break;
        }
        return created;
      }),
    put: (row) => commit.write(() => write.put(row)),
    replace: (row, revision) => commit.write(() => write.replace(row, revision)),
    patch: (id, change) => commit.write(() => write.patch(id, change)),
    reseal: (id, revision, kid, body) => commit.write(() => write.reseal(id, revision, kid, body)),
    take: (id) =>
      commit.write(() => {
        const raw = sql.get(takeText, [id]);
        if (raw) write.removeAll(whereSql({ id }));
        return raw ? toRow(raw) : null;
      }),
    remove: (where) => commit.write(() => write.removeAll(whereSql(where))),
  };
}
