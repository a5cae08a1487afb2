/** A query as comparable words: aliases written out, one spelling for what is spelt two ways, marks kept or folded. */
import { fold } from '../flow/text';

/** What people shorten or spell by ear, as they mean it. Keys are lower case with the marks they are typed with. */
const MEANT: Readonly<Record<string, string>> = {
  đk: 'đăng ký',
  dk: 'dang ky',
  đkkh: 'đăng ký kết hôn',
  dkkh: 'dang ky ket hon',
  đkkd: 'đăng ký kinh doanh',
  dkkd: 'dang ky kinh doanh',
  gpkd: 'giấy phép kinh doanh',
  gpxd: 'giấy phép xây dựng',
  hkd: 'hộ kinh doanh',
  kd: 'kinh doanh',
  bhyt: 'bảo hiểm y tế',
  bhtn: 'bảo hiểm thất nghiệp',
  syll: 'sơ yếu lý lịch',
  tthn: 'tình trạng hôn nhân',
  xntthn: 'xác nhận tình trạng hôn nhân',
  ubnd: 'uỷ ban',
  cmt: 'cmnd',
  cccd: 'căn cước',
  gks: 'giấy khai sinh',
  hk: 'hộ khẩu',
  tp: 'thành phố',
  vnied: 'vneid',
  onl: 'online',
  bs: 'bổ sung',
  sanh: 'sinh',
  ki: 'ky',
  kí: 'ký',
  li: 'ly',
  lí: 'lý',
  tui: 'tôi',
  má: 'mẹ',
  vô: 'vào',
  mô: 'đâu',
  ko: 'không',
  k: 'không',
  hông: 'không',
  hong: 'khong',
  dc: 'được',
  đc: 'được',
};

/** The words as meant, NFC, marks kept: "đk KT3 onl" → ["đăng", "ký", "kt3", "online"]. */
export const wordsIn = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .flatMap((word) => (Object.hasOwn(MEANT, word) ? (MEANT[word] ?? word) : word).split(' '));

/** Words and neighbouring pairs, "a_b": pairs carry most of the meaning in a language of one-syllable words. */
export const terms = (words: readonly string[]): string[] => [
  ...words,
  ...words.slice(1).map((word, at) => `${words[at] ?? ''}_${word}`),
];

/** Folds a whole list at once: thousands of wordings are read at start. Words hold no spaces. */
const foldAll = (words: readonly string[]): string[] =>
  words.length === 0 ? [] : fold(words.join(' ')).split(' ');

/** Words and pairs without marks. */
export const bareTerms = (text: string): string[] => terms(foldAll(wordsIn(text)));

/** Only words and pairs that carry marks: for the boost of exactly written words. */
export const markedTerms = (text: string): string[] => {
  const marked = terms(wordsIn(text));
  const bare = foldAll(marked);
  return marked.filter((term, at) => term !== bare[at]);
};

const isOneEdit = (a: string, b: string): boolean => {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const restA = a.slice(at);
  const restB = b.slice(at);
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
};

/**
 * Puts right a word that nobody uses here, when one letter makes it a known word that is known beside its neighbour:
 * "khai sin" → "khai sinh". Known words are never touched: short syllables are too alike for more.
 */
export function corrected(words: readonly string[], known: ReadonlySet<string>): string[] {
  // Only listed when a word is not known: most messages have none.
  let listed: readonly string[] | null = null;
  const singles = () => (listed ??= [...known].filter((term) => !term.includes('_')));
  return words.map((word, at) => {
    const bare = fold(word);
    if (known.has(bare) || bare.length < 3) return word;
    const before = fold(words[at - 1] ?? '');
    const after = fold(words[at + 1] ?? '');
    const fits = (one: string): boolean => known.has(`${before}_${one}`) || known.has(`${one}_${after}`);
    return singles().find((one) => isOneEdit(bare, one) && fits(one)) ?? word;
  });
}
