/** Promised dates and office hours, in Vietnam's civil time (UTC+7 all year) whatever the server's clock says. */
import { AppError } from '../errors';
import type { Holidays } from './holidays';

/** How long a procedure may take. */
export interface DueRule {
  /** Working days; not looked at for `same-day`. */
  readonly days: number;
  /** `same-day`: the day it is received (Luật Hộ tịch 60/2014 Đ5 k3; NĐ 23/2015 Đ7). */
  readonly unit: 'working' | 'same-day';
  /**
   * What comes in after 15:00 counts as received on the next working day. Leave false for civil-status limits counted
   * in working days (3 days for XNTTHN): there the law's 15:00 speaks only of same-day results.
   */
  readonly after15: boolean;
}

/** A supplement being waited for: instants (ms or ISO) or civil days. Its first and last day are not counted. */
export interface Pause {
  readonly from: string | number;
  readonly to: string | number;
}

export interface DueDate {
  /** yyyy-mm-dd. */
  readonly dueOn: string;
  /** False when a day on the way depends on a holiday notice that is not out: say "dự kiến". */
  readonly confirmed: boolean;
  /** The days counted, in order; the last is `dueOn`. */
  readonly working: readonly string[];
}

const HOUR = 3_600_000;
const VIETNAM = 7 * HOUR;
const DAY = 24 * HOUR;
const MAX_DAYS = 366;

/** Civil date in Vietnam, yyyy-mm-dd. */
export function civilDate(instant: Date | number): string {
  return new Date(Number(instant) + VIETNAM).toISOString().slice(0, 10);
}

/** The day after (or `step` days after) a civil day. */
export const nextDay = (day: string, step = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + step * DAY).toISOString().slice(0, 10);

/** Milliseconds since 1970 of an instant, an ISO text with zone, or a text in Vietnam's local time ("2026-11-20T16:00"). */
function instantOf(time: string | number | Date): number {
  if (typeof time !== 'string') return Number(time);
  const local = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(time);
  const instant = local
    ? Date.parse(time.length === 10 ? `${time}T00:00:00Z` : `${time}Z`) - VIETNAM
    : Date.parse(time);
  if (Number.isNaN(instant))
    throw new AppError('bad-request', 'not a time: write an ISO instant or yyyy-mm-ddThh:mm');
  return instant;
}

/**
 * When a dossier must be ready. First day not counted; days off and supplement days not counted; received on a day
 * off counts as received on the next working day (BLDS 91/2015 Đ147–148).
 * @throws AppError `bad-request` for a time that is none, or a rule outside 0–366 days.
 */
export function dueDate(request: {
  readonly receivedAt: string | number | Date;
  readonly rule: DueRule;
  readonly holidays: Holidays;
  readonly pauses?: readonly Pause[];
}): DueDate {
  const { rule, holidays, pauses = [] } = request;
  if (!Number.isInteger(rule.days) || rule.days < 0 || rule.days > MAX_DAYS)
    throw new AppError('bad-request', 'a time limit is a whole number of days from 0 to 366');
  const received = instantOf(request.receivedAt);
  const working =
    rule.unit === 'same-day' || rule.days === 0
      ? sameDay(received, rule, holidays, pauses)
      : countDays(countsFrom(received, rule, holidays), rule.days, holidays, pauses);
  const dueOn = working.at(-1) ?? civilDate(received);
  return { dueOn, working, confirmed: allCertain(civilDate(received), dueOn, holidays) };
}

/** The day a thing counts as received on. */
function countsFrom(received: number, rule: DueRule, holidays: Holidays): string {
  const day = civilDate(received);
  if (!holidays.isWorkingDay(day)) return nextWorkingDay(day, holidays);
  return rule.after15 && isAfter15(received) ? nextWorkingDay(day, holidays) : day;
}

/** Later than 15:00:00.000; at 15:00 sharp it is still in time. */
const isAfter15 = (instant: number): boolean => (instant + VIETNAM) % DAY > 15 * HOUR;

/** The first working day after a day. */
export function nextWorkingDay(day: string, holidays: Holidays): string {
  let next = nextDay(day);
  for (let tries = 0; tries < MAX_DAYS && !holidays.isWorkingDay(next); tries += 1) next = nextDay(next);
  return next;
}

/** A same-day result that waited for a supplement is due as if received when the supplement came. */
function sameDay(received: number, rule: DueRule, holidays: Holidays, pauses: readonly Pause[]): string[] {
  let due = countsFrom(received, rule, holidays);
  const inOrder = [...pauses].sort((one, other) => instantOf(one.from) - instantOf(other.from));
  for (const pause of inOrder)
    if (civilDate(instantOf(pause.from)) <= due) {
      const again = countsFrom(instantOf(pause.to), rule, holidays);
      if (again > due) due = again;
    }
  return [due];
}

function countDays(from: string, days: number, holidays: Holidays, pauses: readonly Pause[]): string[] {
  const spans = pauses.map((one) => [civilDate(instantOf(one.from)), civilDate(instantOf(one.to))] as const);
  const paused = (day: string): boolean => spans.some(([first, last]) => first <= day && day <= last);
  const counted: string[] = [];
  for (let day = nextWorkingDay(from, holidays); counted.length < days; day = nextWorkingDay(day, holidays))
    if (!paused(day)) counted.push(day);
  return counted;
}

function allCertain(from: string, to: string, holidays: Holidays): boolean {
  for (let day = from; day <= to; day = nextDay(day)) if (!holidays.isCertain(day)) return false;
  return true;
}

/** Hours of one working day, "HH:MM", in order. */
export type OfficeHours = readonly { readonly from: string; readonly to: string }[];

/** Default of UBND cấp xã, Monday to Friday; an agency may keep others. */
export const OFFICE_HOURS: OfficeHours = [
  { from: '07:30', to: '11:30' },
  { from: '13:30', to: '17:00' },
];

/** Is the office open at that moment? */
export function officeOpens(
  at: Date | number,
  holidays: Holidays,
  hours: OfficeHours = OFFICE_HOURS,
): boolean {
  const time = clockOf(at);
  return holidays.isWorkingDay(civilDate(at)) && hours.some((span) => span.from <= time && time < span.to);
}

/** When an officer will look next: now if the office is open, else its next opening. `from` is "HH:MM". */
export function nextOfficeHour(
  at: Date | number,
  holidays: Holidays,
  hours: OfficeHours = OFFICE_HOURS,
): { day: string; from: string } {
  const day = civilDate(at);
  const time = clockOf(at);
  if (officeOpens(at, holidays, hours)) return { day, from: time };
  const later = holidays.isWorkingDay(day) ? hours.find((span) => span.from > time) : undefined;
  if (later) return { day, from: later.from };
  return { day: nextWorkingDay(day, holidays), from: hours[0]?.from ?? '00:00' };
}

const clockOf = (at: Date | number): string => new Date(Number(at) + VIETNAM).toISOString().slice(11, 16);
