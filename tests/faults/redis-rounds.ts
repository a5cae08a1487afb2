/** Rounds of trouble with Redis, while citizens file over Telegram at a house of many processes: what was lost, doubled or late. */
import { startFakeAgency, type FakeAgency } from '../servers/fake-agency';
import {
  startFakeTelegram,
  TOKEN,
  type Delivery,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { newDataKeys, openFleet, type Fleet } from '../servers/fleet';
import { dropDatabase, newDatabase, openMongoServer } from '../servers/mongo-server';
import { openRedisServer, type RedisServer } from '../servers/redis-server';
import { makeTrouble, TROUBLES, type Trouble } from './redis-troubles';
import type { StormReport } from './storm';
import { openOnMongo } from './storm-house';
import { closeAgent, pause } from './storm-http';
import { telegramProblems } from './telegram-checks';
import { openTelegramCitizen, planOf, type TelegramCitizen } from './telegram-citizen';
import { WEBHOOK_SECRET } from './telegram-storm';
import { seeded } from '../servers/seeded';

export interface RedisRoundsOptions {
  /** Troubles, each sort in its turn. */
  readonly rounds: number;
  /** Who come in each round. */
  readonly citizens: number;
  readonly seed: number;
  /** How long Redis is away, where it is away for long. */
  readonly awayMs?: number;
}

const AWAY_MS = 30_000;
/** After a trouble everything is at its end within this time. */
const CAUGHT_UP_MS = 60_000;
/** So long a webhook may wait for its answer, whatever Redis does. */
const ANSWER_MS = 2_000;
/** All of a round come within this time, half of it before its trouble begins. */
const COMING_MS = 3_000;
const AGENCY_SECRET = 'một bí mật dùng chung đủ dài';

interface Scene {
  readonly telegram: FakeTelegram;
  readonly agency: FakeAgency;
  readonly redis: RedisServer;
  readonly fleet: Fleet;
  readonly citizens: TelegramCitizen[];
}

export async function redisRounds(options: RedisRoundsOptions): Promise<StormReport> {
  const [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  const telegram = await startFakeTelegram({ scale: 20, keep: 10_000_000 });
  const agency = await startFakeAgency({ secret: AGENCY_SECRET });
  const database = newDatabase();
  const [mongoUrl, dataKeys] = [`${mongo.url}/${database}`, newDataKeys()];
  const env = ({ number }: { readonly number: number }) => ({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: `${telegram.url}/via-${number}`,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    AGENCY_URL: agency.url,
    AGENCY_SECRET,
  });
  const fleet = await openFleet({ webs: 2, workers: 2, mongoUrl, redisUrl: redis.url, dataKeys, env });
  const scene: Scene = { telegram, agency, redis, fleet, citizens: [] };
  try {
    await fleet.start();
    const rounds = await play(options, scene);
    await telegram.idle(20_000).catch(() => undefined);
    await fleet.stop();
    return await reportOf(scene, rounds, () => openOnMongo(mongoUrl, dataKeys));
  } finally {
    scene.citizens.forEach((citizen) => citizen.stop());
    await fleet.kill();
    await Promise.all([telegram.close(), agency.close(), redis.close()]);
    await dropDatabase(mongo.url, database);
    await mongo.close();
    closeAgent();
  }
}

/** One round, as it was seen. */
interface Round {
  readonly trouble: Trouble;
  /** When its citizens began to come, ms epoch. */
  readonly from: number;
  /** From the trouble's end until everyone who came had a code and nothing was due, ms; null: that never was. */
  readonly caughtUpMs: number | null;
}

async function play(
  { rounds, citizens, seed, awayMs = AWAY_MS }: RedisRoundsOptions,
  scene: Scene,
): Promise<readonly Round[]> {
  const roll = seeded(seed);
  const played: Round[] = [];
  // The first files in peace: whatever is read once is read then.
  await come(scene, 1, roll);
  await caughtUp(scene, Date.now());
  for (let round = 0; round < rounds; round += 1) {
    const trouble = TROUBLES[round % TROUBLES.length] ?? 'flush';
    const from = Date.now();
    const coming = come(scene, citizens, roll);
    await pause(COMING_MS / 2);
    await makeTrouble(trouble, scene.redis, awayMs);
    const end = Date.now();
    await coming;
    played.push({ trouble, from, caughtUpMs: (await caughtUp(scene, end)) ? Date.now() - end : null });
  }
  return played;
}

/** One after another, so that a trouble finds some at every step. */
async function come({ telegram, citizens }: Scene, count: number, roll: () => number): Promise<void> {
  const deliveryOf = ({ update_id: id }: { readonly update_id: number }): Delivery | undefined =>
    telegram.deliveries.findLast(({ update }) => update.update_id === id);
  for (let n = 0; n < count; n += 1) {
    const plan = await planOf(citizens.length, roll);
    const phone = telegram.citizen({ id: 7_000_000 + citizens.length });
    const citizen = openTelegramCitizen(plan, { phone, deliveryOf, tell: () => undefined });
    citizens.push(citizen);
    void citizen.file();
    await pause(COMING_MS / count);
  }
}

async function unfinished({ members }: Fleet): Promise<number> {
  const answer = await fetch(`${members.at(-1)?.url() ?? ''}/measure`);
  const { toDeliver, due } = (await answer.json()) as { readonly toDeliver: number; readonly due: number };
  return toDeliver + due;
}

async function caughtUp({ citizens, fleet }: Scene, from: number): Promise<boolean> {
  // Twice as long as it may take, so that late is told from never.
  while (Date.now() < from + 2 * CAUGHT_UP_MS) {
    if (citizens.every((citizen) => citizen.isDone()) && (await unfinished(fleet)) === 0) return true;
    await pause(100);
  }
  return false;
}

const lateIn = ({ trouble, caughtUpMs }: Round, n: number): readonly string[] =>
  caughtUpMs !== null && caughtUpMs <= CAUGHT_UP_MS
    ? []
    : [`round ${n + 1} (${trouble}): ${caughtUpMs === null ? 'never' : `${caughtUpMs} ms until`} caught up`];

/** No process died: nothing may be said twice; and that Redis is away may be logged. */
async function reportOf(
  { telegram, agency, fleet, citizens }: Scene,
  rounds: readonly Round[],
  open: () => ReturnType<typeof openOnMongo>,
): Promise<StormReport> {
  const attempts = telegram.deliveries
    .flatMap((one) => one.attempts)
    .filter(({ at }) => at >= (rounds[0]?.from ?? 0));
  const longestMs = Math.round(Math.max(...attempts.map(({ ms }) => ms)));
  const unanswered = attempts.filter(({ status }) => status === null).length;
  const house = { open, mayFollow: () => false, mortals: [{ server: { printed: () => logOf(fleet) } }] };
  const problems = [
    ...rounds.flatMap(lateIn),
    ...(longestMs < ANSWER_MS ? [] : [`a webhook waited ${longestMs} ms for its answer`]),
    ...(unanswered === 0 ? [] : [`${unanswered} webhooks were not answered`]),
    ...(await telegramProblems({ telegram, agency, citizens, house })),
  ];
  const figures = {
    ...{ rounds: rounds.length, citizens: citizens.length, updates: telegram.deliveries.length, longestMs },
    refused: attempts.filter(({ status }) => status !== 200).length,
    ...Object.fromEntries(TROUBLES.map((trouble) => [`${trouble} caughtUpMs`, slowestOf(trouble, rounds)])),
  };
  return { problems, figures };
}

const slowestOf = (trouble: Trouble, rounds: readonly Round[]): number =>
  Math.max(0, ...rounds.flatMap((one) => (one.trouble === trouble ? (one.caughtUpMs ?? Infinity) : [])));

/** With what is said of Redis as a warning. */
const logOf = (fleet: Fleet): string =>
  fleet.printed().replaceAll(/"level":50(?=.*"msg":"effect-failed")/g, '"level":40');
