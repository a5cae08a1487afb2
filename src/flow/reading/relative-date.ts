/** Days told from today: "hôm qua", "3 ngày trước", "thứ hai tuần trước", "năm ngoái". */
import { dayNumber, isoOf } from './lunar';
import { readNumber } from './number-words';
import { fold, plainDigits } from '../text';

const OFFSETS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'hom nay': 0,
    hnay: 0,
    'bua nay': 0,
    'ngay hom nay': 0,
    'sang nay': 0,
    'trua nay': 0,
    'chieu nay': 0,
    'toi nay': 0,
    nay: 0,
    today: 0,
    'hom qua': -1,
    hqua: -1,
    'ngay hom qua': -1,
    'bua qua': -1,
    'sang qua': -1,
    'chieu qua': -1,
    'toi qua': -1,
    'dem qua': -1,
    'chieu hom qua': -1,
    'toi hom qua': -1,
    'sang hom qua': -1,
    'dem hom qua': -1,
    qua: -1,
    yesterday: -1,
    'hom kia': -2,
    'bua kia': -2,
    mai: 1,
    'ngay mai': 1,
    'sang mai': 1,
    'chieu mai': 1,
    tomorrow: 1,
    'ngay kia': 2,
  }),
);
const YEARS: ReadonlyMap<string, number> = new Map(
  Object.entries({ nay: 0, ngoai: -1, truoc: -1, kia: -2, sau: 1, toi: 1 }),
);
const WEEKDAYS: ReadonlyMap<string, number> = new Map(
  Object.entries({ hai: 0, ba: 1, tu: 2, nam: 3, sau: 4, bay: 5 }),
);
const WEEKS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    truoc: -7,
    'vua roi': -7,
    'vua qua': -7,
    roi: -7,
    nay: 0,
    sau: 7,
    toi: 7,
  }),
);

const AROUND =
  /^(?:(?:da|thua|chau|em|con|be|me|bo|ong|toi|moi|sinh|mat|vao|la|tu) )*(.*?)(?: (?:a|nhe|nha|day|do|thoi))*[ .,!]*$/;

function weekday(said: string, today: number): number | null {
  const match =
    /^(?:thu (\S+)|(chu nhat|cn)) tuan (.+)$/.exec(said) ??
    /^(?:thu (\S+)|(chu nhat|cn)) (vua roi|vua qua)$/.exec(said);
  if (!match) return null;
  const [, name = '', sunday, when = ''] = match;
  const index =
    sunday === undefined ? (WEEKDAYS.get(name) ?? (/^[2-7]$/.test(name) ? Number(name) - 2 : null)) : 6;
  const week = WEEKS.get(when);
  if (index === null || week === undefined) return null;
  const monday = today - (today % 7);
  const day = monday + index;
  if (!when.startsWith('vua')) return day + week;
  return day < today ? day : day - 7;
}

function counted(said: string): number | null {
  const [, ago, hence] =
    /^(?:cach day )?(.+) (?:ngay|hom) truoc$/.exec(said) ??
    /^cach day (.+) (?:ngay|hom)$/.exec(said) ??
    /^(()?.+) ngay nua$/.exec(said) ??
    [];
  const days = ago === undefined ? null : readNumber(ago);
  if (days === null || days > 366) return null;
  return hence === undefined && !/nua$/.test(said) ? -days : days;
}

/** yyyy-mm-dd of a day told from today, or null. Weeks begin on Monday; "hôm kìa" is the day before "hôm kia". */
export function relativeDay(text: string, today: string): string | null {
  // "Bỏ qua" (skip) is not "bố … hôm qua".
  if (/^bo qua\b/.test(fold(text))) return null;
  const said = AROUND.exec(fold(plainDigits(text)))?.[1] ?? '';
  const now = dayNumber(today);
  if (/(?:hôm|bữa) kìa/.test(text)) return said.endsWith('kia') ? isoOf(now - 3) : null;
  if (/^(?:ngày )?mốt$/.test(text.trim())) return isoOf(now + 2);
  const offset = OFFSETS.get(said) ?? counted(said);
  if (offset !== null) return isoOf(now + offset);
  const day = weekday(said, now);
  return day === null ? null : isoOf(day);
}

/** The year meant by "nay", "ngoái", "kia", "trước", "sau" after the word "năm"; null for any other word. */
export function relativeYear(said: string, today: string): number | null {
  const offset = YEARS.get(said);
  return offset === undefined ? null : Number(today.slice(0, 4)) + offset;
}
