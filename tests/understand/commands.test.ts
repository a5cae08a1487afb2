import { commandOf, isGreeting } from '../../src/understand/commands';

test.each([
  ['QUAY LẠI', 'back'],
  ['quay lai', 'back'],
  ['cho tôi quay lại ạ', 'back'],
  ['cháu cho bà quay lại với', 'back'],
  ['/back', 'back'],
  ['back', 'back'],
  ['đọc lại', 'repeat'],
  ['đọc lại cho bác nghe', 'repeat'],
  ['Giải thích giùm tôi', 'explain'],
  ['không hiểu', 'explain'],
  ['tôi không hiểu', 'explain'],
  ['DỪNG', 'stop'],
  ['dung', 'stop'],
  ['dừng'.normalize('NFD'), 'stop'],
  ['thôi dừng lại nhé', 'stop'],
  ['tiếp tục', 'resume'],
  ['Dạ tiếp tục ạ', 'resume'],
  ['xem lại', 'review'],
  ['gửi', 'send'],
  ['dạ gửi đi ạ', 'send'],
  ['hoàn tác', 'undo'],
  ['giữ nguyên', 'keep'],
  ['GẶP CÁN BỘ', 'person'],
  ['gap can bo', 'person'],
  ['cho tôi gặp cán bộ với', 'person'],
  ['DỮ LIỆU CỦA TÔI', 'data'],
  ['menu', 'menu'],
  ['Bắt đầu', 'menu'],
  ['/start', 'menu'],
  ['/start@MotCuaBot', 'menu'],
  ['đổi xưng hô', 'address'],
  ['sửa', 'edit'],
  ['tôi muốn sửa', 'edit'],
  ['tra cứu', 'status'],
])('%p is %s', (text, command) => {
  expect(commandOf(text)?.command).toBe(command);
});

test.each([
  ['SỬA 3', { command: 'edit', arg: '3' }],
  ['sửa câu 12', { command: 'edit', arg: '12' }],
  ['cho tôi sửa dòng số 4 nhé', { command: 'edit', arg: '4' }],
  ['sửa số 03', { command: 'edit', arg: '3' }],
  ['/edit 5', { command: 'edit', arg: '5' }],
  ['/start phuong-ba-dinh', { command: 'menu', arg: 'phuong-ba-dinh' }],
  ['English', { command: 'language', arg: 'en' }],
  ['tiếng Việt', { command: 'language', arg: 'vi' }],
])('%p carries %p', (text, expected) => {
  expect(commandOf(text)).toEqual(expected);
});

test.each([
  'quay lại trường học để nộp hồ sơ',
  'Nguyễn Văn Sửa',
  'Trần Thị Dừng',
  'em gửi ạ',
  'em gửi ảnh ạ',
  'mất rồi',
  'rút',
  '3',
  '',
  'sửa chữa nhà',
  'đúng',
  'Dạ đúng ạ',
  'ĐÚNG',
  'đúng'.normalize('NFD'),
  'đừng',
  '/khong-co-lenh-nay',
  'hi',
  'không',
  'gửi cho con đi học',
  'x'.repeat(5000),
])('%p is an answer, not a command', (text) => {
  expect(commandOf(text)).toBeNull();
});

test.each([
  'Dũng',
  'Dung em',
  'dạ em Dung ạ',
  'da em Dung a',
  'bà Nghi',
  'đẻ sau',
  'sữa',
  'Tiệp',
  'dùng',
  'đụng',
])('%p is another word than the command, whatever is asked', (text) => {
  for (const asked of [null, 'name', 'yes'] as const) expect(commandOf(text, asked)).toBeNull();
});

test.each([
  ['dung', null, 'stop'],
  ['Dung', null, 'stop'],
  ['nghi', null, 'stop'],
  ['Giữ', null, 'keep'],
  ['sữa lại', null, 'edit'],
  ['sữa 3', null, 'edit'],
  ['dung', 'yes', undefined],
  ['Dung', 'yes', undefined],
  ['DUNG', 'yes', undefined],
  ['dừng', 'yes', 'stop'],
  ['dừng lại', 'yes', 'stop'],
  ['sửa', 'yes', 'edit'],
  ['Dung', 'name', undefined],
  ['dung', 'name', undefined],
  ['Nghi', 'name', undefined],
  ['Tiếp', 'name', undefined],
  ['Giữ', 'name', undefined],
  ['giữ nguyên', 'name', 'keep'],
  ['DUNG', 'name', 'stop'],
  ['DỪNG', 'name', 'stop'],
  ['Dừng', 'name', 'stop'],
  ['dừng', 'name', 'stop'],
  ['sửa', 'name', 'edit'],
  ['stop', 'name', 'stop'],
] as const)('%p where %p is asked is %p', (text, asked, command) => {
  expect(commandOf(text, asked)?.command).toBe(command);
});

test.each([
  'hi',
  'Alo',
  'alo alo',
  'xin chào',
  'chào cháu',
  'dạ em chào anh',
  'Chào cán bộ ạ',
  'hello',
  'em ơi',
  'cháu ơi',
  'bác chào cháu nhé',
])('%p is a greeting', (text) => {
  expect(isGreeting(text)).toBe(true);
});

test.each([
  'chào cháu, bác muốn làm khai sinh',
  'em',
  'Nguyễn Thị Hi',
  'ở đâu',
  '',
  'ơi',
  'Chào Văn A',
  'bà',
])('%p is more than a greeting, or none', (text) => {
  expect(isGreeting(text)).toBe(false);
});
