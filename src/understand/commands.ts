/** Words that always work, as a whole message: with or without marks, with politeness around them, as /slash or in English. */
import { fold, foldTone } from '../flow/text';

export type CommandName =
  | 'menu'
  | 'back'
  | 'edit'
  /** The present question once more. */
  | 'repeat'
  | 'explain'
  | 'stop'
  | 'resume'
  | 'review'
  | 'send'
  | 'undo'
  | 'keep'
  | 'person'
  | 'data'
  | 'status'
  /** Another pair of forms of address. */
  | 'address'
  | 'language';

export interface SpokenCommand {
  readonly command: CommandName;
  /** `edit`: the number of the line. `language`: `vi` or `en`. `menu`: what followed /start. */
  readonly arg?: string;
}

/** Each must be a whole message once politeness is off. Words typed with marks must have these marks. */
const WORDINGS: Readonly<Record<CommandName, readonly string[]>> = {
  menu: ['menu', 'bắt đầu', 'bắt đầu lại', 'về đầu', 'trang chủ', 'start', 'home'],
  back: ['quay lại', 'quay lại câu trước', 'lùi lại', 'trở lại', 'câu trước', 'back', 'go back', 'previous'],
  edit: ['sửa', 'sửa lại', 'sữa lại', 'chỉnh sửa', 'edit', 'change'],
  repeat: ['đọc lại', 'nhắc lại', 'nói lại', 'hỏi lại', 'đọc lại câu hỏi', 'lặp lại', 'repeat', 'again'],
  explain: [
    'giải thích',
    'giải thích thêm',
    'không hiểu',
    'chưa hiểu',
    'nghĩa là gì',
    'ví dụ',
    'trợ giúp',
    'hướng dẫn',
    'explain',
    'help',
  ],
  stop: ['dừng', 'dừng lại', 'tạm dừng', 'để sau', 'mai làm tiếp', 'nghỉ', 'stop', 'pause', 'cancel'],
  resume: ['tiếp tục', 'làm tiếp', 'đi tiếp', 'tiếp', 'continue', 'resume'],
  review: ['xem lại', 'kiểm tra lại', 'review'],
  send: [
    'gửi',
    'gửi đi',
    'gửi hồ sơ',
    'gửi ngay',
    'gửi luôn',
    'đồng ý gửi',
    'tôi đồng ý gửi',
    'gởi',
    'gởi đi',
    'gởi hồ sơ',
    'send',
    'submit',
  ],
  undo: ['hoàn tác', 'bỏ thay đổi', 'undo'],
  keep: ['giữ nguyên', 'vẫn giữ', 'giữ', 'cứ để vậy', 'keep'],
  person: [
    'gặp cán bộ',
    'gặp người',
    'gặp người thật',
    'nói chuyện với cán bộ',
    'officer',
    'person',
    'talk to an officer',
  ],
  data: ['dữ liệu của tôi', 'dữ liệu cá nhân', 'my data'],
  status: ['tra cứu', 'tra cứu hồ sơ', 'xem hồ sơ', 'status'],
  address: ['đổi xưng hô', 'xưng hô', 'address'],
  language: [],
};

const LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  'tieng anh': 'en',
  vietnamese: 'vi',
  'tieng viet': 'vi',
};

interface Wording {
  readonly command: CommandName;
  /** Its words, each with its marks in one place. */
  readonly words: readonly string[];
}

/** By the bare letters. */
const BY_LETTERS = new Map(
  Object.entries(WORDINGS).flatMap(([command, all]) =>
    all.map((one): [string, Wording] => [
      fold(one),
      { command: command as CommandName, words: one.split(' ').map(foldTone) },
    ]),
  ),
);

const PEOPLE = 'toi|tui|minh|em|chau|con|bac|co|chu|ong|ba|anh|chi|me|bo|may';
const OPENERS = new RegExp(
  `^(?:da|vang|u|a|thoi|roi|oke?|xin|xin phep|lam on|vui long|please|hay|giup|nho|cho|de|muon|can|bam|nhan|chon|(?:${PEOPLE})(?: oi)?) (?=.)`,
);
const ENDINGS = new RegExp(
  ` (?:a|nhe|nha|nghe|cho (?:${PEOPLE}) nghe|di|voi|giup|ho|dum|gium|cai|da|duoc khong|please|(?:${PEOPLE})(?: oi)?)$`,
);
/** "Dạ em gửi ạ" comes with a photo as often as it means the command: here only the bare politeness goes. */
const SEND_OPENERS = /^(?:da|vang|u|oke?) (?=.)/;
const SEND_ENDINGS = / (?:a|nhe|nha|please)$/;

const stripped = (text: string, edge: RegExp): string[] => {
  const shorter = text.replace(edge, '');
  return shorter === text ? [text] : [text, ...stripped(shorter, edge)];
};

const wordsIn = (text: string): readonly string[] =>
  text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');

/** The words with less and less politeness before and after: what is left first that means something is meant. */
function cores(typed: readonly string[], openers: RegExp, endings: RegExp): (readonly string[])[] {
  const count = (text: string): number => text.split(' ').length;
  return stripped(typed.map(fold).join(' '), openers).flatMap((head) => {
    const from = typed.length - count(head);
    return stripped(head, endings).map((core) => typed.slice(from, from + count(core)));
  });
}

