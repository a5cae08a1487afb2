/** Words that always work, as a whole message: with or without marks, with politeness around them, as /slash or in English. */
import { fold } from '../flow/text';

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

/** Folded wordings. Each must be a whole message once politeness is off. */
const WORDINGS: Readonly<Record<CommandName, readonly string[]>> = {
  menu: ['menu', 'bat dau', 'bat dau lai', 've dau', 'trang chu', 'start', 'home'],
  back: ['quay lai', 'quay lai cau truoc', 'lui lai', 'tro lai', 'cau truoc', 'back', 'go back', 'previous'],
  edit: ['sua', 'sua lai', 'chinh sua', 'edit', 'change'],
  repeat: ['doc lai', 'nhac lai', 'noi lai', 'hoi lai', 'doc lai cau hoi', 'lap lai', 'repeat', 'again'],
  explain: [
    'giai thich',
    'giai thich them',
    'khong hieu',
    'chua hieu',
    'nghia la gi',
    'vi du',
    'tro giup',
    'huong dan',
    'explain',
    'help',
  ],
  stop: ['dung', 'dung lai', 'tam dung', 'de sau', 'mai lam tiep', 'nghi', 'stop', 'pause', 'cancel'],
  resume: ['tiep tuc', 'lam tiep', 'di tiep', 'tiep', 'continue', 'resume'],
  review: ['xem lai', 'kiem tra lai', 'review'],
  send: [
    'gui',
    'gui di',
    'gui ho so',
    'gui ngay',
    'gui luon',
    'dong y gui',
    'toi dong y gui',
    'send',
    'submit',
  ],
  undo: ['hoan tac', 'bo thay doi', 'undo'],
  keep: ['giu nguyen', 'van giu', 'giu', 'cu de vay', 'keep'],
  person: [
    'gap can bo',
    'gap nguoi',
    'gap nguoi that',
    'noi chuyen voi can bo',
    'officer',
    'person',
    'talk to an officer',
  ],
  data: ['du lieu cua toi', 'du lieu ca nhan', 'my data'],
  status: ['tra cuu', 'tra cuu ho so', 'xem ho so', 'status'],
  address: ['doi xung ho', 'xung ho', 'address'],
  language: [],
};

const LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  'tieng anh': 'en',
  vietnamese: 'vi',
  'tieng viet': 'vi',
};

const BY_WORDING = new Map(
  Object.entries(WORDINGS).flatMap(([command, all]) =>
    all.map((one) => [one, command as CommandName] as const),
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

/** The words with less and less politeness before and after: what is left first that means something is meant. */
const cores = (text: string, openers: RegExp, endings: RegExp): string[] =>
  stripped(text, openers).flatMap((head) => stripped(head, endings));

const EDIT =
  /^(?:chinh )?(?:sua|edit|change|quay lai)(?: lai)?(?: (?:cau|dong|so|muc|line|cau so|dong so|muc so))? (\d{1,3})$/;
const SLASH = /^\/([a-z_]+)(?:@\w+)?(?:\s+(\S+))?$/i;

function slashCommand(text: string): SpokenCommand | null {
  const parts = SLASH.exec(text.trim());
  const command = BY_WORDING.get((parts?.[1] ?? '').toLowerCase().replaceAll('_', ' '));
  if (!parts || !command) return null;
  const arg = parts[2];
  return arg === undefined || !(command === 'menu' || /^\d{1,3}$/.test(arg)) ? { command } : { command, arg };
}

const plain = (text: string): string =>
  fold(text.normalize('NFC'))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function readCore(core: string): SpokenCommand | null {
  const line = EDIT.exec(core)?.[1];
  if (line !== undefined) return { command: 'edit', arg: String(Number(line)) };
  const language = LANGUAGES[core];
  if (language !== undefined) return { command: 'language', arg: language };
  const command = BY_WORDING.get(core);
  return command === undefined || command === 'send' ? null : { command };
}

/** Words that without their marks read as "dừng", and mean something else: "đúng" is the commonest yes. */
const NOT_STOP = /(?<!\p{L})(?:đúng|đừng|đụng|dùng|dụng)(?!\p{L})/iu;

/** The command a whole message is, or null: "cho tôi quay lại ạ" is one, "quay lại trường học" is not. */
export function commandOf(text: string): SpokenCommand | null {
  if (text.length > 80 || NOT_STOP.test(text.normalize('NFC'))) return null;
  if (text.trim().startsWith('/')) return slashCommand(text);
  const words = plain(text);
  const sends = cores(words, SEND_OPENERS, SEND_ENDINGS).some((core) => BY_WORDING.get(core) === 'send');
  if (sends) return { command: 'send' };
  return (
    cores(words, OPENERS, ENDINGS)
      .map(readCore)
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
