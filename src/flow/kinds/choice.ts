/**
 * Kind `choice`: one of the step's own list. Value: the id. Options: `choices` (ids in the order shown) and `labels`
 * (per id all its words in every language; put in at load from the locales, never by a flow's author). Read by number
 * ("2", "số 2", "cái thứ hai", "cuối cùng"), id, whole words or a part of them; diacritics that agree come first, so
 * "mẹ" never means "me".
 */
import { z } from 'zod';
import { readNumber } from '../reading/number-words';
import { fold, foldTone, loosely, meansOneOf, plainDigits, stripPoliteness, wordsOf } from '../text';
import type { Choice, Phrase, Reading } from '../types';
import { defineKind, no, ok } from './reading';

const options = z
  .strictObject({
    choices: z.array(z.string().min(1).max(40)).min(1).max(50),
    labels: z.record(z.string(), z.array(z.string())).optional(),
  })
  .refine(({ choices }) => new Set(choices).size === choices.length, 'the same choice twice');
type ChoiceOptions = z.infer<typeof options>;

const ORDINAL = /^(?:(?:chon|lay) )?(?:(?:so|cau|muc|dong|cai|y|phan|loai|truong hop|thu) )*(.+)$/;
const isEmptyWord = meansOneOf(
  'là của và cho ở có không thì một cái này kia đó tôi em cháu con mình chọn a the of i it'.split(' '),
);
const NEGATION = /(?<![\p{L}\p{M}])(?:không|ko|chưa|chẳng|chả|hổng|hông|khong|chua|not)(?![\p{L}\p{M}])/iu;

const labelsOf = (id: string, { labels = {} }: ChoiceOptions): readonly string[] => labels[id] ?? [];

/** 1-based place said by number, or null: "2", "2.", "số 2", "thứ hai", "đầu tiên", "cuối cùng". */
function placeOf(text: string, size: number): number | null {
  const plain = wordsOf(plainDigits(text)).join(' ');
  const [, said = ''] = ORDINAL.exec(fold(plain)) ?? [];
  if (/^(?:dau|dau tien|nhat|first)$/.test(said)) return 1;
  if (/^(?:cuoi|cuoi cung|chot|last)$/.test(said)) return size;
  if (/^\d{1,3}$/.test(said)) return Number(said);
  const words = plain.split(' ').slice(-said.split(' ').length).join(' ');
  return readNumber(words);
}

/** Words made comparable: those just typed, and the step's own, which are the same in every run and so remembered. */
interface Key {
  readonly typed: (text: string) => string;
  readonly label: (text: string) => string;
}
function keyBy(typed: (text: string) => string): Key {
  const known = new Map<string, string>();
  const label = (text: string): string => {
    const key = known.get(text) ?? typed(text);
    known.set(text, key);
    return key;
  };
  return { typed, label };
}
const tone = keyBy((text) => ` ${foldTone(wordsOf(text).join(' '))} `);
const bare = keyBy((text) => ` ${wordsOf(fold(text)).join(' ')} `);

/** Does a label fit what was typed? */
type Match = (typed: string) => (label: string) => boolean;
const wholly =
  (key: Key): Match =>
  (typed) => {
    const said = key.typed(typed);
    return (label) => key.label(label) === said;
  };
const partOf =
  (key: Key): Match =>
  (typed) => {
    const said = key.typed(typed);
    return (label) => key.label(label).includes(said);
  };

const tellsNothing = (text: string): boolean => fold(text).length < 2 || wordsOf(text).every(isEmptyWord);

const emptyLabels = new Map<string, boolean>();
/** The same of a step's own words, which are looked through at every answer. */
function labelTellsNothing(label: string): boolean {
  const known = emptyLabels.get(label) ?? tellsNothing(label);
  emptyLabels.set(label, known);
  return known;
}

/** Ids whose label stands inside what was typed ("cháu làm giúp mẹ"), the longest label only. */
function contained(typed: string, choices: ChoiceOptions, key: Key): string[] {
  const said = key.typed(typed);
  const denies = NEGATION.test(typed);
  const lengths = choices.choices.map((id) => {
    const inside = labelsOf(id, choices).filter(
      (label) =>
        !labelTellsNothing(label) && said.includes(key.label(label)) && (!denies || NEGATION.test(label)),
    );
    return { id, length: Math.max(0, ...inside.map((label) => label.length)) };
  });
  const longest = Math.max(0, ...lengths.map(({ length }) => length));
  return longest === 0 ? [] : lengths.filter(({ length }) => length === longest).map(({ id }) => id);
}

