/** Recognises a correction of something said before: "à quên, sinh năm 86 chứ không phải 85", "sửa lại số điện thoại …". */
import { clean, loosely } from '../text';
import { labelled } from '../topics';
import type { Topic } from '../topics';

export interface Correction {
  /** What is right, its label taken off. */
  readonly right: string;
  /** What it replaces, when that was said. */
  readonly wrong: string | null;
  readonly topic: Topic | null;
  /** Paths of the person it is about; null when nobody was named. */
  readonly whose: RegExp | null;
  /** "X chứ không phải Y": says by itself that it is a correction, wherever it stands. */
  readonly explicit: boolean;
  /** Says that something before was wrong, as "à quên" alone does not. */
  readonly before: boolean;
  /** "À quên", which alone may be chat. */
  readonly forgot: boolean;
}

const MAX = 300;
/** Most answers have none of these, and no more is looked at. */
const HINT = /nhầm|nham|quên|quen|sửa|sua|đổi|doi|chỉnh|chinh|lộn|lon|phải|phai|đúng|dung|sai|chứ|chu|chớ/i;

const SELF = 'em|con|cháu|tôi|tui|mình|bác|cô|chú|anh|chị|ông|bà|tớ';
const CRY = `(?:(?:${loosely('à|a|ơ|ô|ủa|úi|ui|uý|ôi|ấy|chết|thôi chết|thôi|xin lỗi|sorry|dạ|thưa|vâng|khoan|khoan đã|hình như|chết rồi')})[ ,.!…]+)*`;
const EARLIER = `(?:${loosely('lúc nãy|hồi nãy|vừa nãy|vừa rồi|ban nãy|khi nãy|ở trên|câu trước|câu trên|phần trên|nãy')})`;
const WHO = `(?:(?:${loosely(SELF)}) )*`;
const WROTE = loosely('ghi|nhắn|gõ|viết|bấm|nói|khai|điền|nhập|trả lời|chọn|đánh|đọc|nhớ');
const WRONG = `(?:${loosely('nhầm|lộn|sai')})(?: (?:${loosely('rồi|mất|xíu|chút|chỗ|lại|ở|phần|câu')}))*`;
/** "Lộn" without marks is "lớn" as well, and "sai" begins other words: they need the verb, a cry or a stop. */
const STRONG = new RegExp(
  `^${CRY}(?:${EARLIER} )?${WHO}(?:${EARLIER} )?(?:${loosely('lại|bị|vừa|đã|lỡ')} )*(?:(?:${WROTE}) (?:${EARLIER} )?${WRONG}|(?:${loosely('nhầm')}|lộn)(?: (?:${loosely('rồi|mất|xíu|chút|chỗ|lại')}))*|sai ${loosely('rồi')}|sai(?=[,.!])|sai(?= .{2,30} ${loosely('rồi')}[ ,.:;!-]))(?=[ ,.:;!-])[ ,.:;!-]*`,
  'iu',
);
const AGAIN = new RegExp(
  `^${CRY}(?:(?:${loosely(`cho|xin|nhờ|giúp|làm ơn|phép|muốn|cần|phải|${SELF}`)}) )*(?:${loosely('sửa|đổi|chỉnh|đính chính')}) ${loosely('lại')}(?: (?:${loosely(`giúp|hộ|dùm|giùm|cho|${SELF}`)}))*(?=[ ,.:;!-])[ ,.:;!-]*`,
  'iu',
);
/** "Sửa tên thành Hoa": without "lại" only with what it becomes. */
const CHANGE = new RegExp(
  `^${CRY}(?:(?:${loosely(`cho|xin|nhờ|giúp|làm ơn|phép|muốn|cần|${SELF}`)}) )*(?:${loosely('sửa|đổi')}) (?=.+ (?:${loosely('thành|sang')}) )`,
  'iu',
);
const FORGOT = new RegExp(
  `^${CRY}${WHO}(?:${loosely('quên')})(?: (?:${loosely('mất|nói|ghi')}))*(?=[ ,.:;!-])[ ,.:;!-]*`,
  'iu',
);

const NOT = `(?:${loosely('không|hông|hổng|chẳng|chả|đâu')}|ko|k|kg|khg|kh|hok|hem|hong)`;
const IS_NOT = `${NOT} (?:${loosely('phải')}|fai|fải)(?: ${loosely('là')})?`;
const DENIED = new RegExp(`^${CRY}${IS_NOT}(?: ${loosely('vậy|thế')})?[,.;!]+ ?`, 'iu');
const RATHER = new RegExp(
  `^(.+?)[ ,;.-]+(?:${loosely('chứ|chớ|chơ')}|cho) (?:${IS_NOT}|${NOT}(?: ${loosely('là')})?) (.+)$`,
  'iu',
);
const BUT = new RegExp(
  `^${CRY}${IS_NOT} (.+?)[ ,;.]+(?:${loosely('mà là|mà|phải là|mà phải là')}) (.+)$`,
  'iu',
);
const NOT_THIS = new RegExp(`^${CRY}${IS_NOT} ([^,;]+?)[,;.] ?(?:${loosely('là|phải là')} )?(.+)$`, 'iu');
const INSTEAD = new RegExp(`^(.+?)[ ,;.-]+${IS_NOT} (.+)$`, 'iu');
const FROM_TO = new RegExp(`^(.*?)(?:${loosely('từ')}) (.+?) (?:${loosely('thành|sang|qua')}) (.+)$`, 'iu');
const BECOMES = new RegExp(`^(.*?) ?(?:${loosely('thành|sang')}) (.+)$`, 'iu');
const RIGHT = new RegExp(
  `^(.+?)[ ,]+(?:${loosely('mới')}) (?:${loosely('đúng|phải|chuẩn')})(?: ${loosely('ạ|nha|nhé')})?[ .!]*$`,
  'iu',
);
const TAIL = new RegExp(
  `(?:[ ,.!]+(?:${loosely('ạ|nha|nhé|nhá|nghe|nghen|nè|đó|đấy|mới đúng|cơ|thôi|giúp em|cho em')}))+[ .!]*$|[ ,.;!]+$`,
  'iu',
);

