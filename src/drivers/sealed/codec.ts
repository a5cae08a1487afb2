/** From a document to a sealed row and back: JSON once, a bound in bytes, a place that the seal is bound to. */
import type { Vault } from '../../crypto/vault';
import { AppError } from '../../errors';
import type { NewRow, Row } from '../records';
import type { TableName } from './tables';

/** Version of the documents' shapes. Raised when an older program could no longer read what this one writes. */
export const SCHEMA = 1;

const KB = 1024;
/** Bytes of a document as JSON (UTF-8), before sealing. */
export const BOUNDS: Readonly<Record<TableName, number>> = {
  conversations: 64 * KB,
  dossiers: 512 * KB,
  deliveries: 512 * KB,
  drafts: 64 * KB,
  transcripts: 64 * KB,
  consents: 8 * KB,
  agencies: 32 * KB,
  officers: 8 * KB,
  attachments: 8 * KB,
  slips: 64 * KB,
  audit: 8 * KB,
  leases: KB,
  meta: KB,
};

export interface Codec<T> {
  /** @throws AppError `document-too-large`. */
  readonly seal: (id: string, doc: T, index: Pick<NewRow, 'clear' | 'entries'>) => NewRow;
  /** @throws AppError `key-unknown` · `document-unreadable` · `store-too-new`. */
  readonly open: (row: Row) => T;
}

export function checkBound(table: TableName, bytes: number, id: string): void {
  const bound = BOUNDS[table];
  if (bytes <= bound) return;
  throw new AppError(
    'document-too-large',
    `A document of ${table} has ${bytes} bytes; the bound is ${bound}.`,
    {
      details: { table, id, bytes, bound },
    },
  );
}

export const placeOf = (table: TableName, id: string) => ({ record: `${table}/${id}`, field: 'body' });

export function codec<T>(table: TableName, vault: Vault): Codec<T> {
  return {
    seal(id, doc, index) {
      const bytes = Buffer.from(JSON.stringify(doc));
      checkBound(table, bytes.length, id);
      return { id, v: SCHEMA, kid: vault.kid, body: vault.seal(placeOf(table, id), bytes), ...index };
    },
    open(row) {
      if (row.v > SCHEMA)
        throw new AppError('store-too-new', `A document of ${table} was written by a newer version.`, {
          details: { table, id: row.id, found: row.v, known: SCHEMA },
        });
      return JSON.parse(vault.open(placeOf(table, row.id), row.body).toString('utf8')) as T;
    },
  };
}
