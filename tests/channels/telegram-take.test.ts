/** What the house answers to an update, and what the citizen and the others see of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Telegram } from '../../src/channels/telegram/telegram-channel';
import { AppError } from '../../src/errors';
import type { ChannelEvent } from '../../src/ports/channel';
import { startFakeTelegram, type Citizen, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { until } from './telegram-house';
import { openTelegram, type OpenedTelegram } from './telegram-open';

type Taken = 'done' | 'seen' | 'stale';

let fake: FakeTelegram;
let lan: Citizen;
let opened: OpenedTelegram | null;
let answer: (event: ChannelEvent) => Taken;
let taken: ChannelEvent[];
let aside: [string, unknown][];
let url = 'http://127.0.0.1:1';

beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
  lan = fake.citizen();
  answer = () => 'done';
  taken = [];
  aside = [];
  opened = null;
});
afterEach(async () => {
  await opened?.telegram.close();
  await fake.close();
});

async function start(mode: 'polling' | 'webhook') {
  opened = openTelegram(fake, mode, {
    inbox: {
      async take(event) {
        const said = answer(event);
        taken.push(event);
        return Promise.resolve(said);
      },
    },
    setAside: (id, update) => Promise.resolve(void aside.push([id, update])),
    pollTiming: { retryMs: 20, mostMs: 50 },
  });
  const { telegram } = opened;
  if (mode === 'webhook') url = await fakeDoor(telegram.handle);
  telegram.start(url);
  if (mode === 'webhook') await until(() => fake.webhook() !== null);
  lan.start();
  await fake.idle();
  const buttons = [
    { id: 'd|send|4|', label: 'GỬI' },
    { id: 'd|drop|4|', label: 'Bỏ' },
  ];
  const address = { channel: 'telegram', account: 'default', chat: `${lan.chatId}` };
  await telegram.channel.send(address, [{ seq: 1, at: 1, text: 'Gửi chưa ạ?', buttons }], Date.now() + 5_000);
}

let server: Server | null = null;
async function fakeDoor(handle: Telegram['handle']): Promise<string> {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const labels = () =>
  lan
    .shown()
    .at(-1)
    ?.buttons.flat()
    .map(({ label }) => label);
const edits = () => fake.calls.filter(({ method }) => method === 'editMessageReplyMarkup').length;
/** Answers to taps come after the turn. */
const calm = async () => {
  await fake.idle();
  await until(() => lan.spinning().length === 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
};

describe('a pressed deed', () => {
  beforeEach(() => start('webhook'));

  it('that was done has its mark', async () => {
    lan.press('GỬI');
    await calm();
    expect(labels()).toEqual(['✅ GỬI']);
  });

  it('that was worn out goes, with those beside it, and is never shown as done', async () => {
    answer = () => 'stale';
    lan.press('GỬI');
    await calm();
    expect(labels()).toEqual([]);
  });

  it('that was seen before is answered, and nothing else', async () => {
    answer = () => 'seen';
    lan.press('GỬI');
    await calm();
    expect([labels()?.length, edits()]).toEqual([2, 0]);
  });

  it('pressed twice keeps the mark of the first', async () => {
    answer = () => (taken.filter(({ type }) => type === 'choice').length === 0 ? 'done' : 'stale');
    lan.press('GỬI');
    lan.press('GỬI');
    await calm();
    expect(labels()).toEqual(['✅ GỬI']);
    lan.press('✅ GỬI');
    await calm();
    expect(labels()).toEqual(['✅ GỬI']);
  });
});

it.each(['polling', 'webhook'] as const)(
  'by %s a press in a chat that is too fast stops spinning while it waits',
  async (mode) => {
    await start(mode);
    answer = () => {
      throw new AppError('too-many-requests', 'slower', { details: { waitMs: 60_000 } });
    };
    lan.press('GỬI');
    await until(() => lan.spinning().length === 0, 4_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([labels(), edits()]).toEqual([['GỬI', 'Bỏ'], 0]);
  },
);

it('a press behind words that wait stops spinning too, once, whether it came before or after', async () => {
  await start('polling');
  fake.hold();
  answer = () => {
    throw new AppError('too-many-requests', 'slower', { details: { waitMs: 60_000 } });
  };
  lan.text('chào');
  lan.press('GỬI');
  fake.release();
  await until(() => lan.spinning().length === 0, 4_000);
  lan.press('Bỏ');
  await until(() => lan.spinning().length === 0, 4_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const answered = fake.calls.filter(({ method }) => method === 'answerCallbackQuery').length;
  expect([labels(), edits(), answered]).toEqual([['GỬI', 'Bỏ'], 0, 2]);
});

describe.each(['polling', 'webhook'] as const)('by %s', (mode) => {
  it('an update that always meets a defect is set aside after five tries, and others go on', async () => {
    await start(mode);
    let tries = 0;
    answer = (event) => {
      if (event.type !== 'text' || event.text !== 'hỏng') return 'done';
      tries += 1;
      throw new TypeError('x is undefined');
    };
    const bad = lan.text('hỏng');
    lan.text('sau đó');
    const hoa = fake.citizen();
    hoa.text('chào');
    await fake.idle(20_000);
    expect(tries).toBe(5);
    expect(aside).toEqual([[`telegram-default-u${bad.update_id}`, bad]]);
    expect(taken.flatMap((event) => (event.type === 'text' ? [event.text] : [])).toSorted()).toEqual([
      'chào',
      'sau đó',
    ]);
    expect(opened?.logged.join('\n')).toContain('"error" "telegram-update-set-aside" "internal"');
    expect(opened?.logged.join('\n')).not.toContain('hỏng');
  }, 30_000);
});

it('a store that is away is waited for, however often', async () => {
  await start('polling');
  let tries = 0;
  answer = () => {
    if (++tries < 8) throw new AppError('store-unavailable', 'away');
    return 'done';
  };
  lan.text('chào');
  await fake.idle(20_000);
  expect([aside, tries]).toEqual([[], 8]);
}, 30_000);
