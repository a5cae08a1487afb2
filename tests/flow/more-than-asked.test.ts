/** More is said than was asked: the question is answered, the rest offered, and plain answers stay what they were. */
import fc from 'fast-check';
import { advance } from '../../src/flow/engine';
import type { Session } from '../../src/flow/types';
import { askedAt, flowOf, valuesOf } from './child-flow';
import type { Where } from './child-flow';
import { context } from './small-flow';

const AN = { 'child.name': 'Nguyễn Minh An' };
const LAN = { 'mother.name': 'Trần Thị Lan' };
const PHONE = { phone: '0912345678' };
const BIRTH = { 'child.birth': '2026-03-05' };
const GIRL = { 'child.sex': 'female' };

/** Where, the question, the words; what answers the question, and what else was understood. */
const sentences: readonly (readonly [Where, string, string, object, object])[] = [
  ['child', 'child.name', 'Nguyễn Minh An, sinh 5/3/2026, con gái', AN, { ...BIRTH, ...GIRL }],
  [
    'child',
    'child.name',
    'cháu Nguyễn Minh An bé gái sinh ngày 5/3/2026 tại bệnh viện Phụ sản',
    AN,
    { ...BIRTH, ...GIRL },
  ],
  ['child', 'child.name', 'Nguyễn Minh An; 5/3/2026; nữ', AN, { ...BIRTH, ...GIRL }],
  ['child', 'child.name', 'Nguyễn Minh An\n5/3/2026\nnữ', AN, { ...BIRTH, ...GIRL }],
  ['child', 'child.name', 'Nguyễn Minh An. Sinh ngày 5 tháng 3 năm 2026.', AN, BIRTH],
  ['child', 'child.name', 'Dạ, Nguyễn Minh An, sinh ngày 5/3/2026 ạ', AN, BIRTH],
  ['child', 'child.name', 'Nguyễn Minh An sinh ngày 5/3/2026', AN, BIRTH],
  ['child', 'child.name', 'Nguyễn Minh An, ngày sinh: 05/03/2026', AN, BIRTH],
  ['child', 'child.name', 'Nguyễn Minh An, con gái, sinh 5/3/2026', AN, { ...BIRTH, ...GIRL }],
  ['child', 'child.name', 'Nguyễn Minh An bé gái', AN, GIRL],
  ['child', 'child.name', 'Nguyễn Minh An, giới tính nữ', AN, GIRL],
  ['child', 'child.name', 'Nguyễn Minh An, sđt 0912345678', AN, PHONE],
  ['child', 'child.name', 'Nguyễn Minh An, sinh 5/3/2030, con gái', AN, GIRL],
  ['child', 'child.birth', '5/3/2026, con gái', BIRTH, GIRL],
  ['child', 'child.birth', 'sinh ngày 5/3/2026 con gái', BIRTH, GIRL],
  ['child', 'child.birth', '5/3/2026, bé gái nha', BIRTH, GIRL],
  [
    'child',
    'mother.name',
    'Trần Thị Lan, sinh 12/3/1985, cccd 001185012345',
    LAN,
    { 'mother.birth': '1985-03-12', 'mother.nationalId': '001185012345' },
  ],
  [
    'child',
    'mother.name',
    'Trần Thị Lan, 12/3/1985, 001185012345, 0912345678',
    LAN,
    { 'mother.birth': '1985-03-12', 'mother.nationalId': '001185012345', ...PHONE },
  ],
  [
    'child',
    'mother.name',
    'Trần Thị Lan căn cước 001185012345',
    LAN,
    { 'mother.nationalId': '001185012345' },
  ],
  [
    'child',
    'mother.birth',
    '12/3/1985, 001185012345',
    { 'mother.birth': '1985-03-12' },
    { 'mother.nationalId': '001185012345' },
  ],
  ['child', 'copies', '2 bản, gửi bưu điện', { copies: 2 }, { delivery: 'post' }],
  ['child', 'copies', '2 bản, nhận tại quầy nhé', { copies: 2 }, { delivery: 'counter' }],
  ['child', 'copies', 'hai bản, điện thoại 0912 345 678', { copies: 2 }, PHONE],
  [
    'child',
    'copies',
    '2 bản, gửi bưu điện, số điện thoại 0912345678',
    { copies: 2 },
    { delivery: 'post', ...PHONE },
  ],
  ['child', 'delivery', 'Gửi bưu điện, sđt 0912345678', { delivery: 'post' }, PHONE],
  ['child', 'relation', 'người thân khác, 2 bản', { relation: 'other' }, { copies: 2 }],
  [
    'extract',
    'applicant.name',
    'Nguyễn Thị Hoa, số căn cước 001185012345',
    { 'applicant.name': 'Nguyễn Thị Hoa' },
    { 'applicant.nationalId': '001185012345' },
  ],
  [
    'extract',
    'applicant.name',
    'Nguyễn Thị Hoa, cccd 001185012345, sđt 0912345678',
    { 'applicant.name': 'Nguyễn Thị Hoa' },
    { 'applicant.nationalId': '001185012345', 'reach.phone': '0912345678' },
  ],
  [
    'extract',
    'subject.name',
    'Trần Thị Mận, sinh năm 1955',
    { 'subject.name': 'Trần Thị Mận' },
    { 'subject.birth': '1955' },
  ],
  ['extract', 'record', 'Giấy khai sinh, 2 bản', { record: 'birth' }, { copies: 2 }],
  ['extract', 'copies', '2 bản, gửi bưu điện', { copies: 2 }, { delivery: 'post' }],
];

