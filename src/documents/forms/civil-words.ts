/** Dates and numbers as Vietnamese forms write them. */

const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
const digit = (n: number): string => DIGITS[n] ?? '';

function belowHundred(n: number): string {
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  if (tens === 0) return digit(ones);
  const head = tens === 1 ? 'mười' : `${digit(tens)} mươi`;
  if (ones === 0) return head;
  if (ones === 1 && tens > 1) return `${head} mốt`;
  if (ones === 4 && tens > 1) return `${head} tư`;
  return `${head} ${ones === 5 ? 'lăm' : digit(ones)}`;
}

/** 0 to 9999 in words: 2026 is "hai nghìn không trăm hai mươi sáu". */
export function numberWords(n: number): string {
  if (n < 100) return belowHundred(n);
  const [thousands, hundreds, rest] = [Math.floor(n / 1000), Math.floor(n / 100) % 10, n % 100];
  const head = thousands === 0 ? '' : `${digit(thousands)} nghìn`;
  if (hundreds === 0 && rest === 0) return head;
  const middle = `${head} ${digit(hundreds)} trăm`;
  const tail = rest === 0 ? '' : rest < 10 ? `linh ${digit(rest)}` : belowHundred(rest);
  return `${middle} ${tail}`.trim();
}

/** "2026-03-05" is "05/03/2026", "1952-03" is "03/1952", "1952" itself. */
export const slashedDate = (value: string): string => value.split('-').reverse().join('/');

/** "2026-03-05" is "Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu"; a month or year alone likewise. */
export function dateWords(value: string): string {
  const [year = '', month, day] = value.split('-');
  const words = [
    ...(day === undefined ? [] : [`ngày ${numberWords(Number(day))}`]),
    ...(month === undefined ? [] : [`tháng ${Number(month) === 4 ? 'tư' : numberWords(Number(month))}`]),
    `năm ${numberWords(Number(year))}`,
  ].join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Civil date in Vietnam (UTC+7, no summer time) of an instant: yyyy-mm-dd. */
export const civilDate = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);
