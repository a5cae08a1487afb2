import { no, readsAs, rejects } from './table';

readsAs('text', [
  ['Xin để bổ sung hồ sơ', 'Xin để bổ sung hồ sơ'],
  ['  hai\n\ndòng\t ', 'hai dòng'],
  ['a\u0000b\u0007c', 'abc'],
  ['a\u200B\u202Eb\uFEFF', 'ab'],
  ['Nguyễn'.normalize('NFD'), 'Nguyễn'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ['=1+1', '=1+1'],
  ['ｆｕｌｌ １', 'ｆｕｌｌ １'],
  ['tốt 👨‍👩‍👧 quá', 'tốt 👨👩👧 quá'],
  ['\uD800', no('unreadable')],
  ['???', no('unreadable')],
  ['...', no('unreadable')],
  ['-', no('unreadable')],
  ['ế'.repeat(5).normalize('NFD'), 'ế'.repeat(5), { max: 5 }],
  ['ế'.repeat(6), no('too-long', { got: 6, max: 5 }), { max: 5 }],
  ['ab', no('too-short', { got: 2, min: 3 }), { min: 3 }],
  ['a'.repeat(500), 'a'.repeat(500)],
  ['a'.repeat(501), no('too-long', { max: 500 })],
  ['a'.repeat(10_001), no('too-long')],
  ['\u200B \n', no('empty')],
  ['', no('empty')],
]);

rejects('text', [[''], ['a\nb'], ['a '], ['a'.repeat(501)], ['ab', { min: 3 }], [5]]);