test.each(sentences)('%s, asked %s: %p', (where, asked, text, first, more) => {
  const me = askedAt(where, asked);
  const before = valuesOf(me);
  const said = me.says(text);
  expect(valuesOf(me)).toEqual({ ...before, ...first });
  const waiting = Object.entries(more).map(([step, value]) => ({ step, value: value as unknown }));
  expect(me.session.pending).toEqual({ type: 'more', answers: waiting });
  expect(said).toHaveLength(1);
  expect(said[0]?.match(/flow\.more\.line/g)).toHaveLength(waiting.length);

  const waits = me.session;
  me.says('đúng rồi');
  expect(valuesOf(me)).toEqual({ ...before, ...first, ...more });
  expect(me.session.pending).toBeNull();
  me.session = waits;
  me.says('không');
  expect([valuesOf(me), me.session.pending]).toEqual([{ ...before, ...first }, null]);
});

/** Answers of one thing, however many commas; the value the question gets, or undefined when it is asked again. */
const plain: readonly (readonly [Where, string, string, unknown])[] = [
  ['child', 'child.name', 'Nguyễn Văn Sinh', 'Nguyễn Văn Sinh'],
  ['child', 'child.name', 'Nguyễn Văn Nam', 'Nguyễn Văn Nam'],
  ['child', 'child.name', 'Nguyễn Thị Nữ', 'Nguyễn Thị Nữ'],
  ['child', 'child.name', 'Lê Thị Bé Gái Em', 'Lê Thị Bé Gái Em'],
  ['child', 'child.name', 'Nguyễn Văn An, Trần Thị Bình', undefined],
  ['child', 'child.name', 'Dạ, Nguyễn Minh An ạ', 'Nguyễn Minh An'],
  ['child', 'child.name', 'dạ thưa cán bộ, cháu tên Nguyễn Minh An', 'Nguyễn Minh An'],
  ['child', 'child.name', "H'Hen Niê", "H'Hen Niê"],
  ['child', 'child.name', 'Nguyễn Minh An.', 'Nguyễn Minh An'],
  ['child', 'child.birth', 'ngày 5 tháng 3 năm 2026', '2026-03-05'],
  ['child', 'child.birth', 'sinh ngày 5/3/2026', '2026-03-05'],
  ['child', 'child.birth', '5, 3, 2026', '2026-03-05'],
  ['child', 'child.birth', 'thứ năm, ngày 5/3/2026', '2026-03-05'],
  ['child', 'child.birth', '5.3.2026', '2026-03-05'],
  ['child', 'child.sex', 'con gái', 'female'],
  ['child', 'mother.nationalId', '001 185 012 345', '001185012345'],
  ['child', 'mother.nationalId', 'số căn cước: 001185012345', '001185012345'],
  ['child', 'home', 'Số 21 ngõ 5, thôn Đông, Phường Tây Hồ', 'Số 21 ngõ 5, thôn Đông, Phường Tây Hồ'],
  ['child', 'home', 'Nhà 12, tổ 3; khu 4, Phường Tây Hồ', 'Nhà 12, tổ 3; khu 4, Phường Tây Hồ'],
  ['child', 'home', 'ngõ 5, 0912345678, Phường Tây Hồ', 'ngõ 5, 0912345678, Phường Tây Hồ'],
  ['child', 'relation', 'cha mẹ của trẻ, ạ', 'parent'],
  ['child', 'firstTime', 'có, sinh lần đầu', undefined],
  ['child', 'remark', 'xin sớm, sinh 5/3/2026, sđt 0912345678', 'xin sớm, sinh 5/3/2026, sđt 0912345678'],
  ['child', 'remark', 'con gái; 2 bản; gửi bưu điện', 'con gái; 2 bản; gửi bưu điện'],
  ['child', 'copies', '2 bản', 2],
  ['child', 'copies', '2 bản, cảm ơn', undefined],
  ['child', 'copies', 'hai, ba bản', undefined],
  ['child', 'delivery', 'Gửi bưu điện, về nhà', 'post'],
  ['child', 'phone', '0912 345 678', '0912345678'],
  ['child', 'phone', '0912.345.678', '0912345678'],
  [
    'extract',
    'registeredAt',
    'xã Hòa Phong, huyện Hòa Vang, năm 1990',
    'xã Hòa Phong, huyện Hòa Vang, năm 1990',
  ],
  ['extract', 'record', 'giấy kết hôn, cảm ơn', 'marriage'],
  ['extract', 'postAddress', 'số 5, ngõ 12, phường Ba Đình, Hà Nội', 'số 5, ngõ 12, phường Ba Đình, Hà Nội'],
];

