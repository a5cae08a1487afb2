/**
 * A storm over Telegram: citizens file with photos of their papers while the one server is killed again and again, at named
 * moments and at any. Telegram, the agency and the citizens live in this process, outlive every kill and keep the ledgers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeAgency, type FakeAgency } from '../servers/fake-agency';
import { DIED, POINTS, type Point } from '../servers/crash-points';
import {
  startFakeTelegram,
  TOKEN,
  type Delivery,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { dice, type StormReport } from './storm';
import { closeAgent, patience, pause } from './storm-http';
import { stormServer, type StormServer } from './storm-server';
import { telegramProblems } from './telegram-checks';
import { openTelegramCitizen, planOf, type Moment, type TelegramCitizen } from './telegram-citizen';

export interface TelegramStormOptions {
  readonly citizens: number;
  readonly kills: number;
  /** Same seed, same moments (as far as a machine allows). */
  readonly seed: number;
  /** An engine broken on purpose, see tests/servers/mutations. */
  readonly mutate?: string;
  /** After the last kill everyone must have their code within this time. */
  readonly quietMs?: number;
}

export const WEBHOOK_SECRET = 'một-bí-mật-không-ai-đoán-ra'.replaceAll(/[^\w-]/g, '_').padEnd(40, 'x');
const AGENCY_SECRET = 'một bí mật dùng chung đủ dài';
/** Telegram's patience, divided: a retry a minute or two apart comes after three to six. */
const SCALE = 20;
/** Longer than a claim of a delivery, than the wait after its first try, and than a half-written file is left. */
const AHEAD_MS = 2 * 3_600_000;

/** Passed by every message; the others are rarer. */
const OFTEN = new Set<Point>([
  'turn-unsaved',
  'turn-saved',
  'turn-answered',
  'words-claimed',
  'words-sent',
  'bell-rung',
]);

/** One life of the server, and its end: at a named moment, after something a citizen did, or at any time. */
interface Life {
  readonly env: Readonly<Record<string, string>>;
  readonly until: 'point' | Moment | 'any';
}

/** A moment that nobody died at yet comes first, another one each time. */
function pointFor(round: number, printed: string): Point {
  const hits = hitsOf(printed);
  const turned = POINTS.map((_, n) => POINTS[(n + round / 2) % POINTS.length] as Point);
  return turned.reduce((best, one) => ((hits.get(one) ?? 0) < (hits.get(best) ?? 0) ? one : best));
}

function lifeOf(round: number, roll: () => number, printed: string): Life {
  // The first life has nothing to die of yet.
  if (round === 0 || round % 2 === 1) {
    const until = (['any', 'pressing', 'photos', 'code'] as const)[Math.floor(roll() * 4)] ?? 'any';
    return { env: {}, until };
  }
  const point = pointFor(round, printed);
  const pass = 1 + Math.floor(roll() * (OFTEN.has(point) ? 8 : 2));
  return { env: { DIE_AT: `${point}:${pass}` }, until: 'point' };
}

type Ears = Set<(what: Moment) => void>;

async function strike(server: StormServer, ears: Ears, { until }: Life, roll: () => number): Promise<void> {
  if (until === 'point') await Promise.race([server.gone(), patience(6_000)]);
  else if (until === 'any') await pause(20 + roll() * 1_500);
  else {
    const heard = new Promise<void>((resolve) => {
      ears.add((what) => {
        if (what === until) resolve();
      });
    });
    await Promise.race([heard.then(() => pause(roll() * 150)), patience(2_500)]);
    ears.clear();
  }
  await server.kill();
}

/** A life that is to end at a named moment may end before it was ready: the last one left something to do. */
async function startLife(server: StormServer, { env }: Life): Promise<void> {
  try {
    await server.start(env);
  } catch (error) {
    if (Object.keys(env).length === 0) throw error;
  }
}

const AS_IT_IS: Life = { env: {}, until: 'any' };

export interface Scene {
  readonly telegram: FakeTelegram;
  readonly agency: FakeAgency;
  readonly server: StormServer;
  readonly dataDir: string;
  readonly citizens: readonly TelegramCitizen[];
  readonly kills: number;
}

