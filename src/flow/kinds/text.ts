/**
 * Kind `text`: words of the citizen's own, in one line. Value: string, NFC, nothing invisible in it. Options: `min`,
 * `max` (letters as readers count them; 500 unless the step says otherwise).
 */
import { z } from 'zod';
import { clean, isLonger, lengthOf } from '../text';
import { LIMITS } from '../types';
import { defineKind, no, ok } from './reading';

const DEFAULT_MAX = 500;
const options = z.strictObject({
  min: z.int().min(1).optional(),
  max: z.int().min(1).max(LIMITS.answerChars).optional(),
});

/** Most steps take a single letter, which any words have. */
const isShorter = (words: string, min: number): boolean => (min === 1 ? words === '' : lengthOf(words) < min);

export const text = defineKind<string, z.infer<typeof options>>(
  {
    name: 'text',
    options,
    cel: 'string',
    echo: true,
    read(typed, { min = 1, max = DEFAULT_MAX }) {
      if (isLonger(typed, max)) return no('too-long', { params: { got: lengthOf(typed), max } });
      if (typed !== '' && !/[\p{L}\p{N}]/u.test(typed)) return no('unreadable');
      return isShorter(typed, min) ? no('too-short', { params: { got: lengthOf(typed), min } }) : ok(typed);
    },
    accepts: (value, { min = 1, max = DEFAULT_MAX }) =>
      typeof value === 'string' &&
      value.length <= LIMITS.typed &&
      value === clean(value) &&
      !isLonger(value, max) &&
      !isShorter(value, min),
    show: (value) => ({ text: value }),
  },
  {
    max: LIMITS.typed,
    flood: (got, { max = DEFAULT_MAX }) => no('too-long', { params: { got, max } }),
  },
);
