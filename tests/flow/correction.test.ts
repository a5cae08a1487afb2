/** "À quên, sinh năm 86 chứ không phải 85": which answer is meant, what it becomes, and what is no correction at all. */
import fc from 'fast-check';
import { advance } from '../../src/flow/engine';
import { readCorrection } from '../../src/flow/reading/correction-words';
import type { Session } from '../../src/flow/types';
import { askedAt, flowOf, valuesOf } from './child-flow';
import type { Where } from './child-flow';
import { context } from './small-flow';

const REVIEW = 'review';

/** Where, the question that is asked, the words; the answer that is meant and what it becomes after a yes. */
const corrections: readonly (readonly [Where, string, string, string, unknown])[] = [
  ['child', 'home', 'à quên, sinh năm 86 chứ không phải 85', 'mother.birth', '1986-03-12'],
  ['child', 'home', 'a quen, sinh nam 86 chu khong phai 85', 'mother.birth', '1986-03-12'],
  ['child', 'firstTime', '86 chứ không phải 85 nha', 'mother.birth', '1986-03-12'],
  ['child', 'copies', 'mẹ sinh năm 1986 chứ ko phải 1985', 'mother.birth', '1986-03-12'],
  ['child', 'copies', 'năm 2024 chứ không phải 2025', 'child.birth', '2024-03-05'],
  ['child', 'copies', 'ngày 6 chứ không phải 5', 'child.birth', '2025-03-06'],
  ['child', 'mother.name', 'lúc nãy em ghi nhầm ngày sinh, 6/3 mới đúng', 'child.birth', '2025-03-06'],
  ['child', 'mother.name', 'nhầm ngày sinh rồi, 6/3/2025 mới đúng ạ', 'child.birth', '2025-03-06'],
  ['child', 'delivery', 'lúc nãy ghi nhầm ngày sinh của mẹ, 15/3 mới đúng', 'mother.birth', '1985-03-15'],
  ['child', 'delivery', 'ngày sinh con là 5/4/2025 chứ không phải 5/3/2025', 'child.birth', '2025-04-05'],
  ['child', 'delivery', 'đổi ngày sinh từ 5/3/2025 sang 6/3/2025', 'child.birth', '2025-03-06'],
  ['child', 'child.birth', 'nhầm, tên là Hoa chứ không phải Hòa', 'child.name', 'Nguyễn Minh Hoa'],
  ['child', 'copies', 'à quên, mẹ sinh năm 86', 'mother.birth', '1986-03-12'],
  ['child', 'home', 'Hoa chứ không phải Hòa ạ', 'child.name', 'Nguyễn Minh Hoa'],
  ['child', 'home', 'dạ em nhầm, tên mẹ là Trần Thị Lân', 'mother.name', 'Trần Thị Lân'],
  ['child', 'mother.birth', 'tên mẹ là Loan chứ không phải Lan', 'mother.name', 'Trần Thị Loan'],
  ['child', 'copies', 'à nhầm tên con, là Nguyễn Minh Khôi', 'child.name', 'Nguyễn Minh Khôi'],
  ['child', 'copies', 'sửa lại tên mẹ là Trần Thị Loan', 'mother.name', 'Trần Thị Loan'],
  ['child', 'copies', 'sửa tên con thành Nguyễn Minh Khôi', 'child.name', 'Nguyễn Minh Khôi'],
  ['child', 'copies', 'không phải Lan mà là Loan', 'mother.name', 'Trần Thị Loan'],
  ['child', REVIEW, 'sửa lại số điện thoại 0912345679', 'phone', '0912345679'],
  ['child', REVIEW, 'sua lai sdt 0912345679', 'phone', '0912345679'],
  ['child', REVIEW, 'số điện thoại 0912 345 699 mới đúng', 'phone', '0912345699'],
  ['child', REVIEW, 'số điện thoại là 0912345699', 'phone', '0912345699'],
  ['child', REVIEW, '5699 chứ không phải 5678', 'phone', '0912345699'],
  ['child', 'home', 'số căn cước 001185012346 mới đúng', 'mother.nationalId', '001185012346'],
  ['child', 'relation', 'nhầm, 001185012346 mới đúng', 'mother.nationalId', '001185012346'],
  ['child', 'mother.name', 'không phải con trai, con gái ạ', 'child.sex', 'female'],
  ['child', 'copies', 'con gái chứ không phải con trai', 'child.sex', 'female'],
  ['child', 'copies', 'nhầm rồi, bé gái', 'child.sex', 'female'],
  ['child', 'copies', 'giới tính nữ chứ không phải nam', 'child.sex', 'female'],
  ['child', 'copies', 'địa chỉ là số 12 không phải 21', 'home', 'Số 12 ngõ 7, Phường Tây Hồ'],
  ['child', 'copies', 'sửa lại địa chỉ là ngõ 9', 'home', 'Số 21 ngõ 9, Phường Tây Hồ'],
  ['child', 'copies', 'ngõ 9 chứ không phải ngõ 7', 'home', 'Số 21 ngõ 9, Phường Tây Hồ'],
  ['child', 'delivery', '2 bản chứ không phải 3 bản nha', 'copies', 2],
  ['child', 'delivery', 'à nhầm, 2 bản thôi', 'copies', 2],
  ['child', 'phone', 'số bản là 2 mới đúng', 'copies', 2],
  ['child', 'phone', 'nhận tại quầy chứ không phải gửi bưu điện', 'delivery', 'counter'],
  ['child', 'phone', 'nhầm, nhận tại quầy', 'delivery', 'counter'],
  ['child', 'remark', 'à quên, mẹ sinh năm 86 chứ không phải 85', 'mother.birth', '1986-03-12'],
  ['child', 'remark', 'xin sửa lại tên con thành Nguyễn Minh Khôi', 'child.name', 'Nguyễn Minh Khôi'],
  ['child', 'remark', 'nhầm rồi tên bé là Nguyễn Minh Ân', 'child.name', 'Nguyễn Minh Ân'],
  ['child', 'remark', 'sai ngày sinh của bé rồi, 2/11 cơ', 'child.birth', '2025-11-02'],
  ['child', 'remark', 'sửa ngày sinh của con thành 10/8/2025', 'child.birth', '2025-08-10'],
  ['child', 'remark', 'à quên số căn cước là 001185012346', 'mother.nationalId', '001185012346'],
  ['extract', 'copies', 'Mẫn chứ không phải Mận', 'subject.name', 'Trần Thị Mẫn'],
  ['extract', 'copies', 'sinh năm 1956 chứ không phải 1955', 'subject.birth', '1956-03-05'],
  ['extract', 'registeredAt', 'tên là Mẫn chứ không phải Mận', 'subject.name', 'Trần Thị Mẫn'],
  ['extract', 'delivery', 'nhầm, ngày sinh 6/3/1955', 'subject.birth', '1955-03-06'],
  ['extract', 'reach.phone', '3 bản chứ không phải 2 bản', 'copies', 3],
  ['extract', REVIEW, 'nhầm, nhận tại quầy', 'delivery', 'counter'],
  ['extract', REVIEW, 'giấy kết hôn chứ không phải giấy khai sinh', 'record', 'marriage'],
  ['extract', REVIEW, 'em ghi nhầm số điện thoại, 0987654321 mới đúng', 'reach.phone', '0987654321'],
];

