/**
 * Kind `multi-choice`: any of the step's own list. Value: ids in the order of the list. Options: `choices` and `labels`
 * as for `choice`; `min` (0 or 1; 1 unless given: who must choose two is asked twice) and `max`. Read by numbers
 * ("1, 3", "1 và 3"), words, "tất cả", "cả hai", and "không cái nào" where `min` is 0. A button means that one alone.
 * In conditions: `'card' in papers`.
 */
import { z } from 'zod';
import { readNumber } from '../reading/number-words';
import { fold, loosely, plainDigits, stripPoliteness } from '../text';
import type { AnswerValue, Choice, Phrase, Reading } from '../types';
import { choiceLabel, readChoice } from './choice';
import { defineKind, no, ok } from './reading';

const options = z
  .strictObject({
    choices: z.array(z.string().min(1).max(40)).min(1).max(50),
    labels: z.record(z.string(), z.array(z.string())).optional(),
    min: z.int().min(0).max(1).optional(),
    max: z.int().min(1).optional(),
  })
  .refine(({ choices }) => new Set(choices).size === choices.length, 'the same choice twice');
type Options = z.infer<typeof options>;
type Ids = readonly string[];

const ALL =
  /^(?:(?:da|thi|co|lay|chon|het|du) )*(?:tat ca|tat|toan bo|du ca|du het|ca|het|all|everything|both|cai nao cung (?:co|lay|chon))(?: (?:het|luon|deu co|cac (?:loai|giay|muc)|roi|thoi|a))*$/;
const ALL_OF = /^(?:(?:da|thi|co|lay|chon) )*(?:ca|du) (\S+)(?: (?:cai|loai|thu|muc|giay|deu|a|luon))*$/;
const NONE =
  /^(?:(?:da|thi) )*(?:khong|ko|k|hong|chua|chang|none|no)(?: (?:co|chon|lay|can|thay))?(?: (?:cai|muc|loai|thu|giay|to))*(?: (?:nao|gi|chi))?(?: (?:het|ca|tron|dau|a|nua))*$/;
const AND = new RegExp(
  `[,;+&/、，]| - |(?<![\\p{L}\\p{M}])(?:${loosely('và|với|cùng với|cùng|lẫn|thêm|and')})(?![\\p{L}\\p{M}])`,
  'iu',
);
const DENIES = /(?<![\p{L}\p{M}])(?:không|ko|chưa|trừ|khong|chua|tru)(?![\p{L}\p{M}])/iu;
const HAVE = /^(?:(?:dạ|thì|có|co|lấy|chọn|chon|gồm|còn|số|câu|mục)(?: |$))+/iu;

const ONLY = /(?: (?:thôi|thoi|đó|do|luôn|rồi|nha))+$/iu;

const inOrder = (ids: Ids, { choices }: Options): Ids => choices.filter((id) => ids.includes(id));

const isAll = (folded: string, { choices }: Options): boolean => {
  const count = ALL_OF.exec(folded)?.[1];
  return ALL.test(folded) || (count !== undefined && readNumber(count) === choices.length);
};

/** What was chosen, one by one; numbers without anything between them too: "1 3", "số 2 số 3". */
function pieces(text: string): readonly string[] {
  const apart = text.replace(/(?<=\d) (?=(?:số|so|câu|cau|cái|cai|mục|muc) \d)/giu, ', ');
  const parts = apart.split(AND).map((part) => part.trim().replace(HAVE, '').replace(ONLY, '').trim());
  return parts
    .flatMap((part) => (/^\d{1,2}(?:[ .]+\d{1,2})+\.?$/.test(part) ? part.split(/[ .]+/) : [part]))
    .filter((part) => part !== '');
}

function several(text: string, chosen: Options): Reading<Ids> {
  const readings = pieces(text).map((part) =>
    DENIES.test(part) ? no<string>('unreadable') : readChoice(part, chosen),
  );
  const ids = readings.flatMap((one) => (one.ok ? [one.value] : []));
  if (ids.length > 0 && ids.length === readings.length) return ok(inOrder(ids, chosen));
  const [only, ...others] = readings;
  return only === undefined || only.ok || others.length > 0 ? no('unreadable') : single(only);
}

/** One part alone that is no choice, or may be several: each of them is offered. */
function single({ problem, params, choices }: Extract<Reading<string>, { ok: false }>): Reading<Ids> {
  if (choices === undefined) return no(problem, params === undefined ? {} : { params });
  const valueOf = ({ value }: Choice): Ids => (typeof value === 'string' ? [value] : []);
  return no('ambiguous', { choices: choices.map((choice) => ({ ...choice, value: valueOf(choice) })) });
}

/** How many there may be. */
function counted(ids: Ids, { min = 1, max, choices }: Options): Reading<Ids> {
  const most = Math.min(max ?? choices.length, choices.length);
  if (ids.length > most) return no('too-long', { params: { got: ids.length, max: most } });
  return ids.length < min ? no('too-short', { params: { got: ids.length, min } }) : ok(ids);
}

function read(text: string, chosen: Options): Reading<Ids> {
  const typed = plainDigits(stripPoliteness(text)).replace(/[.! ]+$/, '');
  const folded = fold(typed);
  if (NONE.test(folded)) return counted([], chosen);
  const said = isAll(folded, chosen) ? ok<Ids>(chosen.choices) : several(typed, chosen);
  return said.ok ? counted(said.value, chosen) : said;
}

function isIds(value: AnswerValue, chosen: Options): value is Ids {
  if (!Array.isArray(value)) return false;
  const ids = value as readonly AnswerValue[];
  const known = ids.filter((id): id is string => typeof id === 'string' && chosen.choices.includes(id));
  const ordered = inOrder(known, chosen);
  return (
    known.length === ids.length &&
    ordered.length === ids.length &&
    ordered.every((id, at) => id === ids[at]) &&
    counted(ordered, chosen).ok
  );
}

/** "Thẻ căn cước; Giấy khai sinh". */
function listed(ids: Ids, keys: Ids): Phrase {
  const [first, ...rest] = ids;
  if (first === undefined) return { key: 'kinds.multiChoice.none' };
  if (rest.length === 0) return choiceLabel(first, keys);
  return {
    key: 'kinds.multiChoice.more',
    params: { first: choiceLabel(first, keys), rest: listed(rest, keys) },
  };
}

function buttons(chosen: Options, keys: Ids): readonly Choice[] {
  const { choices } = chosen;
  const all: Choice = { id: 'all-of-them', value: choices, label: { key: 'kinds.multiChoice.all' } };
  const none: Choice = { id: 'none-of-them', value: [], label: { key: 'kinds.multiChoice.none' } };
  const alone = choices.map((id): Choice => ({ id, value: [id], label: onlyLabel(id, chosen, keys) }));
  return [...alone, ...(choices.length > 1 ? [all] : []), none].filter(({ value }) => isIds(value, chosen));
}

/** Where several may be chosen, a button says that it chooses one alone. */
const onlyLabel = (id: string, { choices, max }: Options, keys: Ids): Phrase =>
  Math.min(max ?? choices.length, choices.length) === 1
    ? choiceLabel(id, keys)
    : { key: 'kinds.multiChoice.only', params: { choice: choiceLabel(id, keys) } };

export const multiChoice = defineKind<Ids, Options>(
  {
    name: 'multi-choice',
    options,
    cel: 'list',
    echo: true,
    read,
    accepts: isIds,
    show: (value, _options, keys) => listed(value, keys),
    choices: buttons,
  },
  { flood: () => no('unreadable') },
);
