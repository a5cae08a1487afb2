/** Sums of đồng as people say them: "2tr5", "năm triệu rưỡi", "1 tỷ 2", "500k", "1.500.000đ". */
import { readNumber } from './number-words';
import { fold, foldTone, plainDigits, sameWords } from '../text';

export type MoneyReading =
  /** `sure` is false for "khoảng", for "hai triệu năm trăm", for a sum a month. */
  | { readonly type: 'sum'; readonly value: number; readonly sure: boolean }
  /** A number below a thousand without a unit: đồng, nghìn or triệu. */
  | { readonly type: 'bare'; readonly value: number };

interface Part {
  readonly value: number;
  readonly sure: boolean;
}

const BILLION = 1_000_000_000;
const MILLION = 1_000_000;
const THOUSAND = 1_000;
/** Written with marks, so that "tỉ" is not "tí". */
const SCALES: readonly (readonly [number, readonly string[]])[] = [
  [BILLION, ['tỷ', 'tỉ']],
  [MILLION, ['triệu', 'tr', 'củ', 'trịu']],
  [10_000, ['vạn']],
  [THOUSAND, ['nghìn', 'ngàn', 'ngìn', 'ng', 'k', 'n']],
];
const byTone = new Map(
  SCALES.flatMap(([scale, words]) => words.map((word) => [foldTone(word), scale] as const)),
);
const byLetters = new Map(
  SCALES.flatMap(([scale, words]) =>
    words.filter((word) => word !== 'củ').map((word) => [fold(word), scale] as const),
  ),
);
const scaleOf = (word: string): number =>
  byTone.get(foldTone(word)) ?? (fold(word) === word ? byLetters.get(word) : undefined) ?? 0;

const HALF = new Set(['rưỡi', 'rưởi', 'ruoi', 'rươi']);
const LINK = new Set(['lẻ', 'linh', 'le']);
const CURRENCY = /(?<=[\d\s])(?:đồng|dong|đ|d|vnđ|vnd|việt nam đồng)$/u;
const TAIL = /[ ,.!]+(?:chẵn|chan|tròn|tron|thôi|thoi|tiền|tien|ạ|a|nha|nhé|nghen|đó|chứ mấy)$/u;
const LEAD =
  /^(?:dạ|da|là|la|được|duoc|có|hết|het|tổng cộng|tổng|cộng|giá|số tiền|tiền|lương|lãnh|tôi|tui|cháu|em|con|mình|bác|chừng đâu)[ :]+(?=\S)/u;
const UNSURE = /^(?:khoảng|khoang|chừng|chung|tầm|tam|độ|cỡ|co|gần|gan|hơn|hon|trên|dưới|đâu)[ ]+(?=\S)/u;
/** "một triệu rưỡi một tháng". */
const EACH =
  /(?: ?\/ ?\p{L}+| (?:mỗi|moi|một|mot|1|hàng|hang) (?:tháng|thang|năm|nam|ngày|ngay|bản|ban|lần|lan))$/u;

/** Digits with or without marks between thousands, a decimal before a scale, or words. */
function plainNumber(words: readonly string[], decimals: boolean): number | null {
  const text = words.join(' ');
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*$/.test(text)) return Number(text.replace(/[., ]/g, ''));
  if (/^\d{1,4}[.,]\d{1,3}$/.test(text)) return decimals ? Number(text.replace(',', '.')) : null;
  return /[.,]/.test(text) ? null : readNumber(text);
}

/** What follows a scale. A lone digit is a tenth of it: "một triệu hai". */
function afterScale(words: readonly string[], scale: number): Part | null {
  const [first = ''] = words;
  if (words.length === 0) return { value: 0, sure: true };
  if (words.length === 1 && HALF.has(first)) return { value: scale / 2, sure: true };
  if (LINK.has(first)) return afterScale(words.slice(1), scale);
  if (words.some((word) => scaleOf(word) > 0)) {
    const lower = sumOf(words);
    return lower !== null && lower.value < scale ? lower : null;
  }
  const count = plainNumber(words, false);
  if (count === null || count <= 0 || count >= THOUSAND) return null;
  if (count < 10) return { value: (count * scale) / 10, sure: true };
  if (/^\d{3}$/.test(first) && scale < BILLION) return { value: (count * scale) / THOUSAND, sure: true };
  if (/^\d{2}$/.test(first) && scale < BILLION) return { value: (count * scale) / 100, sure: false };
  return { value: (count * scale) / THOUSAND, sure: false };
}

/** A sum with at least one scale in it. */
function sumOf(words: readonly string[]): Part | null {
  const scales = words.map(scaleOf);
  const scale = Math.max(...scales);
  const at = scales.indexOf(scale);
  const before = words.slice(0, at);
  const half = before.length === 1 && sameWords(before[0] ?? '', 'nửa');
  const count = before.length === 0 ? 1 : half ? 0.5 : plainNumber(before, true);
  const after = afterScale(words.slice(at + 1), scale);
  if (count === null || after === null) return null;
  return { value: Math.round(count * scale + after.value), sure: after.sure };
}

const trimmed = (text: string): string => {
  const once = text
    .replace(/[ .,!]+$/, '')
    .replace(TAIL, '')
    .replace(LEAD, '')
    .trim();
  return once === text || once === '' ? text : trimmed(once);
};

/** The sum that the words say, or null. Expects `clean` text. */
export function readMoney(text: string): MoneyReading | null {
  const polite = trimmed(plainDigits(text).toLowerCase());
  const unsure = polite.replace(UNSURE, '').replace(EACH, '');
  const sure = unsure === polite;
  const trim = trimmed(unsure);
  const said = trim.replace(CURRENCY, '').trim();
  const words = said.split(/(?<=\d)(?=\p{L})|(?<=\p{L})(?=\d)|\s+/u).filter((word) => word !== '');
  if (words.length === 0 || words.length > 24 || /[^\p{L}\p{M}\d ., ]/u.test(said)) return null;
  if (words.some((word) => scaleOf(word) > 0)) {
    const sum = sumOf(words);
    return sum && { type: 'sum', value: sum.value, sure: sum.sure && sure };
  }
  const value = plainNumber(words, false);
  if (value === null) return null;
  const exact = said !== trim || value === 0 || value >= THOUSAND;
  return exact ? { type: 'sum', value, sure } : { type: 'bare', value };
}
