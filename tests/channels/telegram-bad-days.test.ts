/** Bad days of Telegram under a whole house: order is kept, other chats go on, and nobody reads more than once too often. */
import {
  startFakeTelegram,
  type Citizen,
  type FakeTelegram,
  type FaultRule,
} from '../servers/fake-telegram/fake-telegram';
import { openTelegramHouse, type TelegramHouse } from './telegram-house';

jest.setTimeout(60_000);

let fake: FakeTelegram;
let open: TelegramHouse;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
  open = await openTelegramHouse(fake, { env: { TELEGRAM_MODE: 'polling' } });
});
afterEach(async () => {
  await open.close();
  await fake.close();
});

const TALK = ['xin trích lục khai sinh', '1', '1', 'Giấy của tôi'] as const;
const stateOf = ({ chatId }: Citizen) =>
  open.house.store.conversations.find({ channel: 'telegram', account: 'default', chat: String(chatId) });
const sends = ({ chatId }: Citizen) =>
  fake.calls.filter(({ chat, method }) => chat === chatId && /^send(?!ChatAction)/.test(method));
const textsOf = (citizen: Citizen) => citizen.shown().map(({ text }) => text);

/** Until all that the house has to say to this citizen is said. */
async function quiet(citizen: Citizen, turns: number): Promise<void> {
  for (const end = Date.now() + 40_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const state = await stateOf(citizen);
    const says = state?.doc.says ?? [];
    const taken = (state?.doc.seen.length ?? 0) >= turns;
    if (taken && says.every(({ seq }) => seq <= (state?.sentUpTo ?? 0))) return;
    if (Date.now() > end) throw new Error(`no rest; the chat shows ${JSON.stringify(textsOf(citizen))}`);
  }
}

/** What the bot said to a citizen of a good day, whole. */
async function said(citizen: Citizen): Promise<string[]> {
  const { doc } = (await stateOf(citizen))!;
  const rows = await open.house.store.transcripts.read(doc.id, 0, 1_000);
  return rows.flatMap(({ side, message }) => (side === 'bot' ? [message.text] : []));
}

async function talk(citizen: Citizen): Promise<void> {
  for (const words of TALK) citizen.text(words);
  await quiet(citizen, TALK.length);
}

/** Each as often in a row as it came. */
const withoutRepeats = (texts: readonly string[]): string[] =>
  texts.filter((text, n) => text !== texts[n - 1]);
const starts = (texts: readonly string[], whole: readonly string[]): boolean[] =>
  texts.map((text, n) => text.startsWith(whole[n] ?? '-'));

it.each<[string, Omit<FaultRule, 'chat'>, number]>([
  ['429 with a wait', { with: '429', method: 'sendMessage', after: 1, times: 2, retryAfter: 1 }, 0],
  ['a broken gateway', { with: '502', method: 'sendMessage', after: 1, times: 1 }, 0],
  ['markup it cannot read', { with: '400', method: 'sendMessage', after: 1, times: 1 }, 0],
  ['a line that is cut', { with: 'drop', method: 'sendMessage', after: 1, times: 1 }, 0],
  ['silence', { with: 'silence', method: 'sendMessage', after: 1, times: 1 }, 0],
  ['done without a word', { with: 'accept-then-silence', method: 'sendMessage', after: 1, times: 1 }, 1],
])('%s: order is kept, nothing is lost, and another chat goes on', async (_name, rule, repeats) => {
  const [lan, minh] = [fake.citizen(), fake.citizen()];
  const fault = fake.fail({ ...rule, chat: lan.chatId });
  const from = Date.now();
  const [, othersMs] = await Promise.all([talk(lan), talk(minh).then(() => Date.now() - from)]);
  const whole = await said(lan);
  expect(fault.hits()).toBe(rule.times);
  expect(withoutRepeats(textsOf(lan))).toHaveLength(whole.length);
  expect(starts(withoutRepeats(textsOf(lan)), whole)).toEqual(whole.map(() => true));
  expect(textsOf(lan).length - whole.length).toBeLessThanOrEqual(repeats);
  expect(starts(textsOf(minh), await said(minh))).toEqual(textsOf(minh).map(() => true));
  // Not held up by what stands still beside it for 8 s.
  expect(othersMs).toBeLessThan(8_000);
});

it('a citizen who left is tried once, whatever waits for them', async () => {
  const lan = fake.citizen();
  fake.fail({ with: '403', chat: lan.chatId, method: 'sendMessage' });
  lan.text(TALK[0]);
  await quiet(lan, 1);
  expect(sends(lan)).toHaveLength(1);
  expect((await stateOf(lan))?.doc.unreachableSince).toEqual(expect.any(Number));
  expect(textsOf(lan)).toEqual([]);
});
