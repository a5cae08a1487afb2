/** Deliveries: unique by key; state, attempts and due time stand clear. */
import type { Vault } from '../../crypto/vault';
import type { Delivery } from '../../ports/documents';
import type { Deliveries, Versioned } from '../../ports/store';
import type { Row, Table } from '../records';
import { codec } from './codec';

const clearOf = ({ key, state, attempts, dueAt, createdAt }: Delivery) => ({
  key,
  state,
  attempts,
  dueAt,
  createdAt,
});

export function deliveries(table: Table, vault: Vault): Deliveries {
  const { seal, open } = codec<Delivery>('deliveries', vault);
  const versioned = (row: Row): Versioned<Delivery> => ({ doc: open(row), revision: row.revision });
  const one = (row: Row | null) => row && versioned(row);
  const toRow = (doc: Delivery) => seal(doc.id, doc, { clear: clearOf(doc) });

  return {
    byKey: async (key) => one(await table.get('key', key)),
    byId: async (id) => one(await table.get('id', id)),
    create: async (doc) => (await table.insert(toRow(doc))) === null,
    save: async (doc, revision) => table.replace(toRow(doc), revision),
    async remove(key) {
      await table.remove({ key });
    },
    async inState(states, limit) {
      const rows = await table.find({ where: { state: { in: states } }, order: ['createdAt', 'id'], limit });
      return rows.map(versioned);
    },
  };
}