const EDIT =
  /^(?:chinh )?(?:sua|edit|change|quay lai)(?: lai)?(?: (?:cau|dong|so|muc|line|cau so|dong so|muc so))? (\d{1,3})$/;
const SLASH = /^\/([a-z_]+)(?:@\w+)?(?:\s+(\S+))?$/i;

function slashCommand(text: string): SpokenCommand | null {
  const parts = SLASH.exec(text.trim());
  const command = BY_LETTERS.get((parts?.[1] ?? '').toLowerCase().replaceAll('_', ' '))?.command;
  if (!parts || !command) return null;
  const arg = parts[2];
  return arg === undefined || !(command === 'menu' || /^\d{1,3}$/.test(arg)) ? { command } : { command, arg };
}

const plain = (text: string): string => wordsIn(fold(text.normalize('NFC'))).join(' ');

const isBare = (word: string): boolean => fold(word) === word.toLowerCase();
/** Without marks these are other words and names too: "đúng", "Dung", "Nghi". */
const OTHER_WORDS = new Set(['dung', 'nghi', 'tiep', 'giu', 'de sau']);
/** Names even as the command is written, but for its capitals. */
const NAMES = new Set(['giữ', 'tiếp'].map(foldTone));

/** What is being asked while the words come: some commands are answers to that. */
export type Asked = 'name' | 'yes' | null;

/** Is this wording meant by these words? `whole`: all that was typed. */
function means({ words }: Wording, core: readonly string[], whole: readonly string[], asked: Asked): boolean {
  if (!core.every((word, at) => foldTone(word) === words[at] || isBare(word))) return false;
  const said = core.map((word) => word.toLowerCase()).join(' ');
  const [first = ''] = core;
  const shouted = first === first.toUpperCase();
  const named = asked === 'name' && whole.length === 1 && !shouted;
  if (named && NAMES.has(foldTone(said)) && first !== first.toLowerCase()) return false;
  if (!OTHER_WORDS.has(said)) return true;
  // Typed without marks: alone it may be the command, unless it is the answer.
  return core.length === whole.length && !named && !(asked === 'yes' && said === 'dung');
}

function commandIn(core: readonly string[], whole: readonly string[], asked: Asked): CommandName | null {
  const wording = BY_LETTERS.get(core.map(fold).join(' '));
  return wording !== undefined && means(wording, core, whole, asked) ? wording.command : null;
}

function readCore(core: readonly string[], whole: readonly string[], asked: Asked): SpokenCommand | null {
  const said = core.map(fold).join(' ');
  const line = EDIT.exec(said)?.[1];
  if (line !== undefined) return { command: 'edit', arg: String(Number(line)) };
  const language = LANGUAGES[said];
  if (language !== undefined) return { command: 'language', arg: language };
  const command = commandIn(core, whole, asked);
  return command === null || command === 'send' ? null : { command };
}

/**
 * The command a whole message is, or null: "cho tôi quay lại ạ" is one, "quay lại trường học" is not. `asked`: at a yes
 * or no "dung" is "đúng"; where a name is asked for it is one, unless it is written as commands are: DUNG, "dừng".
 */
export function commandOf(text: string, asked: Asked = null): SpokenCommand | null {
  if (text.length > 80) return null;
  if (text.trim().startsWith('/')) return slashCommand(text);
  const typed = wordsIn(text.normalize('NFC'));
  const sends = cores(typed, SEND_OPENERS, SEND_ENDINGS).some(
    (core) => commandIn(core, typed, asked) === 'send',
  );
  if (sends) return { command: 'send' };
  return (
    cores(typed, OPENERS, ENDINGS)
      .map((core) => readCore(core, typed, asked))
      .find((command) => command !== null) ?? null
  );
}

const HELLO = 'chao|xin chao|hi+|hello|helo|hey|alo+|a lo|good (?:morning|afternoon|evening)';
const GREETED = `${PEOPLE}|ban|moi nguoi|ad|admin|bot|can bo|phuong|xa|buoi (?:sang|trua|chieu|toi)|ca nha`;
const GREETING = new RegExp(
  `^(?:(?:da|a|u|vang|thua|kinh|${GREETED}) )*(?:${HELLO})(?: (?:${HELLO}|${GREETED}|oi|a|nhe|nha))*$`,
);
const CALLING = new RegExp(`^(?:(?:da|alo) )?(?:${GREETED})(?: (?:${GREETED}))? oi(?: a)?$`);

/** Only a greeting or a call ("alo", "chào cháu", "em ơi")? It never resets anything. */
export function isGreeting(text: string): boolean {
  const words = plain(text);
  return words.length <= 60 && (GREETING.test(words) || CALLING.test(words));
}

const THANKS = new RegExp(
  `^(?:(?:da|vang|u|ok) )*(?:cam on|cam un|thank you|thanks?|tks)(?: (?:${GREETED}|nhieu|lam|nhe|nha|a|con|chau|em))*$`,
);

/** Only a thank-you: it is answered, never taken for a wish. */
export function isThanks(text: string): boolean {
  const words = plain(text);
  return words.length <= 60 && THANKS.test(words);
}
