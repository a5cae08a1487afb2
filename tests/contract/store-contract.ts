/** What every store must promise, sentence by sentence of `src/ports/store.ts`. A new engine runs this and nothing else is needed. */
import { codeOf } from '../../src/errors';
import type { Store } from '../../src/ports/store';
import { auditOf, conversationDoc, deliveryDoc, officerDoc, said } from './documents';
import { dossierContract } from './dossier-contract';

/** A fresh, empty store; `close` also removes what it left behind. */
export interface OpenedStore {
  readonly store: Store;
  close(): Promise<void>;
}

const count = (n: number) => Array.from({ length: n }, (_, i) => i);
const wins = (results: readonly boolean[]) => results.filter(Boolean).length;

export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`store: ${name}`, () => {
    let opened: OpenedStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    describe('conversations', () => {
      it('reads back what was created, at revision 1, by address and by id, and null for an unknown one', async () => {
        const doc = conversationDoc('c1', { agency: 'xa-mau', pair: 'ông-cháu 👵🏽' });
        expect(await store.conversations.create(doc, null)).toBe(true);
        const state = { doc, revision: 1, sentUpTo: 0, doneUpTo: 0 };
        expect(await store.conversations.find(doc.address)).toEqual(state);
        expect(await store.conversations.byId('c1')).toEqual(state);
        expect(await store.conversations.byId('none')).toBeNull();
        for (const other of [{ channel: 'telegram' }, { account: 'two' }, { chat: 'x' }])
          expect(await store.conversations.find({ ...doc.address, ...other })).toBeNull();
      });

      it('lets one of 50 simultaneous creators of a chat win', async () => {
        const address = conversationDoc('x').address;
        const results = await Promise.all(
          count(50).map((n) => store.conversations.create(conversationDoc(`c${n}`, { address }), null)),
        );
        expect(wins(results)).toBe(1);
        const winner = results.indexOf(true);
        expect((await store.conversations.find(address))?.doc.id).toBe(`c${winner}`);
        expect(await store.conversations.byId(`c${winner === 0 ? 1 : 0}`)).toBeNull();
      });

      it('applies all of 100 concurrent compare-and-set writers, none lost', async () => {
        await store.conversations.create(conversationDoc('c1', { nextSeq: 0 }), null);
        // An engine that is too busy says so; whoever asks again sees by its id what became of it, as the house does.
        const add = async (n: number): Promise<boolean> => {
          const { doc, revision } = (await store.conversations.byId('c1'))!;
          if (doc.seen.some(({ id }) => id === `w${n}`)) return true;
          const seen = [...doc.seen, { id: `w${n}`, at: n }];
          return store.conversations.save({ ...doc, seen, nextSeq: doc.nextSeq + 1 }, revision, null);
        };
        const busy = (error: unknown) => {
          if (codeOf(error) !== 'store-unavailable') throw error;
          return false;
        };
        const addOnce = async (n: number): Promise<void> => {
          while (!(await add(n).catch(busy)));
        };
        await Promise.all(count(100).map(addOnce));
        expect(await store.conversations.byId('c1')).toMatchObject({ doc: { nextSeq: 100 }, revision: 101 });
      });

      it('refuses a save with an old revision and leaves the document alone', async () => {
        const doc = conversationDoc('c1');
        await store.conversations.create(doc, null);
        expect(await store.conversations.save({ ...doc, pair: 'a' }, 1, null)).toBe(true);
        expect(await store.conversations.save({ ...doc, pair: 'b' }, 1, null)).toBe(false);
        expect(await store.conversations.save({ ...doc, pair: 'c' }, 3, null)).toBe(false);
        expect(await store.conversations.save(conversationDoc('none'), 1, null)).toBe(false);
        expect(await store.conversations.byId('c1')).toMatchObject({ doc: { pair: 'a' }, revision: 2 });
      });

      it('refuses a document over 64 KB by name, counting bytes and not letters', async () => {
        const fits = conversationDoc('c1', { pair: 'ế'.repeat(20_000) });
        const over = conversationDoc('c2', { pair: 'ế'.repeat(22_000) });
        expect(await store.conversations.create(fits, null)).toBe(true);
        await expect(store.conversations.create(over, null)).rejects.toMatchObject({
          code: 'document-too-large',
        });
        await expect(store.conversations.save({ ...over, id: 'c1' }, 1, null)).rejects.toMatchObject({
          code: 'document-too-large',
        });
        expect(await store.conversations.byId('c1')).toMatchObject({ doc: fits, revision: 1 });
      });

      it('only ever raises watermarks, and a save leaves them alone', async () => {
        const doc = conversationDoc('c1');
        await store.conversations.create(doc, null);
        const marks = [{ sentUpTo: 5 }, { sentUpTo: 3, doneUpTo: 2 }, { doneUpTo: 1 }, { sentUpTo: 4 }];
        await Promise.all(marks.map((mark) => store.conversations.mark('c1', mark)));
        await store.conversations.save(doc, 1, null);
        expect(await store.conversations.byId('c1')).toMatchObject({ sentUpTo: 5, doneUpTo: 2, revision: 2 });
        await store.conversations.mark('none', { sentUpTo: 1 });
      });

      it('sets dueAt by a mark only while the revision still is the given one', async () => {
        const doc = conversationDoc('c1');
        await store.conversations.create(doc, 10);
        await store.conversations.save(doc, 1, 20);
        await store.conversations.mark('c1', { sentUpTo: 1 }, { revision: 1, dueAt: null });
        expect(await store.due(20, 10)).toEqual([{ document: 'conversation', id: 'c1', revision: 2 }]);
        await store.conversations.mark('c1', {}, { revision: 2, dueAt: 30 });
        expect(await store.due(29, 10)).toEqual([]);
        await store.conversations.mark('c1', {}, { revision: 2, dueAt: null });
        expect(await store.due(1e15, 10)).toEqual([]);
        expect(await store.conversations.byId('c1')).toMatchObject({ sentUpTo: 1, revision: 2 });
      });

      it('gives the sending lease to one, until it is released by its holder or expires', async () => {
        await store.conversations.create(conversationDoc('c1'), null);
        const take = (holder: string, now: number) =>
          store.conversations.takeSendLease('c1', holder, now, now + 100);
        expect(wins(await Promise.all(count(20).map((n) => take(`h${n}`, 1_000))))).toBe(1);
        expect(await take('late', 1_099)).toBe(false);
        expect(await take('heir', 1_100)).toBe(true);
        await store.conversations.releaseSendLease('c1', 'stranger');
        expect(await take('next', 1_101)).toBe(false);
        await store.conversations.releaseSendLease('c1', 'heir', 7);
        expect(await take('next', 1_101)).toBe(true);
        expect(await store.conversations.byId('c1')).toMatchObject({ sentUpTo: 7 });
        await store.conversations.releaseSendLease('c1', 'heir', 9);
        expect(await take('other', 1_102)).toBe(false);
        await store.conversations.releaseSendLease('c1', 'next', 8);
        expect(await store.conversations.byId('c1')).toMatchObject({ sentUpTo: 9 });
        expect(await store.conversations.takeSendLease('none', 'h', 1, 2)).toBe(false);
        await store.conversations.releaseSendLease('c1', 'other');
        // Who read an older mark would say it again.
        expect(await store.conversations.takeSendLease('c1', 'old', 2_000, 2_100, 8)).toBe(false);
        expect(await store.conversations.takeSendLease('c1', 'new', 2_000, 2_100, 9)).toBe(true);
      });

      it('lists who waits for a person at one agency, oldest first, and forgets what is removed', async () => {
        const waiting = [
          conversationDoc('c1', { agency: 'a', helpAt: 30 }),
          conversationDoc('c2', { agency: 'a', helpAt: 10 }),
          conversationDoc('c3', { agency: 'a' }),
          conversationDoc('c4', { agency: 'b', helpAt: 5 }),
          conversationDoc('c5', { helpAt: 7 }),
        ];
        for (const doc of waiting) await store.conversations.create(doc, null);
        const [second, first] = [
          { id: 'c1', helpAt: 30 },
          { id: 'c2', helpAt: 10 },
        ];
        expect(await store.conversations.waitingForPerson('a', 10)).toEqual([first, second]);
        expect(await store.conversations.waitingForPerson('a', 1)).toEqual([first]);
        expect(await store.conversations.waitingForPerson(null, 10)).toEqual([{ id: 'c5', helpAt: 7 }]);
        await store.conversations.remove('c2');
        expect(await store.conversations.byId('c2')).toBeNull();
        expect(await store.conversations.waitingForPerson('a', 10)).toEqual([second]);
        expect(await store.conversations.create(waiting[1]!, null)).toBe(true);
      });
    });

    dossierContract(() => store);

    it('lists what is due, earliest first, up to the limit of each kind: a flood of one hides no other', async () => {
      await store.conversations.create(conversationDoc('c1'), 30);
      await store.conversations.create(conversationDoc('c2'), null);
      await store.deliveries.create(deliveryDoc('x1', { dueAt: 10 }));
      await store.deliveries.create(deliveryDoc('x2', { dueAt: 41 }));
      await store.deliveries.create(deliveryDoc('x3', { dueAt: 20 }));
      const first = { document: 'delivery', id: 'x1', revision: 1 };
      const second = { document: 'delivery', id: 'x3', revision: 1 };
      const talk = { document: 'conversation', id: 'c1', revision: 1 };
      expect(await store.due(40, 10)).toEqual([first, second, talk]);
      expect(await store.due(40, 1)).toEqual([first, talk]);
      expect(await store.due(9, 10)).toEqual([]);
    });

    describe('deliveries', () => {
      it('exist once per key, move by compare-and-set and are listed by state, oldest first', async () => {
        const doc = deliveryDoc('x1', { createdAt: 2 });
        expect(await store.deliveries.create(doc)).toBe(true);
        expect(await store.deliveries.create({ ...doc, id: 'x9' })).toBe(false);
        expect(await store.deliveries.byId('x9')).toBeNull();
        const moved = { ...doc, state: 'unknown', attempts: 1, dueAt: null } as const;
        expect(wins(await Promise.all(count(10).map(() => store.deliveries.save(moved, 1))))).toBe(1);
        expect(await store.deliveries.byKey(doc.key)).toEqual({ doc: moved, revision: 2 });
        await store.deliveries.create(deliveryDoc('x2', { createdAt: 1 }));
        const found = await store.deliveries.inState(['unknown', 'waiting'], 10);
        expect(found.map((one) => one.doc.id)).toEqual(['x2', 'x1']);
        expect(await store.deliveries.inState(['accepted'], 10)).toEqual([]);
      });
    });

    describe('transcripts', () => {
      it('keep each line once, in order, whoever repeats it', async () => {
        await store.transcripts.append([said('c1', 1), said('c1', 2), said('c10', 1)]);
        await store.transcripts.append([said('c1', 2, 'khác'), said('c1', 3), said('c1', 12)]);
        await store.transcripts.append([]);
        const seqs = async (after: number, limit: number) =>
          (await store.transcripts.read('c1', after, limit)).map((row) => row.seq);
        expect(await seqs(0, 10)).toEqual([1, 2, 3, 12]);
        expect(await seqs(1, 2)).toEqual([2, 3]);
        expect(await seqs(12, 10)).toEqual([]);
        expect((await store.transcripts.read('c1', 1, 1))[0]).toEqual(said('c1', 2));
        expect((await store.transcripts.last('c1', 2)).map((row) => row.seq)).toEqual([3, 12]);
        expect(await store.transcripts.read('c', 0, 10)).toEqual([]);
      });

      it('are removed with their conversation, or by age', async () => {
        await store.transcripts.append([said('c1', 1), said('c1', 2), said('c2', 1), said('c2', 9)]);
        await store.transcripts.removeOf('c1');
        expect(await store.transcripts.read('c1', 0, 10)).toEqual([]);
        expect(await store.transcripts.removeOlderThan(9_000)).toBe(1);
        expect((await store.transcripts.read('c2', 0, 10)).map((row) => row.seq)).toEqual([9]);
      });
    });

    it('keeps drafts until they are removed or due; putting the same id again changes nothing', async () => {
      const session = { flow: 'f', key: 'k' } as never;
      await store.drafts.put({ id: 'a', holder: 'c1', session, dueAt: 100 });
      await store.drafts.put({ id: 'a', holder: 'c2', session, dueAt: 900 });
      await store.drafts.put({ id: 'b', holder: 'c1', session, dueAt: 200 });
      expect(await store.drafts.get('a')).toEqual({ id: 'a', holder: 'c1', session, dueAt: 100 });
      expect((await store.drafts.ofHolder('c1')).map((draft) => draft.id)).toEqual(['a', 'b']);
      expect((await store.drafts.due(100, 10)).map(({ id }) => id)).toEqual(['a']);
      expect((await store.drafts.due(500, 1)).map(({ id }) => id)).toEqual(['a']);
      await store.drafts.remove('a');
      expect(await store.drafts.due(100, 10)).toEqual([]);
      await store.drafts.remove('b');
      await store.drafts.remove('b');
      expect(await store.drafts.ofHolder('c1')).toEqual([]);
    });

    it('keeps consents for ever, each id once, oldest first', async () => {
      const base = {
        conversation: 'c1',
        agency: 'a',
        procedure: 'p',
        textKey: 'k',
        textHash: 'h',
        agreed: true,
        by: 'applicant' as const,
      };
      const first = { ...base, id: 'one', purpose: 'file', at: 1, withdrawnAt: null };
      const second = { ...base, id: 'two', purpose: 'push', at: 2, withdrawnAt: 5 };
      for (const doc of [second, first, { ...first, agreed: false }]) await store.consents.append(doc);
      expect(await store.consents.ofConversation('c1')).toEqual([first, second]);
      expect(await store.consents.ofConversation('c2')).toEqual([]);
    });

    it('keeps agencies, officers with one login each, and attachments', async () => {
      const officer = officerDoc('o1', 'tran.canbo');
      expect(await store.officers.create(officer)).toBe(true);
      expect(await store.officers.create(officerDoc('o2', 'tran.canbo'))).toBe(false);
      expect(await store.officers.save({ ...officer, epoch: 2 }, 1)).toBe(true);
      expect(await store.officers.save({ ...officer, epoch: 3 }, 1)).toBe(false);
      expect(await store.officers.byLogin('tran.canbo')).toMatchObject({ doc: { epoch: 2 }, revision: 2 });
      expect((await store.officers.all()).map((one) => one.doc.id)).toEqual(['o1']);
      const agency = { id: 'xa-mau', name: 'UBND xã Mẫu', receiver: { type: 'desk' } } as never;
      expect([await store.agencies.create(agency), await store.agencies.create(agency)]).toEqual([
        true,
        false,
      ]);
      expect(await store.agencies.byId('xa-mau')).toEqual({ doc: agency, revision: 1 });
      const file = {
        id: 'f1',
        owner: 'd1',
        name: 'ảnh.jpg',
        type: 'image/jpeg',
        bytes: 3,
        fileKey: 'k',
        at: 1,
      };
      await store.attachments.put({ ...file, state: 'ok' });
      await store.attachments.put({ ...file, state: 'removed' });
      expect(await store.attachments.get('f1')).toEqual({ ...file, state: 'removed' });
      expect(await store.attachments.add({ ...file, owner: 'd2', state: 'ok' })).toBe(false);
      expect((await store.attachments.ofOwner('d1')).map(({ state }) => state)).toEqual(['removed']);
      expect(await store.attachments.add({ ...file, id: 'f3', owner: 'd2', state: 'ok' })).toBe(true);
      expect((await store.attachments.ofOwner('d2')).map(({ id }) => id)).toEqual(['f3']);
      expect([await store.attachments.get('f2'), await store.officers.byId('o2')]).toEqual([null, null]);
    });

    describe('slips', () => {
      it('are read until they expire, and overwritten by a later one', async () => {
        await store.slips.put('session', 's1', { officer: 'o1' }, 100);
        await store.slips.put('session', 's1', { officer: 'o2' }, 200);
        expect(await store.slips.get('session', 's1', 199)).toEqual({ officer: 'o2' });
        expect(await store.slips.get('session', 's1', 200)).toBeNull();
        expect(await store.slips.get('link', 's1', 1)).toBeNull();
        await store.slips.put('session', 's2', 1, 300);
        expect(await store.slips.count('session')).toBe(2);
        expect(await store.slips.expired('session', 199, 10)).toEqual([]);
        expect(await store.slips.expired('session', 200, 10)).toEqual([{ officer: 'o2' }]);
        expect(await store.slips.expired('link', 900, 10)).toEqual([]);
        expect(await store.slips.removeExpired(200)).toBe(1);
        await store.slips.remove('session', 's2');
        expect(await store.slips.count('session')).toBe(0);
      });

      it('are taken by exactly one of 50, and never after their end', async () => {
        await store.slips.put('link', 's1', { secret: 1 }, 100);
        const taken = await Promise.all(count(50).map(() => store.slips.take('link', 's1', 50)));
        expect(taken.filter((value) => value !== null)).toEqual([{ secret: 1 }]);
        await store.slips.put('link', 's2', 1, 100);
        expect(await store.slips.take('link', 's2', 100)).toBeNull();
      });
    });

    it('gives a named lease to one holder, who may renew it; others after it expires or is released', async () => {
      const take = (holder: string, now: number) => store.leases.take('poll', holder, now, now + 100);
      expect(wins(await Promise.all(count(20).map((n) => take(`h${n}`, 1_000))))).toBe(1);
      expect(await take('a', 1_200)).toBe(true);
      expect([await take('a', 1_250), await take('b', 1_300), await take('b', 1_350)]).toEqual([
        true,
        false,
        true,
      ]);
      await store.leases.release('poll', 'a');
      expect(await take('c', 1_360)).toBe(false);
      await store.leases.release('poll', 'b');
      expect(await take('c', 1_360)).toBe(true);
    });

    it('chains the audit: 200 simultaneous entries are numbered without a gap, and verify', async () => {
      expect(await store.audit.verify()).toBeNull();
      await Promise.all(count(200).map((n) => store.audit.append(auditOf(n))));
      expect(await store.audit.verify()).toBeNull();
      const newest = await store.audit.last(200);
      expect(newest.map((row) => row.seq)).toEqual(count(200).map((n) => 200 - n));
      expect(new Set(newest.map((row) => row.hash)).size).toBe(200);
      const ofOne = await store.audit.ofSubject('d1', 3);
      expect(ofOne.map((row) => row.subject)).toEqual(['d1', 'd1', 'd1']);
      expect(ofOne[0]).toMatchObject({ who: 'o1', what: 'view-dossier', agency: 'xa-mau' });
    });

    it('answers a ping, and closes twice without harm', async () => {
      await store.ping();
      await store.close();
      await store.close();
    });
  });
}
