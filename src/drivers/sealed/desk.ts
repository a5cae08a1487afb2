/** What the desk is made of: agencies, officers, and the metadata of attachments. */
import type { Vault } from '../../crypto/vault';
import type { Agency, Attachment, Officer } from '../../ports/documents';
import type { Agencies, Attachments, Officers, Versioned } from '../../ports/store';
import type { NewRow, Row, Table } from '../records';
import { codec, type Codec } from './codec';

/** Far more than one house serves. */
const ALL = 100_000;

/** Reading and compare-and-set by id, alike for both. */
function versionedSet<T extends { readonly id: string }>(
  table: Table,
  { seal, open }: Codec<T>,
  clearOf: (doc: T) => NewRow['clear'],
) {
  const versioned = (row: Row): Versioned<T> => ({ doc: open(row), revision: row.revision });
  const toRow = (doc: T) => seal(doc.id, doc, { clear: clearOf(doc) });
  return {
    by: async (column: string, value: string) => {
      const row = await table.get(column, value);
      return row && versioned(row);
    },
    all: async () => (await table.find({ order: ['id'], limit: ALL })).map(versioned),
    create: async (doc: T) => (await table.insert(toRow(doc))) === null,
    save: async (doc: T, revision: number) => table.replace(toRow(doc), revision),
  };
}

export function agencies(table: Table, vault: Vault): Agencies {
  const { by, ...set } = versionedSet(table, codec<Agency>('agencies', vault), () => ({}));
  return { ...set, byId: (id) => by('id', id) };
}

export function officers(table: Table, vault: Vault): Officers {
  const blind = (login: string) => vault.blind('login', login);
  const { by, ...set } = versionedSet(table, codec<Officer>('officers', vault), (doc) => ({
    login: blind(doc.login),
  }));
  return { ...set, byId: (id) => by('id', id), byLogin: (login) => by('login', blind(login)) };
}

export function attachments(table: Table, vault: Vault): Attachments {
  const { seal, open } = codec<Attachment>('attachments', vault);
  const toRow = (doc: Attachment) => seal(doc.id, doc, { clear: { owner: doc.owner, state: doc.state } });
  return {
    put: async (doc) => table.put(toRow(doc)),
    add: async (doc) => (await table.insert(toRow(doc))) === null,
    async get(id) {
      const row = await table.get('id', id);
      return row && open(row);
    },
    async ofOwner(owner) {
      const rows = await table.find({ where: { owner }, order: ['id'], limit: ALL });
      return rows.map(open);
    },
    async remove(id) {
      await table.remove({ id });
    },
  };
}
