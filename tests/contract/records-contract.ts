/** What the sealed store relies on below `src/ports/store.ts`: the sentences of `src/drivers/records.ts` that its own contract cannot see. */
import type { NewRow, Records, Table } from '../../src/drivers/records';

/** Fresh, empty records; `close` also removes what they left behind. */
export interface OpenedRecords {
  readonly records: Records;
  close(): Promise<void>;
}

const bytes = (text: string) => Buffer.from(text);
const row = (body: string, kid: string, clear: NewRow['clear'] = {}): NewRow => ({
  ...{ id: 'a', v: 1, kid, body: bytes(body) },
  clear: { color: 'red', size: 1, ...clear },
});

export function recordsContract(name: string, open: () => Promise<OpenedRecords>): void {
  describe(`records: ${name}`, () => {
    let opened: OpenedRecords;
    let table: Table;
    beforeEach(async () => {
      opened = await open();
      table = await opened.records.table({ name: 'things', columns: { color: 'text', size: 'number' } });
    });
    afterEach(() => opened.close());

    const stands = async () => {
      const found = (await table.get('id', 'a'))!;
      return { revision: found.revision, kid: found.kid, body: Buffer.from(found.body).toString() };
    };

    it('creates by put at revision 1; each overwriting raises it, and empties what is not named', async () => {
      for (const revision of [1, 2, 3]) {
        await table.put(row(`body ${revision}`, 'k1'));
        expect(await stands()).toEqual({ revision, kid: 'k1', body: `body ${revision}` });
      }
      await table.put({ ...row('last', 'k1'), clear: { color: 'blue' } });
      const { clear } = (await table.get('id', 'a'))!;
      expect([clear['color'], clear['size'] ?? null]).toEqual(['blue', null]);
      expect(await table.replace(row('changed', 'k1'), 4)).toBe(true);
      await table.put(row('put again', 'k1'));
      expect((await stands()).revision).toBe(6);
    });

    it('never goes back to a revision that somebody read: neither compare-and-set nor reseal hits it', async () => {
      await table.put(row('old', 'k1'));
      const read = (await table.get('id', 'a'))!;
      await table.put(row('new', 'k1'));
      expect(await table.reseal('a', read.revision, 'k2', bytes('old'))).toBe(false);
      expect(await table.replace(row('late', 'k1'), read.revision)).toBe(false);
      expect(await stands()).toEqual({ revision: 2, kid: 'k1', body: 'new' });
    });

    it('reseals what stands there, once, and leaves the revision', async () => {
      await table.put(row('sealed', 'k1'));
      expect(await table.reseal('a', 1, 'k2', bytes('anew'))).toBe(true);
      expect(await table.reseal('a', 1, 'k2', bytes('again'))).toBe(false);
      expect(await table.reseal('none', 1, 'k2', bytes('x'))).toBe(false);
      expect(await stands()).toEqual({ revision: 1, kid: 'k2', body: 'anew' });
      expect(await table.replace(row('changed', 'k2'), 1)).toBe(true);
    });

    it.each(['take', 'remove'] as const)(
      'does not bring the body back of what was gone by %s',
      async (way) => {
        await table.put(row('old', 'k1'));
        const read = (await table.get('id', 'a'))!;
        if (way === 'take') await table.take('a');
        else await table.remove({ id: 'a' });
        expect(await table.reseal('a', read.revision, 'k2', bytes('old'))).toBe(false);
        // Servers write under the newest key before anything is resealed.
        await table.put(row('new', 'k2'));
        expect(await table.reseal('a', read.revision, 'k2', bytes('old'))).toBe(false);
        expect((await stands()).body).toBe('new');
      },
    );

    it('keeps what was put by many at once, one revision each', async () => {
      const all = Array.from({ length: 12 }, (_, n) => `body ${n}`);
      await Promise.all(all.map((body) => table.put(row(body, 'k1'))));
      const { revision, body } = await stands();
      expect([revision, all.includes(body)]).toEqual([12, true]);
    });
  });
}
