/** The part of the store's contract that is about dossiers: unique keys, what an agency may list, and what can be found. */
import type { Person } from '../../src/ports/documents';
import type { DossierQuery, Store } from '../../src/ports/store';
import { AN, BINH, dossierDoc, partDoc } from './documents';

const MINE = { agency: 'xa-mau', limit: 50 };

export function dossierContract(current: () => Store): void {
  describe('dossiers', () => {
    const listed = async (query: Partial<DossierQuery> = {}) =>
      (await current().dossiers.list({ ...MINE, ...query })).map((row) => row.state.doc.id);

    /** What a query lists, and that counting agrees with it. */
    const found = async (query: Partial<DossierQuery> = {}) => {
      const ids = await listed(query);
      expect(await current().dossiers.count({ ...MINE, ...query })).toBe(ids.length);
      return ids;
    };

    it('exist once per code and once per session, and read back by each', async () => {
      const { dossiers } = current();
      const doc = dossierDoc('d1', 'ABCDE12345X');
      expect(await dossiers.create(doc, null)).toBe('created');
      expect(await dossiers.create(dossierDoc('d2', doc.code), null)).toBe('code-taken');
      const again = { ...dossierDoc('d3', 'ZZZZZ99999X'), sessionKey: doc.sessionKey };
      expect(await dossiers.create(again, null)).toBe('session-taken');
      expect(await dossiers.create({ ...again, code: doc.code }, null)).toBe('session-taken');
      expect(await dossiers.byId('d1')).toEqual({ doc, revision: 1, doneUpTo: 0 });
      expect(await dossiers.bySession(doc.sessionKey)).toEqual({ doc, revision: 1 });
      for (const typed of ['ABCDE12345X', 'abcde-12345-x', ' abcde 12345 x '])
        expect((await dossiers.byCode(typed))?.doc.id).toBe('d1');
      expect([await dossiers.byCode('ABCDE12345Y'), await dossiers.byId('d2')]).toEqual([null, null]);
      expect(await found()).toEqual(['d1']);
    });

    it('give one of 50 simultaneous creators of a session the dossier', async () => {
      const { dossiers } = current();
      const creators = Array.from({ length: 50 }, (_, n) => ({
        ...dossierDoc(`d${n}`, `CODE${String(n).padStart(7, '0')}`),
        sessionKey: 'one',
      }));
      const results = await Promise.all(creators.map((doc) => dossiers.create(doc, null)));
      expect(results.filter((result) => result === 'created')).toHaveLength(1);
      expect(results.filter((result) => result === 'session-taken')).toHaveLength(49);
    });

    it('move by compare-and-set, keep a watermark that only grows, and are due when they say', async () => {
      const { dossiers } = current();
      const doc = dossierDoc('d1', 'A');
      await dossiers.create(doc, 5);
      expect(await dossiers.save({ ...doc, status: 2 }, 1, 7)).toBe(true);
      expect(await dossiers.save({ ...doc, status: 3 }, 1, 9)).toBe(false);
      await dossiers.mark('d1', 4, { revision: 1, dueAt: null });
      await dossiers.mark('d1', 2);
      expect(await dossiers.byId('d1')).toMatchObject({ doc: { status: 2 }, revision: 2, doneUpTo: 4 });
      expect(await current().due(7, 10)).toEqual([{ document: 'dossier', id: 'd1', revision: 2 }]);
      await dossiers.mark('d1', 5, { revision: 2, dueAt: null });
      expect(await current().due(1e15, 10)).toEqual([]);
    });

    it('are found by procedure and person: by national ID, or by name and birth, whichever agency has them', async () => {
      const { dossiers } = current();
      const child = { name: 'Nguyễn Minh An', birth: '2026-03-05' };
      const about = (id: string, subject: Person, createdAt: number) => {
        const doc = dossierDoc(id, `CODE-${id}`);
        return { ...doc, people: { ...doc.people, subject }, createdAt };
      };
      await dossiers.create(about('d1', child, 1_000), null);
      await dossiers.create(about('d2', { name: 'NGUYỄN  MINH AN', birth: '2026-03-05' }, 2_000), null);
      await dossiers.create(about('d3', { ...child, birth: '2026-03-06' }, 3_000), null);
      await dossiers.create(about('d4', { name: 'Ai Khác', nationalId: '001190054321' }, 4_000), null);
      const of = async (subject: Person, procedure = 'khai-sinh', kin: readonly string[] = []) =>
        (await dossiers.ofSubject(procedure, { ...subject, kin }, 5)).map(({ doc }) => doc.id);
      expect(await of(child)).toEqual(['d2', 'd1']);
      expect(await of({ name: 'Tên Đã Đổi', nationalId: '001190054321' })).toEqual(['d4']);
      expect(await of({ ...child, nationalId: '001190054321' })).toEqual(['d4', 'd2', 'd1']);
      expect(await of({ name: 'Nguyễn Minh An' })).toEqual([]);
      expect(await of(child, 'khai-tu')).toEqual([]);
      expect(await dossiers.ofSubject('khai-sinh', { ...child, kin: [] }, 1)).toHaveLength(1);
      const mother = { ...about('d5', { name: 'Lê An', birth: '2026-04-01' }, 5_000) };
      const number = { ...mother.answers[0]!, step: 'mother.nationalId', value: '001195000111' };
      await dossiers.create({ ...mother, answers: [...mother.answers, number] }, null);
      const other = { name: 'Lê Minh An', birth: '2026-04-01' };
      expect(await of(other, 'khai-sinh', ['001195000111'])).toEqual(['d5']);
      expect(await of({ ...other, birth: '2026-04-02' }, 'khai-sinh', ['001195000111'])).toEqual([]);
      expect(await of(other)).toEqual([]);
    });

    it('are found from outside only with the code and the last four digits of a phone or ID of theirs', async () => {
      const { dossiers } = current();
      await dossiers.create(dossierDoc('d1', 'ABCDE12345X'), null);
      await dossiers.create(
        dossierDoc('d2', 'QQQQQ12345X', { people: { filer: null, applicant: BINH, subject: BINH } }),
        null,
      );
      const by = async (code: string, four: string) =>
        (await dossiers.byCodeAndLastFour(code, four))?.doc.id ?? null;
      for (const four of ['0123', '5678', '0456', '4321']) expect(await by('abcde-12345x', four)).toBe('d1');
      expect(await by('QQQQQ12345X', '4321')).toBe('d2');
      for (const [code, four] of [
        ['ABCDE12345X', '9999'],
        ['QQQQQ12345X', '0123'],
        ['NONE', '0123'],
        ['ABCDE12345X', ''],
      ] as const)
        expect(await by(code, four)).toBeNull();
    });

    it('follow an index that changes with them', async () => {
      const { dossiers } = current();
      const doc = dossierDoc('d1', 'A', { people: { filer: null, applicant: AN, subject: AN } });
      await dossiers.create(doc, null);
      expect([await found({ find: 'Ví' }), await found({ find: 'Thử' })]).toEqual([['d1'], []]);
      const people = { filer: null, applicant: BINH, subject: BINH };
      await dossiers.save({ ...doc, people, parts: [partDoc('p1', { status: 4 })] }, 1, null);
      expect([await found({ find: 'Ví' }), await found({ find: 'Thử' })]).toEqual([[], ['d1']]);
      expect([await found({ statuses: [1] }), await found({ statuses: [4] })]).toEqual([[], ['d1']]);
    });

    it.each([
      ['one word', 'Thị', ['d1']],
      ['a word without marks', 'thi', ['d1']],
      ['đ as d', 'dang', ['d2']],
      ['a decomposed spelling', 'Đặng'.normalize('NFD'), ['d2']],
      ['several words in any order', 'dụ nguyễn', ['d1']],
      ['words of which one is wrong', 'Nguyễn Thị Mai', []],
      ['part of a word', 'Ngu', []],
      ['a quoted whole name', '"Nguyễn Thị Ví Dụ"', ['d1']],
      ['a quoted name that is only a part', '"Nguyễn Thị"', []],
      ['a national ID', '001190000123', ['d1']],
      ['a national ID in groups', '001 190 000 123', ['d1']],
      ['part of a national ID', '001190', []],
      ['a phone', '0987654321', ['d2']],
      ['a phone with country code', '+84 987.654.321', ['d2']],
      ['a code', 'QQQQQ-12345-X', ['d2']],
      ['signs only', '?!', []],
      ['blanks only: no search at all', '  ', ['d1', 'd2']],
    ])('are found by %s', async (_, find, ids) => {
      const { dossiers } = current();
      const only = (person: typeof AN) => ({ filer: null, applicant: person, subject: person });
      await dossiers.create(dossierDoc('d1', 'ABCDE12345X', { people: only(AN) }), null);
      await dossiers.create(dossierDoc('d2', 'QQQQQ12345X', { people: only(BINH), createdAt: 2_000 }), null);
      expect(await found({ find })).toEqual(ids);
      expect(await found({ find, agency: 'xa-khac' })).toEqual([]);
    });

    it('show each agency its own parts only, and its own state of them', async () => {
      const mine = partDoc('p1', { status: 4, dueOn: '2026-12-09' });
      const theirs = partDoc('p2', { agency: 'xa-khac', status: 5, dueOn: '2026-12-01' });
      await current().dossiers.create(dossierDoc('d1', 'A', { parts: [mine, theirs] }), null);
      expect([await found({ statuses: [4] }), await found({ statuses: [5] })]).toEqual([['d1'], []]);
      expect(await found({ agency: 'xa-khac', statuses: [5] })).toEqual(['d1']);
      expect([await found({ dueUpTo: '2026-12-08' }), await found({ dueUpTo: '2026-12-09' })]).toEqual([
        [],
        ['d1'],
      ]);
      expect([await found({ dueOn: '2026-12-01' }), await found({ agency: 'la' })]).toEqual([[], []]);
      // Status and date must be met by one and the same part.
      expect(await found({ agency: 'xa-khac', statuses: [5], dueOn: '2026-12-09' })).toEqual([]);
    });

    it('come by due date, then by when they came; each once, at the earliest of its matching parts; undated last', async () => {
      const { dossiers } = current();
      const due = (dueOn: string | null, more = {}) => partDoc('p', { dueOn, ...more });
      await dossiers.create(dossierDoc('late', 'A', { parts: [due('2026-12-05')], createdAt: 1 }), null);
      await dossiers.create(dossierDoc('none', 'B', { parts: [due(null)], createdAt: 0 }), null);
      await dossiers.create(dossierDoc('second', 'C', { parts: [due('2026-12-02')], createdAt: 9 }), null);
      await dossiers.create(dossierDoc('first', 'D', { parts: [due('2026-12-02')], createdAt: 3 }), null);
      const twice = [due('2026-12-09'), due('2026-12-01', { status: 2 }), due('2026-12-01', { status: 2 })];
      await dossiers.create(dossierDoc('twice', 'E', { parts: twice, createdAt: 4 }), null);
      expect(await found()).toEqual(['twice', 'first', 'second', 'late', 'none']);
      expect(await found({ statuses: [1] })).toEqual(['first', 'second', 'late', 'twice', 'none']);
      expect(await found({ dueUpTo: '2026-12-05' })).toEqual(['twice', 'first', 'second', 'late']);
    });

    it('page by cursor without a gap or a repeat, also while new ones come', async () => {
      const { dossiers } = current();
      const twoParts = [partDoc('p1', { dueOn: '2026-12-20' }), partDoc('p2')];
      for (let n = 0; n < 25; n += 1)
        await dossiers.create(dossierDoc(`d${n}`, `C${n}`, { parts: twoParts, createdAt: n % 4 }), null);
      const ids: string[] = [];
      let after: string | undefined;
      for (;;) {
        const rows = await dossiers.list({ agency: 'xa-mau', limit: 4, ...(after ? { after } : {}) });
        if (rows.length === 0) break;
        ids.push(...rows.map((row) => row.state.doc.id));
        after = rows.at(-1)!.cursor;
        await dossiers.create(dossierDoc(`n${ids.length}`, `N${ids.length}`, { createdAt: 0 }), null);
      }
      expect(ids.filter((id) => id.startsWith('d'))).toHaveLength(25);
      expect(new Set(ids).size).toBe(ids.length);
      expect(await listed({ after: 'not a cursor', limit: 1 })).toHaveLength(1);
    });

    it.each([
      ['withdraw-asked', { withdrawAsked: { at: 1, reason: 'nhầm' } }],
      ['delivery-trouble', { delivery: { key: 'k', state: 'needs-officer' } }],
      ['citizen-replied', { rounds: [{ n: 2, kind: 'supplement', at: 5_000, changed: [] }] }],
      ['late-look', { lookBy: '2026-11-20' }],
    ] as const)('are listed by the flag %s', async (flag, more) => {
      const { dossiers } = current();
      await dossiers.create(dossierDoc('d1', 'A', { parts: [partDoc('p1', more)] }), null);
      await dossiers.create(dossierDoc('d2', 'B'), null);
      expect(await found({ flag, today: '2026-11-22' })).toEqual(['d1']);
    });

    it('are no longer flagged once an officer answered', async () => {
      const { dossiers } = current();
      const part = partDoc('p1', { rounds: [{ n: 2, kind: 'supplement', at: 5_000, changed: [] }] });
      const entry = {
        at: 6_000,
        by: { role: 'officer', id: 'o1' },
        event: 'received',
        part: 'p1',
        status: 4,
        text: null,
      } as const;
      await dossiers.create(dossierDoc('d1', 'A', { parts: [part], history: [entry] }), null);
      await dossiers.create(
        dossierDoc('d2', 'B', { parts: [part], history: [{ ...entry, at: 4_000 }] }),
        null,
      );
      expect(await found({ flag: 'citizen-replied' })).toEqual(['d2']);
    });
  });
}
