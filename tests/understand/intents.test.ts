import { join } from 'node:path';
import { openFinder } from '../../src/understand/find';
import { intentOf } from '../../src/understand/intents';
import { loadPhrasings } from '../../src/understand/load-phrasings';

const finder = openFinder({
  ...loadPhrasings(join(__dirname, '..', '..', 'flows', 'phrasings')),
  procedures: [],
});

test.each([
  ['cho tôi gặp cán bộ', 'gap-can-bo'],
  ['hồ sơ của tôi đến đâu rồi', 'tra-cuu-ho-so'],
  ['ho so cua toi toi dau roi', 'tra-cuu-ho-so'],
  ['tôi muốn rút hồ sơ', 'rut-ho-so'],
  ['xoá dữ liệu của tôi', 'du-lieu-ca-nhan'],
  ['có phải lừa đảo không', 'canh-bao-lua-dao'],
])('%p means %s, in the lobby and amid a flow', (text, intent) => {
  expect(intentOf(finder, text, 'lobby')).toBe(intent);
  expect(intentOf(finder, text, 'mid-flow')).toBe(intent);
});

test.each([
  'rút',
  'mất',
  'lệ phí',
  'Nguyễn Thị Phí',
  'xã Hồ Sơ, huyện Hữu Lũng',
  'để nộp hồ sơ xin việc',
  'mất giấy khai sinh',
  'nộp hồ sơ cho con đi học',
  'số 5 đường Cán Bộ, phường Ba Đình',
  'làm sổ đỏ',
  '8000',
  'không có',
  'bưu điện',
  'Công an phường',
])('amid a flow %p is an answer', (text) => {
  expect(intentOf(finder, text, 'mid-flow')).toBeNull();
});

test.each(['xin trích lục khai sinh', 'hồ sơ', 'alo', 'thời tiết hôm nay'])('%p is no intent', (text) => {
  expect(intentOf(finder, text, 'lobby')).toBeNull();
});
