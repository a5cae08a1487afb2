/** First half of understanding a date: which day, month and year the words name. Nothing is checked or converted here. */
import { readNumber, spokenDigits } from './number-words';
import { clean, fold, loosely, nfc, plainDigits } from '../text';
import { relativeDay, relativeYear } from './relative-date';

/** What was said; null for what was not. A year of two digits keeps only them (`short`). */
export interface DateWords {
  readonly day: number | 'last' | null;
  readonly month: number | null;
  readonly year: { readonly value: number; readonly short: boolean } | null;
  readonly lunar: boolean;
  /** Of the second of two lunar months with that number. */
  readonly leap: boolean;
  /** "khoảng", "hình như", a question mark. */
  readonly unsure: boolean;
  /** "vừa rồi": the last one. */
  readonly lately: boolean;
}

type Bare = Pick<DateWords, 'day' | 'month' | 'year'>;

const UNSURE = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${loosely('(?:không|ko|chẳng) nhớ (?:rõ )?ngày(?: tháng)?|chỉ nhớ(?: là)?|hồi|khoảng|chừng|hình như|áng|cỡ chừng')}|tầm|độ|chắc|cỡ)(?![\\p{L}\\p{M}])|\\?`,
  'giu',
);
const LUNAR = /\b(?:am lich|lich am|lich ta|am|al)\b/g;
const FILLERS = new Set(
  (
    'sinh ngay vao la cua chau em con toi tui minh me ma bo cha ong chong vo mat hom sang chieu trua dem luc duong ' +
    'lich dl tay da thua a nhe nha cap dung mung mong thi the on born in the of sanh de thoi roi nghen cu do luon'
  ).split(' '),
);
/** Without marks these would be "three" and "last year". */
const ELDER = /(?<![\p{L}\p{M}])(?:bà|ông|cụ)(?: (?:nội|ngoại|cố))?(?![\p{L}\p{M}])|^ba (?=sinh|mat)/gu;
/** The hour of the day, which a date does not hold. */
const HOUR =
  /(?:^| )(?:(?:luc|hoi|vao) )?\d{1,2} ?(?:gio|h|g|:)(?: ?\d{1,2}(?: ?(?:phut|p))?| ruoi)?(?: (?:sang|trua|chieu|toi|dem|khuya))?(?=$|[ ,])/;
const LATELY = / (?:vua roi|vua qua|moi roi|moi day|moi qua)(?= |$)/;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const WEEKDAY = /^(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)(?: ngay)?[ ,]+(?=\d|mung|mong|ngay)/;

/** Lower case without marks; "o" beside a digit is a zero; English months as "thang N". */
function plain(text: string): string {
  return fold(plainDigits(text))
    .replace(/(?<=\d)o|(?<![a-z])o(?=\d)/g, '0')
    .replace(
      /\b(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](?=\d{4}\b)/g,
      (whole, day: string, name: string) => {
        const month = MONTHS.indexOf(name) + 1;
        return month === 0 ? whole : `${day} thang ${month} `;
      },
    )
    .replace(HOUR, ' ')
    .trim()
    .replace(WEEKDAY, '')
    .replace(/[\\_|]/g, '/')
    .replace(/\bthg\b/g, 'thang')
    .replace(/^nam (.+) thang (.+) ngay (.+)$/, '$3 thang $2 nam $1');
}

/** A year as said: "1985", "85", "tám lăm", "một chín tám lăm", "ngoái". */
function yearOf(words: readonly string[], today: string): DateWords['year'] {
  const said = words.join(' ');
  const relative = relativeYear(said, today);
  if (relative !== null) return { value: relative, short: false };
  const digits = /^\d+$/.test(said) ? said : spokenDigits(said);
  if (digits !== null && digits.length !== 2 && digits.length !== 4) return null;
  const value = digits === null ? readNumber(said, { runs: true }) : Number(digits);
  if (value === null || value < 0 || value > 9999) return null;
  if (digits?.length === 2 || (digits === null && value >= 10 && value <= 99)) return { value, short: true };
  return digits !== null || value >= 1000 ? { value, short: false } : null;
}

const smallNumber = (words: readonly string[]): number | null => {
  const value = readNumber(words.join(' '), { runs: true });
  return value !== null && value <= 99 ? value : null;
};

/** After "tháng": a month, then perhaps a year, with "năm" between or not. "tháng năm năm 1985" is May. */
function monthAndYear(words: readonly string[], today: string): Pick<Bare, 'month' | 'year'> | null {
  const splits = words.flatMap((word, at) => (word === 'nam' ? [[at, at + 1] as const] : []));
  const bare = words.map((_, at) => [at + 1, at + 1] as const);
  const readings = [...splits, ...bare].flatMap(([end, start]) => {
    const month = smallNumber(words.slice(0, end));
    const year = yearOf(words.slice(start), today);
    return month === null || year === null ? [] : [{ month, year }];
  });
  const month = smallNumber(words);
  const only = month === null ? null : { month, year: null };
  return readings.find((one) => one.month >= 1 && one.month <= 12) ?? only ?? readings[0] ?? null;
}

function withMonthWord(words: readonly string[], today: string): Bare | null {
  const at = words.indexOf('thang');
  const dayWords = words.slice(0, at);
  const tail = monthAndYear(words.slice(at + 1), today);
  if (tail === null) return null;
  if (dayWords.length === 0) return { day: null, ...tail };
  const day = smallNumber(dayWords);
  return day === null ? null : { day, ...tail };
}

const asYear = (digits: string): DateWords['year'] => ({ value: Number(digits), short: digits.length === 2 });
const dmy = (d: string, m: string, y: string): Bare => ({
  day: Number(d),
  month: Number(m),
  year: asYear(y),
});

/** Digits without separators: every way to cut them that could be a date. */
function cut(digits: string): Bare[] {
  const ways: Readonly<Record<number, readonly RegExp[]>> = {
    8: [/^(\d\d)(\d\d)(\d{4})$/],
    7: [/^(\d)(\d\d)(\d{4})$/, /^(\d\d)(\d)(\d{4})$/],
    6: [/^(\d\d)(\d\d)(\d\d)$/],
    5: [/^(\d)(\d\d)(\d\d)$/, /^(\d\d)(\d)(\d\d)$/],
  };
  const plausible = ({ day, month }: Bare): boolean =>
    Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;
  const cuts = (ways[digits.length] ?? []).flatMap((way) => {
    const [, d = '', m = '', y = ''] = way.exec(digits) ?? [];
    return [dmy(d, m, y)];
  });
  if (cuts.some(plausible)) return cuts.filter(plausible);
  const iso = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(\d\d)?$/.exec(digits);
  if (iso)
    return [
      {
        day: iso[3] === undefined ? null : Number(iso[3]),
        month: Number(iso[2]),
        year: asYear(iso[1] ?? ''),
      },
    ];
  const month = /^(0[1-9]|1[0-2])((?:19|20)\d\d)$/.exec(digits);
  if (month) return [{ day: null, month: Number(month[1]), year: asYear(month[2] ?? '') }];
  return cuts.slice(0, 1);
}

/** Numbers with separators between them: day first, unless four digits come first. */
function fromNumbers(numbers: readonly string[]): Bare[] {
  const [a = '', b = '', c = ''] = numbers;
  const shape = numbers.map((one) => (one.length <= 2 ? 's' : one.length === 4 ? 'Y' : 'x')).join('');
  switch (shape) {
    case 'Yss':
      return [dmy(c, b, a)];
    case 'ssY':
      return [dmy(a, b, c)];
    case 'sss':
      return c.length === 2 ? [dmy(a, b, c)] : [];
    case 'sY':
      return [{ day: null, month: Number(a), year: asYear(b) }];
    case 'YY':
      return /^(?:[0-2]\d|3[01])(?:0\d|1[0-2])$/.test(a) ? [dmy(a.slice(0, 2), a.slice(2), b)] : [];
    case 'Ys':
      return [{ day: null, month: Number(b), year: asYear(a) }];
    case 'ss':
      if (Number(b) > 31) return [{ day: null, month: Number(a), year: asYear(b) }];
      return [{ day: Number(a), month: Number(b), year: null }];
    case 'Y':
      return [{ day: null, month: null, year: asYear(a) }];
    case 's':
      return a.length === 2 ? [{ day: null, month: null, year: asYear(a) }] : [];
    default:
      return numbers.length === 1 ? cut(a) : [];
  }
}

/** "tết", "mùng 2 tết 2024", "30 tết", "giao thừa năm ngoái". */
function tet(said: string, today: string): DateWords | null {
  const match =
    /^(?:(.+?) )?(tet|giao thua)(?: (?:nguyen dan|ta|ca))?(?: (duong lich|duong|tay))?(?: (?:nam )?(.+))?$/.exec(
      said,
    );
  if (!match) return null;
  const [, before, word, western, after] = match;
  const year = after === undefined ? null : yearOf(after.split(' '), today);
  const dayWords = (before ?? '').split(' ').filter((one) => one !== '' && !FILLERS.has(one));
  const day = dayWords.length === 0 ? 1 : smallNumber(dayWords);
  if (day === null || (after !== undefined && year === null)) return null;
  const common = { leap: false, unsure: false, lately: false, lunar: western === undefined };
  if (western !== undefined) return { ...common, day, month: 1, year };
  if (word === 'tet' && day < 20) return { ...common, day, month: 1, year };
  const before1 = year === null ? null : { ...year, value: year.value - 1 };
  return { ...common, day: day === 30 || word !== 'tet' ? 'last' : day, month: 12, year: before1 };
}

function bareDates(said: string, today: string): Bare[] {
  const words = (said.match(/\d+|[a-z]+/g) ?? []).filter((word) => !FILLERS.has(word));
  if (words.includes('thang')) return [withMonthWord(words, today)].filter((one) => one !== null);
  const numeric = words.filter((word) => word !== 'nam');
  const isNumber = (word: string): boolean => /^\d+$/.test(word);
  if (numeric.length > 0 && numeric.every(isNumber)) return fromNumbers(numeric);
  const at = words.lastIndexOf('nam');
  const [head, tail] = [words.slice(0, at), yearOf(words.slice(at + 1), today)];
  if (at > 0 && tail !== null && head.every(isNumber)) {
    return fromNumbers(head).map((bare) => ({ ...bare, year: tail }));
  }
  const named = words[0] === 'nam' && words.length > 1;
  const yearWords = named ? words.slice(1) : words;
  if (!named && relativeYear(words.join(' '), today) !== null) return [];
  const year = yearOf(yearWords, today);
  return year === null ? [] : [{ day: null, month: null, year }];
}

/**
 * What the words may mean; several only when digits can be cut in two ways ("1121985"); none when they are no date.
 * A string is a day told relative to today ("hôm qua"), yyyy-mm-dd.
 */
export function dateWords(text: string, today: string): string | readonly DateWords[] {
  const typed = nfc(clean(text)).toLowerCase();
  if (typed.length > 100) return [];
  const unsure = typed.match(UNSURE) !== null;
  const relative = relativeDay(typed.replace(UNSURE, ' '), today);
  if (relative !== null) return relative;
  const said = plain(typed.replace(UNSURE, ' ').replace(ELDER, ' ').trim());
  if (/[^a-z0-9 /.,:;()'"!-]/.test(said)) return [];
  const holiday = tet(said.replace(/[^a-z0-9]+/g, ' ').trim(), today);
  if (holiday) return [{ ...holiday, unsure }];
  const lunarWord = LUNAR.test(said) || /\b(?:ram|gieng|chap|nhuan|trung thu|gio to)\b/.test(said);
  LUNAR.lastIndex = 0;
  const leap = /\bnhuan\b/.test(said);
  const lately = LATELY.test(said);
  const plainSaid = said
    .replace(LATELY, ' ')
    .replace(LUNAR, ' ')
    .replace(/\bnhuan\b/g, ' ')
    .replace(/\b(?:thang )?gieng\b/g, 'thang 1')
    .replace(/\b(?:thang )?chap\b/g, 'thang 12')
    .replace(/\bram(?= (?:thang )?\w)/g, '15')
    .replace(/\btrung thu\b/g, '15 thang 8')
    .replace(/\bgio to(?: hung vuong)?\b/g, '10 thang 3');
  return bareDates(plainSaid, today).map((bare) => ({ ...bare, lunar: lunarWord, leap, unsure, lately }));
}
