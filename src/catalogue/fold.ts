/** Vietnamese place names as people type them: two spellings of one name must come out equal. */
import { fold as bare } from '../flow/text';

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
const APOSTROPHES = /['’‘ʼ`´]/g;

/**
 * Syllables spelt with y or i by taste (Lý/Lí, Mỹ/Mĩ, Quý/Quí), folded to i. Only in syllables of
 * consonant and vowel, so "Tây" and "Thuỷ" stay what they are.
 */
const oneI = (word: string): string => word.replace(/^(qu|kh|th|tr|[bcdhklmnstv])y$/, '$1i');

/** Lower-case words without marks and signs: "Phường Hoà Cường – Bắc" → "phuong hoa cuong bac". */
export const fold = (text: string): string =>
  bare(text)
    .replace(APOSTROPHES, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** The key of a folded name: no spaces, one i, no leading zeros: "Ea H’Leo" and "ea hleo" are one key. */
export const keyOf = (folded: string): string =>
  folded
    .split(' ')
    .map((word) => oneI(word.replace(/^0+(?=\d)/, '')))
    .join('');

/**
 * The name with its marks but without the taste in placing them: hoà = hòa, straight = curly apostrophe, NFC = NFD.
 * Two names with the same key and different marks are two names (Văn Lang, Văn Lăng). Words stand between bars, so
 * that one may look for a name inside an address.
 */
export function markedKeyOf(text: string): string {
  const words = text
    .normalize('NFD')
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => {
      const tone = word.match(TONES)?.join('') ?? '';
      return oneI(word.replace(TONES, '').replace(/^0+(?=\d)/, '')) + tone;
    });
  return `|${words.join('|')}|`;
}

/** Were any Vietnamese marks typed at all? Without them nothing can be told from their absence. */
export const hasMarks = (text: string): boolean => /[\p{M}đĐ]/u.test(text.normalize('NFD'));
