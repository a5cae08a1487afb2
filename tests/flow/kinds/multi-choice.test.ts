import type { Phrase } from '../../../src/flow/types';
import { kindOf } from '../../../src/flow/kinds';
import { either, no, readsAs, rejects, world } from './table';

const papers = {
  choices: ['card', 'birth', 'photo'],
  labels: {
    card: ['Thẻ căn cước', 'Identity card', 'cccd'],
    birth: ['Giấy khai sinh', 'Birth certificate'],
    photo: ['Ảnh chân dung', 'Portrait'],
  },
};
const free = { ...papers, min: 0 };
const two = { ...papers, max: 2 };
const pair = { choices: ['father', 'mother'], labels: { father: ['Cha'], mother: ['Mẹ', 'Má'] } };
const alike = { choices: ['a', 'b'], labels: { a: ['Giấy chứng nhận'], b: ['Giấy báo tử'] } };

readsAs('multi-choice', [
  ['1', ['card'], papers],
  ['1, 3', ['card', 'photo'], papers],
  ['3,1', ['card', 'photo'], papers],
  ['1 và 3', ['card', 'photo'], papers],
  ['1 va 3', ['card', 'photo'], papers],
  ['1 3', ['card', 'photo'], papers],
  ['1.3', ['card', 'photo'], papers],
  ['1 + 3', ['card', 'photo'], papers],
  ['số 1 và số 2', ['card', 'birth'], papers],
  ['một với hai', ['card', 'birth'], papers],
  ['1, 1', ['card'], papers],
  ['１、３', ['card', 'photo'], papers],
  ['1 2 3', ['card', 'birth', 'photo'], papers],
  ['tất cả', ['card', 'birth', 'photo'], papers],
  ['tat ca', ['card', 'birth', 'photo'], papers],
  ['có đủ cả ạ', ['card', 'birth', 'photo'], papers],
  ['cả ba', ['card', 'birth', 'photo'], papers],
  ['cả hai', ['father', 'mother'], pair],
  ['cha và má', ['father', 'mother'], pair],
  ['me', ['mother'], pair],
  ['giấy khai sinh', ['birth'], papers],
  ['giay khai sinh', ['birth'], papers],
  ['có thẻ căn cước với giấy khai sinh', ['card', 'birth'], papers],
  ['the can cuoc, anh', ['card', 'photo'], papers],
  ['cccd và ảnh'.normalize('NFD'), ['card', 'photo'], papers],
  ['card', ['card'], papers],
  ['có 1 thôi', ['card'], papers],
  ['số 2 số 3', ['birth', 'photo'], papers],
  ['đủ hết rồi', ['card', 'birth', 'photo'], papers],
  ['chỉ có giấy khai sinh', ['birth'], papers],
  ['không cái nào', [], free],
  ['không có', [], free],
  ['chưa có gì hết', [], free],
  ['ko', [], free],
  ['không cái nào', no('too-short', { got: 0, min: 1 }), papers],
  ['tất cả', no('too-long', { got: 3, max: 2 }), two],
  ['1, 2', ['card', 'birth'], two],
  ['giấy', either(['a'], ['b']), alike],
  ['4', no('out-of-range', { min: 1, max: 3 }), papers],
  ['13', no('out-of-range', { min: 1, max: 3 }), papers],
  ['1, 4', no('unreadable'), papers],
  ['cả hai', no('unreadable'), papers],
  ['thẻ căn cước không có giấy khai sinh', no('unreadable'), papers],
  ['không có thẻ căn cước', no('unreadable'), papers],
  ['bằng lái', no('unreadable'), papers],
  ['', no('empty'), papers],
]);

rejects('multi-choice', [
  ['card', papers],
  [[], papers],
  [['birth', 'card'], papers],
  [['card', 'card'], papers],
  [['deed'], papers],
  [['card', 'birth', 'photo'], two],
  [null, papers],
  [[1], papers],
]);

const kind = kindOf('multi-choice');
const words = (phrase: Phrase): string =>
  'text' in phrase
    ? phrase.text
    : [
        phrase.key,
        ...Object.values(phrase.params ?? {}).map((one) => (typeof one === 'object' ? words(one) : one)),
      ]
        .flat()
        .join(' ');

test('a button means one alone, all, or none where none is allowed', () => {
  const labels = (options: object): (readonly [string, unknown])[] =>
    (kind.choices?.(kind.options.parse(options), ['k'], world) ?? []).map(({ id, value }) => [id, value]);
  const alone = [
    ['card', ['card']],
    ['birth', ['birth']],
    ['photo', ['photo']],
  ];
  expect(labels(papers)).toEqual([...alone, ['all-of-them', papers.choices]]);
  expect(labels(free)).toEqual([...alone, ['all-of-them', papers.choices], ['none-of-them', []]]);
  expect(labels(two)).toEqual(alone);
});

test('shows the words of each', () => {
  const shown = (value: readonly string[]): string =>
    words(kind.show(value, kind.options.parse(free), ['k']));
  expect(shown([])).toBe('kinds.multiChoice.none');
  expect(shown(['card'])).toBe('k.choice.card');
  expect(shown(['card', 'birth', 'photo'])).toBe(
    'kinds.multiChoice.more k.choice.card kinds.multiChoice.more k.choice.birth k.choice.photo',
  );
});
