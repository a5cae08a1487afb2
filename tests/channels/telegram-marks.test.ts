/** Quick presses on a slow line, and days when Telegram asks for silence: the mark stands on what was pressed last. */
import { openBotApi } from '../../src/channels/telegram/bot-api';
import { incomingFile } from '../../src/channels/telegram/incoming-file';
import { openSilences } from '../../src/channels/telegram/silences';
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { until } from './telegram-house';
import { openTelegram, type OpenedTelegram } from './telegram-open';

let fake: FakeTelegram;
let lan: Citizen;
let opened: OpenedTelegram;
let taken = 0;

beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
  lan = fake.citizen();
  taken = 0;
  const take = () => Promise.resolve((taken += 1)).then(() => 'done' as const);
  opened = openTelegram(fake, 'polling', { inbox: { take }, pollTiming: { retryMs: 20, mostMs: 50 } });
  opened.telegram.start('');
  lan.start();
  await until(() => taken === 1);
  const buttons = ['Mẹ', 'Cha', 'Ông'].map((label, i) => ({ id: `a|who|${i}`, label }));
  expect(await say('Ai đi khai ạ?', buttons)).toBe('sent');
});
afterEach(async () => {
  await opened.telegram.close();
  await fake.close();
});

let seq = 0;
function say(text: string, buttons: readonly { readonly id: string; readonly label: string }[] = []) {
  const address = { channel: 'telegram', account: 'default', chat: `${lan.chatId}` };
  const message = { seq: ++seq, at: seq, text, buttons };
  return opened.telegram.channel.send(address, [message], Date.now() + 5_000);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const marked = () =>
  lan
    .shown()
    .flatMap(({ buttons }) => buttons.flat())
    .filter(({ label }) => label.startsWith('✅'))
    .map(({ data }) => data)
    .join();
const edits = () => fake.calls.filter(({ method }) => method === 'editMessageReplyMarkup');
const press = async (which: number) => {
  const before = taken;
  lan.press(`a|who|${which}`);
  await until(() => taken > before);
};

describe('the mark stands on the answer pressed last', () => {
  it.each(['editMessageReplyMarkup', 'answerCallbackQuery'])(
    'when %s of the first is slow',
    async (method) => {
      fake.fail({ with: 'slow', method, times: 1, ms: 400 });
      await press(0);
      await press(1);
      await pause(600);
      expect(marked()).toBe('a|who|1');
    },
  );

  it('when the first is pressed again before the second is shown', async () => {
    await press(0);
    await until(() => marked() === 'a|who|0');
    fake.fail({ with: 'slow', method: 'editMessageReplyMarkup', times: 1, ms: 400 });
    await press(1);
    await press(0);
    await pause(600);
    expect(marked()).toBe('a|who|0');
  });

  it('and what was overtaken is not shown at all', async () => {
    fake.fail({ with: 'slow', method: 'editMessageReplyMarkup', times: 1, ms: 400 });
    for (const which of [0, 1, 2, 0, 1, 2]) await press(which);
    await until(() => marked() === 'a|who|2');
    expect(edits()).toHaveLength(2);
  });
});

describe('a mark that Telegram refuses for now', () => {
  it('comes when its time of silence is over', async () => {
    fake.fail({ with: '429', method: 'editMessageReplyMarkup', times: 1, retryAfter: 1 });
    await press(1);
    await until(() => edits().length === 1);
    expect(lan.spinning()).toEqual([]);
    // Until its answer is here.
    await pause(200);
    // Words wait as well: the silence is the chat's.
    expect(await say('Câu sau')).toMatchObject({ later: { sentUpTo: 0 } });
    await until(() => marked() === 'a|who|1');
    const [first, second] = edits();
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(950);
    expect(await say('Câu sau')).toBe('sent');
  });

  it('waits for a silence that words were asked for', async () => {
    fake.fail({ with: '429', method: 'sendMessage', times: 1, retryAfter: 1 });
    expect(await say('Câu sau')).toMatchObject({ later: { sentUpTo: 0 } });
    const from = Date.now();
    await press(1);
    await until(() => marked() === 'a|who|1');
    expect(Date.now() - from).toBeGreaterThanOrEqual(800);
    expect(edits()).toHaveLength(1);
  });

  it('comes again when its fate is unknown, a few times at most', async () => {
    const rule = fake.fail({ with: '502', method: 'editMessageReplyMarkup', times: 1 });
    await press(1);
    await until(() => marked() === 'a|who|1');
    rule.remove();
    fake.fail({ with: '502', method: 'editMessageReplyMarkup' });
    await press(0);
    await pause(3_500);
    expect(edits()).toHaveLength(2 + 3);
  });

  it('is forgotten at the end', async () => {
    fake.fail({ with: '429', method: 'editMessageReplyMarkup', times: 1, retryAfter: 1 });
    await press(1);
    await until(() => edits().length === 1);
    await opened.telegram.close();
    await pause(1_200);
    expect(edits()).toHaveLength(1);
  });
});

it('files are not asked for before the time that Telegram names', async () => {
  let ahead = 0;
  const silences = openSilences(() => Date.now() + ahead);
  const api = openBotApi({ token: TOKEN, apiRoot: fake.url });
  const ref = lan.document(Buffer.from('x')).message?.document?.file_id ?? '';
  const had = () => incomingFile({ api, token: TOKEN, apiRoot: fake.url, silences }, ref);
  const asked = () => fake.calls.filter(({ method }) => method === 'getFile').length;
  fake.fail({ with: '429', method: 'getFile', times: 1, retryAfter: 12 });
  await expect(had()).rejects.toMatchObject({ code: 'channel-unavailable' });
  ahead = 5_000;
  await expect(had()).rejects.toMatchObject({ code: 'channel-unavailable' });
  expect(asked()).toBe(1);
  ahead = 12_100;
  expect(String(await had())).toBe('x');
});