const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'typed' in value ? value.typed : value;

test.each(corrections)('%s, asked %s: %p means %s', (where, asked, text, step, value) => {
  const me = askedAt(where, asked);
  const before = { ...me.session, pending: null };
  const said = me.says(text);
  expect({ ...me.session, pending: null }).toEqual(before);
  expect(me.session.pending).toMatchObject({ type: 'confirm', step });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^flow\.correct\.ask\(label=/);
  me.says('đúng rồi');
  expect(plain(valuesOf(me)[step])).toEqual(value);
  expect(me.session.pending).toMatchObject({ type: 'undo', step });
});

/** Plain answers, doubts and chat: the answers before stay, and nothing waits that would change them. */
const others: readonly (readonly [Where, string, string, unknown])[] = [
  ['child', 'firstTime', 'không phải', false],
  ['child', 'firstTime', 'nhầm', false],
  ['child', 'firstTime', 'không phải ạ', false],
  ['child', 'firstTime', 'đúng', true],
  ['child', 'remark', 'không phải con ruột, con nuôi', 'không phải con ruột, con nuôi'],
  [
    'child',
    'remark',
    'giấy cũ ghi nhầm năm sinh, mới đúng là 1950',
    'giấy cũ ghi nhầm năm sinh, mới đúng là 1950',
  ],
  ['child', 'remark', 'cần gấp chứ không phải từ từ', 'cần gấp chứ không phải từ từ'],
  ['child', 'remark', 'nhầm', 'nhầm'],
  ['child', 'child.name', 'Nhâm Phương Nam', 'Nhâm Phương Nam'],
  ['child', 'child.name', 'Nguyễn Thị Sửa', 'Nguyễn Thị Sửa'],
  ['child', 'child.name', 'Trần Văn Quyên', 'Trần Văn Quyên'],
  ['child', 'child.name', 'à quên, tên là Nguyễn Minh An', 'Nguyễn Minh An'],
  ['child', 'mother.name', 'Đúng Thị Lộn', 'Đúng Thị Lộn'],
  ['child', 'child.birth', 'à quên, 6/3/2025', '2025-03-06'],
  ['child', 'child.birth', 'không phải, 6/3/2025', '2025-03-06'],
  ['child', 'child.birth', 'nhầm, 6/3/2025 mới đúng', '2025-03-06'],
  ['child', 'mother.birth', 'à quên, 6/3/1985', '1985-03-06'],
  ['child', 'child.sex', 'không phải con trai, con gái ạ', 'female'],
  ['child', 'child.sex', 'con gái chứ không phải con trai', 'female'],
  ['child', 'copies', 'à quên 3 bản', 3],
  ['child', 'copies', '4 bản chứ không phải 5 bản', 4],
  ['child', 'copies', 'em không biết phải lấy mấy bản', undefined],
  ['child', 'copies', 'quên rồi', undefined],
  ['child', 'mother.birth', 'à quên sinh ngày 6/3/1985', '1985-03-06'],
  ['child', 'delivery', 'à quên, sđt', undefined],
  ['child', 'delivery', 'quên tên rồi', undefined],
  ['child', 'delivery', 'gửi bưu điện chứ không phải nhận tại quầy', 'post'],
  ['child', 'home', 'Số 5 phố Chứ Không Phải, Phường Tây Hồ', 'Số 5 phố Chứ Không Phải, Phường Tây Hồ'],
  ['child', 'home', 'Thôn Đúng, Phường Tây Hồ', 'Thôn Đúng, Phường Tây Hồ'],
  ['child', 'phone', 'sai rồi', undefined],
  ['extract', 'record', 'sửa tên', 'correction'],
  ['extract', 'record', 'sửa đổi hộ tịch', 'correction'],
  ['extract', 'record', 'không phải khai sinh, giấy kết hôn', 'marriage'],
  ['extract', 'opening.forWhom', 'cho mẹ chứ không phải cho tôi', 'other'],
  ['extract', 'relation', 'con lớn của tôi', 'childAdult'],
  ['extract', 'registeredAt', 'không phải ở đây, ngoài Bắc', 'không phải ở đây, ngoài Bắc'],
];

