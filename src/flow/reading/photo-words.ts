/** What people say about photos they send: that these are all, which to take out, in what order, that the paper is brought instead. */
import { clean, fold, plainDigits, wordsOf } from '../text';

/** A photo by its number from 1, the last one, or all of them. */
export type Which = number | 'last' | 'all';

export type PhotoWish =
  /** `none`: said as a no ("không còn"), which before the first photo means something else. */
  | { readonly type: 'done'; readonly none: boolean }
  | { readonly type: 'more' }
  | { readonly type: 'drop'; readonly which: Which }
  | { readonly type: 'swap'; readonly a: number; readonly b: number }
  | { readonly type: 'move'; readonly from: number; readonly to: number | 'last' };

/** Longer words are a story, not a wish about photos. */
const LONGEST_WORDS = 14;

const NOT = '(?:khong|ko|k|kg|hong|hok|hem|khum|chang|cha|chua)';
const BRING = [
  /\b(?:mang|dem|cam|xach|cam theo)\b.*\b(?:den|toi|ra|len|sang|qua|theo|sau|quay|phuong|xa|uy ban|ubnd|mot cua|tru so)\b/,
  /\b(?:nop|dua|gui|trinh)\b.*\b(?:truc tiep|tai quay|o quay|ngoai quay|tan tay|tan noi|tai phuong|tai xa|tai uy ban)\b/,
  /\b(?:ra|len|den|toi|sang|qua|xuong) (?:phuong|xa|quay|uy ban|ubnd|mot cua)\b.*\b(?:nop|dua|gui|mang|dem|trinh)\b/,
  /\bbring\b/,
];
/** A no, a question, or something that has been done already is no promise to bring a paper. */
const NO_PROMISE = new RegExp(`\\b(?:${NOT}|roi|hom qua|hom truoc|not|cannot|don t)\\b`);

/** "Tôi mang giấy ra phường sau": will the paper be brought to the counter? */
export function saysBring(text: string): boolean {
  if (text.includes('?')) return false;
  const words = wordsOf(fold(clean(text)));
  const said = words.join(' ');
  return words.length <= LONGEST_WORDS && !NO_PROMISE.test(said) && BRING.some((way) => way.test(said));
}

const NOUN = '(?:(?:cai|tam|buc|to|trang|file|tep|ban|anh|hinh|pdf|photo|picture|page|image)(?: |$))';
const NUMBER =
  '(?:(?:so|thu) )?(\\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|nhat|dau tien|dau|cuoi cung|cuoi|sau cung|vua roi|vua gui|vua chup|moi gui|moi chup|nay|do|kia|first|last)';
const TAIL = '(?: (?:di|giup|dum|ho|voi|lai|nua|luon|roi|qua|lam|please))*$';
const AGAIN = '(?:chup lai|gui lai|lam lai|chup lai giup|retake|resend)';

const DIGITS = ['mot', 'hai', 'ba', 'bon', 'nam', 'sau', 'bay', 'tam', 'chin', 'muoi'];
const FIRST = new Set(['nhat', 'dau', 'dau tien', 'first']);

function numberOf(said: string): number | 'last' {
  if (/^\d+$/.test(said)) return Number(said);
  if (FIRST.has(said)) return 1;
  const digit = DIGITS.indexOf(said);
  return digit < 0 ? 'last' : digit + 1;
}

const DROPS = [
  new RegExp(
    `^(?:bo|xoa|huy|go|loai|thay|doi|sua|${AGAIN}|remove|delete|drop)(?: di| bot| giup)? ${NOUN}+(?:${NUMBER})?${TAIL}`,
  ),
  new RegExp(
    `^(?:bo|xoa|huy|go|loai|thay|${AGAIN}|remove|delete|drop)(?: di| bot| giup)? (?:so )?${NUMBER}${TAIL}`,
  ),
  new RegExp(`^${AGAIN}${TAIL}`),
  new RegExp(
    `^${NOUN}+(?:${NUMBER} )?(?:(?:bi|hoi|rat|con|co|chup) )*(?:mo|nhoe|toi|rung|lech|choi|loa|khong ro|ko ro|chua ro|mat goc|blurry)\\b.*$`,
  ),
  /^(?:(?:gui|chup|up) )?(?:nham|lon|sai)(?: (?:anh|hinh|tam|giay|roi|mat|file))*$/,
];
const DROPS_ALL = /^(?:bo|xoa|huy|remove|delete) (?:het|tat ca|sach|all)\b.*$/;
const SWAPS = [
  new RegExp(
    `^(?:doi|dao|hoan doi|hoan|trao|swap)(?: cho| vi tri| thu tu| nhau| lai)*(?: giua)? ${NOUN}*${NUMBER} (?:va|voi|cho|qua|sang|and|with) ${NOUN}*${NUMBER}(?: .*)?$`,
  ),
  new RegExp(`^${NOUN}+${NUMBER} (?:va|voi) ${NOUN}*${NUMBER} (?:doi|dao) (?:cho|thu tu|vi tri|nhau)\\b.*$`),
];
const MOVE = new RegExp(
  `^(?:(?:cho|dua|chuyen|dat|de|xep|doi|move) )?${NOUN}+${NUMBER} (?:len|ve|xuong|ra|o|vao|lam|thanh|la|to)(?: cho| vi tri| trang| truoc| the)* ?(?:${NUMBER}|(truoc|tren cung)|(duoi cung|sau))?${TAIL}`,
);

