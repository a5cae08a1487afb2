/** Officers' passwords: argon2id, and rules that keep out what is guessed first. */
import { hash, verify } from '@node-rs/argon2';

/** OWASP's floor for argon2id; about 20 ms. The library's algorithm is argon2id unless told otherwise. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const LENGTH = { min: 12, max: 200 } as const;

/** Long enough for the rule above, and still guessed first; compared folded and without separators. */
const COMMON = [
  'password',
  'matkhau',
  'qwerty',
  'qwertyuiop',
  'asdfghjkl',
  '123456789',
  '987654321',
  'abcdefgh',
  'iloveyou',
  'anhyeuem',
  'emyeuanh',
  'vietnam',
  'motcua',
  'admin',
  'canbo',
  'quantri',
  'ubnd',
  'welcome',
  'letmein',
];

export type PasswordProblem = 'too-short' | 'too-long' | 'has-login' | 'common';

const tidy = (password: string): string => password.normalize('NFC');

/** Letters and digits only, lower case, no diacritics. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^a-z0-9]/g, '');
}

/** What is wrong with a new password; null when it will do. */
export function passwordProblem(password: string, login: string): PasswordProblem | null {
  const signs = Array.from(tidy(password));
  if (signs.length < LENGTH.min) return 'too-short';
  if (signs.length > LENGTH.max) return 'too-long';
  const bare = folded(password);
  if (login.length >= 3 && bare.includes(folded(login))) return 'has-login';
  return isCommon(bare, new Set(signs).size) ? 'common' : null;
}

/** A few signs repeated, or little more than common words and digits in a row. */
function isCommon(bare: string, differentSigns: number): boolean {
  if (differentSigns < 5) return true;
  const rest = COMMON.reduce((left, word) => left.replaceAll(word, ''), bare);
  return rest !== bare && rest.replace(/\d/g, '').length < 4;
}

export function hashPassword(password: string): Promise<string> {
  return hash(tidy(password), COST);
}

/** A hash that no password has: checking against it takes as long as against a real one. */
const NOBODY = hashPassword('nobody has this password');

/** `stored` null or empty (no such officer, no password yet) costs the same time and is false. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  const real = stored !== null && stored !== '';
  const matches = await verify(real ? stored : await NOBODY, tidy(password).slice(0, LENGTH.max));
  return real && matches;
}
