/** What Telegram must know of a bot: where to call, with which secret, and its commands. It may forget, or somebody else may tell it otherwise. */
import { openBotApi } from '../../src/channels/telegram/bot-api';
import { webhookSetting } from '../../src/channels/telegram/webhook-setting';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { openTelegramHouse, SECRET, until, type TelegramHouse } from './telegram-house';
import { openTelegram } from './telegram-open';

let fake: FakeTelegram;
let ending: AbortController;
let open: TelegramHouse | null = null;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
  ending = new AbortController();
});
afterEach(async () => {
  ending.abort();
  await open?.close();
  open = null;
  await fake.close();
});

const count = (name: string) => fake.calls.filter(({ method }) => method === name).length;

function setting(everyMs: number) {
  const logged: unknown[] = [];
  const note = (...what: unknown[]) => void logged.push(what);
  const log = { info: note, warn: note, error: note };
  const api = openBotApi({ token: TOKEN, apiRoot: fake.url });
  const deps = { account: 'default', api, url: 'http://127.0.0.1:1/x', secret: SECRET, log, everyMs };
  return { logged, made: webhookSetting({ ...deps, clock: Date.now }, ending.signal) };
}

it('a webhook that stands is looked after, and not set again', async () => {
  void setting(20).made.keep();
  await until(() => count('getWebhookInfo') >= 5);
  expect(count('setWebhook')).toBe(1);
  fake.setWebhook({ url: 'http://127.0.0.1:1/theirs' });
  await until(() => fake.webhook()?.url === 'http://127.0.0.1:1/x');
});

it('why Telegram’s calls fail is logged, once', async () => {
  const { made, logged } = setting(20);
  void made.keep();
  await until(() => fake.webhook() !== null);
  fake.citizen().text('Nguyễn Văn An');
  await until(() => JSON.stringify(logged).includes('telegram-webhook-failing'));
  fake.hold();
  const lines = () => logged.filter((line) => JSON.stringify(line).includes('failing')).length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = [lines(), count('getWebhookInfo')] as const;
  await until(() => count('getWebhookInfo') >= before[1] + 5);
  // Telegram tells the second of a failure.
  expect(lines() - before[0]).toBeLessThanOrEqual(1);
  expect(JSON.stringify(logged)).not.toContain('Nguyễn');
});

it('another secret at our address is found out, and ours is set again', async () => {
  open = await openTelegramHouse(fake, { env: { TELEGRAM_MODE: 'webhook' } });
  await until(() => fake.webhook() !== null);
  const { url } = fake.webhook()!;
  fake.setWebhook({ url, secret: 'theirs', allowed: fake.webhook()?.allowed ?? null });
  const lan = fake.citizen();
  lan.text('xin chào');
  await until(() => fake.webhook()?.secret === SECRET, 20_000);
  await fake.idle();
  await until(() => lan.shown().length > 0);
  expect(open.logged.join()).toContain('telegram-webhook-wrong-secret {"account":"default","times":5}');
}, 30_000);

it('a stranger who knocks now and then, or without end, moves nothing', async () => {
  const { made } = setting(60_000);
  void made.keep();
  await until(() => count('setWebhook') === 1);
  for (let i = 0; i < 20; i++) made.called(i % 5 === 4 ? 'right' : 'wrong');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(count('setWebhook')).toBe(1);
  for (let i = 0; i < 100; i++) made.called('wrong');
  await until(() => count('setWebhook') === 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(count('setWebhook')).toBe(2);
});

it('commands are told again until Telegram has them', async () => {
  fake.fail({ with: '502', method: 'setMyCommands', times: 1 });
  const { telegram, logged } = openTelegram(fake, 'polling');
  telegram.start('http://127.0.0.1:1');
  await until(() => count('setMyCommands') === 4);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(count('setMyCommands')).toBe(4);
  expect(logged.join()).toContain('telegram-commands-refused');
  await telegram.close();
});

describe('Telegram’s reason is logged', () => {
  const refusal = (why: string) => ({
    ...{ status: 400, times: 1 },
    body: JSON.stringify({ ok: false, error_code: 400, description: `Bad Request: ${why}` }),
  });

  it('of a webhook that it refuses, without a secret', async () => {
    const why = `bad webhook: only on port 443 (${SECRET}, /bot${TOKEN}/)`;
    fake.fail({ ...refusal(why), with: 'answer', method: 'setWebhook' });
    const { made, logged } = setting(20);
    void made.keep();
    await until(() => fake.webhook() !== null);
    expect(JSON.stringify(logged)).toContain('Bad Request: bad webhook: only on port 443 (…, /bot…/)');
    expect(JSON.stringify(logged)).not.toContain(TOKEN.split(':')[1]);
  });

  it('of commands that it refuses', async () => {
    fake.fail({ ...refusal('BOT_COMMAND_INVALID'), with: 'answer', method: 'setMyCommands' });
    const { telegram, logged } = openTelegram(fake, 'polling');
    telegram.start('http://127.0.0.1:1');
    await until(() => count('setMyCommands') === 4);
    expect(logged.join()).toContain('"code":400,"why":"Bad Request: BOT_COMMAND_INVALID"');
    await telegram.close();
  });
});
