import { kindOf } from '../../../src/flow/kinds';
import { either, no, readsAs, rejects } from './table';

const who = {
  choices: ['self', 'father', 'mother', 'child', 'other'],
  labels: {
    self: ['Làm cho mình', 'For myself', 'bản thân'],
    father: ['Cha', 'Father', 'bố', 'ba'],
    mother: ['Mẹ', 'Mother', 'má'],
    child: ['Con nuôi', 'Adopted child'],
    other: ['Người khác', 'Someone else', 'Không có trong danh sách'],
  },
};
const papers = {
  choices: ['birth', 'death', 'marriage'],
  labels: {
    birth: ['Giấy khai sinh', 'Birth certificate'],
    death: ['Giấy chứng tử', 'Death certificate'],
    marriage: ['Giấy đăng ký kết hôn', 'Marriage certificate'],
  },
};
const near = { choices: ['seed', 'mum'], labels: { seed: ['Mè', 'Sesame'], mum: ['Mẹ', 'Mother'] } };
const parents = { choices: ['one', 'both'], labels: { one: ['Cha'], both: ['Cha mẹ'] } };
const sides = { choices: ['paternal', 'maternal'], labels: { paternal: ['Bà nội'], maternal: ['Bà ngoại'] } };

readsAs('choice', [
  ['1', 'self', who],
  ['2.', 'father', who],
  ['3️⃣', 'mother', who],
  ['số 2', 'father', who],
  ['cái thứ hai', 'father', who],
  ['thứ 3', 'mother', who],
  ['cái đầu tiên', 'self', who],
  ['cai cuoi cung', 'other', who],
  ['hai', 'father', who],
  ['năm', 'other', who],
  ['số năm ạ', 'other', who],
  ['mother', 'mother', who],
  ['MẸ', 'mother', who],
  ['mẹ ạ', 'mother', who],
  ['me', 'mother', who],
  // A label comes before the number of that name.
  ['ba', 'father', who],
  ['cháu làm giúp mẹ ạ', 'mother', who],
  ['con nuoi', 'child', who],
  ['khác', 'other', who],
  ['someone else', 'other', who],
  ['không có trong danh sách', 'other', who],
  ['không phải mẹ', no('unreadable'), who],
  ['6', no('out-of-range', { min: 1, max: 5 }), who],
  ['0', no('out-of-range'), who],
  ['hàng xóm', no('unreadable'), who],
  ['khai sinh', 'birth', papers],
  ['giay chung tu', 'death', papers],
  ['kết hôn', 'marriage', papers],
  ['giấy', either('birth', 'death', 'marriage'), papers],
  ['xin giấy khai sinh cho cháu', 'birth', papers],
  ['của', no('unreadable'), papers],
  ['mẹ', 'mum', near],
  ['mè', 'seed', near],
  ['me', either('seed', 'mum'), near],
  ['cha mẹ ruột', 'both', parents],
  ['cha', 'one', parents],
  ['bà', either('paternal', 'maternal'), sides],
  ['bà ngoại', 'maternal', sides],
  ['1', 'self', { choices: ['self'] }],
  ['self', 'self', { choices: ['self'] }],
  ['giấy khai sinh, giấy chứng tử', either('birth', 'death'), papers],
  ['khai sinh và chứng tử ạ', either('birth', 'death'), papers],
  ['giay khai sinh, giay chung tu, giay dang ky ket hon', either('birth', 'death', 'marriage'), papers],
  ['giấy khai sinh, Birth certificate', 'birth', papers],
  ['giấy khai sinh, của con tôi', 'birth', papers],
  ['', no('empty'), who],
]);

rejects('choice', [
  ['nobody', who],
  [1, who],
  ['', who],
]);

test('choices and answers speak with the step’s own words', () => {
  const kind = kindOf('choice');
  const key = ['a.b.choice.self', 'b.choice.self'];
  expect(kind.choices?.(who, ['a.b', 'b'], {} as never)[0]).toEqual({
    id: 'self',
    value: 'self',
    label: { key },
  });
  expect(kind.show('self', who, ['a.b', 'b'])).toEqual({ key });
});

test('a choice is not offered twice', () => {
  expect(kindOf('choice').options.safeParse({ choices: ['a', 'a'] }).success).toBe(false);
});
