/** Facts, fees and the table of procedures: merging, dates, and what an author is told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phrase } from '../../src/flow/types';
import { dueRuleOf, loadFacts, loadFactsDir, phraseOf, valuesOf } from '../../src/catalogue/facts';
import type { FactRow } from '../../src/catalogue/facts';
import { feeFor, money } from '../../src/catalogue/fees';
import { loadProcedures, openProcedures } from '../../src/catalogue/procedures';

const root = join(__dirname, '../..');
const facts = loadFactsDir(join(root, 'flows/facts'));
const anywhere = { agency: null, province: null };
const extract = (day: string) => facts.factsOf('trich-luc-ho-tich', anywhere, day);
const keysOf = (lines: readonly Phrase[]): unknown[] =>
  lines.map((line) => ('key' in line ? line.key : line.text));

describe('the facts of a register extract', () => {
  test('one day of November 2026', () => {
    const today = extract('2026-11-22');
    expect(valuesOf(today)).toMatchObject({
      fee: 8000,
      feeUnit: 'copy',
      feeWaiver: 0,
      office: 'any-commune',
      timeLimit: 'same-day',
      retentionDays: 30,
      lateFee: null,
    });
    expect(dueRuleOf(today)).toEqual({ unit: 'same-day', days: 0, after15: true });
    expect(today['fee']?.row).toMatchObject({ source: 'Thông tư 281/2016/TT-BTC', verifiedOn: '2026-11-21' });
  });
  test('the waiver ends on 28 February 2027, the new law begins the day after', () => {
    expect(extract('2026-08-14')['feeWaiver']).toBeUndefined();
    expect(extract('2027-02-28')['feeWaiver']?.value).toBe(0);
    expect(extract('2027-03-01')['feeWaiver']?.value).toBe('may-have-ended');
    expect(extract('2027-02-28')['lawOfCivilStatus']?.value).toContain('60/2014');
    expect(extract('2027-03-01')['lawOfCivilStatus']?.value).toContain('03/2026');
  });
  test('what is unknown is said to come from the officer, never as a number', () => {
    expect(phraseOf(extract('2026-11-22')['lateFee'])).toEqual({ key: 'facts.unknown' });
    expect(phraseOf(undefined)).toEqual({ key: 'facts.unknown' });
    expect(phraseOf(extract('2026-11-22')['result'])).toEqual({
      text: 'Bản sao trích lục hộ tịch hoặc bản sao Giấy khai sinh',
    });
  });
  test('every sentence a fact or a fee names exists in both languages', () => {
    const used = Object.values(extract('2026-11-22')).flatMap((fact) => fact.row.text ?? []);
    const fees = [
      'unknown',
      'exempt',
      'perCopy',
      'perCase',
      'waived',
      'waiverElsewhere',
      'exemptionsUnknown',
    ];
    for (const lang of ['vi', 'en']) {
      const read = (file: string): unknown =>
        JSON.parse(readFileSync(join(root, 'locales', lang, file), 'utf8'));
      const tree: unknown = { facts: read('facts.json'), fees: read('fees.json') };
      for (const key of [...used, 'facts.unknown', ...fees.map((name) => `fees.${name}`)])
        expect([
          key,
          key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], tree),
        ]).toEqual([key, expect.any(String)]);
    }
  });
});

const file = (procedure: string, rows: string, head = ''): { name: string; text: string } => ({
  name: `${procedure}.yaml`,
  text: `procedure: ${procedure}\n${head}facts:\n${rows}`,
});
const row = (fields: string): string => `  - { source: s, verifiedOn: 2026-01-01, ${fields} }\n`;

describe('merging', () => {
  const book = loadFacts([
    file('shared', row('id: fee, scope: nation, value: 1, from: 2020-01-01')),
    file(
      'paper',
      row('id: fee, scope: nation, value: 2, from: 2020-01-01, to: 2025-12-31') +
        row('id: fee, scope: nation, value: 3, from: 2026-01-01') +
        row('id: fee, scope: "province:01", value: 4, from: 2026-06-01') +
        row('id: fee, scope: "agency:ba-dinh", unknown: true, from: 2026-09-01') +
        row('id: timeLimit, scope: nation, value: 3, from: 2020-01-01'),
      'uses: [shared]\n',
    ),
  ]);
  const fee = (
    place: { agency: string | null; province: string | null },
    day: string,
    extra: FactRow[] = [],
  ) => book.factsOf('paper', place, day, extra)['fee']?.value;
  const hanoi = { agency: null, province: '01' };
  const baDinh = { agency: 'ba-dinh', province: '01' };
  test.each([
    ['before anything holds', anywhere, '2019-12-31', undefined],
    ['own rows win over shared ones', anywhere, '2025-12-31', 2],
    ['the latest row of the day', anywhere, '2026-11-22', 3],
    ['province not yet', hanoi, '2026-05-31', 3],
    ['province over nation', hanoi, '2026-06-01', 4],
    ['agency over province, even to say unknown', baDinh, '2026-11-22', null],
    ['another province', { agency: null, province: '79' }, '2026-11-22', 3],
  ])('%s', (_, place, day, value) => {
    expect(fee(place, day)).toBe(value);
  });
  test("officers' rows win in their scope and only there", () => {
    const override = (scope: string): FactRow[] => [
      {
        id: 'fee',
        scope,
        value: 9,
        from: '2026-01-01',
        to: null,
        source: 'o',
        verifiedOn: '2026-11-01',
        text: null,
      },
    ];
    expect(fee(hanoi, '2026-11-22', override('province:01'))).toBe(9);
    expect(fee(hanoi, '2026-11-22', override('nation'))).toBe(4);
    expect(fee(baDinh, '2026-11-22', override('agency:other'))).toBeNull();
  });
  test('a limit in working days; none; a procedure without facts', () => {
    expect(dueRuleOf(book.factsOf('paper', anywhere, '2026-11-22'))).toEqual({
      unit: 'working',
      days: 3,
      after15: false,
    });
    expect(dueRuleOf(book.factsOf('shared', anywhere, '2026-11-22'))).toBeNull();
    expect(book.factsOf('nothing', anywhere, '2026-11-22')).toEqual({});
  });
});

describe('an author is told', () => {
  const good = 'id: fee, scope: nation, value: 1, from: 2026-01-01';
  test.each([
    [
      'a typo in a key',
      row(good.replace('value', 'vlaue')),
      /p\.yaml:3 unknown key "vlaue" → did you mean "value"\?/,
    ],
    ['a wrong date', row(good.replace('2026-01-01', '01/01/2026')), /p\.yaml:3 facts\.0\.from: .*yyyy-mm-dd/],
    [
      'a wrong scope',
      row(good.replace('nation', 'hanoi')),
      /p\.yaml:3 facts\.0\.scope: must be nation, province/,
    ],
    [
      'neither value nor unknown',
      row(good.replace('value: 1, ', '')),
      /p\.yaml:3 .*either a value or "unknown: true"/,
    ],
    ['both of them', row(`${good}, unknown: true`), /p\.yaml:3 .*either a value/],
    ['an end before its beginning', row(`${good}, to: 2025-01-01`), /p\.yaml:3 .*"to" is before "from"/],
    ['no source', `  - { ${good}, verifiedOn: 2026-01-01 }\n`, /p\.yaml:3 facts\.0\.source/],
    [
      'two rows from one day',
      row(good) + row(good),
      /p\.yaml:4 fee \(nation\) from 2026-01-01 overlaps the row of line 3/,
    ],
    [
      'a row that lasts into the next',
      row(`${good}, to: 2026-12-31`) + row(good.replace('2026-01-01', '2026-06-01')),
      /p\.yaml:4 .*overlaps.*→ end the earlier row with "to: 2026-05-31"/,
    ],
  ])('%s', (_, rows, message) => {
    expect(() => loadFacts([file('p', rows)])).toThrow(message);
  });
  test('everything at once, over all files', () => {
    const bad = [
      file('a', row(good.replace('value', 'vlaue')) + row(good.replace('nation', 'x'))),
      file('b', row(good), 'uses: [nowhere]\n'),
      file('b', row(good)),
    ];
    const said = (): string => {
      try {
        loadFacts(bad);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(said().split('\n')).toHaveLength(5);
    expect(said()).toMatch(/a\.yaml:3[^]*a\.yaml:4[^]*b\.yaml:1 "b" already has a file[^]*uses "nowhere"/);
  });
});

describe('fees', () => {
  const today = extract('2026-11-22');
  test.each([
    ['three copies', { copies: 3, online: false, exempt: false }, 24000],
    ['one copy', { copies: 1, online: false, exempt: false }, 8000],
    ['online but no digital citizen', { copies: 2, online: true, exempt: false }, 16000],
    ['a digital citizen online', { copies: 2, online: true, digitalCitizen: true, exempt: false }, 0],
    [
      'a digital citizen at the counter',
      { copies: 2, online: false, digitalCitizen: true, exempt: false },
      16000,
    ],
    ['an exempt person', { copies: 2, online: false, exempt: true }, 0],
  ])('%s: the exemptions always stand beside the amount', (_, wanted, amount) => {
    const fee = feeFor(today, wanted);
    expect(fee.amount).toBe(amount);
    expect(keysOf(fee.lines)).toContain('facts.common.feeExemptions');
  });
  test('after the waiver a digital citizen pays again', () => {
    const fee = feeFor(extract('2027-03-01'), {
      copies: 2,
      online: true,
      digitalCitizen: true,
      exempt: false,
    });
    expect(fee.amount).toBe(16000);
    expect(keysOf(fee.lines)).toEqual(['fees.perCopy', 'facts.common.feeExemptions']);
  });
  test('the sum is shown as people write it', () => {
    const [line] = feeFor(today, { copies: 2, online: false, exempt: false }).lines;
    expect(line).toEqual({ key: 'fees.perCopy', params: { copies: 2, each: '8.000đ', amount: '16.000đ' } });
    expect([money(0), money(999), money(1234567)]).toEqual(['0đ', '999đ', '1.234.567đ']);
  });
  test('an unknown fee is never a number', () => {
    expect(feeFor({}, { copies: 2, online: false, exempt: false })).toEqual({
      amount: 'unknown',
      lines: [{ key: 'fees.unknown' }, { key: 'fees.exemptionsUnknown' }],
    });
  });
  test.each([[-1], [1.5], [1001], [Number.NaN]])('%p copies are refused', (copies) => {
    expect(() => feeFor(today, { copies, online: false, exempt: false })).toThrow(/whole number/);
  });
});

describe('the table of procedures', () => {
  const procedures = loadProcedures(join(root, 'flows/facts'));
  test('knows the codes of the catalogue, by slug and by code', () => {
    expect(procedures.bySlug('trich-luc-ho-tich')).toMatchObject({
      code: '2.000635',
      authority: 'commune',
      handover: 'file',
    });
    expect(procedures.byCode('1.004222')?.slug).toBe('thuong-tru');
    expect(procedures.bySlug('khong-co')).toBeUndefined();
    expect(procedures.byCode('9.999999')).toBeUndefined();
    expect(procedures.all()).toHaveLength(29);
  });
  test('no abolished district, no amount without exemptions, no pronoun of a stranger', () => {
    for (const one of procedures.all()) {
      const words = [one.office, one.papers, one.fee, one.time].join(' ');
      expect(words).not.toMatch(/quận|huyện|Phòng Tư pháp/i);
      expect(words).not.toMatch(/(?<!\p{L})(anh|chị|cô|chú|bạn)(?!\p{L})/iu);
      expect(one.fee).toMatch(/mọi người|miễn|cán bộ sẽ báo/i);
    }
  });
  test('facts files belong to procedures of the table', () => {
    const slugs = facts.procedures().filter((name) => name !== 'common');
    expect(slugs.filter((slug) => procedures.bySlug(slug) === undefined)).toEqual([]);
  });
  const words = 'legalBasis: l, office: o, papers: p, fee: f, time: t, source: s, verifiedOn: 2026-01-01';
  const table = (...rows: string[]): { name: string; text: string } => ({
    name: 't.yaml',
    text: `procedures:\n${rows.map((fields) => `  - { ${fields}, ${words} }\n`).join('')}`,
  });
  const one = "slug: a, code: '1.000001', name: A, short: A, authority: commune, handover: file";
  test.each([
    [
      'a typo',
      [one.replace('handover', 'handovr')],
      /t\.yaml:2 unknown key "handovr" → did you mean "handover"/,
    ],
    ['a wrong code', [one.replace('1.000001', '1001')], /t\.yaml:2 procedures\.0\.code: must look like/],
    ['a code twice', [one, one.replace('slug: a', 'slug: b')], /t\.yaml:3 1\.000001 is listed twice/],
  ])('an author is told about %s', (_, rows, message) => {
    expect(() => openProcedures(table(...rows))).toThrow(message);
  });
});
