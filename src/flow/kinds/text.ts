/**
 * Kind `text`: words of the citizen's own, in one line. Value: string, NFC, nothing invisible in it. Options: `min`,
 * `max` (letters as readers count them; 500 unless the step says otherwise).
 */
import { z } from 'zod';
import { clean, lengthOf } from '../text';
import { LIMITS } from '../types';
import { defineKind, no, ok } from './reading';

const DEFAULT_MAX = 500;
const options = z.strictObject({
  min: z.int().min(1).optional(),
  max: z.int().min(1).max(LIMITS.answerChars).optional(),
});

export const text = defineKind<string, z.infer<typeof options>>(
  {
    name: 'text',
    options,
    cel: 'string',
    read(typed, { min = 1, max = DEFAULT_MAX }) {
      const length = lengthOf(typed);
      if (length > max) return no('too-long', { params: { got: length, max } });
      return length < min ? no('too-short', { params: { got: length, min } }) : ok(typed);
    },
    accepts(value, { min = 1, max = DEFAULT_MAX }) {
      if (typeof value !== 'string' || value !== clean(value) || value.length > LIMITS.typed) return false;
      const length = lengthOf(value);
      return length >= min && length <= max;
    },
    show: (value) => ({ text: value }),
  },
  { max: LIMITS.typed },
);
