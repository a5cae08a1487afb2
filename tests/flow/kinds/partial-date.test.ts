import { confirm, either, no, readsAs, rejects } from './table';

readsAs('partial-date', [
  ['1952', '1952'],
  ['năm 1952', '1952'],
  ['khoảng năm 1952 ạ', '1952'],
  ['bà sinh năm 1952', '1952'],
  ['một chín năm hai', '1952'],
  ['năm 52', '1952'],
  ['52', '1952'],
  ['năm 12', either('2012', '1912')],
  ['tháng 3/1990', '1990-03'],
  ['3/1990', '1990-03'],
  ['03-1990', '1990-03'],
  ['tháng ba năm 1990', '1990-03'],
  ['5/3/1990', '1990-03-05'],
  ['hôm qua', '2026-11-21'],
  ['khoảng 5/3/1990', confirm('1990-03-05')],
  ['25 tháng chạp năm 1952', confirm('1953-02-08')],
  ['tháng chạp năm 1952', confirm('1953-01')],
  ['13/1990', no('impossible')],
  ['5/3', no('too-short')],
  ['2027', no('out-of-range'), { past: true }],
  ['2026', '2026', { past: true }],
  ['12/2026', no('out-of-range'), { past: true }],
  ['1899', no('out-of-range')],
  ['lâu rồi', no('unreadable')],
  ['70 tuổi', no('unreadable')],
  ['', no('empty')],
]);

rejects('partial-date', [['52'], ['1990-13'], ['1990-02-30'], ['1899'], ['2027', { past: true }], [1952]]);
