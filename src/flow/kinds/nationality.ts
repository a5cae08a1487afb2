/**
 * Kind `nationality`: whose passport somebody has. Value: ISO 3166-1 alpha-2 ("VN"); shown by its Vietnamese name, as
 * forms write it. Names in Vietnamese (old ones too) and English, and the code itself in capitals, are read. Two
 * countries are `ambiguous`: a form has room for one. "Không quốc tịch" is `impossible`: an officer must see to it.
 */
import { z } from 'zod';
import { fold, loosely, sameWords } from '../text';
import type { Choice, Reading } from '../types';
import { COUNTRIES, COUNTRY_CODES, countryName } from './countries';
import { finder, withoutWords } from './named';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({});
const OFFERED = ['VN', 'TW', 'KR', 'US'];
const find = finder(COUNTRIES.map(({ code, names }) => ({ id: code, names })));
const AROUND = loosely(
  'quốc tịch|mang|có|người|dân|nước|gốc|của|là|cháu|em|con|tôi|tui|mình|dạ|ạ|nha|nhé|nghen|thôi|mà|đó|hai|song tịch|cả',
);
const NONE = /^(?:nguoi )?(?:khong|ko|chua) (?:co |mang )?quoc tich(?: (?:nao|gi|het|a))*$/;
const TWO = /^(?:(?:da|co|mang|toi|tui|chau|em|con) )*(?:hai|2|song) (?:quoc )?tich(?: a)?$/;
const AND = /(?:^| )(?:và|với|hoặc|hay|cùng|lẫn|and|or|va|voi|hoac)(?: |$)| ?[,;/+&] ?| - /iu;

const asChoice = (code: string): Choice => ({
  id: code.toLowerCase(),
  value: code,
  label: { text: countryName(code) },
});

/** "VN", "U.S.A." in capitals or alone; small "la" or "in" is a word. */
function byCode(typed: string): readonly string[] {
  const code = typed.replace(/\./g, '');
  if (!/^[A-Za-z]{2}$/.test(code)) return [];
  const known =
    COUNTRY_CODES.has(code.toUpperCase()) && (code === code.toUpperCase() || sameWords(code, 'vn'));
  return known ? [code.toUpperCase()] : [];
}

function codesOf(typed: string): readonly string[] {
  const ways = [
    () => find(typed),
    () => byCode(typed),
    () => find(withoutWords(typed, AROUND)),
    () => byCode(withoutWords(typed, AROUND)),
  ];
  return ways.reduce<readonly string[]>((known, way) => (known.length > 0 ? known : way()), []);
}

function read(text: string): Reading<string> {
  if (NONE.test(fold(text))) return no('impossible');
  if (TWO.test(fold(text))) return no('ambiguous', { choices: OFFERED.map(asChoice) });
  const whole = codesOf(text);
  const parts = text.split(AND).filter((part) => part.trim() !== '');
  const codes = whole.length > 0 ? whole : parts.map(codesOf).flat();
  const unknown = whole.length === 0 && parts.some((part) => codesOf(part).length === 0);
  const [only, ...others] = unknown ? [] : [...new Set(codes)];
  if (only === undefined) return no('unreadable');
  return others.length === 0
    ? ok(only)
    : no('ambiguous', { choices: [only, ...others].slice(0, 5).map(asChoice) });
}

export const nationality = defineKind<string, z.infer<typeof options>>({
  name: 'nationality',
  options,
  cel: 'string',
  echo: true,
  read,
  accepts: (value) => typeof value === 'string' && COUNTRY_CODES.has(value),
  show: (value) => ({ text: countryName(value) }),
  choices: () => OFFERED.map(asChoice),
});
