/**
 * Codes of dossiers: ten Crockford characters (50 random bits) and a check character, shown `XXXXX-XXXXX-C`.
 * The alphabet has no I, L, O, U. The check is a Reed–Solomon symbol over GF(32), α = 2, x⁵+x²+1, so it stays inside the
 * same 32 letters (Crockford's own mod 37 check needs `*~$=U`, which nobody can dictate) and catches every single wrong
 * character and every two characters that changed places.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 10;

const timesTwo = (value: number): number => (value << 1) ^ (value & 16 ? 0b100101 : 0);

/** The check character of ten characters of the alphabet. */
export function checkCharacter(ten: string): string {
  const sum = Array.from(ten).reduce((acc, letter) => timesTwo(acc) ^ ALPHABET.indexOf(letter), 0);
  return ALPHABET.charAt(timesTwo(sum));
}

const shown = (ten: string): string => `${ten.slice(0, 5)}-${ten.slice(5)}-${checkCharacter(ten)}`;

/**
 * A new code from a cryptographic source of random bytes. Codes without a digit are thrown away (2 %), so that a code in
 * the midst of words can be told from words.
 */
export function newCode(randomBytes: (count: number) => Uint8Array): string {
  const ten = [...randomBytes(LENGTH)].map((byte) => ALPHABET.charAt(byte & 31)).join('');
  return /\d/.test(ten) ? shown(ten) : newCode(randomBytes);
}

/** A code as typed (small letters, spaces, dashes, O for 0, I or L for 1) in its shown form; null when it is not one. */
export function readCode(typed: string): string | null {
  const plain = typed
    .toUpperCase()
    .replace(/[\s.\-–—_]+/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/gu, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{11}$/.test(plain)) return null;
  const ten = plain.slice(0, LENGTH);
  return checkCharacter(ten) === plain[LENGTH] ? shown(ten) : null;
}

/** Ways the eleven characters stand in a sentence; looser ones are too easily words. */
const GROUPINGS = ['5,5,1', '5,6', '10,1', '11'];

/** The first code within a message; null when there is none. */
export function codeIn(text: string): string | null {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const candidates = words.flatMap((_, at) =>
    GROUPINGS.flatMap((grouping) => {
      const parts = words.slice(at, at + grouping.split(',').length);
      const fits = parts.map((part) => part.length).join(',') === grouping && /\d/.test(parts.join(''));
      return fits ? [parts.join('')] : [];
    }),
  );
  return candidates.map(readCode).find((code) => code !== null) ?? null;
}

/**
 * The last four digits of a phone or national ID within a message: four digits alone ("1 2 3 4" too), or the end of a
 * number of nine to twelve. Null when there is no such number, or more than one.
 */
export function lastFourIn(text: string): string | null {
  const withoutCode = text.replace(/[0-9a-z]{5}[ -][0-9a-z]{5}[ -]?[0-9a-z](?![0-9a-z])/giu, ' ');
  const runs = withoutCode.match(/\d(?:[ .-]?\d)*/gu) ?? [];
  const ends = runs
    .map((run) => run.replace(/\D/gu, ''))
    .filter(({ length }) => length === 4 || (length >= 9 && length <= 12))
    .map((digits) => digits.slice(-4));
  return ends.length === 1 ? (ends[0] ?? null) : null;
}
