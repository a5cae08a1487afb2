/**
 * Kind `phone`: a Vietnamese telephone number. Value: national digits, "0912345678" or a landline "02438251234".
 * Eleven-digit mobile numbers from before 2018 become the present ones (plan of the Ministry of Information and
 * Communications, Decision 798/QĐ-BTTTT of 2018). Option `mobile`: refuse landlines (`out-of-range`).
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';
import { plainDigits } from '../text';
import type { Reading } from '../types';
import { digitsIn } from './digits';
import { defineKind, no, ok } from './reading';

const options = z.strictObject({ mobile: z.boolean().optional() });
type PhoneOptions = z.infer<typeof options>;

const RENAMED: Readonly<Record<string, string>> = {
  '0120': '070',
  '0121': '079',
  '0122': '077',
  '0126': '076',
  '0128': '078',
  '0123': '083',
  '0124': '084',
  '0125': '085',
  '0127': '081',
  '0129': '082',
  '0162': '032',
  '0163': '033',
  '0164': '034',
  '0165': '035',
  '0166': '036',
  '0167': '037',
  '0168': '038',
  '0169': '039',
  '0186': '056',
  '0188': '058',
  '0199': '059',
};

/** National form with its leading zero: country code off, forgotten zero put back, old prefix renewed. */
function national(digits: string): string {
  const local = digits.replace(/^(?:\+|00)?84(?=\d{9,11}$)0?/, '0').replace(/^\+/, '');
  const zeroed = /^[35789]\d{8}$|^2\d{9}$|^1[2689]\d{8}$/.test(local) ? `0${local}` : local;
  const renamed = zeroed.length === 11 ? RENAMED[zeroed.slice(0, 4)] : undefined;
  return renamed === undefined ? zeroed : renamed + zeroed.slice(4);
}

const isMobile = (number: string): boolean => /^0[35789]/.test(number);

const isPhone = (number: string): boolean =>
  /^0\d{9,10}$/.test(number) &&
  /^0[235789]/.test(number) &&
  parsePhoneNumberFromString(number, 'VN')?.isValid() === true;

const fits = (number: string, { mobile }: PhoneOptions): boolean =>
  isPhone(number) && (mobile !== true || isMobile(number));

const DENIES = /(?<![\p{L}\p{M}])(?:không|ko|k|mất|hỏng|bỏ|cũ|sai|khong|mat|hong|cu)(?![\p{L}\p{M}])/iu;
const NUMBER = /(?<![\d+])\+?\d(?:[ .()]*\d|[-–—](?=\d)){7,12}(?!\d)/g;

/** Numbers among other words: two are a choice; one is shown before it counts. */
function among(text: string, options: PhoneOptions): Reading<string> {
  const plain = plainDigits(text).replace(/(?<=\d)[oO]|[oO](?=\d)/g, '0');
  const pairs = plain.replace(/(0\d{9})[ ,;/-]*(?=0\d{9}(?!\d))/g, '$1 | ');
  const said = (pairs.match(NUMBER) ?? []).map((one) => national(one.replace(/[^\d+]/g, '')));
  const [only, ...others] = [...new Set(said.filter((one) => fits(one, options)))];
  if (only === undefined || (others.length === 0 && DENIES.test(text))) return no('unreadable');
  if (others.length === 0) return no('confirm', { suggest: only });
  const choices = [only, ...others].slice(0, 5);
  return no('ambiguous', { choices: choices.map((id) => ({ id, value: id, label: { text: grouped(id) } })) });
}

function read(text: string, options: PhoneOptions): Reading<string> {
  const { mobile } = options;
  const digits = digitsIn(text);
  if (digits === null) return among(text, options);
  if (digits.length >= 18) {
    const parts = among(text, options);
    if (parts.ok || parts.problem !== 'unreadable') return parts;
  }
  const number = national(digits);
  if (isPhone(number)) return mobile === true && !isMobile(number) ? no('out-of-range') : ok(number);
  const params = { got: number.length, need: 10 };
  if (digits.startsWith('+') && !digits.startsWith('+84')) return no('unreadable');
  if (number.length < 10) return no('too-short', { params });
  return number.length > 11 || (number.length === 11 && isMobile(number))
    ? no('too-long', { params })
    : no('unreadable');
}

const grouped = (number: string): string => {
  if (isMobile(number)) return number.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1 $2 $3');
  return /^02[48]/.test(number)
    ? number.replace(/^(\d{3})(\d{4})(\d+)$/, '$1 $2 $3')
    : number.replace(/^(\d{4})(\d{4})(\d+)$/, '$1 $2 $3');
};

export const phone = defineKind<string, PhoneOptions>(
  {
    name: 'phone',
    options,
    cel: 'string',
    echo: true,
    read,
    accepts: (value, options) => typeof value === 'string' && fits(value, options),
    show: (value) => ({ text: grouped(value) }),
  },
  { flood: () => no('unreadable') },
);
