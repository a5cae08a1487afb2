/** Which days the offices work. The table is data (`flows/facts/holidays.yaml`); weekends are the rule behind it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dayText, readAuthorFile, refuseProblems } from './author-file';
import type { AuthorFile, AuthorProblem } from './author-file';

export interface HolidayRow {
  /** Civil date, yyyy-mm-dd. */
  readonly date: string;
  /** `off`: no work; `work`: a weekend day worked in exchange; `maybe`: works unless the year's notice says otherwise. */
  readonly kind: 'off' | 'work' | 'maybe';
  readonly name: string;
  /** False while the official notice of that year is not out. */
  readonly confirmed: boolean;
}

export interface Holidays {
  /** Monday to Friday without days off, and the weekend days worked in exchange. */
  isWorkingDay(day: string): boolean;
  /** Is it certain whether that day is worked: a listed year, and no unconfirmed row on it? */
  isCertain(day: string): boolean;
  row(day: string): HolidayRow | undefined;
}

const schema = z.strictObject({
  years: z.array(
    z.strictObject({
      year: z.number().int().min(2020).max(2100),
      source: z.string().min(1),
      verifiedOn: dayText,
    }),
  ),
  days: z.array(
    z.strictObject({
      date: dayText,
      kind: z.enum(['off', 'work', 'maybe']),
      name: z.string().min(1),
      confirmed: z.boolean(),
    }),
  ),
});

const KEYS = ['years', 'year', 'source', 'verifiedOn', 'days', 'date', 'kind', 'name', 'confirmed'];

/** Opens a holiday table. Throws `facts-invalid` with file, line, problem and remedy of every mistake. */
export function openHolidays(file: AuthorFile): Holidays {
  const reading = readAuthorFile(file, schema, KEYS);
  refuseProblems(reading.problems);
  const table = reading.value ?? { years: [], days: [] };
  const years = new Set(table.years.map((one) => String(one.year)));
  refuseProblems(inconsistencies(file, table.days, years, reading.lineOf));
  const rows = new Map(table.days.map((one) => [one.date, one]));
  return {
    row: (day) => rows.get(day),
    isCertain: (day) => years.has(day.slice(0, 4)) && (rows.get(day)?.confirmed ?? true),
    isWorkingDay: (day) => {
      const kind = rows.get(day)?.kind;
      return kind === 'work' || (kind !== 'off' && !isWeekend(day));
    },
  };
}

/** The table of the deployment. `factsDir` is `flows/facts`. */
export const loadHolidays = (factsDir: string): Holidays =>
  openHolidays({
    name: 'flows/facts/holidays.yaml',
    text: readFileSync(join(factsDir, 'holidays.yaml'), 'utf8'),
  });

/** Saturday or Sunday of the civil calendar. */
export function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function inconsistencies(
  file: AuthorFile,
  days: readonly HolidayRow[],
  years: ReadonlySet<string>,
  lineOf: (path: readonly PropertyKey[]) => number,
): AuthorProblem[] {
  const seen = new Set<string>();
  return days.flatMap((row, index) => {
    const again = seen.has(row.date);
    seen.add(row.date);
    const found = wrongWith(row, again, years);
    return found === null ? [] : [{ file: file.name, line: lineOf(['days', index]), ...found }];
  });
}

function wrongWith(
  row: HolidayRow,
  again: boolean,
  years: ReadonlySet<string>,
): { problem: string; remedy: string } | null {
  if (again) return { problem: `${row.date} is listed twice`, remedy: 'keep one row for the day' };
  if (!years.has(row.date.slice(0, 4)))
    return { problem: `${row.date} is in a year not under "years"`, remedy: 'add the year with its source' };
  if (row.kind === 'work' && !isWeekend(row.date))
    return {
      problem: `${row.date} is a weekday, worked anyway`,
      remedy: 'remove the row or correct the date',
    };
  if (row.kind !== 'work' && isWeekend(row.date))
    return {
      problem: `${row.date} is a weekend day, off anyway`,
      remedy: 'list the day off in lieu, if any',
    };
  return null;
}
