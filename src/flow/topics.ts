/** What people call the things that steps ask for ("ngày sinh", "sđt"), and whose they are ("tên mẹ"). */
import { loosely } from './text';
import type { Step } from './types';

/** One thing that may be asked for, in whatever flow: steps of these kinds, whose id says so where the kind is not enough. */
export interface Topic {
  readonly id: string;
  fits(step: Pick<Step, 'kind' | 'path'>): boolean;
}

interface Named extends Topic {
  readonly words: RegExp;
}

const idOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const named = (id: string, words: string, kinds: string, ids: RegExp = /^/): Named => ({
  id,
  words: new RegExp(`^(?:${loosely(words)})(?![\\p{L}\\p{M}])`, 'iu'),
  fits: ({ kind, path }) => kinds.split(' ').includes(kind) && ids.test(idOf(path)),
});

const DATES = 'date partial-date';
const BORN = 'sinh(?= (?:ngày|năm|tháng|mùng|mồng|vào|hồi|\\d))';
/** The longer wordings first. */
const TOPICS: readonly Named[] = [
  named('birth', `ngày(?: tháng)?(?: năm)? sinh|năm sinh|tháng sinh|sinh nhật|${BORN}`, DATES, /birth|born/i),
  named('death', 'ngày mất|mất ngày|ngày chết', DATES, /death|died/i),
  named('registered', 'ngày đăng ký|ngày làm giấy', DATES, /registered/i),
  named(
    'national-id',
    '(?:số |mã )?(?:thẻ )?(?:căn cước|cccd|cmnd|định danh)(?: công dân| cá nhân)?',
    'national-id',
  ),
  named('paper', '(?:số )?(?:hộ chiếu|passport)', 'text', /paper|passport/i),
  named('phone', '(?:số )?(?:điện thoại|đt|di động|phone|máy)(?: liên hệ)?|sđt|sdt|zalo', 'phone'),
  named('email', 'e-?mail|gmail|thư điện tử', 'email'),
  named('sex', 'giới tính', 'sex'),
  named('ethnicity', 'dân tộc', 'ethnicity'),
  named('name', 'họ(?: và)? tên(?: đệm| lót)?|tên(?: họ| đệm| lót)?', 'person-name'),
  named('address', 'địa chỉ(?: nhà| nhận)?|chỗ ở|nơi ở', 'address'),
  named('copies', 'số bản(?: sao)?|số lượng(?: bản)?', 'integer', /cop/i),
];

const OWNERS: readonly (readonly [string, RegExp])[] = [
  ['người (?:đã )?mất', /deceased/i],
  ['người (?:khai|yêu cầu|làm đơn)', /applicant|filer|declarant/i],
  ['người có tên(?: trên giấy)?', /subject/i],
  ['mẹ|má', /mother/i],
  ['bố|cha|ba|tía', /father/i],
  ['vợ|bà xã', /wife/i],
  ['chồng|ông xã', /husband/i],
  ['con trai|con gái|cháu bé|em bé|con|cháu|bé', /child|baby|subject/i],
  ['tôi|tui|mình|em', /applicant|filer|declarant/i],
];
const owners = OWNERS.map(
  ([words, path]) => [new RegExp(`^(?:${loosely(words)})(?![\\p{L}\\p{M}])`, 'iu'), path] as const,
);

const SMALL = new RegExp(
  `^(?:${loosely('của|cái|phần|cho|là|thì|thành|sang|phải là|đúng là|rồi|dạ|ạ|à')}|[:=,])(?![\\p{L}\\p{M}])[ ,:=]*`,
  'iu',
);

export interface Labelled {
  readonly topic: Topic | null;
  /** Paths of whoever it is about; null when nobody was named. */
  readonly whose: RegExp | null;
  /** What was said of it. */
  readonly rest: string;
}

const after = (text: string, taken: string): string => text.slice(taken.length).replace(/^ +/, '');

/** A thing and whose it is, and what follows them. */
function parted(text: string): Labelled {
  let rest = text;
  let topic: Topic | null = null;
  let whose: RegExp | null = null;
  for (;;) {
    const found: Named | undefined =
      topic === null ? TOPICS.find(({ words }) => words.test(rest)) : undefined;
    const owner = owners.find(([words]) => words.test(rest));
    const small = SMALL.exec(rest)?.[0];
    if (found !== undefined) {
      topic = found;
      rest = after(rest, found.words.exec(rest)?.[0] ?? '');
    } else if (owner !== undefined) {
      whose ??= owner[1];
      rest = after(rest, owner[0].exec(rest)?.[0] ?? '');
    } else if (small !== undefined && small !== '') rest = after(rest, small);
    else return { topic, whose, rest };
  }
}

const TO_EDIT = new RegExp(
  `^(?:(?:${loosely('dạ|cho|tôi|tui|em|cháu|con|mình|muốn|cần|xin|sửa|đổi|chỉnh|lại|giúp|dòng|câu|mục|phần|chỗ|cái')}) )+`,
  'iu',
);

/** "Sửa tên bé", "ngày sinh": the thing that is named, and nothing said of it; null for all other words. */
export function namedOnly(text: string): Pick<Labelled, 'topic' | 'whose'> | null {
  const words = text.replace(/[ .!]+$/, '');
  const tried = [words, words.replace(TO_EDIT, '')].map(parted);
  return tried.find(({ topic, rest }) => topic !== null && rest === '') ?? null;
}

/** "tên mẹ em là Hoa" → name, mother's, "Hoa"; words without a topic stay whole. Expects `clean` text. */
export function labelled(text: string): Labelled {
  const { topic, whose, rest } = parted(text);
  return topic === null || rest === '' ? { topic: null, whose: null, rest: text } : { topic, whose, rest };
}