const ENOUGH =
  'du|xong|het|ok|oke|okie|okay|o ke|done|enough|finished|that s all|that s it|that is all|(?:gui|chup|up) (?:du|xong|het)|thoi|(?:chi )?(?:co )?(?:vay|the|ri|rua|dzay|day|nhieu do|nhieu day|bay nhieu|chung do|chung nay|chung no|chung ay|tung do|tung nay|tung no|tung ay|nhieu do|bay nhieu do) thoi|chi (?:co )?(?:vay|the|rua|nhieu do|nhieu day|bay nhieu)';
const NONE =
  '(?:khong|ko|k|hong|hok|hem|khum|chang)(?: (?:con|co|gui|chup|them))*(?: (?:nua|gi|trang|anh|hinh|tam|to|nao|het))*|no|nothing more|no more';
const DONE = new RegExp(
  `^(?:(?:ok|oke|okie|roi|u|uh|um|da|vang|thoi|vay|the|la) )*(?:(${NONE})|(?:${ENOUGH}))(?: (?:roi|oi|rui|het|ca|thoi|do|day|luon|nua|anh|hinh|giay|vay|nhe))*$`,
);
const MORE =
  /^(?:(?:van )?con|co|chua(?: (?:du|xong|het|co du))?|(?:cho|doi|khoan)(?: mot| 1)? (?:chut|ti|xiu|lat|da)|chut nua|more|wait)(?: (?:nua|roi|thieu|trang|anh|hinh|tam|to|mot|hai|ba|\d|xiu|chut|ma|dau|moi|them))*$/;

const COURTESY = /^(?:(?:da|vang|thua|a|cho|xin|lam on|nho|hay|muon|toi|tui|minh|con|chau|em|bac) )+/;
const ENDING = / (?:a|nhe|nha|nghe|nghen|hen|nhi|em|con oi|chau oi|em oi|giup (?:toi|minh|con|bac))$/;

function bare(text: string): string {
  const said = wordsOf(fold(plainDigits(clean(text)))).join(' ');
  const ended = said.replace(ENDING, '').replace(ENDING, '');
  const begun = ended.replace(COURTESY, '');
  return begun === '' ? ended : begun;
}

function dropOf(said: string): PhotoWish | null {
  if (DROPS_ALL.test(said)) return { type: 'drop', which: 'all' };
  for (const way of DROPS) {
    const match = way.exec(said);
    if (match !== null)
      return { type: 'drop', which: match[1] === undefined ? 'last' : numberOf(match[1].trim()) };
  }
  return null;
}

function orderOf(said: string): PhotoWish | null {
  for (const way of SWAPS) {
    const [, a = '', b = ''] = way.exec(said) ?? [];
    const [one, other] = [numberOf(a.trim()), numberOf(b.trim())];
    if (a !== '' && one !== 'last' && other !== 'last') return { type: 'swap', a: one, b: other };
  }
  const [found, what = '', place, first, last] = MOVE.exec(said) ?? [];
  const from = numberOf(what.trim());
  if (found === undefined || from === 'last' || (place ?? first ?? last) === undefined) return null;
  return {
    type: 'move',
    from,
    to: place === undefined ? (first === undefined ? 'last' : 1) : numberOf(place),
  };
}

/** A wish about the photos of a step, or null. Expects that at least one photo is there. */
export function readPhotoWish(text: string): PhotoWish | null {
  if (text.length > 120 || text.includes('?')) return null;
  for (const said of new Set([bare(text), wordsOf(fold(clean(text))).join(' ')])) {
    const done = DONE.exec(said);
    if (done !== null) return { type: 'done', none: done[1] !== undefined };
    if (MORE.test(said)) return { type: 'more' };
    const wish = orderOf(said) ?? dropOf(said);
    if (wish !== null) return wish;
  }
  return null;
}

const AWAY =
  /^(?:bo|xoa|huy|bo di|xoa di|bo qua|khong can|thoi bo|gui nham|gui lon|nham|lon|nham roi|remove|drop|delete)(?: (?:di|anh|hinh|tam|nay|do|roi|it))*$/;

/** "Bỏ ảnh này", "gửi nhầm": a photo that belongs nowhere. */
export const saysAway = (text: string): boolean => text.length <= 60 && AWAY.test(bare(text));
