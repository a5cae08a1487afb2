/** The fake's deliveries keep Telegram's order and patience. Times are scaled: one Telegram second is a few real milliseconds. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  startFakeTelegram,
  TOKEN,
  type FakeOptions,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { openHook, type Hook } from './bot-ends';

const SECRET = 'a-secret_of-32-letters-or-more-00';
let hook: Hook;
let fake: FakeTelegram;

async function start(options: FakeOptions = {}): Promise<void> {
  hook = await openHook();
  fake = await startFakeTelegram({ scale: 100, ...options });
  fake.setWebhook({ url: hook.url, secret: SECRET });
}
afterEach(async () => {
  await fake.close();
  await hook.close();
});

const texts = (): readonly (string | undefined)[] => hook.came.map(({ update }) => update.message?.text);
const until = async (done: () => boolean, ms = 15_000): Promise<void> => {
  for (const end = Date.now() + ms; !done();) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms; came: ${texts().join(', ')}`);
    await sleep(2);
  }
};

it('sends each update once, with the secret, numbered in sequence', async () => {
  await start();
  const lan = fake.citizen();
  const sent = [lan.start('kt18'), lan.text('một'), lan.text('hai')];
  await fake.idle();
  expect(hook.came.map(({ update }) => update)).toEqual(sent);
  expect(hook.came.map(({ update }) => update.update_id - sent[0]!.update_id)).toEqual([0, 1, 2]);
  expect(hook.came.every(({ headers }) => headers['x-telegram-bot-api-secret-token'] === SECRET)).toBe(true);
  expect(sent[0]!.message).toMatchObject({
    text: '/start kt18',
    entities: [{ type: 'bot_command', length: 6 }],
  });
  expect(fake.deliveries.map(({ outcome, attempts }) => [outcome, attempts.length])).toEqual(
    Array(3).fill(['taken', 1]),
  );
});

it('holds a chat back until its message got a 2xx, and no other chat', async () => {
  await start();
  const [lan, minh] = [fake.citizen(), fake.citizen()];
  let free = (): void => undefined;
  hook.answer((update, response) => {
    if (update.message?.text === 'một') free = () => void response.end();
    else response.end();
  });
  lan.text('một');
  lan.text('hai');
  minh.text('ba');
  await until(() => hook.came.length === 2);
  await sleep(50);
  expect(texts()).toEqual(['một', 'ba']);
  free();
  await fake.idle();
  expect(texts()).toEqual(['một', 'ba', 'hai']);
});

it('lets a tap overtake a message that is not answered, and queues taps of one citizen', async () => {
  await start();
  const lan = fake.citizen();
  const held: (() => void)[] = [];
  hook.answer((update, response) => {
    if (update.message === undefined && held.length > 0) response.end();
    else held.push(() => response.end());
  });
  lan.text('chậm');
  await until(() => held.length === 1);
  lan.press({ message: 1, data: 'a' });
  lan.press({ message: 1, data: 'b' });
  await until(() => hook.came.length === 3);
  expect(hook.came.map(({ update }) => update.callback_query?.data)).toEqual([undefined, 'a', 'b']);
  held.forEach((free) => free());
  await fake.idle();
});

it('tries again at once, then after 2, 4, 8 … seconds', async () => {
  await start({ scale: 20 });
  hook.answer((_update, response, number) => response.writeHead(number <= 5 ? 500 : 200).end());
  fake.citizen().text('một');
  await fake.idle();
  const waits = hook.came.slice(1).map(({ at }, index) => (at - hook.came[index]!.at) / 50);
  expect(waits).toHaveLength(5);
  expect(waits[0]).toBeLessThan(2);
  [2, 4, 8, 16].forEach((seconds, index) => {
    expect(waits[index + 1]).toBeGreaterThanOrEqual(seconds - 0.1);
    expect(waits[index + 1]).toBeLessThan(seconds * 2 + 8);
  });
  expect(fake.deliveries[0]!.attempts.map(({ status }) => status)).toEqual([500, 500, 500, 500, 500, 200]);
});

it('never waits longer than a cap between 60 and 120 seconds', async () => {
  await start({ scale: 10_000 });
  hook.answer((_update, response, number) => response.writeHead(number <= 30 ? 503 : 200).end());
  fake.citizen().text('một');
  await fake.idle();
  expect(hook.came).toHaveLength(31);
  const spent = (hook.came.at(-1)!.at - hook.came[0]!.at) * 10;
  // 24 waits at the cap: below 24 x 120 s, plus what the machine takes.
  expect(spent).toBeGreaterThan(24 * 60);
});

it('obeys Retry-After, also before the first retry', async () => {
  await start();
  hook.answer((_update, response, number) => {
    if (number === 1) response.writeHead(429, { 'Retry-After': '30' }).end();
    else response.end();
  });
  fake.citizen().text('một');
  await fake.idle();
  expect(hook.came[1]!.at - hook.came[0]!.at).toBeGreaterThanOrEqual(298);
});

it('gives a tap up after 150 seconds, and a message only after 24 hours', async () => {
  await start({ scale: 2000 });
  const lan = fake.citizen();
  hook.answer((_update, response) => response.writeHead(500).end());
  lan.press({ message: 1, data: 'a' });
  lan.text('một');
  await until(() => fake.deliveries[0]!.outcome === 'expired');
  expect(fake.deliveries[1]!.outcome).toBe('pending');
  hook.answer((_update, response) => response.end());
  await fake.idle();
  expect(fake.deliveries[1]!.outcome).toBe('taken');
});

it('gives a message up after 24 hours, then sends the next', async () => {
  await start({ scale: 200_000, floorMs: 50 });
  const lan = fake.citizen();
  hook.answer((update, response) => response.writeHead(update.message?.text === 'một' ? 500 : 200).end());
  lan.text('một');
  await until(() => hook.came.length > 1);
  const next = lan.text('hai');
  await fake.idle();
  expect(fake.deliveries.map(({ outcome }) => outcome)).toEqual(['expired', 'taken']);
  expect(hook.came.at(-1)!.update).toEqual(next);
});

it('sends an update again that got no answer in 60 seconds', async () => {
  await start({ scale: 500 });
  hook.answer((_update, response, number) => {
    if (number > 1) response.end();
  });
  fake.citizen().text('một');
  await fake.idle();
  expect(hook.came).toHaveLength(2);
  expect(fake.deliveries[0]!.attempts[0]).toMatchObject({ status: null, error: 'Read timeout expired' });
});

it('keeps max_connections', async () => {
  await start();
  fake.setWebhook({ url: hook.url, maxConnections: 3 });
  let open = 0;
  let most = 0;
  hook.answer((_update, response) => {
    most = Math.max(most, (open += 1));
    setTimeout(() => {
      open -= 1;
      response.end();
    }, 5);
  });
  for (let chat = 1; chat <= 20; chat += 1) fake.citizen({ id: chat }).text('một');
  await fake.idle();
  expect([hook.came.length, most]).toEqual([20, 3]);
});

it('notes a method in the body of a 2xx, and does not carry it out', async () => {
  await start();
  const lan = fake.citizen();
  const reply = { method: 'sendMessage', chat_id: lan.chatId, text: 'chào' };
  hook.answer((_update, response) => response.end(JSON.stringify(reply)));
  lan.text('một');
  await fake.idle();
  expect(fake.calls).toMatchObject([{ method: 'sendMessage', chat: lan.chatId, webhookReply: true }]);
  expect(lan.shown()).toEqual([]);
});

it('redelivers, forges and holds at a word', async () => {
  await start({ autoDeliver: false });
  const update = fake.citizen().text('một');
  await sleep(30);
  expect(hook.came).toEqual([]);
  expect(fake.pending()).toEqual([update]);
  fake.release();
  await fake.idle();
  expect((await fake.redeliver(update))?.status).toBe(200);
  await fake.deliverRaw({ update_id: 5 }, { secret: 'wrong' });
  await fake.deliverRaw('{"update_id":6}', { secret: null });
  expect(
    hook.came.map((one) => [one.update.update_id, one.headers['x-telegram-bot-api-secret-token']]),
  ).toEqual([
    [update.update_id, SECRET],
    [update.update_id, SECRET],
    [5, 'wrong'],
    [6, undefined],
  ]);
  const { url, headers, body } = fake.requestOf(update);
  await fetch(url, { method: 'POST', headers: { ...headers, Host: '' }, body });
  expect(hook.came.at(-1)!.update).toEqual(update);
});

it('survives a webhook that closes connections or is away', async () => {
  await start();
  hook.answer((_update, response, number) => (number < 3 ? response.destroy() : response.end()));
  fake.citizen().text('một');
  await fake.idle();
  expect(fake.deliveries[0]!.attempts.map(({ status }) => status)).toEqual([null, null, 200]);
  expect(fake.webhook(TOKEN)?.secret).toBe(SECRET);
});