function matching(typed: string, choices: ChoiceOptions, match: Match): string[] {
  const fits = match(typed);
  return choices.choices.filter((id) => labelsOf(id, choices).some(fits));
}

/** Ways to read, surest first; the first that finds anything decides. */
function found(typed: string, choices: ChoiceOptions): readonly string[] {
  const vague = tellsNothing(typed);
  const ways: readonly (() => string[])[] = [
    () => choices.choices.filter((id) => id.toLowerCase() === typed.toLowerCase() && !/^\d+$/.test(id)),
    () => matching(typed, choices, wholly(tone)),
    () => byPlace(typed, choices),
    () => matching(typed, choices, wholly(bare)),
    () => namedApart(typed, choices),
    () => (vague ? [] : matching(typed, choices, partOf(tone))),
    () => (vague || fold(typed) !== typed.toLowerCase() ? [] : matching(typed, choices, partOf(bare))),
    () => contained(typed, choices, tone),
    () => (fold(typed) === typed.toLowerCase() ? contained(typed, choices, bare) : []),
  ];
  return ways.reduce<readonly string[]>((known, way) => (known.length > 0 ? known : way()), []);
}

const APART = new RegExp(
  `[,;/\\n]|(?<![\\p{L}\\p{M}])(?:${loosely('và|hoặc|hay|với')}|and|or)(?![\\p{L}\\p{M}])`,
  'iu',
);

/** "Giấy khai sinh, giấy kết hôn": several choices, each by a whole label of its own; empty where a part is none. */
function namedApart(typed: string, choices: ChoiceOptions): string[] {
  const parts = typed.split(APART).map((part) => part.trim());
  if (parts.length < 2) return [];
  const ids = parts.map((part) => {
    const said = stripPoliteness(part);
    const whole = [wholly(tone), wholly(bare)].flatMap((match) => matching(said, choices, match));
    const [within, ...others] = tellsNothing(said) ? [] : matching(said, choices, partOf(tone));
    return whole[0] ?? (others.length === 0 ? within : undefined);
  });
  const named = ids.filter((id) => id !== undefined);
  return named.length === parts.length && new Set(named).size > 1 ? [...new Set(named)] : [];
}

function byPlace(typed: string, { choices }: ChoiceOptions): string[] {
  const place = placeOf(typed, choices.length);
  const id = place === null ? undefined : choices[place - 1];
  return id === undefined ? choices.filter((one) => one === typed) : [id];
}

/** A choice among readings; the words of its first label, since a kind knows no language. */
const asChoice = (id: string, choices: ChoiceOptions): Choice => ({
  id,
  value: id,
  label: { text: labelsOf(id, choices)[0] ?? id },
});

/** The one id that the words mean, or several to choose from. `multi-choice` reads its parts by it. */
export function readChoice(text: string, choices: ChoiceOptions): Reading<string> {
  const stripped = stripPoliteness(text).replace(/^["'(]+|["').,!;]+$/g, '');
  const typed = stripped === '' ? text : stripped;
  const [only, ...others] = found(typed, choices);
  if (only !== undefined && others.length === 0) return ok(only);
  if (only !== undefined)
    return no('ambiguous', { choices: [only, ...others].map((id) => asChoice(id, choices)) });
  const number = /^\d{1,6}$/.test(plainDigits(typed)) && choices.choices.length > 0;
  return number ? no('out-of-range', { params: { min: 1, max: choices.choices.length } }) : no('unreadable');
}

/** The text of one choice, in the step's words. */
export const choiceLabel = (id: string, keys: readonly string[]): Phrase => ({
  key: keys.map((key) => `${key}.choice.${id}`),
});

export const choice = defineKind<string, ChoiceOptions>({
  name: 'choice',
  options,
  cel: 'string',
  read: readChoice,
  accepts: (value, { choices }) => typeof value === 'string' && choices.includes(value),
  show: (value, _options, keys) => choiceLabel(value, keys),
  choices: ({ choices }, keys) => choices.map((id) => ({ id, value: id, label: choiceLabel(id, keys) })),
});
