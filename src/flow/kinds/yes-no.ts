/** Kind `yes-no`: value boolean. Understands the words of three regions, "1"/"2" and thumbs; a doubt is `unreadable`. */
import { z } from 'zod';
import type { Choice, Phrase } from '../types';
import { readYesNo } from '../reading/yes-no-words';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});

const label = (value: boolean, keys: readonly string[]): Phrase => {
  const id = value ? 'yes' : 'no';
  return { key: [...keys.map((key) => `${key}.choice.${id}`), `kinds.yesNo.${id}`] };
};

const choice = (value: boolean, keys: readonly string[]): Choice => ({
  id: value ? 'yes' : 'no',
  value,
  label: label(value, keys),
});

export const yesNo = defineKind<boolean, z.infer<typeof options>>({
  name: 'yes-no',
  options,
  cel: 'bool',
  read(text) {
    const said = readYesNo(text);
    return said === null ? no('unreadable') : ok(said);
  },
  accepts: (value) => typeof value === 'boolean',
  show: (value, _options, keys) => label(value, keys),
  choices: (_options, keys) => [choice(true, keys), choice(false, keys)],
});
