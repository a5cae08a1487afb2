/**
 * Kind `integer`: a count. Value: number. Digits ("1.000" too), number words, a unit after it ("5 bản"). What says two
 * things ("hai ba bản") is `unreadable`. Options: `min`, `max`, `units` (words that may follow the number).
 */
import { z } from 'zod';
import { readNumber } from '../reading/number-words';
import { meansOneOf, plainDigits, sameWords, wordsOf } from '../text';
import type { Reading } from '../types';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({
  min: z.int().optional(),
  max: z.int().optional(),
  units: z.array(z.string().min(1)).optional(),
});
type IntegerOptions = z.infer<typeof options>;

const UNITS =
  'bản bộ cái chiếc tờ người đứa cháu con quyển cuốn lần ngày sao chính gốc photo phần copies people'.split(
    ' ',
  );
const AROUND =
  'dạ thưa là có cần lấy xin muốn cho tôi em mình tui khoảng chừng tất cả số lượng ạ nhé nha thôi'.split(' ');
const isBefore = meansOneOf(AROUND);
const isAfter = meansOneOf([...UNITS, ...AROUND]);
/** Where a step sets no bound: nothing that people count is beyond it. */
const MOST = 999_999_999;
const DIGITS = /^[-−]?(?:\d+|\d{1,3}(?:[., ]\d{3})+)$/;

const dropEnds = (
  words: readonly string[],
  around: (word: string) => boolean,
  from: 'start' | 'end',
): readonly string[] => {
  const edge = words.at(from === 'start' ? 0 : -1);
  if (edge === undefined || words.length < 2 || !around(edge)) return words;
  return dropEnds(from === 'start' ? words.slice(1) : words.slice(0, -1), around, from);
};

function numberIn(text: string, units: readonly string[]): number | null {
  // "5 (năm) bản", as contracts write it.
  const plain = plainDigits(text)
    .replace(/[ .,!]+$/, '')
    .replace(/^(\d+) ?\(([^)]*)\)/, (whole, digits: string, words: string) =>
      readNumber(words) === Number(digits) ? digits : whole,
    );
  const own = units.flatMap((unit) => unit.split(' '));
  const after = (word: string): boolean => isAfter(word) || own.some((unit) => sameWords(word, unit));
  const words = dropEnds(dropEnds(plain.split(' '), isBefore, 'start'), after, 'end');
  const rest = words.join(' ').replace(/^(\d+)\p{L}+$/u, (whole, digits: string) => {
    const unit = whole.slice(digits.length);
    return after(unit) ? digits : whole;
  });
  if (DIGITS.test(rest)) return Number(rest.replace(/−/, '-').replace(/[., ]/g, ''));
  if (sameWords(rest, 'đôi')) return 2;
  return /[-−+=.,/]/.test(rest) || wordsOf(rest).length === 0 ? null : readNumber(rest);
}

function read(text: string, { min, max, units = [] }: IntegerOptions): Reading<number> {
  const value = numberIn(text, units);
  if (value === null) return no('unreadable');
  const [low, high] = [min ?? -MOST, max ?? MOST];
  if (Number.isSafeInteger(value) && value >= low && value <= high) return ok(value === 0 ? 0 : value);
  return no('out-of-range', { params: { min: low, max: high } });
}

export const integer = defineKind<number, IntegerOptions>({
  name: 'integer',
  options,
  cel: 'double',
  read,
  accepts: (value, { min, max }) =>
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    value >= (min ?? -MOST) &&
    value <= (max ?? MOST),
  show: (value) => ({ text: String(value).replace(/\B(?=(\d{3})+$)/g, '.') }),
});