export async function telegramStorm(options: TelegramStormOptions): Promise<StormReport> {
  const { mutate } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-storm-'));
  const telegram = await startFakeTelegram({ scale: SCALE, keep: 10_000_000 });
  const agency = await startFakeAgency({ secret: AGENCY_SECRET });
  // Each life calls by a way of its own: what it said is known as its own, however late it is heard.
  const server = stormServer(dataDir, (life) => ({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: `${telegram.url}/via-${life}`,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    PUBLIC_URL: 'http://127.0.0.1:0',
    AGENCY_URL: agency.url,
    AGENCY_SECRET,
    ...(mutate === undefined ? {} : { MUTATE: mutate }),
  }));
  const citizens: TelegramCitizen[] = [];
  try {
    return await rage(
      options,
      { telegram, agency, server, dataDir, citizens, kills: options.kills },
      citizens,
    );
  } finally {
    citizens.forEach((citizen) => citizen.stop());
    await server.kill();
    await Promise.all([telegram.close(), agency.close()]);
    closeAgent();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Deliveries by update, as the ledger grows. */
function deliveriesOf(
  telegram: FakeTelegram,
): (update: { readonly update_id: number }) => Delivery | undefined {
  const known = new Map<number, Delivery>();
  let read = 0;
  return ({ update_id: id }) => {
    for (; read < telegram.deliveries.length; read += 1) {
      const one = telegram.deliveries[read] as Delivery;
      known.set(one.update.update_id, one);
    }
    return known.get(id);
  };
}

async function rage(
  { citizens: count, kills, seed, quietMs = 60_000 }: TelegramStormOptions,
  scene: Scene,
  all: TelegramCitizen[],
): Promise<StormReport> {
  const { telegram, server } = scene;
  const roll = dice(seed);
  const ears: Ears = new Set();
  const filings: Promise<void>[] = [];
  const deliveryOf = deliveriesOf(telegram);
  const tell = (what: Moment) => [...ears].forEach((ear) => ear(what));
  async function enter(): Promise<void> {
    const plan = await planOf(all.length, roll);
    const phone = telegram.citizen({ id: 7_000_000 + all.length });
    const citizen = openTelegramCitizen(plan, { phone, deliveryOf, tell });
    all.push(citizen);
    filings.push(citizen.file());
  }

  await server.start();
  const from = Date.now();
  for (let round = 0; round < kills; round += 1) {
    // Citizens come all along, so that each kill finds some at every step.
    while (all.length < (count * (round + 1)) / kills) await enter();
    const life = lifeOf(round, roll, server.printed());
    if (round > 0) await startLife(server, life);
    await strike(server, ears, life, roll);
  }
  await startLife(server, AS_IT_IS);
  const stormMs = Date.now() - from;
  await Promise.race([Promise.all(filings), patience(quietMs)]);
  const quiet = Date.now() - from - stormMs;
  const late = all.filter((citizen) => !citizen.isDone()).map(waiting);
  await settle(scene);
  const problems = [...late, ...missed(server.printed(), kills), ...(await telegramProblems(scene))];
  return { problems, figures: figuresOf(scene, { stormMs, quietMs: quiet }) };
}

/** Whoever says something twice still has the time to do so; then the clock goes on, and what was claimed by the dead is free. */
async function settle({ server, telegram }: Scene): Promise<void> {
  await pause(3_000);
  await telegram.idle(20_000).catch(() => undefined);
  await server.stop();
  await server.start({ AHEAD_MS: String(AHEAD_MS) });
  const isHanded = async () => {
    const answer = await fetch(`${server.url()}/measure`);
    return ((await answer.json()) as { readonly toDeliver: number }).toDeliver === 0;
  };
  for (let waited = 0; waited < 60_000 && !(await isHanded()); waited += 200) await pause(200);
  await pause(2_000);
  await telegram.idle(20_000).catch(() => undefined);
  await server.stop();
}

const waiting = ({ plan, phone }: TelegramCitizen): string => {
  const last = phone.talk().slice(-4);
  return `${plan.person.nationalId} has no code; last seen: ${last.map(({ by, text }) => `${by} "${text.slice(0, 120)}"`).join(' | ')}`;
};

const hitsOf = (printed: string): ReadonlyMap<Point, number> =>
  new Map(POINTS.map((point) => [point, printed.split(`${DIED}${point}\n`).length - 1]));

/** A moment that nobody ever died at proves nothing. Fewer kills than moments cannot hit them all. */
function missed(printed: string, kills: number): string[] {
  if (kills < POINTS.length * 2 + 2) return [];
  return [...hitsOf(printed)].filter(([, hits]) => hits === 0).map(([point]) => `nobody died at ${point}`);
}

function figuresOf({ server, citizens, kills, telegram }: Scene, times: Readonly<Record<string, number>>) {
  const hits = hitsOf(server.printed());
  const starts = [...server.starts].sort((a, b) => a - b);
  const attempts = telegram.deliveries.reduce((sum, one) => sum + one.attempts.length, 0);
  return {
    citizens: citizens.length,
    kills,
    atPoints: [...hits.values()].reduce((sum, one) => sum + one, 0),
    updates: telegram.deliveries.length,
    attempts,
    ...times,
    medianStartMs: starts[Math.floor(starts.length / 2)] ?? 0,
    ...Object.fromEntries(hits),
  };
}
