/**
 * Kind `national-id`: the 12-digit personal number (Law 26/2023/QH15, art. 12; structure in Decree 70/2024). Value: 12
 * digits. It has no check digit, and province codes of births after the mergers are not settled, so only the length
 * decides; what the digits say stands in `nationalIdFacts` for rules of flows.
 */
import { z } from 'zod';
import { plainDigits } from '../text';
import type { Reading } from '../types';
import { digitsIn } from './digits';
import { defineKind, no, ok } from './reading';

const LENGTH = 12;
const options = z.strictObject({});
const isNationalId = (value: unknown): value is string => typeof value === 'string' && /^\d{12}$/.test(value);

export interface NationalIdFacts {
  readonly sex: 'male' | 'female';
  readonly birthYear: number;
  /** Province (001–096) or country code of the birth's registration. */
  readonly place: string;
}

/** What a personal number says of its holder; null for anything but 12 digits. Even = male; each pair is a century from 1900. */
export function nationalIdFacts(id: string): NationalIdFacts | null {
  if (!isNationalId(id)) return null;
  const century = Number(id[3]);
  return {
    sex: century % 2 === 0 ? 'male' : 'female',
    birthYear: 1900 + 100 * Math.floor(century / 2) + Number(id.slice(4, 6)),
    place: id.slice(0, 3),
  };
}

/** Twelve digits among other words ("… cấp ngày 10/5/2021"): shown before they count. */
function among(text: string): Reading<string> {
  const found = plainDigits(text).matchAll(/(?<!\d)(\d{3})([ .-]?)(\d{3})\2(\d{3})\2(\d{3})(?!\d)/g);
  const ids = [...found].map(([, a = '', , b = '', c = '', d = '']) => a + b + c + d);
  const [only, ...others] = [...new Set(ids)];
  if (only === undefined) return no('unreadable');
  if (others.length === 0) return no('confirm', { suggest: only });
  const choices = [only, ...others].slice(0, 5);
  return no('ambiguous', { choices: choices.map((id) => ({ id, value: id, label: { text: grouped(id) } })) });
}

const grouped = (id: string): string => id.replace(/^(\d{3})(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4');

function read(text: string): Reading<string> {
  // The square code of a card, pasted whole, begins with the number.
  const digits = /^(\d{12})\|/.exec(text)?.[1] ?? digitsIn(text);
  if (digits === null || digits.startsWith('+')) return among(text);
  if (digits.length === LENGTH) return ok(digits);
  const twice = /^(\d{12})(?:\1)+$/.exec(digits)?.[1];
  if (twice !== undefined) return no('confirm', { suggest: twice });
  return no(digits.length < LENGTH ? 'too-short' : 'too-long', {
    params: { got: digits.length, need: LENGTH },
  });
}

export const nationalId = defineKind<string, z.infer<typeof options>>(
  {
    name: 'national-id',
    options,
    cel: 'string',
    echo: true,
    read,
    accepts: isNationalId,
    show: (value) => ({ text: grouped(value) }),
  },
  { flood: () => no('unreadable') },
);
