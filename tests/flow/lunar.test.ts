import type { LunarDay } from '../../src/flow/reading/lunar';
import { dayNumber, isoOf, lunarMonth, solarOf } from '../../src/flow/reading/lunar';

const on = (day: number, month: number, year: number, leap = false): LunarDay => ({ day, month, year, leap });

const known: readonly [string, LunarDay, string | null][] = [
  ['Tết Bính Ngọ', on(1, 1, 2026), '2026-02-17'],
  ['Tết Đinh Mùi', on(1, 1, 2027), '2027-02-06'],
  ['Tết Mậu Thân', on(1, 1, 2028), '2028-01-26'],
  ['Tết Ất Tỵ', on(1, 1, 2025), '2025-01-29'],
  ['Tết 1985, a month before the Chinese one', on(1, 1, 1985), '1985-01-21'],
  ['Tết 2007, a day before the Chinese one', on(1, 1, 2007), '2007-02-17'],
  ['Tết 1968', on(1, 1, 1968), '1968-01-29'],
  ['Tết 2000', on(1, 1, 2000), '2000-02-05'],
  ['Giỗ Tổ 2026', on(10, 3, 2026), '2026-04-26'],
  ['Giỗ Tổ 2027', on(10, 3, 2027), '2027-04-16'],
  ['Trung thu 2024', on(15, 8, 2024), '2024-09-17'],
  ['rằm tháng bảy 2025, after the leap sixth month', on(15, 7, 2025), '2025-09-06'],
  ['1/6 nhuận 2025', on(1, 6, 2025, true), '2025-07-25'],
  ['1/2 nhuận 2023', on(1, 2, 2023, true), '2023-03-22'],
  ['25 tháng chạp 2025', on(25, 12, 2025), '2026-02-12'],
  ['no leap third month in 2026', on(1, 3, 2026, true), null],
  ['no 31st', on(31, 1, 2026), null],
  ['no 30 tháng chạp in a short month', on(30, 12, 2025), null],
  ['no 13th month', on(1, 13, 2026), null],
];

test.each(known)('%s', (_name, lunar, solar) => expect(solarOf(lunar)).toBe(solar));

test('months follow each other without a gap from 1900 to 2199', () => {
  for (let year = 1900; year < 2199; year++) {
    let next: number | null = null;
    for (let month = 1; month <= 12; month++) {
      for (const leap of [false, true]) {
        const found = lunarMonth({ month, year, leap });
        if (found === null) continue;
        expect([29, 30]).toContain(found.days);
        if (next !== null) expect(found.first).toBe(next);
        next = found.first + found.days;
      }
    }
    expect(next).toBe(lunarMonth({ month: 1, year: year + 1, leap: false })?.first);
  }
});

test('day numbers and civil days are each other’s reverse', () => {
  expect(dayNumber('2000-01-01')).toBe(2451545);
  expect(isoOf(dayNumber('1900-02-28') + 1)).toBe('1900-03-01');
});
