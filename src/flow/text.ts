/** Words as people type them: cleaning, folding, and the politeness around an answer. Pure functions over strings. */

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/** One code point sequence per letter, so that equal words are equal strings. */
export const nfc = (text: string): string => text.normalize('NFC');

/** Latin letters, digits and signs in NFC: each is one code unit. */
const PLAIN = /^[\u0020-\u02FF\u1E00-\u1EFF]*$/;

/** Length as a reader counts it: "ế" is 1 however it was typed. */
export const lengthOf = (text: string): number =>
  PLAIN.test(text) ? text.length : [...graphemes.segment(text)].length;

/** Code units per letter, on average, of any words in any script: emoji and marks take more, most letters one. */
const UNITS = 3;

/**
 * Is it longer than so many letters? Letters are never more than code units, and counting them is dear. To a reader some
 * floods are one letter: as code units they are bounded too.
 */
export const isLonger = (text: string, max: number): boolean =>
  text.length > max && (text.length > UNITS * max || lengthOf(text) > max);

const HATS = /[\u0302\u0306\u031B]/g;
const HATS_AND_TONES = /[\u0300\u0301\u0302\u0303\u0306\u0309\u031B\u0323]{2,}/g;
/** No letter of any language carries more marks than these. */
const PILES = /(\p{M}{3})\p{M}+/gu;

const hatsFirst = (marks: string): string => (marks.match(HATS) ?? []).join('') + marks.replace(HATS, '');

/**
 * NFC; tones that were typed before the hat of their letter go behind it, so that they become one letter. Of marks that
 * pile up the first three stay.
 */
function composed(text: string): string {
  const plain = nfc(text);
  if (!/\p{M}/u.test(plain)) return plain;
  return nfc(plain.normalize('NFD').replace(HATS_AND_TONES, hatsFirst)).replace(PILES, '$1');
}

/** Latin words and single spaces, as most people type: nothing to take out. */
const NEAT = /^[!-~\u00AE-\u02FF\u1E00-\u1EFF]+(?: [!-~\u00AE-\u02FF\u1E00-\u1EFF]+)*$/;

/**
 * What was typed without what cannot be seen: invisible and direction-changing code points, control characters and
 * half surrogates go; every run of white space (line breaks too) becomes one space; NFC.
 */
export function clean(text: string): string {
  if (NEAT.test(text)) return nfc(text);
  const visible = text
    .replace(/[\p{White_Space}]+/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}]/gu, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
  return composed(visible).replace(/ +/g, ' ').trim();
}

/** Full-width digits, and the dots and dashes between them, as ASCII; keycap digits too. Letters are not changed. */
export const plainDigits = (text: string): string =>
  text.replace(/[\p{Nd}\uFF0B-\uFF0F\uFF1A]/gu, (digit) => digit.normalize('NFKC')).replace(/\u20E3/g, '');

/** Letters without marks and single spaces: nothing to fold but capitals. Most words are looked at many times. */
const BARE = /^[!-~]+(?: [!-~]+)*$/;
const isBare = (text: string): boolean => BARE.test(text);

/** For comparing without diacritics: lower case, no marks, đ → d, single spaces. "Hoà Đông" → "hoa dong". */
export const fold = (text: string): string =>
  isBare(text)
    ? text.toLowerCase()
    : text
        .toLowerCase()
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .replace(/[đðɖɗ]/g, 'd')
        .replace(/\p{White_Space}+/gu, ' ')
        .trim();

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * For comparing with diacritics: lower case, and each word's tone moved to its end, so that "hoà" and "hòa" are equal.
 * A key to compare with, not text to show.
 */
export const foldTone = (text: string): string =>
  isBare(text)
    ? text.toLowerCase()
    : nfc(
        text
          .toLowerCase()
          .normalize('NFD')
          .replace(
            /[^\p{White_Space}]+/gu,
            (word) => word.replace(TONES, '') + (word.match(TONES) ?? []).join(''),
          ),
      )
        .replace(/\p{White_Space}+/gu, ' ')
        .trim();

