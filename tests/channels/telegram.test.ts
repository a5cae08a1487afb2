/** A whole house on Telegram, against a server that behaves like Telegram's: from the first press to an answer. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { openTelegramHouse, SECRET, until, type TelegramHouse } from './telegram-house';

const OTHER = '220201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

let fake: FakeTelegram;
let open: TelegramHouse | null = null;

beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 20, floorMs: 5, bots: [TOKEN, OTHER] });
});
afterEach(async () => {
  await open?.close();
  open = null;
  await fake.close();
});

describe.each(['polling', 'webhook'])('by %s', (mode) => {
  const start = async (more: Parameters<typeof openTelegramHouse>[1] = {}) => {
    open = await openTelegramHouse(fake, { ...more, env: { TELEGRAM_MODE: mode, ...more.env } });
    if (mode === 'webhook') await until(() => fake.webhook() !== null);
    return open;
  };

  it('a talk runs from the first press to questions of a filing', async () => {
    await start();
    const lan = fake.citizen();
    lan.start();
    const menu = await lan.waitForText('trợ lý');
    expect(menu.text).toContain('OTP');
    const offer = await lan.waitFor((shown) => shown.find(({ buttons }) => buttons.length > 2));
    lan.press('2 · Bản sao khai sinh, kết hôn, khai tử');
    await lan.waitForText('Câu 1');
    await fake.idle();
    await until(() => lan.spinning().length === 0);
    const pressed = () => lan.shown().find(({ messageId }) => messageId === offer.messageId);
    await until(
      () =>
        pressed()
          ?.buttons.flat()
          .some(({ label }) => label.startsWith('✅ 2 · ')) ?? false,
    );
    expect(pressed()?.text).toBe(offer.text);
    expect(open?.logged).toEqual([]);
  });

  it('a deep link opens a procedure by its code', async () => {
    await start();
    const lan = fake.citizen();
    lan.start('demo--2-000635');
    await lan.waitForText('Câu 2');
    expect((await stateOf(lan.chatId)).session?.flow).toBe('trich-luc-ho-tich');
  });

  it('a photo with words under it: both are taken', async () => {
    await start();
    const lan = fake.citizen();
    lan.photo(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), { caption: 'xin trích lục khai sinh' });
    await lan.waitForText('Bản sao khai sinh, kết hôn, khai tử');
    expect((await heard(lan.chatId, 2))[1]).toBe('xin trích lục khai sinh');
  });

  it('in a group it says one sentence and leaves', async () => {
    await start();
    const lan = fake.citizen();
    const group = lan.joinGroup();
    await until(() => fake.calls.some(({ method }) => method === 'leaveChat'));
    await fake.idle();
    expect(group.shown()).toHaveLength(1);
    expect(fake.calls.filter(({ method }) => method === 'leaveChat')).toHaveLength(1);
  });

  it('who blocks the bot is told nothing more, and is welcome again', async () => {
    await start();
    const lan = fake.citizen();
    lan.start();
    await lan.waitForText('trợ lý');
    await fake.idle();
    lan.block();
    await until(async () => typeof (await stateOf(lan.chatId)).unreachableSince === 'number');
    lan.unblock();
    await until(async () => typeof (await stateOf(lan.chatId)).unreachableSince !== 'number');
  });

  it('tells Telegram its commands in both languages', async () => {
    await start();
    await until(() => fake.calls.filter(({ method }) => method === 'setMyCommands').length === 2);
    const calls = JSON.stringify(fake.calls.filter(({ method }) => method === 'setMyCommands'));
    expect(calls).toContain('Gặp cán bộ');
    expect(calls).toContain('Talk to an officer');
  });
});

async function stateOf(chat: number, account = 'default') {
  const state = await open?.house.store.conversations.find({ channel: 'telegram', account, chat: `${chat}` });
  if (state === null || state === undefined) throw new Error('no conversation');
  return state.doc;
}

/** What the citizen said, once it is so many lines. */
async function heard(chat: number, lines: number): Promise<readonly string[]> {
  const address = { channel: 'telegram', account: 'default', chat: `${chat}` };
  const talk = () => open?.house.talk.read(address, 0, 100) ?? Promise.resolve([]);
  const said = async () => (await talk()).filter(({ side }) => side === 'citizen').map(({ text }) => text);
  await until(async () => (await said()).length >= lines);
  return said();
}

