/** 100 updates of one chat at once, over two connections: each counts once, and replies come in the order of commits. */
import { Agent, createServer, request, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { session, Telegraf, type Context } from 'telegraf';
import { message } from 'telegraf/filters';
import { loadConfig } from '../../src/config';
import { openMessengers } from '../../src/house/channels';
import { EXTRACT, openRig, root } from '../app/rig';
import {
  startFakeTelegram,
  TOKEN,
  type FakeTelegram,
  type Update,
} from '../servers/fake-telegram/fake-telegram';

jest.setTimeout(60_000);

const MANY = 100;
const SECRET = 'race-'.padEnd(40, 's');
const PATH = '/webhooks/telegram';

let fake: FakeTelegram;
let server: Server;
beforeEach(async () => void (fake = await startFakeTelegram({ autoDeliver: false })));
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await fake.close();
});

async function listen(listener: RequestListener): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.setWebhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    secret: SECRET,
  });
}

/** All of them at once, the even ones on one connection and the odd ones on the other; their statuses. */
async function rush(updates: readonly Update[]): Promise<readonly number[]> {
  const lines = [0, 1].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  const post = (update: Update, agent: Agent): Promise<number> => {
    const { url, headers, body } = fake.requestOf(update);
    return new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
  const statuses = await Promise.all(updates.map((update, n) => post(update, lines[n % 2]!)));
  lines.forEach((agent) => agent.destroy());
  return statuses;
}

const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 20_000; !(await holds());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

it('every update counts once, also those that come twice; what is shown is in the order of commits', async () => {
  const rig = await openRig(undefined, 10_000);
  const { house, universe } = rig;
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: fake.url,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PUBLIC_URL: 'https://mot-cua.example',
    DATA_DIR: rig.dataDir,
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const telegram = openMessengers({ house, universe, log, config: loadConfig(env, root) });
  await listen((incoming, answer) => void telegram.handle(incoming, answer));

  const lan = fake.citizen();
  const address = { channel: 'telegram', account: 'default', chat: String(lan.chatId) };
  const state = async () => (await house.store.conversations.find(address))!;
  const quiet = () =>
    eventually(async () => {
      const { doc, sentUpTo } = await state();
      return doc.says.every(({ seq }) => seq <= sentUpTo);
    });
  for (const one of EXTRACT) {
    await rush([lan.text(one)]);
    await quiet();
  }
  const before = { shown: lan.shown().length, ...(await state()) };

  const numbers = Array.from({ length: MANY }, (_, n) => `09887766${String(n).padStart(2, '0')}`);
  const updates = numbers.map((number) => lan.text(`sửa số điện thoại thành ${number}`));
  const twice = [...updates, ...updates.filter((_, n) => n % 5 === 0)];
  expect(await rush(twice)).toEqual(twice.map(() => 200));
  await quiet();

  const { doc, revision } = await state();
  expect(revision - before.revision).toBe(MANY);
  const rows = await house.store.transcripts.read(doc.id, before.doc.nextSeq - 1, 10_000);
  const numberIn = (text: string) => text.replaceAll(' ', '').match(/thành“?(\d{10})/)?.[1];
  const numbersOf = (texts: readonly string[]) => texts.flatMap((text) => numberIn(text) ?? []);
  const heard = numbersOf(rows.filter(({ side }) => side === 'citizen').map(({ message }) => message.text));
  const said = numbersOf(rows.filter(({ side }) => side === 'bot').map(({ message }) => message.text));
  const shown = numbersOf(
    lan
      .shown()
      .slice(before.shown)
      .map(({ text }) => text),
  );
  expect([...heard].sort()).toEqual(numbers);
  expect(said).toEqual(heard);
  expect(shown).toEqual(heard);
  await telegram.close();
  await rig.close();
});

/** The same rush on telegraf's own session, as its manual shows it: whoever reads before another has written forgets it. */
it('telegraf’s session loses updates in the same rush', async () => {
  interface Counting extends Context {
    session: { n: number };
  }
  const kept = new Map<string, string>();
  const slowly = () => new Promise((resolve) => setImmediate(resolve));
  const store = {
    // Any store that is not this process's own memory answers later, and in bytes.
    get: async (key: string) => (
      await slowly(),
      JSON.parse(kept.get(key) ?? 'null') as { n: number } | undefined
    ),
    set: async (key: string, value: { n: number }) => (
      await slowly(),
      void kept.set(key, JSON.stringify(value))
    ),
    delete: async (key: string) => (await slowly(), void kept.delete(key)),
  };
  const bot = new Telegraf<Counting>(TOKEN, { telegram: { apiRoot: fake.url, webhookReply: false } });
  bot.botInfo = {
    id: 1,
    is_bot: true,
    first_name: 'x',
    username: 'x',
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  };
  bot.use(session({ store, defaultSession: () => ({ n: 0 }) }));
  bot.on(message('text'), async (context) => {
    const { n } = context.session;
    await slowly();
    context.session.n = n + 1;
  });
  const callback = bot.webhookCallback(PATH, { secretToken: SECRET });
  await listen((incoming, answer) => void callback(incoming, answer));
  const lan = fake.citizen();
  const updates = Array.from({ length: MANY }, (_, n) => lan.text(`lời thứ ${n + 1}`));
  expect(await rush(updates)).toEqual(updates.map(() => 200));
  const counted = [...kept.values()].map((one) => (JSON.parse(one) as { n: number }).n);
  expect(counted).toHaveLength(1);
  expect(counted[0]).toBeLessThan(MANY);
});