test.each(others)('%s, asked %s: %p is no correction', (where, asked, text, value) => {
  const me = askedAt(where, asked);
  const before = valuesOf(me);
  me.says(text);
  expect(valuesOf(me)).toEqual(value === undefined ? before : { ...valuesOf(me), ...before });
  expect(plain(valuesOf(me)[asked])).toEqual(value);
  const { pending } = me.session;
  expect(pending?.type === 'correct' || (pending?.type === 'confirm' && pending.step !== asked)).toBe(false);
});

it('goes on with the present question after a yes and after a no', () => {
  const me = askedAt('child', 'delivery');
  me.says('2 bản chứ không phải 3 bản nha');
  expect(me.says('đúng')).toEqual([
    'flow.edit.changed(label=child.copies.label from=3 to=2)\n[/undo]',
    'flow.progress(n=13 total=14)\nchild.delivery.ask\n[delivery:counter delivery:post]',
  ]);
  me.does('undo');
  expect(valuesOf(me)['copies']).toBe(3);
  me.says('2 bản chứ không phải 3 bản nha');
  expect(me.says('không').join()).toMatch(/^flow\.edit\.same\n.*\nchild\.delivery\.ask/);
  expect(valuesOf(me)['copies']).toBe(3);
});

it('offers words that were no correction to the question they were said at', () => {
  const me = askedAt('child', 'remark');
  const words = 'nhầm rồi tên bé là Nguyễn Minh Ân';
  me.says(words);
  expect(me.says('không').join()).toContain(words);
  expect(valuesOf(me)['remark']).toBeUndefined();
  me.says('đúng rồi');
  expect(valuesOf(me)).toMatchObject({ remark: words, 'child.name': 'Nguyễn Minh Hòa' });
});

