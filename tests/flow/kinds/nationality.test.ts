import { COUNTRIES, COUNTRY_CODES } from '../../../src/flow/kinds/countries';
import { kindOf } from '../../../src/flow/kinds';
import { either, no, readsAs, rejects, world } from './table';

readsAs('nationality', [
  ['Việt Nam', 'VN'],
  ['viet nam', 'VN'],
  ['VN', 'VN'],
  ['vn', 'VN'],
  ['Việt', 'VN'],
  ['người Việt ạ', 'VN'],
  ['dạ quốc tịch Việt Nam nha', 'VN'],
  ['Việt Nam'.normalize('NFD'), 'VN'],
  ['Mỹ', 'US'],
  ['mĩ', 'US'],
  ['quốc tịch Hoa Kỳ', 'US'],
  ['U.S.', 'US'],
  ['đài loan', 'TW'],
  ['Hàn', 'KR'],
  ['han quoc', 'KR'],
  ['trung quoc', 'CN'],
  ['Tàu', 'CN'],
  ['Nhật Bản', 'JP'],
  ['Nhựt', 'JP'],
  ['Campuchia', 'KH'],
  ['Cam-pu-chia', 'KH'],
  ['Lào', 'LA'],
  ['Đức', 'DE'],
  ['Úc', 'AU'],
  ['nước Anh', 'GB'],
  ['Pháp', 'FR'],
  ['Nga', 'RU'],
  ['canada', 'CA'],
  ['tui người Việt Nam mà', 'VN'],
  ['Việt Nam và Mỹ', either('VN', 'US')],
  ['Vn/Mỹ', either('VN', 'US')],
  ['hai quốc tịch', either('VN', 'TW', 'KR', 'US')],
  ['không quốc tịch', no('impossible')],
  ['Việt Nam và Sao Hỏa', no('unreadable')],
  ['la', no('unreadable')],
  ['kinh', no('unreadable')],
  ['ZZ', no('unreadable')],
  ['nước ngoài', no('unreadable')],
  ['', no('empty')],
]);

rejects('nationality', [['vn'], ['ZZ'], ['Việt Nam'], [84], [null], ['']]);

test('each country has a Vietnamese name of its own, which reads as that country', () => {
  for (const { code, names } of COUNTRIES) {
    expect(names[0]).not.toBe(code);
    for (const name of names) {
      const reading = kindOf('nationality').read(name, {}, world);
      expect([name, reading]).toEqual([name, { ok: true, value: code }]);
    }
  }
  expect(new Set(COUNTRIES.map(({ names }) => names[0])).size).toBe(COUNTRY_CODES.size);
});
