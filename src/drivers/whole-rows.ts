/** Rows with everything that stands with them, as they move from one engine to another: revision, entries and sealed body as they are. */
import { createHash } from 'node:crypto';
import type { Clear, ClearColumns, Row, TableSpec } from './records';

export interface WholeRow extends Row {
  /** All entries of each set of the spec; absent columns are null. */
  readonly entries: Readonly<Record<string, readonly ClearColumns[]>>;
}

export interface WholeTable {
  count(): Promise<number>;
  /** Rows with ids behind `after`, in their order; at most `limit`, up to and with `upTo` where given. */
  read(after: string, limit: number, upTo?: string): Promise<readonly WholeRow[]>;
}

/** An end that rows move to. */
export interface WholeTarget extends WholeTable {
  /** Makes what stands behind `after`, up to and with `upTo` (null: to the end), these rows and no others. May be repeated. */
  mirror(after: string, upTo: string | null, rows: readonly WholeRow[]): Promise<void>;
}

/** The named columns, in the order of the spec, absent ones as null: what two engines must agree on. */
export function columnsIn(
  columns: TableSpec['columns'],
  raw: Readonly<Record<string, unknown>>,
): Record<string, Clear> {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, (raw[name] ?? null) as Clear]));
}

/** SHA-256 over all of a row, hex: the same on every engine. Entries have no order. */
export function hashOf(row: WholeRow): string {
  const entries = Object.entries(row.entries).map(([set, all]) => [
    set,
    all.map((one) => JSON.stringify(one)).toSorted(),
  ]);
  const head = JSON.stringify([row.id, row.revision, row.v, row.kid, row.clear, entries]);
  return createHash('sha256').update(head).update('\0').update(row.body).digest('hex');
}