describe('the webhook', () => {
  const env = { TELEGRAM_MODE: 'webhook' };

  it('is set with its secret and the kinds it reads', async () => {
    open = await openTelegramHouse(fake, { env });
    await until(() => fake.webhook() !== null);
    expect(fake.webhook()).toMatchObject({
      url: `${open.url}/webhooks/telegram`,
      secret: SECRET,
      maxConnections: 40,
      allowed: ['message', 'edited_message', 'callback_query', 'my_chat_member'],
    });
  });

  it('is tried again until Telegram takes it; the house runs meanwhile', async () => {
    fake.fail({ with: '502', method: 'setWebhook', times: 1 });
    open = await openTelegramHouse(fake, { env });
    expect((await fetch(`${open.url}/healthz`)).status).toBe(200);
    await until(() => fake.webhook() !== null);
    expect(open.logged.join()).toContain('telegram-webhook-refused');
    expect(open.logged.join()).not.toContain(TOKEN.split(':')[1]);
  });

  it('takes words in their order', async () => {
    open = await openTelegramHouse(fake, { env });
    await until(() => fake.webhook() !== null);
    const lan = fake.citizen();
    for (const words of ['xin chào', 'tôi muốn làm giấy khai sinh', 'dạ phải']) lan.text(words);
    await fake.idle();
    expect(await heard(lan.chatId, 3)).toEqual(['xin chào', 'tôi muốn làm giấy khai sinh', 'dạ phải']);
  });
});

describe('several accounts', () => {
  const file = (lines: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'mot-cua-ch-')), 'channels.yaml');
    writeFileSync(path, lines);
    return path;
  };
  const CHANNELS_FILE = () =>
    file(`- { channel: telegram, account: phuong-mau, agency: demo, tokenFrom: MAU_TOKEN }\n`);

  it('the same person talks to each bot apart; a bot of one agency does not ask which', async () => {
    open = await openTelegramHouse(fake, { env: { CHANNELS_FILE: CHANNELS_FILE(), MAU_TOKEN: OTHER } });
    const everywhere = fake.citizen({ id: 42 });
    const there = fake.citizen({ id: 42, bot: OTHER });
    everywhere.start('trich-luc-ho-tich');
    there.start('trich-luc-ho-tich');
    await everywhere.waitForText('Câu 1');
    await there.waitForText('Câu 2');
    const [one, other] = [await stateOf(42), await stateOf(42, 'phuong-mau')];
    expect(one.id).not.toBe(other.id);
    expect(one.commune).toBeNull();
    expect(other).toMatchObject({
      agency: 'demo',
      commune: { name: expect.stringContaining('Mẫu') as string },
    });
    expect(other.session?.answers['opening.commune']?.source).toBe('profile');
  });

  it('an agency nobody knows is said at the start, and no other is offered in its name', async () => {
    const path = file(`- { channel: telegram, account: x, agency: nowhere, token: '${OTHER}' }\n`);
    open = await openTelegramHouse(fake, { env: { CHANNELS_FILE: path } });
    expect(open.logged).toEqual(['account-agency-unknown {"account":"x","agency":"nowhere"}']);
    const lan = fake.citizen({ bot: OTHER });
    lan.start('demo--khai-sinh');
    await lan.waitForText('quầy này chưa mở');
    lan.text('làm khai sinh');
    await lan.waitFor((all) => all.length === 2 && all);
    expect(lan.shown().some(({ text }) => /trợ lý|Khai sinh|Câu 1/.test(text))).toBe(false);
  });
});
