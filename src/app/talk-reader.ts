/** The talk of one chat as its channel shows it again: both sides, in order. */
import type { Address, TalkReader } from '../ports/channel';
import type { Store } from '../ports/store';

/** Chats whose conversation id is remembered; the id of a chat never changes. */
const REMEMBERED = 10_000;

export function talkReader(store: Pick<Store, 'conversations' | 'transcripts'>): TalkReader {
  const ids = new Map<string, string>();
  async function idOf(address: Address): Promise<string | null> {
    const key = JSON.stringify([address.channel, address.account, address.chat]);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const found = await store.conversations.find(address);
    if (found === null) return null;
    if (ids.size >= REMEMBERED) ids.clear();
    ids.set(key, found.doc.id);
    return found.doc.id;
  }
  return {
    async read(address, after, limit) {
      const id = await idOf(address);
      if (id === null) return [];
      const rows = await store.transcripts.read(id, after, limit);
      return rows.map(({ seq, at, side, message }) => ({ ...message, seq, at, side }));
    },
  };
}
