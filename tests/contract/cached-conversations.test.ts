import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedConversations } from '../../src/app/conversation-cache';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { conversationDoc } from './documents';
import { storeContract } from './store-contract';

async function open() {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  const records = sqliteRecords({ path: join(dir, 'store.db') });
  const store = await openSealedStore({ records, vault: openVault(parseDataKeys(newKeys(randomBytes))) });
  return {
    store,
    async close() {
      await store.close();
      rmSync(dir, { recursive: true });
    },
  };
}

storeContract('sqlite, conversations kept open', async () => {
  const { store, close } = await open();
  return { store: { ...store, conversations: cachedConversations(store.conversations) }, close };
});

describe('beside another writer', () => {
  it('is refused what the other has overtaken, then reads what stands there', async () => {
    const { store, close } = await open();
    const kept = cachedConversations(store.conversations);
    const doc = conversationDoc('a');
    await kept.create(doc, null);
    await store.conversations.save({ ...doc, lang: 'en' }, 1, null);

    expect(await kept.save({ ...doc, pair: 'formal' }, 1, null)).toBe(false);
    expect(await kept.find(doc.address)).toMatchObject({ revision: 2, doc: { lang: 'en', pair: doc.pair } });
    await close();
  });
});

describe('beside its own writes', () => {
  it('does not keep what a read brings that began before a mark', async () => {
    const { store, close } = await open();
    const doc = conversationDoc('a');
    await store.conversations.create(doc, null);
    const gate: { open: () => void } = { open: () => undefined };
    const opened = new Promise<void>((resolve) => (gate.open = resolve));
    const kept = cachedConversations({
      ...store.conversations,
      async byId(id) {
        const state = await store.conversations.byId(id);
        await opened;
        return state;
      },
    });

    const slow = kept.byId('a');
    await kept.releaseSendLease('a', 'nobody', 5);
    await kept.mark('a', { doneUpTo: 3 });
    gate.open();
    expect(await slow).toMatchObject({ sentUpTo: 0 });
    expect(await kept.byId('a')).toMatchObject({ sentUpTo: 5, doneUpTo: 3 });
    await close();
  });
});
