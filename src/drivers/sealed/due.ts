/** What is due: a clear column of conversations, dossiers and deliveries. */
import type { DueDocument } from '../../ports/queue';
import type { Store } from '../../ports/store';
import type { Patch, Table } from '../records';

/** The part of a patch that sets `dueAt` while the revision still is the given one. */
export function dueSet(due: { readonly revision: number; readonly dueAt: number | null } | undefined): Patch {
  return due ? { set: { dueAt: due.dueAt }, when: { revision: due.revision } } : {};
}

/** Documents of all tables with `dueAt` ≤ now, earliest first; `limit` of each, so that a flood of one kind hides no other. */
export function dueOf(tables: Readonly<Record<DueDocument, Table>>): Store['due'] {
  const dueIn = async (document: DueDocument, now: number, limit: number) => {
    const rows = await tables[document].peek({ where: { dueAt: { lte: now } }, order: ['dueAt'], limit });
    return rows.map((row) => ({
      dueAt: Number(row.clear['dueAt']),
      job: { document, id: row.id, revision: row.revision },
    }));
  };
  return async (now, limit) => {
    const kinds = ['conversation', 'dossier', 'delivery'] as const;
    const found = await Promise.all(kinds.map((document) => dueIn(document, now, limit)));
    const sorted = found.flat().sort((a, b) => a.dueAt - b.dueAt);
    return sorted.map((one) => one.job);
  };
}
