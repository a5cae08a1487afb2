/** Vietnamese number words: "mười lăm", "hăm ba", "hai nghìn không trăm linh năm", with or without diacritics. */
import { fold, foldTone, wordsOf } from '../text';

type Part =
  | { readonly type: 'digit'; readonly value: number; readonly tail: boolean }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'ten' | 'link' | 'half' }
  | { readonly type: 'tens'; readonly value: number }
  | { readonly type: 'scale'; readonly value: number };

const digit = (value: number, tail = false): Part => ({ type: 'digit', value, tail });
const scale = (value: number): Part => ({ type: 'scale', value });

/** `tail`: words that only end a two-digit number ("hai lăm"), so "mươi" may be left out before them. */
const PARTS: Readonly<Record<string, Part>> = {
  không: digit(0),
  một: digit(1),
  mốt: digit(1, true),
  hai: digit(2),
  ba: digit(3),
  bốn: digit(4),
  tư: digit(4, true),
  năm: digit(5),
  lăm: digit(5, true),
  nhăm: digit(5, true),
  sáu: digit(6),
  bảy: digit(7),
  bẩy: digit(7),
  tám: digit(8),
  chín: digit(9),
  mười: { type: 'ten' },
  mươi: { type: 'ten' },
  chục: { type: 'ten' },
  hăm: { type: 'tens', value: 20 },
  băm: { type: 'tens', value: 30 },
  linh: { type: 'link' },
  lẻ: { type: 'link' },
  rưỡi: { type: 'half' },
  trăm: scale(100),
  nghìn: scale(1_000),
  ngàn: scale(1_000),
  triệu: scale(1_000_000),
};

const byTone = new Map(Object.entries(PARTS).map(([word, part]) => [foldTone(word), part]));
const byLetters = new Map(
  Object.entries(PARTS)
    .reverse()
    .map(([word, part]) => [fold(word), part]),
);

function partOf(word: string): Part | null {
  if (/^\d{1,9}$/.test(word)) return { type: 'number', value: Number(word) };
  const typed = word.toLowerCase();
  return byTone.get(foldTone(word)) ?? (fold(word) === typed ? byLetters.get(typed) : undefined) ?? null;
}

/** The digit of one word, null for any other word: "lăm" → 5. */
export function digitOfWord(word: string): number | null {
  const part = partOf(word);
  return part?.type === 'digit' ? part.value : null;
}

/** A run of spoken digits: "một chín tám lăm" → "1985". Null when a word is no digit. */
export function spokenDigits(text: string): string | null {
  const digits = wordsOf(text).map(digitOfWord);
  return digits.length > 0 && digits.every((one) => one !== null) ? digits.join('') : null;
}

/** 0–99 from its parts; null when they say something else, or two things ("hai ba" may be 23, or two or three). */
function underHundred(parts: readonly Part[], runs: boolean): number | null {
  const [first, second, third] = parts;
  if (first === undefined || parts.length > 3) return null;
  const unit = (part: Part | undefined): number | null =>
    part === undefined ? 0 : part.type === 'digit' && part.value > 0 ? part.value : null;
  if (parts.length === 1 && (first.type === 'digit' || first.type === 'number')) return first.value;
  const plus = (tens: number, rest: Part | undefined): number | null => {
    const ones = unit(rest);
    return ones === null ? null : tens + ones;
  };
  if (first.type === 'ten' && third === undefined) return plus(10, second);
  if (first.type === 'tens' && third === undefined) return plus(first.value, second);
  if (first.type === 'number' && second?.type === 'ten' && first.value < 10)
    return plus(first.value * 10, third);
  if (first.type !== 'digit' || first.value === 0 || second === undefined) return null;
  if (second.type === 'ten') return plus(first.value * 10, third);
  if (third === undefined && second.type === 'digit' && (second.tail || runs))
    return first.value * 10 + second.value;
  return null;
}

/** What follows a scale: nothing, "rưỡi", "linh năm" or a lower number. A lone digit ("trăm hai") says two things. */
function rest(parts: readonly Part[], scaleValue: number, runs: boolean): number | null {
  const [first] = parts;
  if (first === undefined) return 0;
  if (first.type === 'half') return parts.length === 1 ? scaleValue / 2 : null;
  if (first.type === 'link') return parts.length === 2 ? underHundred(parts.slice(1), runs) : null;
  if (parts.length === 1 && first.type === 'digit') return null;
  return valueOf(parts, runs, scaleValue);
}

/** Splits at the largest scale: what stands before it counts, what follows adds. */
function valueOf(parts: readonly Part[], runs: boolean, below: number): number | null {
  const scales = parts.map((part) => (part.type === 'scale' && part.value < below ? part.value : 0));
  const largest = Math.max(0, ...scales);
  if (largest === 0) return underHundred(parts, runs);
  const at = scales.indexOf(largest);
  const count = at === 0 ? 1 : valueOf(parts.slice(0, at), runs, largest);
  const added = rest(parts.slice(at + 1), largest, runs);
  return count === null || added === null ? null : count * largest + added;
}

/**
 * The number that words say, or null. With `runs`, plain digits in a row are a number too ("hai ba tháng chạp",
 * "một chín tám lăm"): right for dates, wrong for counts, where "hai ba bản" means two or three.
 */
export function readNumber(text: string, { runs = false }: { runs?: boolean } = {}): number | null {
  const parts = wordsOf(text).map(partOf);
  if (parts.length === 0 || parts.length > 16 || !parts.every((part) => part !== null)) return null;
  const value = valueOf(parts, runs, Number.POSITIVE_INFINITY);
  if (value !== null) return value;
  const digits = runs ? spokenDigits(text) : null;
  return digits === null || digits.length > 9 ? null : Number(digits);
}