/** Does the typed word mean the written one? With diacritics they must agree; without any, the bare letters must. */
export const sameWords = (typed: string, written: string): boolean => {
  const bare = fold(typed);
  return foldTone(typed) === foldTone(written) || (typed.toLowerCase() === bare && bare === fold(written));
};

/** Does a typed word mean one of these, as `sameWords` compares them? The written ones are prepared once. */
export function meansOneOf(written: Iterable<string>): (typed: string) => boolean {
  const all = [...written];
  const [marked, bare] = [new Set(all.map(foldTone)), new Set(all.map(fold))];
  return (typed) =>
    marked.has(foldTone(typed)) || (bare.has(fold(typed)) && typed.toLowerCase() === fold(typed));
}

/** A regular expression source for words, each as written or wholly without diacritics. */
export const loosely = (words: string): string =>
  words.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => (fold(word) === word ? word : `(?:${word}|${fold(word)})`));

const PEOPLE =
  'bà nội|bà ngoại|ông nội|ông ngoại|con trai|con gái|con dâu|con rể|cháu trai|cháu gái|cháu nội|cháu ngoại|anh trai|chị gái|em trai|em gái|bé trai|bé gái|cháu|em|con|tôi|tui|mình|anh|chị|cô|chú|bác|ông|bà|mẹ|má|bố|ba|cha|vợ|chồng|bé|cán bộ|nó|người mất|người này';
/** How people name themselves and each other, as a regular expression source. */
export const WHO = `(?:${loosely(PEOPLE)})`;
/** These are hardly ever names themselves; "Anh" and "Bé" are. */
const SELF = `(?:${loosely('cháu|tôi|tui|mình|em|mẹ|bố')})`;
const OPENERS = [
  loosely('(?:dạ|vâng|à|ờ|alo)(?: ạ)?'),
  `(?:${WHO} )?${loosely('(?:xin )?chào')}(?: ${WHO})*`,
  loosely(`(?:dạ )?(?:em |cháu |con |tôi )?(?:xin )?(?:thưa|kính thưa|báo cáo)(?: với)?(?: (?:${PEOPLE}))*`),
  `(?:${WHO} )*${loosely('(?:họ (?:và )?)?tên(?: (?:đầy đủ|thật|khai sinh|gọi|họ))?(?: của)?')}(?:(?: ${WHO})* ${loosely('là')}|(?: ${WHO})*(?=:)|(?: ${SELF})*)`,
  `(?:${WHO} )*là`,
  `(?:${WHO} )+la`,
];
const LEAD = new RegExp(`^(?:${OPENERS.join('|')})(?: ?[,:.!…-]+ ?| )(?=[\\p{L}\\p{N}])`, 'iu');
const TAIL = new RegExp(`[ ,.!]+(?:ạ|nhé|nhá|nghen|(?:ạ|nhé|nhá|nghe|nghen|nha) ${WHO}(?: ạ)?)[ .!]*$`, 'iu');
/** "nha" may be a name after all ("Lê Thị Nha"): it goes only in small letters and when a whole name stays before it. */
const NHA = /^(.*\p{L} \p{L}+)(?<! (?:thị|thi|văn|van)) (?:nha|á|nè|nghe|đó|hen)[ .!]*$/u;

/**
 * The answer without the politeness around it: "dạ, tên cháu là Nguyễn Văn An ạ" → "Nguyễn Văn An". Expects `clean`
 * text; never takes everything away.
 */
export function stripPoliteness(text: string): string {
  const once = text.replace(LEAD, '').replace(TAIL, '').replace(NHA, '$1').trim();
  if (once === '' || once === text) return text;
  return stripPoliteness(once);
}

/** Words to compare: punctuation and stray marks out, letters and digits stay. Expects `clean` text. */
export const wordsOf = (text: string): string[] =>
  text.split(/[^\p{L}\p{M}\p{N}']+/u).filter((word) => word !== '');
