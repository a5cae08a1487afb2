/** The same bot under another account's name: all talks of the old name would be cut off without a word. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { openTelegramHouse, SECRET, until, type TelegramHouse } from './telegram-house';
import { openTelegram } from './telegram-open';

let fake: FakeTelegram;
let dir: string;
let open: TelegramHouse | null = null;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
  dir = mkdtempSync(join(tmpdir(), 'mot-cua-renamed-'));
});
afterEach(async () => {
  await shut();
  await fake.close();
  rmSync(dir, { recursive: true, force: true });
});

async function shut(): Promise<void> {
  await open?.close();
  open = null;
}

/** The same bot as `default`, or as another. */
async function house(
  account: string,
  mode: string,
  env: Record<string, string> = {},
): Promise<TelegramHouse> {
  await shut();
  const file = join(dir, 'channels.yaml');
  writeFileSync(
    file,
    JSON.stringify([{ channel: 'telegram', account, token: TOKEN, mode, webhookSecret: SECRET }]),
  );
  open = await openTelegramHouse(fake, {
    env: { TELEGRAM_BOT_TOKEN: '', DATA_DIR: join(dir, 'data'), CHANNELS_FILE: file, ...env },
  });
  return open;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const WHY = 'this bot was account default: name it default';
const NAMED = 'telegram-account-renamed';

it.each(['polling', 'webhook'])(
  'by %s neither sends nor takes in before it is meant',
  async (mode) => {
    await house('default', mode);
    const lan = fake.citizen();
    lan.start();
    await fake.idle();
    await until(() => lan.shown().length > 0);
    await fake.idle();
    await pause(100);

    const renamed = await house('phuong-mau', mode);
    const before = fake.calls.length;
    lan.text('xin chào');
    await until(() => renamed.logged.some((line) => line.startsWith(NAMED)));
    await pause(500);
    expect(fake.calls.slice(before).filter(({ method }) => method !== 'getUpdates')).toEqual([]);
    expect(fake.pending()).toHaveLength(1);
    expect(renamed.logged.filter((line) => line.startsWith(NAMED))).toEqual([
      `${NAMED} AppError: ${WHY} {"account":"phuong-mau","bot":"110201543","why":"${WHY}"}`,
    ]);
    if (mode === 'webhook') {
      const { status } = await fetch(`${renamed.url}/webhooks/telegram/phuong-mau`, {
        method: 'POST',
        headers: { 'x-telegram-bot-api-secret-token': SECRET },
        body: JSON.stringify(fake.pending()[0]),
      });
      expect(status).toBe(503);
    }

    // Named as before, nothing of it is lost.
    const shown = lan.shown().length;
    const back = await house('default', mode);
    await until(() => lan.shown().length > shown);
    expect(back.logged.join()).not.toContain('renamed');

    const meant = await house('phuong-mau', mode, { TELEGRAM_BOT_CONFIRMED: '110201543' });
    lan.start();
    const then = lan.shown().length;
    await until(() => lan.shown().length > then);
    expect(meant.logged.join()).not.toContain('renamed');
    await fake.idle();
    // From then on that is its name.
    await house('phuong-mau', mode);
    const last = lan.shown().length;
    lan.text('khai sinh');
    await until(() => lan.shown().length > last);
  },
  40_000,
);

it('words of an account that is not set up are told of once, and taken back after a day', async () => {
  const { telegram, logged } = openTelegram(fake, 'polling');
  const address = { channel: 'telegram', account: 'cu', chat: '42' };
  const said = (at: number) =>
    telegram.channel.send(address, [{ seq: 1, at, text: 'Chào', buttons: [] }], Date.now() + 5_000);
  const later = { later: { sentUpTo: 0, waitMs: 300_000 } };
  expect([await said(Date.now()), await said(Date.now() - 86_000_000)]).toEqual([later, later]);
  expect(await said(Date.now() - 86_500_000)).toEqual({ unreachable: { sentUpTo: 0 } });
  expect(logged).toEqual(['"warn" "telegram-account-missing" {"account":"cu"}']);
  await telegram.close();
});