test.each([
  ['sửa căn cước', 'mother.nationalId'],
  ['sửa tên bé', 'child.name'],
  ['ngày sinh của con', 'child.birth'],
  ['cho em sửa số điện thoại', 'phone'],
  ['số bản', 'copies'],
])('at the review %p asks that line again, before and after SỬA', (text, step) => {
  const me = askedAt('child', REVIEW);
  me.says(text);
  expect(me.session.focus).toBe(step);
  const other = askedAt('child', REVIEW);
  other.does('edit');
  other.says(text);
  expect(other.session.focus).toBe(step);
});

it('offers the lines a name may mean, with their numbers', () => {
  const me = askedAt('child', REVIEW);
  expect(me.says('sửa ngày sinh')).toEqual(['flow.edit.which\n[/edit /edit]']);
  me.says('6');
  expect(me.session.focus).toBe('mother.birth');
});

it('lets another answer put the correction aside, and asks it in other words when it is said again', () => {
  const me = askedAt('child', 'delivery');
  const [first, again] = ['2 bản chứ không phải 3 bản', '2 bản chứ không phải 3 bản'].map((text) =>
    me.says(text),
  );
  expect([first?.[0], again?.[0]].map((said) => said?.split('(')[0])).toEqual([
    'flow.correct.ask',
    'flow.correct.ask.2',
  ]);
  me.says('gửi bưu điện');
  expect([valuesOf(me)['copies'], valuesOf(me)['delivery'], me.session.pending]).toEqual([3, 'post', null]);
});

it('offers all answers that fit, to pick by number or button, and none', () => {
  const said = 'nhầm, tên là Nguyễn Thị Loan';
  const at = (reply: string) => {
    const me = askedAt('child', 'copies');
    expect(me.says(said)).toEqual(['flow.correct.which\n[mother.name:-yes child.name:-yes mother.name:-no]']);
    if (reply.startsWith('tap ')) me.taps(reply.slice(4), '-yes');
    else me.says(reply);
    return [valuesOf(me)['mother.name'], valuesOf(me)['child.name'], me.session.pending?.type];
  };
  expect(at('1')).toEqual(['Nguyễn Thị Loan', 'Nguyễn Minh Hòa', 'undo']);
  expect(at('tap child.name')).toEqual(['Trần Thị Lan', 'Nguyễn Thị Loan', 'undo']);
  expect(at('3')).toEqual(['Trần Thị Lan', 'Nguyễn Minh Hòa', undefined]);
  expect(at('không')).toEqual(['Trần Thị Lan', 'Nguyễn Minh Hòa', undefined]);
});

it('never touches the consent', () => {
  const me = askedAt('extract', 'copies');
  me.says('không đồng ý chứ không phải đồng ý');
  me.says('đúng');
  expect(valuesOf(me)['opening.consent']).toMatchObject({ agreed: true });
});

it('looks no further at words that are too many, and is quick over the worst of them', () => {
  expect(readCorrection(`à quên, ${'a'.repeat(400)}`)).toBeNull();
  const from = performance.now();
  for (const text of ['à à à nhầm '.repeat(27), 'em em lỡ '.repeat(33), 'không phải x, '.repeat(21)])
    readCorrection(text);
  expect(performance.now() - from).toBeLessThan(5_000);
});

it('leaves the session plain JSON whatever is typed', () => {
  const opener = fc.constantFrom(
    '',
    'à quên, ',
    'nhầm, ',
    'sửa lại tên ',
    'không phải ',
    'lúc nãy ghi nhầm ',
  );
  const middle = fc.constantFrom(' chứ không phải ', ' mới đúng', ', ', ' mà là ', ' thành ', '');
  const word = fc.oneof(
    fc.constantFrom('Hòa', '85', '5/3', '5/3/1986', 'con gái', '3 bản', '001185012345', '[(*+?$', 'năm 99'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const sentence = fc.tuple(opener, word, middle, word).map((parts) => parts.join(''));
  const asked = ['child.name', 'mother.birth', 'home', 'relation', 'remark', 'copies', 'phone', REVIEW];
  const sessions = asked.map((step) => askedAt('child', step).session);
  fc.assert(
    fc.property(fc.constantFrom(...sessions), sentence, (session, text) => {
      const turn = advance(flowOf('child'), session, { type: 'text', text }, context);
      expect(JSON.parse(JSON.stringify(turn.session)) as Session).toEqual(turn.session);
      expect(turn.effects.length).toBeGreaterThan(0);
    }),
    { numRuns: 600 },
  );
});
