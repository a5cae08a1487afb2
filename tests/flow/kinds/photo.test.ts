import { BROUGHT, countOf, showPhotos } from '../../../src/flow/kinds/photo';
import { kindOf } from '../../../src/flow/kinds';
import { LIMITS } from '../../../src/flow/types';
import type { Photo } from '../../../src/flow/types';
import { openSpeech } from '../../../src/app/speech';
import { no, readsAs, rejects } from './table';

const bring = { bring: true };

readsAs('photo', [
  ['mang đến quầy', BROUGHT, bring],
  ['tôi mang giấy ra phường sau', BROUGHT, bring],
  ['để bác cầm ra xã', BROUGHT, bring],
  ['dạ con đem lên ủy ban nghen', BROUGHT, bring],
  ['tui xách qua phường', BROUGHT, bring],
  ['mang toi sau', BROUGHT, bring],
  ['nộp trực tiếp', BROUGHT, bring],
  ['nộp tại quầy', BROUGHT, bring],
  ['mai tôi ra phường nộp', BROUGHT, bring],
  ['I will bring it', BROUGHT, bring],
  ['mang đến quầy', no('impossible')],
  ['không mang ra được', no('unreadable'), bring],
  ['mang ra phường được không?', no('unreadable'), bring],
  ['nộp ở phường hôm qua rồi', no('unreadable'), bring],
  ['chưa có', no('unreadable'), bring],
  ['không biết', no('unreadable'), bring],
  ['đây ạ', no('unreadable')],
  ['', no('empty')],
]);

const photo = (id: string, more: Partial<Photo> = {}): Photo => ({
  ...{ id, state: 'ok', print: id, sort: 'photo', pages: 1, flags: [] },
  ...more,
});
const value = (...photos: Photo[]) => ({ photos, done: true, bring: false });
const two = value(photo('a'), photo('b'));

rejects('photo', [
  [{ ...two, done: false }],
  [value()],
  [value(photo('a')), { min: 2 }],
  [two, { max: 1 }],
  [value(photo('a'), photo('a'))],
  [BROUGHT],
  [value(photo('a', { state: 'gone' as never }))],
  [value(photo('x'.repeat(41)))],
  [{ photos: [{ id: 'a' }], done: true, bring: false }],
  [{ bring: true }, bring],
  ['ảnh'],
  [[photo('a')]],
]);

test('counts photos, and the paper that is brought, with or without photos', () => {
  const { accepts, options } = kindOf('photo');
  const world = { today: '2026-11-22', findCommunes: () => [], agency: null };
  expect(accepts(two, options.parse({}), world)).toBe(true);
  expect(accepts({ ...two, bring: true }, options.parse({ bring: true }), world)).toBe(true);
  expect(accepts({ ...two, bring: true }, options.parse({}), world)).toBe(false);
});

test.each([{ min: 0 }, { max: 21 }, { min: 3, max: 2 }, { min: 6 }])('no author may write %j', (options) => {
  expect(kindOf('photo').options.safeParse(options).success).toBe(false);
});

test('twenty photos fit into one answer, with ids and prints as long as they may be', () => {
  const longest = Array.from({ length: 20 }, (_, i) =>
    photo(String(i).padStart(32, 'i'), {
      print: 'p'.repeat(64),
      state: 'fetching',
      pages: 30,
      flags: ['small'],
    }),
  );
  expect(
    kindOf('photo').accepts(
      value(...longest),
      kindOf('photo').options.parse({ max: 20 }),
      undefined as never,
    ),
  ).toBe(true);
  expect(JSON.stringify(value(...longest)).length).toBeLessThanOrEqual(4 * LIMITS.answerChars);
});

const speech = openSpeech('locales');
test.each([
  [two, '2 ảnh', '2 photos'],
  [value(photo('a')), '1 ảnh', '1 photo'],
  [value(photo('a', { sort: 'pdf', pages: 3 })), '1 tệp PDF (3 trang)', '1 PDF file (3 pages)'],
  [
    value(photo('a'), photo('b', { sort: 'pdf', pages: 3 })),
    '1 ảnh và 1 tệp PDF (3 trang)',
    '1 photo and 1 PDF file (3 pages)',
  ],
  [value(photo('a', { state: 'fetching' })), '1 ảnh (đang xem)', '1 photo (being looked at)'],
  [
    value(photo('a', { sort: 'pdf', state: 'fetching' })),
    '1 tệp PDF (đang xem)',
    '1 PDF file (being looked at)',
  ],
  [BROUGHT, 'sẽ mang đến quầy', 'will be brought to the counter'],
  [
    { ...two, bring: true },
    '2 ảnh, phần còn lại sẽ mang đến quầy',
    '2 photos, the rest will be brought to the counter',
  ],
])('is shown as people count: %#', (shown, vi, en) => {
  expect(speech.phrase(showPhotos(shown), {}, 'vi')).toBe(vi);
  expect(speech.phrase(showPhotos(shown), {}, 'en')).toBe(en);
});

test('what was just received is counted without saying that it is looked at', () => {
  expect(speech.phrase(countOf([photo('a', { state: 'fetching' })]), {}, 'vi')).toBe('1 ảnh');
});
