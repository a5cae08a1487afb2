import { ETHNICITIES } from '../../../src/flow/kinds/ethnicities';
import { kindOf } from '../../../src/flow/kinds';
import { fold } from '../../../src/flow/text';
import { no, readsAs, rejects, world } from './table';

readsAs('ethnicity', [
  ['Kinh', 'Kinh'],
  ['kinh', 'Kinh'],
  ['người Kinh ạ', 'Kinh'],
  ['dân tộc Kinh', 'Kinh'],
  ['dt kinh', 'Kinh'],
  ['cả nhà là Kinh', 'Kinh'],
  ['dạ em người Tày nha', 'Tày'],
  ['tày'.normalize('NFD'), 'Tày'],
  ['Ê-đê', 'Ê-đê'],
  ['dân tộc ê đê', 'Ê-đê'],
  ['ede', 'Ê-đê'],
  ['Êđê', 'Ê-đê'],
  ['Mông', 'Mông'],
  ["H'Mông", 'Mông'],
  ['h’mông', 'Mông'],
  ['Hmong', 'Mông'],
  ['Mèo', 'Mông'],
  ['Khmer', 'Khơ-me'],
  ['Khơ me', 'Khơ-me'],
  ['Xê Đăng', 'Xơ-đăng'],
  ['xo dang', 'Xơ-đăng'],
  ['gia rai', 'Gia-rai'],
  ['Jrai', 'Gia-rai'],
  ['Ba Na', 'Ba-na'],
  ["k'ho", 'Cơ-ho'],
  ['Chàm', 'Chăm'],
  ['thai', 'Thái'],
  ['Thái Đen', 'Thái'],
  ['Cao Lan', 'Sán Chay'],
  ['vân kiều', 'Bru-Vân Kiều'],
  ['Pa Cô', 'Ta-ôi'],
  ["M'nông", 'Mnông'],
  ['mán', 'Dao'],
  ['Thổ', 'Thổ'],
  ['Dân tộc: Mường', 'Mường'],
  ['Khơ-mer', 'Khơ-me'],
  ['cờ ho', 'Cơ-ho'],
  ['tui người kinh', 'Kinh'],
  ['người Thượng', no('unreadable')],
  ['người dân tộc', no('unreadable')],
  ['bố kinh mẹ tày', no('unreadable')],
  ['không biết', no('unreadable')],
  ['54', no('unreadable')],
  ['', no('empty')],
]);

rejects('ethnicity', [['kinh'], ['H’Mông'], [1], [null], [''], ['constructor']]);

test('there are 54, with codes in a row', () =>
  expect(ETHNICITIES.map(({ code }) => code)).toEqual(
    Array.from({ length: 54 }, (_, at) => String(at + 1).padStart(2, '0')),
  ));

const names = ETHNICITIES.flatMap(({ name, others }) => [name, ...others].map((typed) => ({ typed, name })));

test.each(names)('$typed is $name', ({ typed, name }) =>
  expect(kindOf('ethnicity').read(typed, {}, world)).toEqual({ ok: true, value: name }),
);

test.each(ETHNICITIES)('$name is understood without marks', ({ name }) =>
  expect(kindOf('ethnicity').read(fold(name), {}, world)).toEqual({ ok: true, value: name }),
);
