/** Second half of understanding a date: from the words to civil dates, lunar ones converted, two-digit years weighed. */
import type { DateWords } from './date-words';
import { dateWords } from './date-words';
import { isoOf, lunarMonth, solarOf } from './lunar';
import { withoutZodiac, yearsTold } from './year-words';

/** Values are "yyyy", "yyyy-mm" or "yyyy-mm-dd": as much as was said. */
export type DateReading =
  | { readonly type: 'date'; readonly value: string }
  /** Understood, but by a conversion or a guess that the citizen must see first. */
  | { readonly type: 'confirm'; readonly value: string }
  | { readonly type: 'either'; readonly values: readonly string[] }
  /** A day and month, but no year. */
  | { readonly type: 'no-year' }
  | { readonly type: 'impossible' }
  | { readonly type: 'unreadable' };

/** First and last day allowed, yyyy-mm-dd. */
export interface DateBounds {
  readonly min: string;
  readonly max: string;
}

/** Is a date, a month or a year within the bounds, as far as it says? */
export const within = (value: string, { min, max }: DateBounds): boolean =>
  value >= min.slice(0, value.length) && value <= max.slice(0, value.length);

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Is this a day of the calendar? Takes yyyy-mm-dd only. */
export function isCivilDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const [year = 0, month = 0, day = 0] = value.split('-').map(Number);
  const last = month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);
  return day >= 1 && day <= last;
}

function solarValue({ day, month }: DateWords, year: number): string | null {
  if (month === null) return pad(year, 4);
  if (month < 1 || month > 12 || day === 'last') return null;
  if (day === null) return `${pad(year, 4)}-${pad(month)}`;
  const value = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  return isCivilDate(value) ? value : null;
}

/** A lunar day as a civil one; a lunar month as the civil month of its 15th; a lunar year as that year. */
function lunarValue({ day, month, leap }: DateWords, year: number): string | null {
  if (year < 1900 || year > 2199) return null;
  if (month === null) return pad(year, 4);
  if (month < 1 || month > 12) return null;
  if (day === null) return solarOf({ day: 15, month, year, leap })?.slice(0, 7) ?? null;
  if (day !== 'last') return solarOf({ day, month, year, leap });
  const found = lunarMonth({ month, year, leap });
  return found && isoOf(found.first + found.days - 1);
}

const valueIn = (words: DateWords, year: number): string | null =>
  words.lunar ? lunarValue(words, year) : solarValue(words, year);

/**
 * A lunar feast without a year ("rằm tháng giêng"), or "20/11 vừa rồi": the last one up to today, or the next one where only days to come
 * are allowed. It is shown before it counts, so a wrong guess costs one word.
 */
function nearest(words: DateWords, today: string, bounds: DateBounds): DateReading {
  const thisYear = Number(today.slice(0, 4));
  const values = [-2, -1, 0, 1, 2].map((offset) => valueIn(words, thisYear + offset));
  const known = values.filter((value) => value !== null);
  const past = known.filter((value) => value <= today && within(value, bounds)).at(-1);
  const value = past ?? known.find((one) => one > today);
  return value === undefined ? { type: 'impossible' } : { type: 'confirm', value };
}

/**
 * The years that two digits may mean: a year still to come in this century is taken as one of the last ("85" → 1985).
 * Otherwise both are possible ("12" → 2012, 1912) and the citizen is asked; where only one is allowed, it is shown.
 */
function shortYears(value: number, today: string): readonly number[] {
  return value > Number(today.slice(2, 4)) ? [1900 + value] : [2000 + value, 1900 + value];
}

function resolve(words: DateWords, today: string, bounds: DateBounds): DateReading {
  const { year } = words;
  const sure = !words.lunar && !(words.unsure && words.day !== null);
  const single = (value: string): DateReading => ({ type: sure ? 'date' : 'confirm', value });
  if (year === null) {
    const fits = valueIn(words, 2000) !== null || valueIn(words, 2004) !== null;
    if ((words.lunar || words.lately) && words.day !== null) return nearest(words, today, bounds);
    return { type: fits ? 'no-year' : 'impossible' };
  }
  if (!year.short) {
    const value = valueIn(words, year.value);
    return value === null ? { type: 'impossible' } : single(value);
  }
  const years = shortYears(year.value, today);
  const values = years.map((one) => valueIn(words, one)).filter((value) => value !== null);
  const allowed = values.filter((value) => within(value, bounds));
  const [first] = values;
  const [only, other] = allowed;
  if (first === undefined) return { type: 'impossible' };
  if (only !== undefined && other !== undefined) return { type: 'either', values: allowed };
  if (only !== undefined) return years.length === 1 ? single(only) : { type: 'confirm', value: only };
  const later = valueIn(words, 2000 + year.value);
  return later !== null && within(later, bounds) ? { type: 'confirm', value: later } : single(first);
}

/** Years told by an age or a sign: always shown before one counts. */
function guessed(years: readonly number[], bounds: DateBounds): DateReading {
  const values = years.map((year) => pad(year, 4)).filter((value) => within(value, bounds));
  const [only, ...others] = values;
  if (only === undefined) return { type: 'impossible' };
  return others.length === 0 ? { type: 'confirm', value: only } : { type: 'either', values };
}

/** What a citizen's words say about a date. Bounds only weigh between readings; a kind checks the result itself. */
export function readDate(text: string, today: string, bounds: DateBounds): DateReading {
  const years = yearsTold(text, today);
  if (years !== null) return guessed(years, bounds);
  const said = dateWords(withoutZodiac(text), today);
  if (typeof said === 'string') return { type: 'date', value: said };
  const [first, second] = said;
  if (first === undefined) return { type: 'unreadable' };
  if (second === undefined) return resolve(first, today, bounds);
  const readings = said.map((one) => resolve(one, today, bounds));
  const values = readings.flatMap((one) =>
    one.type === 'date' || one.type === 'confirm' ? [one.value] : [],
  );
  const [only, other] = values.filter((value) => within(value, bounds));
  if (only === undefined) return readings[0] ?? { type: 'unreadable' };
  return other === undefined ? { type: 'confirm', value: only } : { type: 'either', values: [only, other] };
}
