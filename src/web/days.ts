/** Days as people read them, always in Vietnam's time. */
import type { Lang } from './shell';

const ZONE = 'Asia/Ho_Chi_Minh';

/** "yyyy-mm-dd" as "12/03/2026" or "12 March 2026". */
export function civilDay(day: string, lang: Lang): string {
  const [year, month, date] = day.split('-').map(Number);
  return dayOf(Date.UTC(year ?? 0, (month ?? 1) - 1, date ?? 1), lang, 'UTC');
}

function dayOf(at: number, lang: Lang, timeZone: string): string {
  if (lang === 'vi') return new Intl.DateTimeFormat('en-GB', { timeZone }).format(at);
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'long' }).format(at);
}

/** ms epoch as "08:05 12/03/2026" or "08:05, 12 March 2026". */
export function moment(at: number, lang: Lang): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE,
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
  return `${time}${lang === 'vi' ? ' ' : ', '}${dayOf(at, lang, ZONE)}`;
}
