/**
 * Kind `email`: an e-mail address. Value: string, ASCII, small letters, ≤ 254 characters (RFC 5321). Read out in words
 * too ("hoa chấm an a còng gmail chấm com"). Marks that a keyboard put in, and slips in the names of the big providers
 * ("gmail.con", "gmai.com", no ending at all), are shown corrected and wait for a yes.
 */
import { z } from 'zod';
import { fold, plainDigits } from '../text';
import type { AnswerValue, Choice, Reading } from '../types';
import { isSlip } from '../reading/slip';
import { defineKind, no, ok } from './reading';

const MAX = 254;
const MAX_LOCAL = 64;
const options = z.strictObject({});

const LOCAL = /^[a-z0-9_+%'-]+(?:\.[a-z0-9_+%'-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;
const PROVIDERS = ['gmail.com', 'yahoo.com', 'yahoo.com.vn', 'hotmail.com', 'outlook.com', 'icloud.com'];
/** Real names that only look like slips. */
const REAL = new Set([
  ...PROVIDERS,
  'mail.com',
  'email.com',
  'ymail.com',
  'gmx.com',
  'live.com',
  'outlook.vn',
]);

const isEmail = (value: AnswerValue): value is string => {
  if (typeof value !== 'string' || value.length > MAX) return false;
  const [local = '', domain = '', ...more] = value.split('@');
  return more.length === 0 && local.length <= MAX_LOCAL && LOCAL.test(local) && DOMAIN.test(domain);
};

/** Signs said in words, as signs. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/(?<![\p{L}\p{M}])(?:a ?còng|a ?cong|a móc|a moc|a vòng|\(at\)|\[at\]|at)(?![\p{L}\p{M}])/giu, '@'],
  [/(?<![\p{L}\p{M}])(?:chấm|cham|\(dot\)|dot)(?![\p{L}\p{M}])/giu, '.'],
  [/(?<![\p{L}\p{M}])(?:gạch (?:dưới|chân)|gach (?:duoi|chan)|underscore)(?![\p{L}\p{M}])/giu, '_'],
  [/(?<![\p{L}\p{M}])(?:gạch (?:ngang|nối)|gach (?:ngang|noi))(?![\p{L}\p{M}])/giu, '-'],
];
/** Words around an address; always apart from it, so that "co.hoa@…" loses nothing. */
const WORD =
  'dạ|thưa|vâng|da|thua|vang|địa chỉ|dia chi|e-?mail|mail|gmail|thư điện tử|thu dien tu|của|cua|cháu|chau|em|con|tôi|toi|tui|mình|minh|là|la|ạ|nhé|nha|nghen|đó|đây|day|do';
const AROUND = new RegExp(`^(?:(?:${WORD}) ?(?::| ) ?)+(?=\\S)|(?: (?:${WORD}))+[ .!]*$`, 'giu');

const signed = (text: string): string =>
  SAID.reduce((said, [word, sign]) => said.replace(word, sign), text).replace(/ ?([@._]) ?/g, '$1');

/** The domain it should have been, or the same. */
function repaired(domain: string): string {
  if (REAL.has(domain)) return domain;
  const whole = PROVIDERS.find((one) => one.split('.')[0] === domain.replace(/\.(?:com\.vn|cm|vn)$/, ''));
  return whole ?? PROVIDERS.find((one) => isSlip(domain, one)) ?? domain;
}

function confirmable(typed: string): string | null {
  const folded = fold(typed).replace(/ /g, '');
  const at = folded.includes('@') ? folded : withAt(typed);
  const [local = '', domain = '', ...more] = at.split('@');
  const better = `${local}@${repaired(domain)}`;
  return more.length === 0 && isEmail(better) ? better : null;
}

/** "hoa gmail.com": the sign was left out, the provider is known. */
function withAt(typed: string): string {
  const [local = '', domain = '', ...more] = fold(typed).split(' ');
  return more.length === 0 && PROVIDERS.includes(domain) ? `${local}@${domain}` : '';
}

const asChoice = (value: string, at: number): Choice => ({ id: `e${at + 1}`, value, label: { text: value } });

/** Addresses that stand whole among other words. */
const whole = (said: string): readonly string[] => [
  ...new Set(
    said
      .split(/[ ,;/]+/)
      .map((word) => word.replace(/[.!:]+$/, ''))
      .filter((word) => isEmail(word)),
  ),
];

/** "hoa nguyen@gmail.com" may be one address with a gap in it. */
function joined(typed: string): readonly string[] {
  const plain = fold(typed);
  const tight = plain.replace(/ /g, '');
  const gap = whole(typed).length === 1 && tight !== plain && /^[a-z0-9. ]+@[^ ]+$/.test(plain);
  return gap && isEmail(tight) ? [tight] : [];
}

function read(text: string): Reading<string> {
  const said = signed(plainDigits(text)).toLowerCase().replace(AROUND, '');
  const typed = said.replace(/^[<("' ]+|[>)"',;.! ]+$/g, '');
  const [only, ...others] = [...joined(typed), ...whole(typed)];
  if (only !== undefined && others.length > 0) {
    return no('ambiguous', { choices: [only, ...others].slice(0, 5).map(asChoice) });
  }
  if (typed.length > MAX) return no('too-long', { params: { got: typed.length, max: MAX } });
  const best = confirmable(only ?? typed);
  if (best === null) return no('unreadable');
  return best === typed ? ok(best) : no('confirm', { suggest: best });
}

export const email = defineKind<string, z.infer<typeof options>>(
  {
    name: 'email',
    options,
    cel: 'string',
    echo: true,
    read,
    accepts: isEmail,
    show: (value) => ({ text: value }),
  },
  { max: 400 },
);
