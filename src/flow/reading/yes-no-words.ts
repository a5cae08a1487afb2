/** Yes and no as people say them. Shared by `yes-no` and `consent`; doubt ("chắc vậy", "không biết") is neither. */
import { fold, foldTone, plainDigits, wordsOf } from '../text';

const YES = [
  'có',
  'phải',
  'đúng',
  'chuẩn',
  'rồi',
  'rùi',
  'dồi',
  'gòi',
  'được',
  'đc',
  'dc',
  'đồng ý',
  'nhất trí',
  'ok',
  'oke',
  'okie',
  'oki',
  'okê',
  'ô kê',
  'okay',
  'yes',
  'yep',
  'yeah',
  'y',
  'sure',
  'correct',
  'chính xác',
  'xác nhận',
  'tất nhiên',
  'dĩ nhiên',
  'đương nhiên',
  'chắc chắn',
  'còn',
  'muốn',
  'cần',
  'chính nó',
  'i agree',
  'agree',
  '1',
];
const NO = [
  'không',
  'hông',
  'hổng',
  'hỏng',
  'hong',
  'nỏ',
  'hok',
  'hem',
  'hôn',
  'khum',
  'ko',
  'k',
  'kg',
  'kh',
  'khg',
  'chưa',
  'chẳng',
  'không có',
  'ko có',
  'k có',
  'hông có',
  'hổng có',
  'hỏng có',
  'nỏ có',
  'mô có',
  'có mô',
  'chớ có',
  'chưa có',
  'không phải',
  'ko phải',
  'k phải',
  'hông phải',
  'hổng phải',
  'chưa phải',
  'không đúng',
  'ko đúng',
  'k đúng',
  'chưa đúng',
  'không được',
  'ko được',
  'chưa được',
  'không đồng ý',
  'ko đồng ý',
  'k đồng ý',
  'chưa đồng ý',
  'không cần',
  'ko cần',
  'không muốn',
  'ko muốn',
  'không còn',
  'ko còn',
  'không còn ai',
  'hết',
  'hết rồi',
  'không hề',
  'chưa bao giờ',
  'chưa từng',
  'đâu',
  'đâu có',
  'đâu phải',
  'làm gì có',
  'có đâu',
  'phải đâu',
  'đúng đâu',
  'sai',
  'sai rồi',
  'nhầm',
  'nhầm rồi',
  'từ chối',
  'thôi',
  'khỏi',
  'khỏi cần',
  'no',
  'nope',
  'n',
  'do not agree',
  "don't agree",
  '2',
];
/** Alone they are a yes; before a no ("dạ không") only courtesy. */
const COURTESY = [
  'dạ',
  'dzạ',
  'vâng',
  'vưng',
  'ừ',
  'ừa',
  'ừm',
  'uh',
  'uhm',
  'um',
  'uk',
  'ukm',
  'uhuh',
  'ờ',
  'thưa',
];
const NEUTRAL = [
  ...[
    'ạ',
    'nhé',
    'nha',
    'nhá',
    'nghe',
    'nghen',
    'hen',
    'hén',
    'đó',
    'đấy',
    'vậy',
    'thế',
    'mà',
    'luôn',
    'chứ',
    'chớ',
    'thì',
    'làm',
    'thấy',
    'nhận',
    'zậy',
    'á',
    'bét',
    'cũng',
    'đã',
    'vẫn',
    'là',
    'ơ',
    'à',
    'ơi',
    'số',
    'i',
  ],
  ...[
    'tôi',
    'tui',
    'em',
    'cháu',
    'con',
    'mình',
    'anh',
    'chị',
    'cô',
    'chú',
    'bác',
    'ông',
    'bà',
    'ngoại',
    'nội',
  ],
];

type Sense = 'yes' | 'no' | 'courtesy' | 'neutral';
const PHRASES: readonly (readonly [Sense, readonly string[]])[] = [
  ['yes', YES],
  ['no', NO],
  ['courtesy', COURTESY],
  ['neutral', NEUTRAL],
];

/** First sense wins: "co" without marks is "có", not "cô". */
const indexed = (key: (phrase: string) => string): ReadonlyMap<string, Sense> =>
  new Map(
    PHRASES.flatMap(([sense, phrases]) => phrases.map((phrase) => [key(phrase), sense] as const)).reverse(),
  );
const byTone = indexed(foldTone);
const byLetters = indexed(fold);
const LONGEST = 3;

const senseOf = (typed: string): Sense | undefined =>
  byTone.get(foldTone(typed)) ??
  (fold(typed) === typed.toLowerCase() ? byLetters.get(fold(typed)) : undefined);

/** The senses of the words in order, longest phrase first; null when a word is none of ours. */
function sensesOf(words: readonly string[]): Sense[] | null {
  if (words.length === 0) return [];
  for (let length = Math.min(LONGEST, words.length); length > 0; length--) {
    const sense = senseOf(words.slice(0, length).join(' '));
    const rest = sense === undefined ? null : sensesOf(words.slice(length));
    if (sense !== undefined) return rest && [sense, ...rest];
  }
  return null;
}

const THUMBS: readonly (readonly [RegExp, boolean])[] = [
  [/^[👍👌✅✔☑🆗🙆]+$/u, true],
  [/^[👎❌✖❎🚫🙅]+$/u, false],
];

/** Two noes that make a yes, to some. */
const TWICE_DENIED = /(?:không|khong|ko|k|chẳng|hổng|hông) (?:sai|nhầm|nham)/iu;

/** True, false, or null for what is neither, both, a question or a doubt. Expects `clean` text. */
export function readYesNo(text: string): boolean | null {
  const sign = THUMBS.find(([pattern]) => pattern.test(text.replace(/[\u{1F3FB}-\u{1F3FF} ]/gu, '')));
  if (sign) return sign[1];
  if (text.includes('?') || text.length > 80 || TWICE_DENIED.test(text)) return null;
  const words = wordsOf(plainDigits(text).replace(/(\p{L}\p{M}*)\1{2,}/giu, '$1'));
  const senses = words.length > 12 ? null : sensesOf(words);
  if (senses === null) return null;
  const [yes, denied] = [senses.includes('yes'), senses.includes('no')];
  if (yes && denied) return null;
  if (denied) return false;
  return yes || senses.includes('courtesy') ? true : null;
}