const typed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'typed' in value ? value.typed : value;

test.each(plain)('%s, asked %s: %p is one answer', (where, asked, text, value) => {
  const me = askedAt(where, asked);
  const before = valuesOf(me);
  me.says(text);
  expect(me.session.pending?.type).not.toBe('more');
  const { [asked]: given, ...others } = valuesOf(me);
  expect([typed(given), others]).toEqual([value, before]);
});

it('tells what it takes down and asks once', () => {
  const me = askedAt('child', 'child.name');
  expect(me.says('Nguyễn Minh An, sinh 5/3/2026, con gái')).toEqual([
    [
      'flow.echo(value=Nguyễn Minh An)',
      'flow.more.heard',
      'flow.more.line(label=child.child.birth.label value=05/03/2026)',
      'flow.more.line(label=child.child.sex.label value=kinds.sex.female)',
      'flow.more.ask',
      '[child.birth:-yes child.birth:-no]',
    ].join('\n'),
  ]);
  expect(me.taps('child.birth', '-yes')).toEqual([
    [
      'flow.more.done',
      'flow.more.line(label=child.child.birth.label value=05/03/2026)',
      'flow.more.line(label=child.child.sex.label value=kinds.sex.female)',
      'flow.progress(n=5 total=14)',
      'child.mother.name.ask',
    ].join('\n'),
  ]);
  expect(me.taps('child.birth', '-yes').join()).not.toContain('flow.more');
});

it('shows a first part that is unsure together with the rest', () => {
  const me = askedAt('child', 'child.name');
  expect(me.says('nguyen minh an, sinh ngay 5/3/2026')[0]).toMatch(/^flow\.more\.read\n.*child\.name\.label/);
  expect(valuesOf(me)['child.name']).toBeUndefined();
  me.says('đúng');
  expect(valuesOf(me)).toMatchObject({ 'child.name': 'Nguyen Minh An', ...BIRTH });
});

it.each([
  ['ghi luôn', true],
  ['ừ ghi đi em', true],
  ['1', true],
  ['👍', true],
  ['hỏi từng câu', false],
  ['2', false],
])('takes %p as its yes or no', (text, yes) => {
  const me = askedAt('child', 'child.name');
  me.says('Nguyễn Minh An, con gái');
  me.says(text);
  expect([valuesOf(me)['child.sex'], me.session.pending]).toEqual([yes ? 'female' : undefined, null]);
});

it('takes another answer as an answer to the present question', () => {
  const me = askedAt('child', 'child.name');
  me.says('Nguyễn Minh An, sinh 5/3/2026, con gái');
  me.says('6/3/2026');
  expect([valuesOf(me)['child.birth'], valuesOf(me)['child.sex'], me.session.pending]).toEqual([
    '2026-03-06',
    undefined,
    null,
  ]);
});

it('stops where a rule has something to say, and tells what was written before', () => {
  const me = askedAt('child', 'mother.name');
  me.says('Trần Thị Lan, sinh 12/3/1925, cccd 001185012345');
  expect(me.says('đúng')[0]).toContain('child.mother.birth.error.old');
  expect([valuesOf(me)['mother.birth'], valuesOf(me)['mother.nationalId']]).toEqual([undefined, undefined]);

  const odd = askedAt('child', 'relation');
  odd.says('người thân khác, 15 bản, sđt 0912345678');
  odd.says('đúng');
  expect([valuesOf(odd)['copies'], valuesOf(odd)['phone']]).toEqual([undefined, '0912345678']);
});

it('leaves the session plain JSON whatever is typed', () => {
  const part = fc.oneof(
    fc.constantFrom('Nguyễn Minh An', 'sinh 5/3/2026', 'con gái', '0912345678', 'cccd', '2 bản', 'sđt 09'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const sentence = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(', '));
  const steps = ['place', 'child.name', 'child.birth', 'home', 'relation', 'copies', 'phone', 'review'];
  const sessions = steps.map((step) => askedAt('child', step).session);
  fc.assert(
    fc.property(
      fc.constantFrom(...sessions),
      sentence,
      fc.constantFrom('có', 'không', 'x'),
      (from, text, reply) => {
        const flow = flowOf('child');
        const turn = advance(flow, from, { type: 'text', text }, context);
        expect(JSON.parse(JSON.stringify(turn.session)) as Session).toEqual(turn.session);
        const next = advance(flow, turn.session, { type: 'text', text: reply }, context);
        expect(JSON.parse(JSON.stringify(next.session)) as Session).toEqual(next.session);
        expect(next.effects.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});