/** The shape alone: right words, wrong words. */
interface Shape {
  readonly right: string;
  readonly wrong: string | null;
  readonly explicit?: true;
  readonly before?: true;
  readonly forgot?: true;
}

const two = (match: RegExpExecArray, right: number, wrong: number): { right: string; wrong: string } => ({
  right: match[right] ?? '',
  wrong: match[wrong] ?? '',
});

/** Shapes that show by themselves. */
function shown(core: string): Shape | null {
  const rather = RATHER.exec(core);
  if (rather) return { ...two(rather, 1, 2), explicit: true };
  const but = BUT.exec(core);
  if (but) return { ...two(but, 2, 1), explicit: true };
  const denied = NOT_THIS.exec(core) ?? null;
  if (denied) return two(denied, 2, 1);
  const instead = INSTEAD.exec(core);
  if (instead) return two(instead, 1, 2);
  const right = RIGHT.exec(core);
  return right && { right: right[1] ?? '', wrong: null, before: true };
}

function changed(core: string): Shape | null {
  const both = FROM_TO.exec(core);
  if (both) return { right: `${both[1] ?? ''} ${both[3] ?? ''}`.trim(), wrong: both[2] ?? '' };
  const to = BECOMES.exec(core);
  return to && { right: `${to[1] ?? ''} ${to[2] ?? ''}`.trim(), wrong: null };
}

function shapeOf(text: string): Shape | null {
  const change = CHANGE.exec(text)?.[0];
  const opener = STRONG.exec(text)?.[0] ?? AGAIN.exec(text)?.[0] ?? change;
  if (opener !== undefined) {
    const core = text.slice(opener.length);
    return { ...(shown(core) ?? changed(core) ?? { right: core, wrong: null }), before: true };
  }
  const forgot = FORGOT.exec(text)?.[0];
  const weak = forgot ?? DENIED.exec(text)?.[0];
  const core = text.slice(weak?.length ?? 0);
  const shape = shown(core) ?? (weak === undefined ? null : { right: core, wrong: null });
  return shape === null || forgot === undefined ? shape : { ...shape, forgot: true };
}

const trimmed = (words: string): string =>
  words
    .replace(TAIL, '')
    .replace(/^[ ,.:;!-]+/, '')
    .trim();

/** The correction in these words, or null. Whether anything said before fits is not its business. */
export function readCorrection(text: string): Correction | null {
  if (text.length > MAX || !HINT.test(text)) return null;
  const shape = shapeOf(clean(text));
  if (shape === null) return null;
  const right = labelled(trimmed(shape.right));
  const wrong = shape.wrong === null ? null : labelled(trimmed(shape.wrong));
  if (right.rest === '' || wrong?.rest === '') return null;
  return {
    right: right.rest,
    wrong: wrong?.rest ?? null,
    topic: right.topic ?? wrong?.topic ?? null,
    whose: right.whose ?? wrong?.whose ?? null,
    explicit: shape.explicit === true,
    before: shape.before === true,
    forgot: shape.forgot === true,
  };
}

const FIX = `(?:${loosely('sửa|đổi|chỉnh')})(?:[ ,]+(?:${loosely(`lại|đi|luôn|giúp|hộ|dùm|giùm|cho|với|nhé|nha|ạ|nữa|${SELF}`)}))*[ .!]*$`;
/** "Dung sửa" without marks is "đừng" rather than "đúng". */
const SAYS_FIX = new RegExp(
  `^(?:(?:${loosely('ừ|uh|uk|um|ờ|dạ|vâng|ok|oke|đúng rồi|phải rồi|phải|rồi|có|được')}|đúng)[ ,.]+)*${FIX}`,
  'iu',
);
const SAYS_NO_FIX = new RegExp(
  `^(?:(?:${loosely('dạ|thôi|à')})[ ,.]+)*(?:${loosely('không|hông|đừng|khỏi|chưa')}|ko|k)(?: (?:${loosely('cần|phải|muốn|có')}))* ${FIX}`,
  'iu',
);

/** "Sửa đi", "đúng rồi sửa giúp": only that something is to be changed, and not what. */
export const saysFix = (text: string): boolean => SAYS_FIX.test(clean(text));

/** "Thôi không sửa nữa", "đừng sửa". */
export const saysNoFix = (text: string): boolean => SAYS_NO_FIX.test(clean(text));
