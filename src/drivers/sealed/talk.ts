/** What belongs to a talk: parked drafts, the transcript and the consents. */
import type { Vault } from '../../crypto/vault';
import type { Consent, Draft, TranscriptRow } from '../../ports/documents';
import type { Consents, Drafts, Transcripts } from '../../ports/store';
import type { Table } from '../records';
import { codec } from './codec';

/** More than a citizen can have: a list that must be whole. */
const ALL = 10_000;

export function drafts(table: Table, vault: Vault): Drafts {
  const { seal, open } = codec<Draft>('drafts', vault);
  return {
    async put(doc) {
      await table.insert(seal(doc.id, doc, { clear: { holder: doc.holder, dueAt: doc.dueAt } }));
    },
    async get(id) {
      const row = await table.get('id', id);
      return row && open(row);
    },
    async ofHolder(holder) {
      const rows = await table.find({ where: { holder }, order: ['dueAt', 'id'], limit: ALL });
      return rows.map(open);
    },
    async remove(id) {
      await table.remove({ id });
    },
    async due(now, limit) {
      const rows = await table.find({ where: { dueAt: { lte: now } }, order: ['dueAt', 'id'], limit });
      return rows.map(open);
    },
  };
}

const SEQ_DIGITS = 12;

/** Ids in the order of the talk: a conversation's rows are one range of ids. */
const rowId = (conversation: string, seq: number) =>
  `${conversation}/${String(seq).padStart(SEQ_DIGITS, '0')}`;
/** ":" comes after every digit. */
const pastEnd = (conversation: string) => `${conversation}/:`;
const allOf = (conversation: string) => ({ id: { gt: `${conversation}/`, lt: pastEnd(conversation) } });

export function transcripts(table: Table, vault: Vault): Transcripts {
  const { seal, open } = codec<TranscriptRow>('transcripts', vault);
  const toRow = (row: TranscriptRow) =>
    seal(rowId(row.conversation, row.seq), row, { clear: { seq: row.seq, at: row.at, side: row.side } });
  return {
    async append(rows) {
      if (rows.length > 0) await table.insertAll(rows.map(toRow), 'skip');
    },
    async read(conversation, after, limit) {
      const first = after < 0 ? `${conversation}/` : rowId(conversation, after);
      const where = { id: { gt: first, lt: pastEnd(conversation) } };
      return (await table.find({ where, order: ['id'], limit })).map(open);
    },
    async last(conversation, limit) {
      const rows = await table.find({ where: allOf(conversation), order: ['id'], descending: true, limit });
      return rows.map(open).reverse();
    },
    async removeOf(conversation, upTo) {
      await table.remove({ ...allOf(conversation), ...(upTo === undefined ? {} : { at: { lte: upTo } }) });
    },
    removeOlderThan: (at) => table.remove({ at: { lt: at } }),
  };
}

export function consents(table: Table, vault: Vault): Consents {
  const { seal, open } = codec<Consent>('consents', vault);
  return {
    async append(doc) {
      const { conversation, purpose, agency, at } = doc;
      await table.insert(seal(doc.id, doc, { clear: { conversation, purpose, agency, at } }));
    },
    async ofConversation(conversation) {
      return (await table.find({ where: { conversation }, order: ['at', 'id'], limit: ALL })).map(open);
    },
  };
}
