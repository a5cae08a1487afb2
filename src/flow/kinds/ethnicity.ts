/**
 * Kind `ethnicity`: one of the 54 peoples. Value: the official name ("Kinh", "Ê-đê", "Khơ-me"); its code stands in
 * `ethnicities.ts`. Other names, spellings and names without marks are read. Buttons only suggest the most frequent.
 */
import { z } from 'zod';
import { fold, loosely } from '../text';
import type { Choice, Reading } from '../types';
import { ETHNICITIES } from './ethnicities';
import { finder, withoutWords } from './named';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});
const OFFERED = ['Kinh', 'Tày', 'Thái', 'Mường', 'Khơ-me'];
const NAMES = new Set(ETHNICITIES.map(({ name }) => name));
const find = finder(ETHNICITIES.map(({ name, others }) => ({ id: name, names: [name, ...others] })));
const AROUND = loosely(
  'dân tộc|dt|dân|người|tộc|thuộc|gốc|nhà|của|là|cháu|em|con|tôi|tui|mình|bố mẹ|ba má|cả hai|đều|dạ|ạ|nha|nhé|nghen|thôi|hết|cả',
);

const asChoice = (name: string): Choice => ({
  id: fold(name).replace(/[^a-z]/g, '-'),
  value: name,
  label: { text: name },
});

function read(text: string): Reading<string> {
  const [only, ...others] =
    [find(text), find(withoutWords(text, AROUND))].find(({ length }) => length > 0) ?? [];
  if (only === undefined) return no('unreadable');
  return others.length === 0 ? ok(only) : no('ambiguous', { choices: [only, ...others].map(asChoice) });
}

export const ethnicity = defineKind<string, z.infer<typeof options>>({
  name: 'ethnicity',
  options,
  cel: 'string',
  echo: true,
  read,
  accepts: (value) => typeof value === 'string' && NAMES.has(value),
  show: (value) => ({ text: value }),
  choices: () => OFFERED.map(asChoice),
});
