/**
 * Kind `date`: one civil day. Value "yyyy-mm-dd". Day first, as people write; two-digit years, lunar days and relative
 * days as in `vietnamese-date.ts`. Never before 1900. Options: `past` (not after today), `future` (not before today),
 * `min`, `max` (yyyy-mm-dd).
 */
import { z } from 'zod';
import type { AnswerValue, Choice, Reading, World } from '../types';
import type { DateBounds, DateReading } from '../reading/vietnamese-date';
import { isCivilDate, readDate, within } from '../reading/vietnamese-date';
import { defineKind, no, ok } from './reading';

const day = z.string().refine(isCivilDate, 'a civil date, yyyy-mm-dd');

/** Options of `date` and `partial-date`. */
export const dateOptions = z.strictObject({
  past: z.boolean().optional(),
  future: z.boolean().optional(),
  min: day.optional(),
  max: day.optional(),
});
export type DateOptions = z.infer<typeof dateOptions>;

const FIRST = '1900-01-01';
const LAST = '2100-12-31';

export function boundsOf(
  { past, future, min = FIRST, max = LAST }: DateOptions,
  { today }: World,
): DateBounds {
  return {
    min: future === true && today > min ? today : min,
    max: past === true && today < max ? today : max,
  };
}

/** "1985-03-05" → "05/03/1985". */
export const slashed = (value: string): string => value.split('-').reverse().join('/');

export const shown = (bounds: DateBounds): Record<string, string> => ({
  min: slashed(bounds.min),
  max: slashed(bounds.max),
});

const asChoice = (value: string): Choice => ({ id: value, value, label: { text: slashed(value) } });

/** The answer that a date reading gives, `fits` saying which values are precise enough for the kind. */
export function dateAnswer(
  said: DateReading,
  bounds: DateBounds,
  fits: (value: string) => boolean,
): Reading<string> {
  if (said.type === 'unreadable' || said.type === 'impossible') return no(said.type);
  if (said.type === 'no-year') return no('too-short');
  if (said.type === 'either') {
    return said.values.every(fits)
      ? no('ambiguous', { choices: said.values.map(asChoice) })
      : no('too-short');
  }
  if (!fits(said.value)) return no('too-short');
  if (!within(said.value, bounds)) return no('out-of-range', { params: shown(bounds) });
  return said.type === 'confirm' ? no('confirm', { suggest: said.value }) : ok(said.value);
}

const isDay = (value: string): boolean => value.length === 10;

export const date = defineKind<string, DateOptions>({
  name: 'date',
  options: dateOptions,
  cel: 'string',
  echo: true,
  read(text, options, world) {
    const bounds = boundsOf(options, world);
    return dateAnswer(readDate(text, world.today, bounds), bounds, isDay);
  },
  accepts: (value: AnswerValue, options, world) =>
    typeof value === 'string' && isCivilDate(value) && within(value, boundsOf(options, world)),
  show: (value) => ({ text: slashed(value) }),
});
