import { join } from 'node:path';
import { loadFactsDir } from '../../src/catalogue/facts';
import { feeFor } from '../../src/catalogue/fees';
import { openSpeech } from '../../src/app/speech';

const root = join(__dirname, '../..');
const facts = loadFactsDir(join(root, 'flows/facts'));
const speech = openSpeech(join(root, 'locales'));

const said = (procedure: string, copies: number, province: string | null = null, day = '2026-11-22') =>
  feeFor(facts.factsOf(procedure, { agency: null, province }, day), { copies, online: false, exempt: false })
    .lines.map((line) => speech.phrase(line, {}, 'vi'))
    .join(' ');

const WHO_PAYS_NOTHING = /hộ nghèo, người khuyết tật, gia đình có công/;

it.each<[string, string, number, string | null, RegExp]>([
  [
    'copies of a birth certificate',
    'khai-sinh',
    2,
    null,
    /0đ nếu khai trong 60 ngày.* Bản sao: 8\.000đ × 2 bản = 16\.000đ\./,
  ],
  ['a birth certificate alone', 'khai-sinh', 0, null, /^Lệ phí: 0đ nếu khai trong 60 ngày[^×]*$/],
  ['a birth in Hà Nội', 'khai-sinh', 0, '01', /0đ nếu khai trong 60 ngày.* 5\.000đ \(mức của Hà Nội\)\./],
  ['a birth in Hải Phòng', 'khai-sinh', 0, '31', /0đ nếu khai trong 60 ngày.* trực tuyến cũng 0đ/],
  ['marital status in Hải Phòng', 'xac-nhan-hon-nhan', 1, '31', /^Lệ phí: 0đ khi nộp trực tuyến/],
  ['an extract', 'trich-luc-ho-tich', 3, null, /8\.000đ × 3 bản = 24\.000đ/],
  ['a marital-status certificate in Hà Nội', 'xac-nhan-hon-nhan', 0, '01', /3\.000đ/],
  ['the same elsewhere: the officer says', 'xac-nhan-hon-nhan', 2, '79', /^Lệ phí: cán bộ sẽ báo\./],
])('%s', (_name, procedure, copies, province, pattern) => {
  const words = said(procedure, copies, province);
  expect(words).toMatch(pattern);
  expect(words).toMatch(WHO_PAYS_NOTHING);
});
