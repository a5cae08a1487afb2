/** Dossiers: unique by code and by session; listed through their parts, so that an agency sees only what is its own. */
import type { Vault } from '../../crypto/vault';
import type { Dossier } from '../../ports/documents';
import type { DossierQuery, DossierRow, Dossiers, Versioned } from '../../ports/store';
import { meets, type Conditions, type EntryMatch, type EntryQuery, type Row, type Table } from '../records';
import { codec } from './codec';
import {
  codeKey,
  dossierIndex,
  partConditions,
  partEntries,
  searchTokens,
  secondFactor,
  subjectTokens,
} from './dossier-index';
import { dueSet } from './due';

const ORDER = ['due', 'at', 'id'] as const;
type Place = readonly (string | number)[];

const placeOf = ({ row, entry }: EntryMatch): Place => [String(entry['due']), Number(entry['at']), row.id];
const toCursor = (place: Place) => Buffer.from(JSON.stringify(place)).toString('base64url');

/** A cursor is ours or nothing: what does not read as one starts from the top. */
function fromCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [due, at, id] = Array.isArray(place) ? (place as unknown[]) : [];
    return typeof due === 'string' && typeof at === 'number' && typeof id === 'string'
      ? [due, at, id]
      : undefined;
  } catch {
    return undefined;
  }
}

function through(vault: Vault, query: Omit<DossierQuery, 'limit' | 'after'>): Omit<EntryQuery, 'limit'> {
  const tokens = query.find?.trim() ? searchTokens(vault, query.find) : null;
  return {
    set: 'parts',
    where: partConditions(query),
    ...(tokens ? { holding: { set: 'blind', column: 'token', anyOf: tokens } } : {}),
    order: ORDER,
  };
}

function lister(table: Table, vault: Vault, open: (row: Row) => Dossier): Dossiers['list'] {
  /** A dossier with several matching parts stands at the earliest of them only. */
  const isFirst = (doc: Dossier, { entry }: EntryMatch, where: Conditions) =>
    !partEntries(doc).some((part) => meets(part, where) && String(part['due']) < String(entry['due']));

  return async ({ limit, after, ...wanted }) => {
    const query = through(vault, wanted);
    const rows = new Map<string, DossierRow>();
    let place = fromCursor(after);
    while (rows.size < limit) {
      const matches = await table.findThrough({ ...query, ...(place ? { after: place } : {}), limit });
      for (const match of matches) {
        place = placeOf(match);
        const state = { doc: open(match.row), revision: match.row.revision };
        if (rows.has(match.row.id) || rows.size === limit || !isFirst(state.doc, match, query.where))
          continue;
        rows.set(match.row.id, { state, cursor: toCursor(place) });
      }
      if (matches.length < limit) break;
    }
    return [...rows.values()];
  };
}

export function dossiers(table: Table, vault: Vault): Dossiers {
  const { seal, open } = codec<Dossier>('dossiers', vault);
  const versioned = (row: Row | null): Versioned<Dossier> | null =>
    row && { doc: open(row), revision: row.revision };

  return {
    async byId(id) {
      const row = await table.get('id', id);
      return row && { doc: open(row), revision: row.revision, doneUpTo: Number(row.clear['doneUpTo']) };
    },
    byCode: async (code) => versioned(await table.get('code', codeKey(code))),
    bySession: async (sessionKey) => versioned(await table.get('sessionKey', sessionKey)),
    async ofSubject(procedure, subject, limit) {
      const tokens = subjectTokens(vault, procedure, subject);
      if (tokens.length === 0) return [];
      const where = { token: { in: tokens } };
      const matches = await table.findThrough({ set: 'blind', where, limit: limit * tokens.length });
      const found = new Map(matches.map(({ row }) => [row.id, row]));
      return [...found.values()]
        .map((row) => ({ doc: open(row), revision: row.revision }))
        .sort((a, b) => b.doc.createdAt - a.doc.createdAt)
        .slice(0, limit);
    },
    async byCodeAndLastFour(code, lastFour) {
      const where = { token: secondFactor(vault, code, lastFour) };
      const [match] = await table.findThrough({ set: 'blind', where, limit: 1 });
      return versioned(match?.row ?? null);
    },
    async create(doc, dueAt) {
      const { clear, entries } = dossierIndex(vault, doc);
      const row = seal(doc.id, doc, { clear: { ...clear, doneUpTo: 0, dueAt }, entries });
      const conflict = await table.insert(row);
      if (conflict === null) return 'created';
      // Both may be taken; the session decides, because then the dossier exists.
      return (await table.get('sessionKey', doc.sessionKey)) ? 'session-taken' : 'code-taken';
    },
    async save(doc, revision, dueAt) {
      const { clear, entries } = dossierIndex(vault, doc);
      return table.replace(seal(doc.id, doc, { clear: { ...clear, dueAt }, entries }), revision);
    },
    async mark(id, doneUpTo, due) {
      await table.patch(id, { max: { doneUpTo }, ...dueSet(due) });
    },
    async remove(id) {
      await table.remove({ id });
    },
    list: lister(table, vault, open),
    count: (query) => table.countThrough(through(vault, query)),
  };
}
