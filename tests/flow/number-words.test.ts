import { readNumber, spokenDigits } from '../../src/flow/reading/number-words';

const counts: readonly [string, number | null][] = [
  ['không', 0],
  ['một', 1],
  ['năm', 5],
  ['nam', 5],
  ['bẩy', 7],
  ['mười', 10],
  ['mười lăm', 15],
  ['muoi lam', 15],
  ['mười một', 11],
  ['hai mươi', 20],
  ['hai mươi mốt', 21],
  ['hai mốt', 21],
  ['hai lăm', 25],
  ['hăm lăm', 25],
  ['ham ba', 23],
  ['hai tư', 24],
  ['ba chục', 30],
  ['một chục', 10],
  ['chín mươi chín', 99],
  ['một trăm', 100],
  ['một trăm linh năm', 105],
  ['một trăm lẻ năm', 105],
  ['trăm rưỡi', 150],
  ['hai trăm ba mươi tư', 234],
  ['một nghìn chín trăm tám mươi lăm', 1985],
  ['mot nghin chin tram tam lam', 1985],
  ['hai nghìn không trăm linh năm', 2005],
  ['hai ngàn lẻ năm', 2005],
  ['hai nghìn hai mươi tư', 2024],
  ['5 nghìn', 5_000],
  ['hai triệu rưỡi', 2_500_000],
  ['12', 12],
  // Said by people, but with two meanings.
  ['hai ba', null],
  ['trăm hai', null],
  ['hai nghìn năm', null],
  ['trăm triệu triệu', null],
  ['năm tháng', null],
  ['bà', null],
  ['', null],
];

test.each(counts)('count %j', (text, value) => expect(readNumber(text)).toBe(value));

const inDates: readonly [string, number | null][] = [
  ['hai ba', 23],
  ['một chín tám lăm', 1985],
  ['hai không không năm', 2005],
  ['mot chin nam hai', 1952],
  ['tám lăm', 85],
  ['hai nghìn hai tư', 2024],
];

test.each(inDates)('in a date %j', (text, value) => expect(readNumber(text, { runs: true })).toBe(value));

test('spoken digits keep their zeros', () => {
  expect(spokenDigits('không chín một hai, ba bốn năm, sáu bảy tám')).toBe('0912345678');
  expect(spokenDigits('không chín mười')).toBeNull();
});
