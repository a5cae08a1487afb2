/** Years that people tell without naming them: an age, a year of the zodiac ("Nhâm Thìn", "tuổi Thìn"), "1952-1953". */
import { readNumber } from './number-words';
import { clean, fold, plainDigits } from '../text';

/** By the last digit of the year. */
const STEMS = ['canh', 'tan', 'nham', 'quy', 'giap', 'at', 'binh', 'dinh', 'mau', 'ky'];
/** By the year modulo 12, with the animal; "ty" without marks may be the rat or the snake. */
const BRANCHES: readonly string[][] = [
  ['than', 'khi'],
  ['dau', 'ga'],
  ['tuat', 'cho'],
  ['hoi', 'heo', 'lon'],
  ['ty', 'ti', 'chuot'],
  ['suu', 'trau'],
  ['dan', 'cop', 'ho', 'hum'],
  ['mao', 'meo', 'mẹo'],
  ['thin', 'rong'],
  ['ty', 'ti', 'ran'],
  ['ngo', 'ngua'],
  ['mui', 'de'],
];
const NAMED = new RegExp(
  `(?<![a-z])(${STEMS.join('|')}|qui|ki) (${BRANCHES.map(([name]) => name).join('|')}|ti|meo)(?![a-z])`,
);
const ANIMAL = new RegExp(`(?:^| )(?:tuoi|cam tinh|mang)(?: con)? (${BRANCHES.flat().join('|')})(?![a-z])`);
/** More than this and it is no guess any more. */
const CHOICES = 8;
const OLDEST = 120;
/** Words after which an age or a year is not counted from today, or which deny it. */
const OTHERWISE =
  /(?<![a-z])(?:tho|huong|mat|chet|khong|ko|chua|thang|ngay|mung|mong|ram|cach|truoc)(?![a-z])/;

const numbered = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** Years of that stem and branch (or branch alone) among the given ones. */
function ofZodiac(years: readonly number[], stem: string | null, branch: string): readonly number[] {
  const spelled = stem === 'qui' ? 'quy' : stem === 'ki' ? 'ky' : stem;
  return years.filter(
    (year) =>
      (spelled === null || STEMS[year % 10] === spelled) && BRANCHES[year % 12]?.includes(branch) === true,
  );
}

/** "1952-1953", "1952 hoặc 1953", "từ 1950 đến 1952": each year of the span. */
function span(said: string): readonly number[] | null {
  const [, from = '', to = ''] =
    /^(?:(?:nam|tu|sinh|vao) )*(\d{4}) ?(?:-|–|\/|den|toi|hoac|hay) ?(?:nam )?(\d{4}|\d{2})$/.exec(said) ??
    [];
  if (from === '') return null;
  const last = to.length === 4 ? Number(to) : Number(from.slice(0, 2) + to);
  const years = numbered(Number(from), last);
  return years.length >= 2 && years.length <= CHOICES && (to.length === 4 || Number(to) > 12) ? years : null;
}

/** The number right before "tuổi": "năm nay ông chín mươi hai tuổi". */
function age(said: string): number | null {
  const before = /^(.+?) tuoi(?![a-z])/.exec(said)?.[1]?.split(' ') ?? [];
  const values = before.map((_, at) => readNumber(before.slice(at).join(' ')));
  const value = values.find((one) => one !== null) ?? null;
  return value !== null && value >= 1 && value <= OLDEST ? value : null;
}

/** Two signs with the same letters, when the marks were typed. */
function marked(text: string, years: readonly number[]): readonly number[] {
  const typed = text.toLowerCase();
  if (/t[ýí](?!\p{L})/u.test(typed)) return years.filter((year) => year % 12 === 4);
  return /t[ỵị](?!\p{L})/u.test(typed) ? years.filter((year) => year % 12 === 9) : years;
}

/** The text without the name of the zodiac year beside a year in digits: "1952 (Nhâm Thìn)". */
export function withoutZodiac(text: string): string {
  if (!/\d{4}/.test(text)) return text;
  const folded = fold(text);
  const at = folded.length === text.length ? NAMED.exec(folded) : null;
  return at === null ? text : `${text.slice(0, at.index)} ${text.slice(at.index + at[0].length)}`;
}

/**
 * The years that may be meant, oldest first, at most 8; null when the words tell no year in such a way. `today` is
 * yyyy-mm-dd. They are guesses: an age may count the year of birth, a sign comes back every 12 years.
 */
export function yearsTold(text: string, today: string): readonly number[] | null {
  const typed = clean(text);
  if (typed.length > 100) return null;
  const said = fold(plainDigits(typed))
    .replace(/(?:khoang|chung|tam|co|hinh nhu|chac) /g, '')
    .replace(/[,.!() ]+/g, ' ')
    .trim();
  const now = Number(today.slice(0, 4));
  const years = span(said);
  if (years !== null) return years;
  if (OTHERWISE.test(said)) return null;
  const old = age(said);
  if (old !== null) return [now - old];
  if (/\d/.test(said) || said.split(' ').length > 10) return null;
  const [, stem = null, branch = ''] = NAMED.exec(said) ?? [];
  if (stem !== null) return marked(typed, ofZodiac(numbered(now - OLDEST + 1, now), stem, branch));
  const animal = ANIMAL.exec(said)?.[1];
  if (animal === undefined) return null;
  return marked(typed, ofZodiac(numbered(now - OLDEST + 1, now), null, animal)).slice(-CHOICES);
}
