import { nationalIdFacts } from '../../../src/flow/kinds/national-id';
import { confirm, either, no, readsAs, rejects } from './table';

readsAs('national-id', [
  ['001190000123', '001190000123'],
  ['001 190 000 123', '001190000123'],
  ['001.190.000.123', '001190000123'],
  ['001-190-000-123', '001190000123'],
  ['OO119oooo123', '001190000123'],
  ['００１１９００００１２３', '001190000123'],
  ['số căn cước của cháu là 001190000123 ạ', '001190000123'],
  ['cccd: 001190000123', '001190000123'],
  ['không không một một chín không không không không một hai ba', '001190000123'],
  ['001190000123|012345678|Nguyễn Thị Ví Dụ|15031990|Nữ|Phường Mẫu|10052021', '001190000123'],
  ['999999999999', '999999999999'],
  ['012345678', no('too-short', { got: 9, need: 12 })],
  ['0', no('too-short', { got: 1 })],
  ['00119000012', no('too-short', { got: 11 })],
  ['0011900001234', no('too-long', { got: 13 })],
  ['B1234567', no('unreadable')],
  ['không nhớ', no('unreadable')],
  ['001190000123 hoặc 001190000124', either('001190000123', '001190000124')],
  ['001190000123 cấp ngày 10/5/2021', confirm('001190000123')],
  ['001 190 000 123 của mẹ tui đó', '001190000123'],
  ['001190000123001190000123', confirm('001190000123')],
  ['số định danh 001190000123'.normalize('NFD'), '001190000123'],
  ['+84912345678', no('unreadable')],
  ['<001190000123>', confirm('001190000123')],
  ['', no('empty')],
]);

rejects('national-id', [['00119000012'], ['001 190 000 123'], [1190000123], ['００１１９００００１２３']]);

test.each([
  ['001190000123', { sex: 'female', birthYear: 1990, place: '001' }],
  ['079204000456', { sex: 'male', birthYear: 2004, place: '079' }],
  ['038301000789', { sex: 'female', birthYear: 2001, place: '038' }],
  ['001052000001', { sex: 'male', birthYear: 1952, place: '001' }],
  ['012345678', null],
])('what %s says', (id, facts) => expect(nationalIdFacts(id)).toEqual(facts));
