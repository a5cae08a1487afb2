/**
 * A Bot API server that behaves like Telegram's, for tests, benchmarks and development. Sections (C1, C2 …) in comments
 * are those of the project's reference on channels, which cites core.telegram.org/bots and the official server's source.
 *
 * ```ts
 * const fake = await startFakeTelegram({ scale: 100 });
 * const bot = new Telegram(TOKEN, { apiRoot: fake.url });       // polling works; or, for a webhook:
 * await bot.setWebhook('http://127.0.0.1:8080/webhook/telegram', { secret_token: 's'.repeat(32) });
 * const lan = fake.citizen({ firstName: 'Lan' });
 * lan.start('kt18');                                            // an update, on its way to the bot
 * const question = await lan.waitForText('họ và tên');          // what the bot answered, as read
 * lan.press('Đúng');                                            // by label or by data
 * expect(fake.calls.filter(({ method }) => method === 'answerCallbackQuery')).toHaveLength(1);
 * fake.fail({ with: '429', method: 'sendMessage', chat: lan.chatId, times: 2, retryAfter: 1 });
 * await fake.idle();                                            // nothing on the way any more
 * await fake.close();
 * ```
 */
import { createServer, type Server } from 'node:http';
import { makeCitizen, type Citizen, type CitizenOptions } from './citizen';
import { headersOf, makeCourier, type Answer, type Courier } from './delivery';
import { makeFaults, makeFloodControl, type FaultHandle, type FaultRule } from './faults';
import type { Call, Delivery } from './ledger';
import { serve } from './serve';
import type { Update } from './wire';
import { makeWorld, TOKEN, type Bot, type FakeOptions, type Webhook, type World } from './world';
import { waitUntil } from './shown';

export { TOKEN, type BotAccount, type FakeOptions, type Toast, type Webhook } from './world';
export { FAULTS, type Fault, type FaultHandle, type FaultRule } from './faults';
export { asShown, parseHtml, type Parsed } from './html';
export { asLine, type Shown, type ShownButton, type ShownFile } from './shown';
export type { Citizen, CitizenOptions, Group, Place, Press } from './citizen';
export type { Answer } from './delivery';
export type { Attempt, Call, Delivery } from './ledger';
export type { CallbackQuery, Entity, Message, Update, UpdateKind, User } from './wire';

/** Where an update goes: for tests that send it over connections of their own. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawOptions {
  /** Token. Default: the first bot. */
  readonly bot?: string;
  /** null: no secret header. Default: the right one. */
  readonly secret?: string | null;
}

export interface FakeTelegram {
  /** `TELEGRAM_API_ROOT`: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Every call of the API, in the order of arrival; empty in stub mode. */
  readonly calls: readonly Call[];
  /** Every update that set out, in order. */
  readonly deliveries: readonly Delivery[];
  /** Calls by method; counted in stub mode too. */
  readonly counters: ReadonlyMap<string, number>;
  /** A person with a phone. `bot` is a token; default the first. The same id is the same person. */
  citizen(options?: CitizenOptions & { readonly bot?: string }): Citizen;
  /** Adds a fault; the oldest rule that matches wins. */
  fail(rule: FaultRule): FaultHandle;
  /** Removes all faults. */
  heal(): void;
  /** The same update once more: posted at once beside all queues; in polling mode the next poll returns it too. */
  redeliver(update: Update, bot?: string): Promise<Answer | null>;
  /** Any body to the webhook, with any secret. @throws Error without a webhook */
  deliverRaw(body: string | object, options?: RawOptions): Promise<Answer>;
  /** What a delivery of this update looks like. @throws Error without a webhook */
  requestOf(update: Update | object, options?: RawOptions): WebhookRequest;
  /** Updates wait; those already sent are not called back. */
  hold(): void;
  release(): void;
  /** Updates still on the way. */
  pending(bot?: string): readonly Update[];
  /** Resolves when nothing is on the way (taken, expired or dropped). Default 10,000 ms. @throws Error after that */
  idle(ms?: number): Promise<void>;
  webhook(bot?: string): Webhook | null;
  /** Sets a webhook without a call of the API. */
  setWebhook(webhook: Partial<Webhook> & { readonly url: string }, bot?: string): void;
  close(): Promise<void>;
}

