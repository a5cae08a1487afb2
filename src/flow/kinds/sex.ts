/** Kind `sex`: value "male" | "female", the two that civil status records know (form of Circular 04/2024/TT-BTP). */
import { z } from 'zod';
import { meansOneOf, plainDigits, wordsOf } from '../text';
import type { Choice, Phrase } from '../types';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});
export type Sex = 'male' | 'female';

const WORDS: Readonly<Record<Sex, readonly string[]>> = {
  male: [
    'nam',
    'nam giới',
    'trai',
    'con trai',
    'cháu trai',
    'bé trai',
    'thằng cu',
    'cu tí',
    'thằng bé',
    'đàn ông',
    'ông',
    'male',
    'm',
    'man',
    'boy',
    '1',
  ],
  female: [
    'nữ',
    'nử',
    'nữ giới',
    'gái',
    'con gái',
    'cháu gái',
    'bé gái',
    'cái hĩm',
    'hĩm',
    'đàn bà',
    'phụ nữ',
    'bà',
    'female',
    'f',
    'woman',
    'girl',
    '2',
  ],
};
const MEANS: Readonly<Record<Sex, (typed: string) => boolean>> = {
  male: meansOneOf(WORDS.male),
  female: meansOneOf(WORDS.female),
};
const isAround = meansOneOf('là giới tính cháu em con tôi tui mình dạ thưa ạ nhé nha bé người'.split(' '));
/** Without marks these are other words as well: "ba" is also father or three. */
const NEEDS_MARKS = new Set(['ba', 'ong']);

const label = (sex: Sex): Phrase => ({ key: `kinds.sex.${sex}` });
const choice = (sex: Sex): Choice => ({ id: sex, value: sex, label: label(sex) });

const says = (typed: string, sex: Sex): boolean => !NEEDS_MARKS.has(typed.toLowerCase()) && MEANS[sex](typed);

function sexOf(words: readonly string[]): Sex | null {
  const typed = words.join(' ');
  if (says(typed, 'male')) return 'male';
  if (says(typed, 'female')) return 'female';
  const [first = '', ...rest] = words;
  const last = words.at(-1) ?? '';
  if (words.length > 1 && isAround(first)) return sexOf(rest);
  return words.length > 1 && isAround(last) ? sexOf(words.slice(0, -1)) : null;
}

export const sex = defineKind<Sex, z.infer<typeof options>>({
  name: 'sex',
  options,
  cel: 'string',
  read(text) {
    const words = wordsOf(plainDigits(text));
    const said = words.length > 8 ? null : sexOf(words);
    return said === null ? no('unreadable') : ok(said);
  },
  accepts: (value) => value === 'male' || value === 'female',
  show: label,
  choices: () => [choice('male'), choice('female')],
});
