/** Conversations: found by a blind index of their address; watermarks, lease and due time stand clear beside the sealed body. */
import type { Vault } from '../../crypto/vault';
import type { Address } from '../../ports/channel';
import type { Conversation } from '../../ports/documents';
import type { ConversationState, Conversations } from '../../ports/store';
import type { Row, Table } from '../records';
import { codec } from './codec';
import { dueSet } from './due';

export function conversations(table: Table, vault: Vault): Conversations {
  const { seal, open } = codec<Conversation>('conversations', vault);
  const keyOf = (at: Address) => vault.blind('address', JSON.stringify([at.channel, at.account, at.chat]));
  const state = (row: Row | null): ConversationState | null =>
    row && {
      doc: open(row),
      revision: row.revision,
      sentUpTo: Number(row.clear['sentUpTo']),
      doneUpTo: Number(row.clear['doneUpTo']),
    };
  const clearOf = (doc: Conversation, dueAt: number | null) => ({
    agency: doc.agency,
    helpAt: doc.helpAt,
    dueAt,
  });

  return {
    find: async (address) => state(await table.get('address', keyOf(address))),
    byId: async (id) => state(await table.get('id', id)),
    async create(doc, dueAt) {
      const fresh = { sentUpTo: 0, doneUpTo: 0, sendHolder: null, sendUntil: 0 };
      const clear = { ...clearOf(doc, dueAt), ...fresh, address: keyOf(doc.address) };
      return (await table.insert(seal(doc.id, doc, { clear }))) === null;
    },
    save: async (doc, revision, dueAt) =>
      table.replace(seal(doc.id, doc, { clear: clearOf(doc, dueAt) }), revision),
    takeSendLease: (id, holder, now, until, sentUpTo) =>
      table.patch(id, {
        set: { sendHolder: holder, sendUntil: until },
        when: { sendUntil: { lte: now }, ...(sentUpTo === undefined ? {} : { sentUpTo: { lte: sentUpTo } }) },
      }),
    async releaseSendLease(id, holder, sentUpTo) {
      const free = { set: { sendHolder: null, sendUntil: 0 }, when: { sendHolder: holder } };
      await table.patch(id, sentUpTo === undefined ? free : { ...free, max: { sentUpTo } });
    },
    async mark(id, marks, due) {
      await table.patch(id, { max: { ...marks }, ...dueSet(due) });
    },
    async waitingForPerson(agency, limit) {
      const where = { agency, helpAt: { gt: 0 } };
      const rows = await table.peek({ where, order: ['helpAt', 'id'], limit });
      return rows.map((row) => ({ id: row.id, helpAt: Number(row.clear['helpAt']) }));
    },
    async remove(id) {
      await table.remove({ id });
    },
  };
}
