/** What a family hears while it registers a birth, beyond the written talks. */
import type { FlowEvent } from '../../src/flow/types';
import { TODAY, asked, begin, contextOf, keysIn, openFlow, play, view } from './talk-runner';
import type { Played } from './talk-runner';

const flow = openFlow('khai-sinh');
const world = contextOf(flow);
const text = (words: string): FlowEvent => ({ type: 'text', text: words });
const say = (state: Played, words: string): Played => play(flow, state.session, text(words), world);
const after = (...words: readonly string[]): Played => words.reduce(say, begin(flow, world));
const at = ({ session }: Played): string | null => asked(flow, session, world);

const OPENED = ['phường Ba Đình, Hà Nội', 'tôi khai', 'đồng ý'];
const MOTHER = [...OPENED, 'mẹ', 'đã kết hôn', 'Trần Minh An'];
const BEFORE_PHOTO = [...MOTHER, 'hôm qua', 'nam', 'Bệnh viện Bạch Mai, Hà Nội', 'Kinh', 'quê cha'];

/** A day so many days before the day of the talks, as people write it. */
function daysAgo(days: number): string {
  const day = new Date(Date.parse(`${TODAY}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
  return day.split('-').reverse().join('/');
}

test.each([
  [0, false],
  [59, false],
  [60, false],
  [61, true],
  [400, true],
])('born %p days ago: said to be late? %p', (days, late) => {
  const state = say(after(...MOTHER), daysAgo(days));
  expect(keysIn(state.said).includes('newborn.birth.warn.late')).toBe(late);
  expect(at(late ? say(state, 'đúng') : state)).toBe('child.sex');
});

test('late is flagged for the officer, and no longer once the day was set right', () => {
  const late = after(...MOTHER, daysAgo(90), 'đúng');
  expect(late.session.answers['child.birth']?.flags).toEqual(['late']);
  const open = play(flow, late.session, { type: 'command', command: 'edit', step: 'child.birth' }, world);
  const right = say(open, daysAgo(9));
  expect(right.session.answers['child.birth']?.flags ?? []).toEqual([]);
});

test('how to take the photo is said before the first one only', () => {
  const asks = after(...BEFORE_PHOTO);
  expect(at(asks)).toBe('birthPaper');
  expect(keysIn(asks.said)).toContain('khai-sinh.birthPaper.note');
  const photos = [{ id: 'p1', print: 'p1', sort: 'photo' as const }];
  const one = play(flow, asks.session, { type: 'photos', photos }, world);
  const seen = play(
    flow,
    one.session,
    { type: 'photo-ready', photo: 'p1', sort: 'photo', pages: 1, flags: [] },
    world,
  );
  expect(keysIn([...one.said, ...seen.said])).not.toContain('khai-sinh.birthPaper.note');
});

test.each([
  ['mẹ', 'đã kết hôn', 'father.name'],
  ['cha', 'đã kết hôn', 'mother.name'],
  ['bà ngoại', 'đã kết hôn', 'mother.name'],
  ['mẹ', 'chưa kết hôn', 'wantsCopies'],
])('%s, %s: after the own number comes %s', (who, parents, next) => {
  const asksParents = ['bà ngoại'].includes(who)
    ? [...OPENED, who, 'có', parents]
    : [...OPENED, who, parents];
  const blank = parents === 'chưa kết hôn' ? ['chỉ mẹ'] : [];
  const child = ['Trần Minh An', 'hôm qua', 'nam', 'Bệnh viện Bạch Mai, Hà Nội', 'Kinh', 'quê mẹ'];
  const state = after(...asksParents, ...blank, ...child, 'mang ra quầy', 'Lê Thị Hoa');
  const number = who === 'cha' ? '001090000123' : '001190000123';
  expect(at(say(state, number))).toBe(next);
});

test('whoever has no number is asked for what the officer cannot look up, and nobody else is', () => {
  const asksFather = after(...BEFORE_PHOTO, 'mang ra quầy', 'Lê Thị Hoa', '001190000123', 'Trần Văn Bình');
  expect(at(say(asksFather, '001090000124'))).toBe('marriageNumber');
  const without = ['không có', '1990', 'Việt Nam', 'Kinh', 'xã Ba Vì, Hà Nội'].reduce(say, asksFather);
  expect(at(without)).toBe('marriageNumber');
  expect(view(flow, without.session, world)).toMatchObject({
    'father.nationalId': null,
    'father.birth': '1990',
    'father.ethnicity': 'Kinh',
    'father.nationality': 'VN',
  });
});

const keysAfter = (...words: readonly string[]): readonly string[] => keysIn(after(...words).said);

test.each([
  ['Bệnh viện Bạch Mai, Hà Nội', false],
  ['BỆNH VIỆN BẠCH MAI', false],
  ['benh vien bach mai', false],
  ['Trạm y tế xã Ba Vì', false],
  ['nhà hộ sinh A, Hà Nội', false],
  ['sinh tại nhà, xã Ba Vì, Hà Nội', false],
  ['số 5 ngõ 12, phường Ba Đình, Hà Nội', true],
  ['xã Ba Vì, Hà Nội', true],
])('born at "%s": asked whether it is the home address? %p', (place, warned) => {
  const state = after(...MOTHER, 'hôm qua', 'nam', place);
  expect(keysIn(state.said).includes('khai-sinh.child.birthPlace.warn.noFacility')).toBe(warned);
  expect(at(warned ? say(state, 'đúng') : state)).toBe('child.ethnicity');
});

test.each([
  ['Trần Minh An', false],
  ['Công Tằng Tôn Nữ Hoàng Minh Thiên Bảo Ngọc', true],
])('a child called %s: asked once whether so long a name is right? %p', (name, warned) => {
  const keys = keysAfter(...OPENED, 'mẹ', 'đã kết hôn', name);
  expect(keys.includes('khai-sinh.child.name.warn.long')).toBe(warned);
});

const FATHER = [...BEFORE_PHOTO, 'mang ra quầy', 'Lê Thị Hoa', '001190000123', 'Trần Văn Bình'];

test.each([
  ['001090000124', false],
  ['001045000124', true],
  ['001214000124', true],
])('the father’s number %s: is his age asked about? %p', (number, warned) => {
  expect(keysAfter(...FATHER, number).includes('khai-sinh.father.nationalId.warn.fatherAge')).toBe(warned);
});

test.each([
  ['Tày', 'Tày', 'Kinh', false],
  ['Tày', 'Nùng', 'Tày', false],
  ['Tày', 'Nùng', 'Kinh', true],
])('child %s, mother %s, father %s: asked whether it is right? %p', (child, mother, father, warned) => {
  const born = ['Trần Minh An', 'hôm qua', 'nam', 'Bệnh viện Bạch Mai, Hà Nội', child, 'quê cha'];
  const parent = (name: string, people: string) => [
    ...[name, 'không có', '1990', 'Việt Nam', people],
    'xã Ba Vì, Hà Nội',
  ];
  const state = after(
    ...[...OPENED, 'bà nội', 'có', 'đã kết hôn', ...born, 'mang ra quầy', 'Lê Thị Hoa', '001160000123'],
    ...[...parent('Đỗ Thị Mai', mother), ...parent('Trần Văn Bình', father).slice(0, 5)],
  );
  expect(keysIn(state.said).includes('khai-sinh.father.ethnicity.warn.otherEthnicity')).toBe(warned);
});
