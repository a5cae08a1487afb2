/**
 * An engine that keeps its rows in memory. `step` decides when a read comes, and when what was written since the last commit
 * becomes durable: all at once and in order, as in the SQLite engine.
 */
import {
  meets,
  type ClearColumns,
  type NewRow,
  type Query,
  type Records,
  type Row,
  type Table,
  type TableSpec,
} from '../../src/drivers/records';

type Kept = Row & { readonly entries: NonNullable<NewRow['entries']> };

/** Called before each operation; it happens when the promise resolves. */
export type StepBefore = (what: string) => Promise<void>;

const columnsOf = ({ id, revision, kid, clear }: Row): ClearColumns => ({ ...clear, id, revision, kid });

function ordered(
  rows: readonly Kept[],
  { order = [], descending = false }: Omit<Query, 'limit'>,
): readonly Kept[] {
  const sorted = [...rows].sort((a, b) => {
    for (const column of order) {
      const [x, y] = [columnsOf(a)[column] ?? '', columnsOf(b)[column] ?? ''];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
  return descending ? sorted.reverse() : sorted;
}

/** Writes of one process wait here for their commit. */
function commits(before: StepBefore): <T>(work: () => T) => Promise<T> {
  let waiting: (() => void)[] = [];
  async function commit(): Promise<void> {
    await before('commit');
    const writes = waiting;
    waiting = [];
    for (const write of writes) write();
  }
  return (work) =>
    new Promise((resolve) => {
      waiting.push(() => resolve(work()));
      if (waiting.length === 1) void commit();
    });
}

interface Way {
  readonly before: StepBefore;
  readonly write: ReturnType<typeof commits>;
}

function tableOf(spec: TableSpec, rows: Map<string, Kept>, { before, write }: Way): Table {
  const unique = ['id', ...(spec.unique ?? [])];
  const all = () => [...rows.values()];
  const where = (conditions: Query['where'] = {}) => all().filter((row) => meets(columnsOf(row), conditions));
  const conflictOf = (row: NewRow): string | null =>
    unique.find((column) => {
      const value = columnsOf({ ...row, revision: 1 })[column] ?? null;
      return value !== null && all().some((one) => columnsOf(one)[column] === value);
    }) ?? null;
  const keep = (row: NewRow, revision: number) => rows.set(row.id, { entries: {}, ...row, revision });
  const read = async <T>(what: string, work: () => T): Promise<T> => {
    await before(`${spec.name} ${what}`);
    return work();
  };
  const through = (set: string, conditions: Query['where'] = {}) =>
    all().flatMap((row) =>
      (row.entries[set] ?? []).filter((entry) => meets(entry, conditions)).map((entry) => ({ row, entry })),
    );

  return {
    insert: (row) =>
      write(() => {
        const conflict = conflictOf(row);
        if (conflict === null) keep(row, 1);
        return conflict;
      }),
    insertAll: (fresh, repeated) =>
      write(() => {
        let count = 0;
        for (const row of fresh) {
          if (conflictOf(row) === null) {
            keep(row, 1);
            count += 1;
          } else if (repeated === 'stop') break;
        }
        return count;
      }),
    put: (row) => write(() => void keep(row, (rows.get(row.id)?.revision ?? 0) + 1)),
    replace: (row, revision) =>
      write(() => {
        const now = rows.get(row.id);
        if (now?.revision !== revision) return false;
        keep({ ...row, clear: { ...now.clear, ...row.clear } }, revision + 1);
        return true;
      }),
    patch: (id, { max = {}, set, when: conditions = {} }) =>
      write(() => {
        const row = rows.get(id);
        if (row === undefined) return false;
        const raised = Object.entries(max).map(([name, value]) => [
          name,
          Math.max(Number(row.clear[name] ?? 0), value),
        ]);
        const applies = meets(columnsOf(row), conditions);
        const clear = {
          ...row.clear,
          ...(Object.fromEntries(raised) as ClearColumns),
          ...(applies ? set : {}),
        };
        rows.set(id, { ...row, clear });
        return applies;
      }),
    reseal: (id, revision, kid, body) =>
      write(() => {
        const row = rows.get(id);
        if (row?.revision !== revision || row.kid === kid) return false;
        rows.set(id, { ...row, kid, body });
        return true;
      }),
    get: (column, value) => read('get', () => all().find((row) => columnsOf(row)[column] === value) ?? null),
    find: (query) => read('find', () => ordered(where(query.where), query).slice(0, query.limit)),
    peek: (query) => read('peek', () => ordered(where(query.where), query).slice(0, query.limit)),
    count: (conditions) => read('count', () => where(conditions).length),
    findThrough: (query) => read('findThrough', () => through(query.set, query.where).slice(0, query.limit)),
    countThrough: (query) => read('countThrough', () => through(query.set, query.where).length),
    take: (id) =>
      write(() => {
        const row = rows.get(id) ?? null;
        rows.delete(id);
        return row;
      }),
    remove: (conditions) =>
      write(() => {
        const gone = where(conditions);
        for (const { id } of gone) rows.delete(id);
        return gone.length;
      }),
  };
}

/** Rows outlive whoever opened them: several may be opened over the same. */
export type Memory = Map<string, Map<string, Kept>>;
export const newMemory = (): Memory => new Map();

export function memoryRecords(memory: Memory, before: StepBefore): Records {
  const way = { before, write: commits(before) };
  return {
    table(spec) {
      const rows = memory.get(spec.name) ?? new Map<string, Kept>();
      memory.set(spec.name, rows);
      return Promise.resolve(tableOf(spec, rows, way));
    },
    close: () => Promise.resolve(),
  };
}
