/** A citizen with a phone in a storm: answers what is asked, sends photos of papers, presses GỬI, presses again what expired. */
import sharp from 'sharp';
import type { Citizen as Phone, Delivery, Shown } from '../servers/fake-telegram/fake-telegram';
import type { Update } from '../servers/fake-telegram/wire';
import { person, type Person } from './storm-citizen';

export const CODE = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/;
const SIDE = 1_000;
/** Seconds until somebody presses again what still asks to be pressed. */
const PATIENCE = 3;

/** A photo like nobody else's: a page of one colour. */
export interface Paper {
  readonly bytes: Buffer;
  readonly colour: readonly [number, number, number];
}

/** Colours eight apart in each part, so that an encoder cannot mistake one for another. */
export async function paper(n: number): Promise<Paper> {
  const colour = [8 * (n % 32), 8 * (Math.floor(n / 32) % 32), 8 * (Math.floor(n / 1_024) % 32)] as const;
  const [r, g, b] = colour;
  const image = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: { r, g, b } } });
  return { bytes: await image.jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(), colour };
}

export interface TelegramPlan {
  readonly person: Person;
  readonly flow: 'trich-luc-ho-tich' | 'khai-sinh';
  /** Two that stay and, for who thinks better of it, one that is thrown out. */
  readonly papers: readonly Paper[];
  readonly throwsOut: boolean;
  readonly as: 'album' | 'photos' | 'documents';
  /** How often GỬI is pressed at once. */
  readonly presses: number;
}

export const planOf = async (n: number, roll: () => number): Promise<TelegramPlan> => {
  const flow = roll() < 0.3 ? 'khai-sinh' : 'trich-luc-ho-tich';
  // Three photos are all a birth takes: its question goes on by itself.
  const throwsOut = roll() < 0.35 && flow === 'trich-luc-ho-tich';
  const papers = await Promise.all([0, 1, ...(throwsOut ? [2] : [])].map((at) => paper(3 * n + at)));
  return {
    person: person(n),
    ...{ flow, papers, throwsOut },
    as: (['album', 'photos', 'documents'] as const)[Math.floor(roll() * 3)] ?? 'album',
    presses: roll() < 0.4 ? 2 : 1,
  };
};

export type Moment = 'pressing' | 'photos' | 'code';

export interface TelegramCitizen {
  readonly plan: TelegramPlan;
  readonly phone: Phone;
  /** Prints of the photos that stay, in order. */
  readonly prints: readonly string[];
  /** The taps on GỬI. */
  readonly sends: readonly Update[];
  file(): Promise<void>;
  isDone(): boolean;
  /** Waits for nothing more. */
  stop(): void;
}

export interface Around {
  readonly phone: Phone;
  /** What became of an update. */
  readonly deliveryOf: (update: Update) => Delivery | undefined;
  readonly tell: (what: Moment) => void;
}

/** What is done when a message of the bot looks like this. */
interface Rule {
  readonly asks: RegExp;
  readonly does: readonly Deed[];
  /** Not before this one. */
  readonly after?: Rule;
}
type Deed = { readonly say: string } | { readonly tap: string } | 'show' | 'send';

const say = (asks: RegExp, words: string): Rule => ({ asks, does: [{ say: words }] });
const tap = (asks: RegExp, data: string): Rule => ({ asks, does: [{ tap: data }] });

function rulesOf({ person: { name, nationalId, phone }, flow, throwsOut }: TelegramPlan): readonly Rule[] {
  const step = flow === 'khai-sinh' ? 'birthPaper' : 'oldCopy';
  const drop = tap(/đã có 3 ảnh/, `a|${step}|-drop:`);
  const gathered = throwsOut
    ? [drop, { ...say(/đã bỏ ảnh/, 'đủ rồi'), after: drop }]
    : [say(/đã có 2 ảnh/, 'đủ rồi')];
  const photos: readonly Rule[] = [{ asks: /Xin gửi ảnh/, does: ['show'] }, ...gathered];
  const common = [
    tap(/Có đồng ý không/, 'd|consent|'),
    ...photos,
    say(/Gọi số nào/, phone),
    { asks: /bấm Gửi cho cán bộ\. Hồ sơ/, does: ['send' as const] },
  ];
  if (flow === 'khai-sinh') return [...common, ...birth(name, nationalId)];
  return [
    ...common,
    tap(/hay chỉ gõ hộ ạ/, 'a|opening.forWhom|self'),
    tap(/bản sao của giấy nào/, 'a|record|birth'),
    say(/Họ và tên đầy đủ/, name),
    say(/Số căn cước của/, nationalId),
    tap(/ngày trước làm ở đâu/, 'a|registeredAt|-skip'),
    say(/Cần xin mấy bản/, '2'),
    tap(/nhận giấy bằng cách nào/, 'a|delivery|counter'),
  ];
}

