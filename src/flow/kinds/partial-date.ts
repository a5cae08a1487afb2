/**
 * Kind `partial-date`: as much of a date as is known, for parents and the dead. Value "yyyy", "yyyy-mm" or "yyyy-mm-dd".
 * Options as for `date`; a year or month is within the bounds when some day of it is.
 */
import type { AnswerValue } from '../types';
import { isCivilDate, readDate, within } from '../reading/vietnamese-date';
import type { DateOptions } from './date';
import { boundsOf, dateAnswer, dateOptions, slashed } from './date';
import { defineKind } from './reading';

const isPartialDate = (value: AnswerValue): value is string =>
  typeof value === 'string' && (/^\d{4}(-(0[1-9]|1[0-2]))?$/.test(value) || isCivilDate(value));

export const partialDate = defineKind<string, DateOptions>({
  name: 'partial-date',
  options: dateOptions,
  cel: 'string',
  echo: true,
  read(text, options, world) {
    const bounds = boundsOf(options, world);
    return dateAnswer(readDate(text, world.today, bounds), bounds, () => true);
  },
  accepts: (value, options, world) => isPartialDate(value) && within(value, boundsOf(options, world)),
  show(value) {
    const [year = '', month] = value.split('-');
    if (value.length === 10) return { text: slashed(value) };
    return month === undefined
      ? { key: 'kinds.partialDate.year', params: { year } }
      : { key: 'kinds.partialDate.month', params: { month, year } };
  },
});