/** A poll that waits looks again. */
function wake(bot: Bot): void {
  const [first] = bot.pending.values();
  if (first !== undefined) for (const tell of bot.polls) tell();
}

interface Running {
  readonly world: World;
  readonly couriers: ReadonlyMap<Bot, Courier>;
  botOf(token?: string): Bot;
}

function start(options: FakeOptions): Running {
  const world = makeWorld(options);
  const couriers = new Map([...world.bots.values()].map((bot) => [bot, makeCourier(world, bot)]));
  const [first = TOKEN] = world.bots.keys();
  return {
    world,
    couriers,
    botOf(token = first) {
      const bot = world.bots.get(token);
      if (bot === undefined) throw new Error(`the fake has no bot ${token}`);
      return bot;
    },
  };
}

function webhookOf(bot: Bot): Webhook {
  if (bot.webhook === null) throw new Error('this bot has no webhook');
  return bot.webhook;
}

const asBody = (body: string | object): string => (typeof body === 'string' ? body : JSON.stringify(body));

type ByHand = Pick<FakeTelegram, 'redeliver' | 'deliverRaw' | 'requestOf' | 'setWebhook'>;

function byHand({ couriers, botOf }: Running): ByHand {
  return {
    async redeliver(update, token) {
      const bot = botOf(token);
      const found = bot.pending.get(update.update_id);
      if (bot.webhook !== null) {
        return (await couriers.get(bot)?.post(bot.webhook, JSON.stringify(update))) ?? null;
      }
      const delivery: Delivery = {
        bot: bot.token,
        update,
        kind: 'message',
        attempts: [],
        outcome: 'pending',
      };
      const pending = found ?? { update, queue: '', until: Infinity, delivery, again: true };
      pending.again = true;
      bot.pending.set(update.update_id, pending);
      wake(bot);
      return null;
    },
    async deliverRaw(body, { bot: token, secret } = {}) {
      const bot = botOf(token);
      const courier = couriers.get(bot) as Courier;
      return courier.post(webhookOf(bot), asBody(body), secret);
    },
    requestOf(update, { bot: token, secret } = {}) {
      const webhook = webhookOf(botOf(token));
      const body = asBody(update);
      const headers = headersOf(webhook, body, secret === undefined ? webhook.secret : secret);
      return { url: webhook.url, headers, body };
    },
    setWebhook({ url, secret = '', maxConnections = 40, allowed = null }, token) {
      const bot = botOf(token);
      bot.webhook = { url, secret, maxConnections, allowed };
      couriers.get(bot)?.pump();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', done);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function shut(server: Server, couriers: Iterable<Courier>): Promise<void> {
  for (const courier of couriers) courier.close();
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

/** Starts one server for one or more bots; nothing outlives `close`. */
export async function startFakeTelegram(options: FakeOptions = {}): Promise<FakeTelegram> {
  const running = start(options);
  const { world, couriers, botOf } = running;
  const faults = makeFaults();
  const flood = makeFloodControl(world);
  const pump = (): void => couriers.forEach((courier) => courier.pump());
  const desk = { world, faults, flood, webhookChanged: pump };
  const server = createServer((request, response) => serve(desk, request, response));
  const port = await listen(server, options.port ?? 0);
  const onTheWay = (): readonly Update[] =>
    [...world.bots.values()].flatMap((bot) => [...bot.pending.values()].map(({ update }) => update));
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls: world.calls,
    deliveries: world.deliveries,
    counters: world.counters,
    citizen: ({ bot, ...person } = {}) => makeCitizen(world, botOf(bot), person),
    fail: faults.add,
    heal: faults.clear,
    ...byHand(running),
    hold: () => void (world.held = true),
    release() {
      world.held = false;
      pump();
      world.bots.forEach(wake);
    },
    pending: (token) => [...botOf(token).pending.values()].map(({ update }) => update),
    async idle(ms = 10_000) {
      const none = (): boolean => [...world.bots.values()].every(({ pending }) => pending.size === 0);
      const still = (): string =>
        `on the way: ${onTheWay()
          .map((update) => update.update_id)
          .join(', ')}`;
      await waitUntil(world, world, none, ms, still);
    },
    webhook: (token) => botOf(token).webhook,
    close: () => shut(server, couriers.values()),
  };
}