const birth = (name: string, nationalId: string): readonly Rule[] => [
  tap(/người đi khai sinh cho bé/, 'a|opening.forWhom|other'),
  tap(/là gì của bé/, 'a|relation|mother'),
  tap(/thuộc trường hợp nào/, 'a|parents|married'),
  say(/tên của bé là gì/, name),
  say(/Bé sinh ngày nào/, '1/11/2026'),
  tap(/nam hay nữ/, 'a|child.sex|female'),
  say(/Bé sinh ở đâu/, 'Bệnh viện Phụ sản, phường Mẫu'),
  tap(/Bé là dân tộc gì/, 'a|child.ethnicity|kinh'),
  tap(/Lấy theo ai/, 'a|child.hometown|father'),
  say(/tên đầy đủ của ông\/bà/, `${name} Mẹ`),
  say(/Số căn cước của ông\/bà/, nationalId),
  say(/tên đầy đủ của cha bé/, `${name} Cha`),
  say(/của cha bé là gì/, nationalId.replace(/^0011/, '0010')),
  tap(/Số giấy kết hôn/, 'a|marriageNumber|-skip'),
  tap(/Có xin bản sao không/, 'a|wantsCopies|no'),
  tap(/nhận giấy khai sinh bằng cách nào/, 'a|delivery|counter'),
];

const buttonOf = (shown: readonly Shown[], start: string) => {
  const message = shown.findLast(({ buttons }) => buttons.flat().some(({ data }) => data?.startsWith(start)));
  const data = message?.buttons.flat().find((one) => one.data?.startsWith(start))?.data;
  return message === undefined || data === undefined ? null : { message, data };
};

/** "That button is old" speaks of the question above it: that one is to be answered. */
const newestOf = (shown: readonly Shown[]): Shown | undefined =>
  shown.findLast(({ text }) => !text.startsWith('Nút này cũ'));

const printOf = ({ message }: Update): string =>
  message?.photo?.at(-1)?.file_unique_id ?? message?.document?.file_unique_id ?? '';

export function openTelegramCitizen(
  plan: TelegramPlan,
  { phone, deliveryOf, tell }: Around,
): TelegramCitizen {
  const rules = rulesOf(plan);
  const done = new Set<Rule>();
  const prints: string[] = [];
  const sends: Update[] = [];
  let stopped = false;
  let idle = 0;
  /** The last presses, and how to do them once more. */
  let last: { readonly updates: readonly Update[]; readonly again: () => void } | null = null;

  function press(start: string, times: number): readonly Update[] {
    const button = buttonOf(phone.shown(), start);
    const updates = button === null ? [] : Array.from({ length: times }, () => phone.press(button));
    last = { updates, again: () => void press(start, 1) };
    if (start.startsWith('d|send|')) sends.push(...updates);
    return updates;
  }
  function show(): void {
    tell('photos');
    const bytes = plan.papers.map((one) => one.bytes);
    const jpeg = { name: 'giay-to.jpg', mime: 'image/jpeg' };
    const updates =
      plan.as === 'album'
        ? phone.album(bytes)
        : bytes.map((one) => (plan.as === 'photos' ? phone.photo(one) : phone.document(one, jpeg)));
    prints.push(...updates.slice(0, 2).map(printOf));
  }
  function does(deed: Deed): void {
    last = null;
    if (deed === 'show') return show();
    if (deed === 'send') {
      tell('pressing');
      return void press('d|send|', plan.presses);
    }
    if ('say' in deed) phone.text(deed.say);
    else press(deed.tap, 1);
  }
  const isDone = (): boolean => phone.shown().some(({ text }) => CODE.test(text));

  /** Nothing came for a while: a tap that nobody ever took is pressed again, and so is a deed that is asked for anew. */
  function lookAgain(): void {
    idle += 1;
    if (last === null || last.updates.length === 0) return;
    const outcomes = last.updates.map((update) => deliveryOf(update)?.outcome);
    const expired = outcomes.every((outcome) => outcome === 'expired');
    const buttons = newestOf(phone.shown())?.buttons.flat() ?? [];
    const asked = buttons.some(
      ({ data, label }) => data?.startsWith('d|') === true && !label.startsWith('✅'),
    );
    if (expired || (idle > PATIENCE && asked && !outcomes.includes('pending'))) last.again();
  }
  function act(shown: readonly Shown[]): void {
    const newest = newestOf(shown)?.text ?? '';
    const rule = rules.find(
      (one) => !done.has(one) && one.asks.test(newest) && (one.after === undefined || done.has(one.after)),
    );
    if (rule === undefined) return;
    done.add(rule);
    rule.does.forEach(does);
  }
  return {
    ...{ plan, phone, prints, sends, isDone },
    stop: () => void (stopped = true),
    async file() {
      phone.start(`demo--${plan.flow}`);
      let seen = 0;
      while (!isDone() && !stopped) {
        const shown = await phone.waitFor((all) => all.length !== seen && all, 1_000).catch(() => null);
        if (shown === null) lookAgain();
        else {
          seen = shown.length;
          idle = 0;
          act(shown);
        }
      }
      tell('code');
    },
  };
}
