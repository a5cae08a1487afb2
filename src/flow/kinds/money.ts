/**
 * Kind `money`: a sum of đồng. Value: number, whole, 0 to 999 billion. Digits, words, "2tr5", "500k". A bare "500" may
 * be 500 đồng or 500 nghìn, so it is `ambiguous`; "khoảng …" is shown before it counts. Options: `min`, `max` (đồng).
 */
import { z } from 'zod';
import { readMoney } from '../reading/money-words';
import type { Choice, Reading } from '../types';
import { defineKind, no, ok } from './reading';

const MOST = 999_999_999_999;
const sum = z.int().min(0).max(MOST);
const options = z.strictObject({ min: sum.optional(), max: sum.optional() });
type MoneyOptions = z.infer<typeof options>;

const grouped = (value: number): string => `${String(value).replace(/\B(?=(\d{3})+$)/g, '.')} đồng`;

const within = (value: number, { min = 0, max = MOST }: MoneyOptions): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max;

const asChoice = (value: number): Choice => ({ id: `d${value}`, value, label: { text: grouped(value) } });

/** "2" among friends is two million, "500" five hundred thousand. */
function bare(count: number, bounds: MoneyOptions): Reading<number> {
  const scales = count < 100 ? [1_000, 1_000_000, 1] : [1_000, 1];
  const values = scales.map((scale) => count * scale).filter((value) => within(value, bounds));
  const [only, ...others] = values;
  if (only === undefined) return outOfRange(bounds);
  return others.length === 0
    ? no('confirm', { suggest: only })
    : no('ambiguous', { choices: values.map(asChoice) });
}

const outOfRange = ({ min = 0, max = MOST }: MoneyOptions): Reading<number> =>
  no('out-of-range', { params: { min: grouped(min), max: grouped(max) } });

function read(text: string, bounds: MoneyOptions): Reading<number> {
  const said = readMoney(text);
  if (said === null) return no('unreadable');
  if (said.type === 'bare') return bare(said.value, bounds);
  if (!within(said.value, bounds)) return outOfRange(bounds);
  return said.sure ? ok(said.value) : no('confirm', { suggest: said.value });
}

export const money = defineKind<number, MoneyOptions>({
  name: 'money',
  options,
  cel: 'double',
  echo: true,
  read,
  accepts: (value, bounds) => typeof value === 'number' && within(value, bounds),
  show: (value) => ({ text: grouped(value) }),
});
