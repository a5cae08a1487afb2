/** Promised dates and office hours, over the deployment's own holiday table. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  civilDate,
  dueDate,
  nextOfficeHour,
  nextWorkingDay,
  officeOpens,
} from '../../src/catalogue/due-dates';
import type { DueRule } from '../../src/catalogue/due-dates';
import { loadHolidays, openHolidays } from '../../src/catalogue/holidays';

const root = join(__dirname, '../..');
const holidays = loadHolidays(join(root, 'flows/facts'));
const days = (count: number, after15 = false): DueRule => ({ days: count, unit: 'working', after15 });
const sameDay: DueRule = { days: 0, unit: 'same-day', after15: true };
const due = (receivedAt: string, rule: DueRule, pauses: { from: string; to: string }[] = []) =>
  dueDate({ receivedAt, rule, holidays, pauses });

describe('worked cases', () => {
  test('XNTTHN, 3 working days, Friday 20/11/2026 16:00: Tuesday is Culture Day', () => {
    expect(due('2026-11-20T16:00', days(3))).toEqual({
      dueOn: '2026-11-26',
      confirmed: true,
      working: ['2026-11-23', '2026-11-25', '2026-11-26'],
    });
  });
  test('khai sinh, same day, Monday 23/11/2026 15:30: the next working day is Wednesday', () => {
    expect(due('2026-11-23T15:30', sameDay)).toEqual({
      dueOn: '2026-11-25',
      confirmed: true,
      working: ['2026-11-25'],
    });
  });
  test('GPXD, 7 working days, Monday 23/11/2026', () => {
    expect(due('2026-11-23T09:00', days(7))).toEqual({
      dueOn: '2026-12-03',
      confirmed: true,
      working: [
        '2026-11-25',
        '2026-11-26',
        '2026-11-27',
        '2026-11-30',
        '2026-12-01',
        '2026-12-02',
        '2026-12-03',
      ],
    });
  });
  test('thường trú, 7 working days over Tết 2027: computed, and said to be uncertain', () => {
    const found = due('2027-01-29T09:00', days(7));
    expect(found.working.slice(0, 4)).toEqual(['2027-02-01', '2027-02-02', '2027-02-03', '2027-02-04']);
    expect(found.dueOn).toBe('2027-02-16');
    expect(found.confirmed).toBe(false);
  });
});

describe('one rule at a time', () => {
  test.each([
    ['same day, in the morning', '2026-11-25T08:00', sameDay, '2026-11-25'],
    ['15:00:00 sharp is in time', '2026-11-25T15:00:00', sameDay, '2026-11-25'],
    ['one second later is not', '2026-11-25T15:00:01', sameDay, '2026-11-26'],
    [
      'without the 15:00 rule late is still today',
      '2026-11-25T16:00',
      { ...sameDay, after15: false },
      '2026-11-25',
    ],
    ['late on Friday: Monday', '2026-11-27T15:30', sameDay, '2026-11-30'],
    ['on Saturday: as if on Monday', '2026-11-28T09:00', sameDay, '2026-11-30'],
    ['on Saturday after 15:00: still Monday', '2026-11-28T16:00', sameDay, '2026-11-30'],
    ['the first day is not counted', '2026-11-25T08:00', days(1), '2026-11-26'],
    [
      'received on Saturday counts as Monday, so Tuesday is day one',
      '2026-11-28T09:00',
      days(1),
      '2026-12-01',
    ],
    ['received on a holiday', '2026-11-24T09:00', days(1), '2026-11-26'],
    ['15:00 rule on working days moves the reception', '2026-11-25T16:00', days(1, true), '2026-11-27'],
    ['over the year end', '2026-12-31T09:00', days(2), '2027-01-05'],
    ['over Tết 2026', '2026-02-13T09:00', days(1), '2026-02-23'],
    ['a Saturday worked in exchange counts', '2026-08-21T09:00', days(1), '2026-08-22'],
    ['the days off around 2 September do not', '2026-08-28T09:00', days(1), '2026-09-03'],
    ['zero days means the same day', '2026-11-25T08:00', days(0), '2026-11-25'],
  ])('%s', (_, receivedAt, rule, dueOn) => {
    expect(due(receivedAt, rule).dueOn).toBe(dueOn);
  });
  test('days of a supplement do not count', () => {
    const paused = due('2026-11-25T08:00', days(3), [{ from: '2026-11-27', to: '2026-12-01' }]);
    expect(paused.working).toEqual(['2026-11-26', '2026-12-02', '2026-12-03']);
  });
  test('a same-day result is due as if received when the supplement came', () => {
    const waited = (to: string) => due('2026-11-25T08:00', sameDay, [{ from: '2026-11-25T09:00', to }]).dueOn;
    expect(waited('2026-11-27T10:00')).toBe('2026-11-27');
    expect(waited('2026-11-27T15:30')).toBe('2026-11-30');
  });
  test('an instant and its local time are the same moment; the civil day turns at 17:00 UTC', () => {
    expect(due('2026-11-25T08:00:01Z', sameDay)).toEqual(due('2026-11-25T15:00:01', sameDay));
    expect(due('2026-11-24T18:30:00Z', days(1)).dueOn).toBe('2026-11-26');
    expect(civilDate(new Date('2026-11-24T17:00:00Z'))).toBe('2026-11-25');
    expect(civilDate(Date.parse('2026-11-24T16:59:59Z'))).toBe('2026-11-24');
  });
  test.each([['America/New_York'], ['Pacific/Kiritimati'], ['Asia/Ho_Chi_Minh']])(
    'a server in %s promises the same',
    (zone) => {
      const script = `
        const { dueDate, civilDate } = require('./dist/src/catalogue/due-dates');
        const { loadHolidays } = require('./dist/src/catalogue/holidays');
        const rule = { days: 3, unit: 'working', after15: false };
        const { dueOn } = dueDate({ receivedAt: '2026-11-20T16:00', rule, holidays: loadHolidays('flows/facts') });
        console.log(new Date(0).getHours(), dueOn, civilDate(Date.parse('2026-11-24T17:00:00Z')));`;
      const env = { ...process.env, TZ: zone };
      const said = execFileSync(process.execPath, ['-e', script], { cwd: root, env, encoding: 'utf8' });
      const hours = { 'America/New_York': 19, 'Pacific/Kiritimati': 13, 'Asia/Ho_Chi_Minh': 8 }[zone];
      expect(said.trim()).toMatch(/^\d+ 2026-11-26 2026-11-25$/);
      expect(said).toMatch(new RegExp(`^${String(hours)} `));
    },
  );
  test('a year without a table is never certain', () => {
    expect(due('2029-03-01T09:00', days(3)).confirmed).toBe(false);
    expect(due('2027-03-01T09:00', days(3)).confirmed).toBe(true);
    // One of 1/9 and 3/9/2027 will be off; which is not announced.
    expect(due('2027-08-31T09:00', days(1)).confirmed).toBe(false);
  });
  test.each([[-1], [1.5], [400], [Number.NaN]])('a limit of %p days is refused', (count) => {
    expect(() => due('2026-11-25T08:00', days(count))).toThrow(/0 to 366/);
  });
  test('a time that is none is refused', () => {
    expect(() => due('hôm qua', sameDay)).toThrow(/ISO instant/);
  });
});

describe('when an officer will look', () => {
  const at = (local: string): Date => new Date(`${local}:00+07:00`);
  test.each([
    ['before opening', '2026-11-25T06:00', '2026-11-25', '07:30', false],
    ['open', '2026-11-25T09:15', '2026-11-25', '09:15', true],
    ['at noon', '2026-11-25T11:30', '2026-11-25', '13:30', false],
    ['in the evening', '2026-11-25T17:00', '2026-11-26', '07:30', false],
    ['Friday evening', '2026-11-27T20:00', '2026-11-30', '07:30', false],
    ['the evening before a holiday', '2026-11-23T20:00', '2026-11-25', '07:30', false],
    ['on a holiday', '2026-11-24T09:00', '2026-11-25', '07:30', false],
    ['on a Saturday worked', '2026-08-22T09:00', '2026-08-22', '09:00', true],
  ])('%s', (_, local, day, from, open) => {
    expect(nextOfficeHour(at(local), holidays)).toEqual({ day, from });
    expect(officeOpens(at(local), holidays)).toBe(open);
  });
  test('an agency may keep its own hours', () => {
    expect(nextOfficeHour(at('2026-11-25T07:00'), holidays, [{ from: '07:00', to: '11:00' }])).toEqual({
      day: '2026-11-25',
      from: '07:00',
    });
  });
});

describe('the holiday table', () => {
  test('2026 has its official days off and two Saturdays worked', () => {
    const all = Array.from({ length: 365 }, (_, index) => civilDate(Date.UTC(2026, 0, 1 + index)));
    const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();
    const isWeekend = (day: string): boolean => [0, 6].includes(weekday(day));
    expect(all.filter((day) => !isWeekend(day) && !holidays.isWorkingDay(day))).toHaveLength(14);
    expect(all.filter((day) => isWeekend(day) && holidays.isWorkingDay(day))).toEqual([
      '2026-01-10',
      '2026-08-22',
    ]);
    expect(nextWorkingDay('2026-02-13', holidays)).toBe('2026-02-23');
  });
  const table = (row: string): string =>
    `years:\n  - { year: 2026, source: s, verifiedOn: 2026-01-01 }\ndays:\n${row}`;
  test.each([
    [
      'a typo',
      '  - { date: 2026-01-01, kind: off, nam: x, confirmed: true }',
      /h\.yaml:4 unknown key "nam" → did you mean "name"/,
    ],
    [
      'a day that is none',
      '  - { date: 2026-02-30, kind: off, name: x, confirmed: true }',
      /h\.yaml:4 .*yyyy-mm-dd/,
    ],
    [
      'a day off on Sunday',
      '  - { date: 2026-04-26, kind: off, name: x, confirmed: true }',
      /h\.yaml:4 .*weekend.*in lieu/,
    ],
    [
      'a weekday worked',
      '  - { date: 2026-04-27, kind: work, name: x, confirmed: true }',
      /h\.yaml:4 .*worked anyway/,
    ],
    [
      'an unlisted year',
      '  - { date: 2025-01-01, kind: off, name: x, confirmed: true }',
      /h\.yaml:4 .*add the year/,
    ],
    [
      'a day twice',
      '  - { date: 2026-01-01, kind: off, name: x, confirmed: true }\n  - { date: 2026-01-01, kind: off, name: y, confirmed: true }',
      /h\.yaml:5 .*twice/,
    ],
    ['broken YAML', '  - { date: 2026-01-01', /h\.yaml:\d+ .*correct the YAML/],
  ])('an author is told about %s', (_, row, message) => {
    expect(() => openHolidays({ name: 'h.yaml', text: table(row) })).toThrow(message);
  });
});
