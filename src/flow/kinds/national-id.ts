/**
 * Kind `national-id`: the 12-digit personal number (Law 26/2023/QH15, art. 12; structure in Decree 70/2024). Value: 12
 * digits. It has no check digit, and province codes of births after the mergers are not settled, so only the length
 * decides; what the digits say stands in `nationalIdFacts` for rules of flows.
 */
import { z } from 'zod';
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

function read(text: string): Reading<string> {
  // The square code of a card, pasted whole, begins with the number.
  const digits = /^(\d{12})\|/.exec(text)?.[1] ?? digitsIn(text);
  if (digits === null || digits.startsWith('+')) return no('unreadable');
  if (digits.length === LENGTH) return ok(digits);
  return no(digits.length < LENGTH ? 'too-short' : 'too-long', {
    params: { got: digits.length, need: LENGTH },
  });
}

export const nationalId = defineKind<string, z.infer<typeof options>>({
  name: 'national-id',
  options,
  cel: 'string',
  echo: true,
  read,
  accepts: isNationalId,
  show: (value) => ({ text: value.replace(/^(\d{3})(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4') }),
});
