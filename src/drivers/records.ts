/**
 * What the sealed store asks of an engine: rows with a sealed body and a few clear columns. Every write touches one row and
 * is durable when its promise resolves; it rejects with `store-unavailable` when nobody can say (read back). Nothing here
 * needs more than an engine's single-document operations.
 */

export type Clear = string | number | null;
export type ClearColumns = Readonly<Record<string, Clear>>;

/** Several small records inside one row, written with it, e.g. a dossier's parts: found by, never read for their own sake. */
export interface EntrySpec {
  readonly columns: Readonly<Record<string, 'text' | 'number'>>;
  readonly indexes: readonly (readonly string[])[];
}

/** A table as data. Every row also has `id` (unique), `revision`, `v`, `kid` and `body`. Columns are only ever added. */
export interface TableSpec {
  readonly name: string;
  readonly columns: Readonly<Record<string, 'text' | 'number'>>;
  /** Columns whose values exist once; nulls never conflict. */
  readonly unique?: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
  readonly entries?: Readonly<Record<string, EntrySpec>>;
  /** Rows of a few hundred bytes read by ranges of `id`: an engine may keep them in that order. */
  readonly small?: boolean;
}

export interface Row {
  readonly id: string;
  readonly revision: number;
  /** Schema version of the document in the body. */
  readonly v: number;
  /** Key that sealed the body. */
  readonly kid: string;
  readonly body: Uint8Array;
  readonly clear: ClearColumns;
}

export interface NewRow extends Omit<Row, 'revision'> {
  /** All entries of each set, replacing those before. */
  readonly entries?: Readonly<Record<string, readonly ClearColumns[]>>;
}

/** A value that must be equal (null: absent), one of several, or a range (an absent value is in no range). */
export type Condition =
  | Clear
  | { readonly in: readonly Clear[] }
  | {
      readonly gt?: string | number;
      readonly gte?: string | number;
      readonly lt?: string | number;
      readonly lte?: string | number;
    };
/** All must hold. Over clear columns, `id`, `revision`, `kid`. */
export type Conditions = Readonly<Record<string, Condition>>;

/** Does a record in hand meet the conditions an engine would look for? */
export function meets(columns: ClearColumns, conditions: Conditions): boolean {
  return Object.entries(conditions).every(([name, wanted]) => {
    const value = columns[name] ?? null;
    if (wanted === null || typeof wanted !== 'object') return value === wanted;
    if ('in' in wanted) return wanted.in.includes(value);
    if (value === null) return false;
    const { gt, gte, lt, lte } = wanted;
    return (
      (gt === undefined || value > gt) &&
      (gte === undefined || value >= gte) &&
      (lt === undefined || value < lt) &&
      (lte === undefined || value <= lte)
    );
  });
}

export interface Query {
  readonly where?: Conditions;
  /** Columns to order by, ascending; end with `id` where a tie matters. */
  readonly order?: readonly string[];
  /** The same order backwards. */
  readonly descending?: boolean;
  readonly limit: number;
}

/** Finds rows through one set of their entries: conditions, order and cursor are the entry's columns and the row's `id`. */
export interface EntryQuery {
  readonly set: string;
  readonly where: Conditions;
  /** The row must hold, in another set, every value of at least one of these lists (none of the lists: no row). */
  readonly holding?: {
    readonly set: string;
    readonly column: string;
    readonly anyOf: readonly (readonly string[])[];
  };
  readonly order?: readonly string[];
  /** Values of the `order` columns of the entry before the first wanted one. */
  readonly after?: readonly (string | number)[];
  readonly limit: number;
}

/** A row as found through one of its entries. */
export interface EntryMatch {
  readonly row: Row;
  readonly entry: ClearColumns;
}

export interface Patch {
  /** Raises numbers, never lowers them, whatever the revision. */
  readonly max?: Readonly<Record<string, number>>;
  /** Sets columns, only while `when` holds. An engine may make the two halves durable one after the other. */
  readonly set?: ClearColumns;
  readonly when?: Conditions;
}

export interface Table {
  /** Creates at revision 1. Null when created, else the column (`id` or a unique one) whose value exists. */
  insert(row: NewRow): Promise<string | null>;
  /** Creates what is not there yet: in the order given, `skip`ping those that exist or `stop`ping at the first. How many were created. */
  insertAll(rows: readonly NewRow[], repeated: 'skip' | 'stop'): Promise<number>;
  /** Creates at revision 1, or overwrites by id: columns not named are emptied, the revision rises. */
  put(row: NewRow): Promise<void>;
  /** Compare-and-set by id and revision; raises the revision. Columns not named in `clear` stay. */
  replace(row: NewRow, revision: number): Promise<boolean>;
  /** Changes clear columns, not the revision. True when `set` was applied (without `set`: when there was a row to raise). */
  patch(id: string, change: Patch): Promise<boolean>;
  /**
   * Puts the same document under another key; the revision stays. False when the revision moved on, and when that key has it
   * already: a row that was removed and put again is back at revision 1, and must not get its old body.
   */
  reseal(id: string, revision: number, kid: string, body: Uint8Array): Promise<boolean>;
  /** By `id` or a unique column. */
  get(column: string, value: string): Promise<Row | null>;
  find(query: Query): Promise<readonly Row[]>;
  /** As `find`, without bodies. */
  peek(query: Query): Promise<readonly Omit<Row, 'body'>[]>;
  count(where: Conditions): Promise<number>;
  findThrough(query: EntryQuery): Promise<readonly EntryMatch[]>;
  /** Rows, not entries. */
  countThrough(query: Pick<EntryQuery, 'set' | 'where' | 'holding'>): Promise<number>;
  /** Reads and removes in one step: exactly one caller gets it. */
  take(id: string): Promise<Row | null>;
  /** Removes all that match; how many. */
  remove(where: Conditions): Promise<number>;
}

export interface Records {
  /** The table of this spec, made or extended where needed. Asked for once per table, at start. */
  table(spec: TableSpec): Promise<Table>;
  /** Lets running writes end, then closes. A second call is harmless. */
  close(): Promise<void>;
}
