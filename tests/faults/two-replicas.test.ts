/**
 * Two webs, two workers and one chat: 100 updates at once, every other one to each of them, and 20 of them once more to the other.
 * Each counts once, and replies come in the order of commits. STORM_MUTATE breaks the engine, and the test must fail.
 */
import { Agent, request } from 'node:http';
import type { ConversationState } from '../../src/ports/store';
import { EXTRACT } from '../app/rig';
import {
  startFakeTelegram,
  TOKEN,
  type FakeTelegram,
  type Update,
} from '../servers/fake-telegram/fake-telegram';
import { newDataKeys, openFleet, type Fleet } from '../servers/fleet';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { openRedisServer, redisHere, type RedisServer } from '../servers/redis-server';
import { openOnMongo, type OpenedHouse } from './storm-house';
import { pause } from './storm-http';

const MANY = 100;
const SECRET = 'replicas-'.padEnd(40, 's');
/** What a busy house answers 503 comes again, as Telegram's updates do: so soon, and for so long, ms. */
const AGAIN_MS = 200;
const PATIENCE_MS = 60_000;

const here = mongoHere && redisHere;
const database = newDatabase();
const mutate = process.env['STORM_MUTATE'];
let mongo: MongoServer;
let redis: RedisServer;
let fake: FakeTelegram;
let fleet: Fleet;
let opened: OpenedHouse | undefined;

beforeAll(async () => {
  if (!here) return;
  [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  fake = await startFakeTelegram({ autoDeliver: false });
  const urls = { mongoUrl: `${mongo.url}/${database}`, redisUrl: redis.url };
  const dataKeys = newDataKeys();
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: fake.url,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    ...(mutate === undefined ? {} : { MUTATE: mutate }),
  };
  fleet = await openFleet({ webs: 2, workers: 2, ...urls, dataKeys, env });
  await fleet.start();
  fake.setWebhook({ url: `${fleet.door.url}/webhooks/telegram`, secret: SECRET });
  opened = await openOnMongo(urls.mongoUrl, dataKeys);
}, 120_000);
afterAll(async () => {
  if (!here) return;
  await opened?.close();
  await fleet.stop();
  await fake.close();
  await dropDatabase(mongo.url, database);
  await Promise.all([mongo.close(), redis.close()]);
}, 60_000);

interface Posted {
  readonly update: Update;
  /** 0 or 1. */
  readonly replica: number;
}

const lines = new Agent({ keepAlive: true });

function post({ update, replica }: Posted): Promise<number> {
  const { url, headers, body } = fake.requestOf(update);
  const { pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const to = `${fleet.members[replica]?.url() ?? ''}${pathname}`;
    const sent = request(to, { method: 'POST', agent: lines, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** All at once; each comes again while it is answered 503. Their last statuses. */
const rush = (all: readonly Posted[]): Promise<readonly number[]> =>
  Promise.all(
    all.map(async (one) => {
      const end = Date.now() + PATIENCE_MS;
      let status = await post(one);
      while (status === 503 && Date.now() < end) {
        await pause(AGAIN_MS);
        status = await post(one);
      }
      return status;
    }),
  );

async function stateOf(chat: string): Promise<ConversationState> {
  const state = await opened?.store.conversations.find({ channel: 'telegram', account: 'default', chat });
  if (!state) throw new Error('there is no talk');
  return state;
}

/** All that was to be said is said. */
async function quiet(chat: string): Promise<void> {
  for (const end = Date.now() + 30_000; ;) {
    const { doc, sentUpTo } = await stateOf(chat);
    if (doc.says.every(({ seq }) => seq <= sentUpTo)) return;
    if (Date.now() > end) throw new Error('waited in vain');
    await pause(20);
  }
}

const numbersOf = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.replaceAll(' ', '').match(/thành“?(\d{10})/)?.[1] ?? []);

const one = here ? it : it.skip;
one(
  'two replicas, one chat: every update counts once, and what is shown is in the order of commits',
  async () => {
    const lan = fake.citizen();
    const chat = String(lan.chatId);
    for (const [n, words] of EXTRACT.entries()) {
      expect(await rush([{ update: lan.text(words), replica: n % 2 }])).toEqual([200]);
      await quiet(chat);
    }
    const before = { shown: lan.shown().length, ...(await stateOf(chat)) };

    const numbers = Array.from({ length: MANY }, (_, n) => `09887766${String(n).padStart(2, '0')}`);
    const once = numbers.map((number, n) => ({
      update: lan.text(`sửa số điện thoại thành ${number}`),
      replica: n % 2,
    }));
    const again = once
      .filter((_, n) => n % 5 === 0)
      .map(({ update, replica }) => ({ update, replica: 1 - replica }));
    const all = [...once, ...again];
    expect(await rush(all)).toEqual(all.map(() => 200));
    await quiet(chat);

    const { doc, revision } = await stateOf(chat);
    expect(revision - before.revision).toBe(MANY);
    const rows = (await opened?.store.transcripts.read(doc.id, before.doc.nextSeq - 1, 10_000)) ?? [];
    const of = (side: string) =>
      numbersOf(rows.filter((row) => row.side === side).map(({ message }) => message.text));
    const shown = numbersOf(
      lan
        .shown()
        .slice(before.shown)
        .map(({ text }) => text),
    );
    expect([...of('citizen')].sort()).toEqual(numbers);
    expect(of('bot')).toEqual(of('citizen'));
    expect(shown).toEqual(of('citizen'));
  },
  240_000,
);
