/** One citizen of a storm: answers each question as it is asked, presses "Gửi cho cán bộ", and waits for the code. */
import { follow, postUntilTaken, type Hear, type Line } from './storm-http';

const QUESTION = /^Câu (\d+) trong khoảng/m;
const CODE = /Mã hồ sơ: ([0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z])/g;
const SEND = /^d\|send\|/;

export const codesIn = (lines: readonly Line[]): string[] =>
  lines
    .filter((line) => line.side === 'bot')
    .flatMap((line) => [...line.text.matchAll(CODE)].map((match) => match[1] ?? ''));

/** Like nobody else's, so that it can be looked for in a log. */
export interface Person {
  readonly name: string;
  readonly nationalId: string;
  readonly phone: string;
}

const SYLLABLES = [
  'An',
  'Bình',
  'Cúc',
  'Dung',
  'Giang',
  'Hạnh',
  'Khoa',
  'Liên',
  'Mai',
  'Nga',
  'Oanh',
  'Phúc',
  'Quý',
  'Sương',
];
const syllable = (n: number): string => SYLLABLES[n % SYLLABLES.length] ?? '';

export function person(n: number): Person {
  const digits = String(n).padStart(6, '0');
  const base = SYLLABLES.length;
  const given = [n, Math.floor(n / base), Math.floor(n / base ** 2)].map(syllable).join(' ');
  return { name: `Nguyễn Trắc ${given}`, nationalId: `001185${digits}`, phone: `0987${digits}` };
}

/** What is said to each question of the flow, by its number. */
const answersOf = ({ name, nationalId, phone }: Person): readonly string[] => [
  ...['Phường Mẫu', '1', '1', 'giấy khai sinh', name, nationalId],
  ...['bỏ qua', 'bỏ qua', 'bỏ qua', 'bỏ qua', '2', '1', phone],
];

export interface Plan {
  readonly person: Person;
  /** Presses the button this often, at once and with different message ids. */
  readonly presses: number;
  /** An officer speaks at the moment of the press, and hands the talk back. */
  readonly officer: boolean;
}

export interface Citizen {
  readonly plan: Plan;
  readonly cookie: string;
  readonly lines: ReadonlyMap<number, Line>;
  /** Words whose message was answered 200, in that order. */
  readonly taken: string[];
  readonly officerTaken: string[];
  readonly troubles: string[];
  /** From the first message to the code. */
  file(): Promise<void>;
  isDone(): boolean;
  close(): void;
}

export interface Around {
  readonly url: () => string;
  readonly newId: () => string;
  /** Hears of moments worth dying at: a button is about to be pressed, a press was answered 200, a code appeared. */
  readonly tell: (what: 'pressing' | 'sent' | 'code') => void;
  readonly hear?: Hear;
}

export function openCitizen(plan: Plan, { url, newId, tell, hear }: Around): Citizen {
  const chat = newId();
  const cookie = `chat=${chat}`;
  const lines = new Map<number, Line>();
  const [taken, officerTaken, troubles]: [string[], string[], string[]] = [[], [], []];
  let wake = (): void => undefined;
  const last = (): number => Math.max(0, ...lines.keys());

  const page = follow({
    url,
    cookie,
    after: last,
    onTrouble: (what) => troubles.push(what),
    onLine(line) {
      lines.set(line.seq, line);
      wake();
    },
  });

  /** The newest line that asks for something, after `seq`. */
  async function nextWish(seq: number): Promise<Line> {
    for (;;) {
      const wish = [...lines.values()].findLast(
        (line) =>
          line.seq > seq && line.side === 'bot' && (QUESTION.test(line.text) || sendOf(line) || isDone(line)),
      );
      if (wish !== undefined) return wish;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const post = (what: object) => postUntilTaken(url, '/chat/say', cookie, { id: newId(), ...what }, hear);
  async function say(what: object, words: string): Promise<void> {
    await post(what);
    taken.push(words);
  }
  async function officer(): Promise<void> {
    const text = `Cán bộ đây ạ, ${newId()}`;
    await postUntilTaken(url, '/officer', '', { chat, nonce: newId(), text });
    officerTaken.push(text);
    await postUntilTaken(url, '/officer', '', { chat, nonce: newId() });
  }
  function answer(question: number): Promise<void> {
    const words = answersOf(plan.person)[question - 1] ?? '';
    return say({ text: words }, words);
  }
  async function press(line: Line): Promise<void> {
    const button = sendOf(line);
    if (button === undefined) return;
    tell('pressing');
    const one = () => say({ choice: button.id, label: button.label }, button.label);
    const presses = Array.from({ length: plan.presses }, one);
    void presses[0]?.then(() => tell('sent'));
    // All at once: whoever is later finds the conversation moved on, and takes its turn again.
    const spoken = plan.officer && officerTaken.length === 0 ? officer() : null;
    await Promise.all([...presses, spoken]);
  }

  return {
    plan,
    cookie,
    lines,
    taken,
    officerTaken,
    troubles,
    async file() {
      await post({ start: 'trich-luc-ho-tich' });
      for (let seq = 0; ;) {
        const wish = await nextWish(seq);
        if (isDone(wish)) break;
        seq = Math.max(wish.seq, last());
        const question = QUESTION.exec(wish.text)?.[1];
        await (question === undefined ? press(wish) : answer(Number(question)));
      }
      tell('code');
    },
    isDone: () => [...lines.values()].some(isDone),
    close: () => page.close(),
  };
}

const sendOf = (line: Line) => line.buttons.find((button) => SEND.test(button.id));
const isDone = (line: Line): boolean => codesIn([line]).length > 0;
