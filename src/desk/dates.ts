/** Times as officers read them: Vietnam's civil time, whatever the server's clock says. */
import type { Part } from '../ports/documents';

const VIETNAM = 7 * 3_600_000;
const DAY = 86_400_000;

/** Civil date in Vietnam (UTC+7 all year), yyyy-mm-dd. */
export const dayOf = (at: number): string => new Date(at + VIETNAM).toISOString().slice(0, 10);

/** "22/11/2026" of a civil date. */
export const showDay = (day: string): string => day.split('-').reverse().join('/');

/** "14:05 22/11/2026" of an instant. */
export function showTime(at: number): string {
  const local = new Date(at + VIETNAM).toISOString();
  return `${local.slice(11, 16)} ${showDay(local.slice(0, 10))}`;
}

/** Days from one civil date to another; negative when it is past. */
export const daysTo = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);

export const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - DAY).toISOString().slice(0, 10);

/** Where a part stands with its date: a key below `desk.due`, how many days, and which date is meant. */
export interface Due {
  readonly key: 'late' | 'today' | 'tomorrow' | 'left' | 'paused' | 'noDate' | 'look' | 'lookLate' | 'over';
  readonly days: number;
  readonly day: string | null;
}

export function dueOf(part: Part, today: string): Due {
  if ([3, 7, 8, 9, 10].includes(part.status)) return { key: 'over', days: 0, day: part.dueOn };
  if (part.status === 5 || part.status === 6) return { key: 'paused', days: 0, day: part.dueOn };
  const day = part.status === 1 ? part.lookBy : part.dueOn;
  if (day === null) return { key: 'noDate', days: 0, day };
  const days = daysTo(today, day);
  if (part.status === 1) return { key: days < 0 ? 'lookLate' : 'look', days: Math.abs(days), day };
  if (days < 0) return { key: 'late', days: -days, day };
  return { key: days === 0 ? 'today' : days === 1 ? 'tomorrow' : 'left', days, day };
}
