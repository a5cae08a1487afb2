/**
 * A storm over Telegram: citizens file with photos of their papers while the servers are killed again and again, at named
 * moments and at any. Telegram, the agency and the citizens live in this process, outlive every kill and keep the ledgers.
 * Here over the one process of a house on a folder; `fleet-storm` is the same over many.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { POINTS } from '../servers/crash-points';
import { startFakeAgency, type FakeAgency } from '../servers/fake-agency';
import {
  startFakeTelegram,
  TOKEN,
  type Delivery,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import type { StormReport } from './storm';
import { closeAgent, patience, pause } from './storm-http';
import { haunt, hitsOf, missedPoints, type Mortal, type Storm } from './storm-lives';
import { stormServer } from './storm-server';
import { telegramProblems, type MayFollow } from './telegram-checks';
import { openTelegramCitizen, planOf, type Moment, type TelegramCitizen } from './telegram-citizen';
import { openOnFolder, type OpenedHouse } from './storm-house';
import { seeded } from '../servers/seeded';

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

/** What is stormed: the processes of one house, and where their record is. */
export interface StormedHouse {
  readonly mortals: readonly Mortal[];
  /** Whoever answers `/measure`. */
  readonly measured: () => string;
  /** All processes live. */
  readonly start: () => Promise<void>;
  /** They end, gracefully. */
  readonly stop: () => Promise<void>;
  /** One process alone, with a clock that is ahead; it is what is measured from now on. */
  readonly startAhead: (env: Readonly<Record<string, string>>) => Promise<void>;
  /** Its store and files, when no process lives. */
  readonly open: () => Promise<OpenedHouse>;
  /** May a life say again what another said before? */
  readonly mayFollow?: MayFollow;
  /** A line of the log that is no fault. */
  readonly mayLog?: (line: string) => boolean;
  /** Everything must be at its end so long after the last kill, by the clock as it is. */
  readonly restMs?: number;
  readonly end: () => Promise<void>;
}

export interface Around {
  readonly telegram: FakeTelegram;
  readonly agency: FakeAgency;
  /** Environment of the life with this number: it calls by a way of its own, so that what it said is known as its own, however late it is heard. */
  readonly envOf: (life: number) => Readonly<Record<string, string>>;
}

export interface Scene extends Around {
  readonly house: StormedHouse;
  readonly citizens: readonly TelegramCitizen[];
}

/** Over one process with its store on a folder. */
export const telegramStorm = (options: TelegramStormOptions): Promise<StormReport> =>
  stormOver(options, ({ envOf }) => Promise.resolve(onFolder(envOf)));

function onFolder(envOf: Around['envOf']): StormedHouse {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-storm-'));
  const server = stormServer(dataDir, (life) => ({ ...envOf(life), PUBLIC_URL: 'http://127.0.0.1:0' }));
  return {
    mortals: [{ server, role: 'all', points: POINTS }],
    measured: server.url,
    start: () => server.start(),
    stop: server.stop,
    startAhead: server.start,
    open: () => openOnFolder(dataDir),
    async end() {
      await server.kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A storm over what `openHouse` opens. */
export async function stormOver(
  options: TelegramStormOptions,
  openHouse: (around: Around) => Promise<StormedHouse>,
): Promise<StormReport> {
  const { mutate } = options;
  const telegram = await startFakeTelegram({ scale: SCALE, keep: 10_000_000 });
  const agency = await startFakeAgency({ secret: AGENCY_SECRET });
  const envOf = (life: number) => ({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: `${telegram.url}/via-${life}`,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    AGENCY_URL: agency.url,
    AGENCY_SECRET,
    ...(mutate === undefined ? {} : { MUTATE: mutate }),
  });
  const house = await openHouse({ telegram, agency, envOf });
  const citizens: TelegramCitizen[] = [];
  try {
    return await rage(options, { telegram, agency, envOf, house, citizens }, citizens);
  } finally {
    citizens.forEach((citizen) => citizen.stop());
    await house.end();
    await Promise.all([telegram.close(), agency.close()]);
    closeAgent();
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

/** Who comes into a storm: citizens come all along, so that each kill finds some at every step. */
function crowd({ telegram }: Scene, all: TelegramCitizen[], roll: () => number, ears: Storm['ears']) {
  const filings: Promise<void>[] = [];
  const deliveryOf = deliveriesOf(telegram);
  const tell = (what: Moment) => [...ears].forEach((ear) => ear(what));
  let coming = 0;
  return {
    filings,
    async upTo(count: number): Promise<void> {
      while (coming < count) {
        const n = (coming += 1) - 1;
        const plan = await planOf(n, roll);
        const phone = telegram.citizen({ id: 7_000_000 + n });
        const citizen = openTelegramCitizen(plan, { phone, deliveryOf, tell });
        all.push(citizen);
        filings.push(citizen.file());
      }
    },
  };
}

/** Where nobody died at some moment yet, the storm lasts so much longer, with another citizen for each kill. */
const MORE = 1.5;

async function rage(
  { citizens: count, kills, seed, quietMs = 60_000 }: TelegramStormOptions,
  scene: Scene,
  all: TelegramCitizen[],
): Promise<StormReport> {
  const { house } = scene;
  const roll = seeded(seed);
  const ears: Storm['ears'] = new Set();
  const { filings, upTo } = crowd(scene, all, roll, ears);
  const printed = (role: string) => printedBy(house.mortals, role);
  // Fewer kills than moments cannot hit them all.
  const points = new Set(house.mortals.flatMap((one) => one.points.map((point) => `${one.role} ${point}`)));
  const hitsAll = kills >= points.size * 2 + 2;
  let round = 0;
  const storm: Storm = {
    ...{ roll, ears, printed, wished: new Map() },
    async next(wanted) {
      if (round >= kills && !(wanted && hitsAll && round < kills * MORE)) return null;
      round += 1;
      await upTo(round <= kills ? (count * round) / kills : count + round - kills);
      return round;
    },
  };

  await house.start();
  const from = Date.now();
  await Promise.all(house.mortals.map((one) => haunt(one, storm)));
  const stormMs = Date.now() - from;
  await Promise.race([Promise.all(filings), patience(quietMs)]);
  const quiet = Date.now() - from - stormMs;
  const late = all.filter((citizen) => !citizen.isDone()).map(waiting);
  const restMs = await settle(scene, from + stormMs);
  const problems = [
    ...late,
    ...(restMs <= (house.restMs ?? Infinity) ? [] : [`not all was at its end after ${restMs} ms`]),
    ...(hitsAll ? missedPoints(house.mortals, printed) : []),
    ...(await telegramProblems(scene)),
  ];
  return { problems, figures: { ...figuresOf(scene), kills: round, stormMs, quietMs: quiet, restMs } };
}

const printedBy = (mortals: readonly Mortal[], role: string): string =>
  mortals
    .filter((one) => one.role === role)
    .map(({ server }) => server.printed())
    .join('');

/** What has not ended: deliveries, and whatever the house has still to look at. */
async function unfinished({ measured }: StormedHouse): Promise<number> {
  const answer = await fetch(`${measured()}/measure`);
  const { toDeliver, due } = (await answer.json()) as { readonly toDeliver: number; readonly due: number };
  return toDeliver + due;
}

async function atRest(house: StormedHouse, end: number): Promise<void> {
  while (Date.now() < end && (await unfinished(house)) > 0) await pause(200);
}

/**
 * Whoever says something twice still has the time to do so; then the clock goes on, and what was claimed by the dead is free.
 * How long after the last kill everything was at its end, ms: 0 where nobody asks.
 */
async function settle({ house, telegram }: Scene, lastKill: number): Promise<number> {
  const { restMs } = house;
  if (restMs !== undefined) await atRest(house, lastKill + restMs + 10_000);
  const rested = restMs === undefined ? 0 : Date.now() - lastKill;
  await pause(3_000);
  await telegram.idle(20_000).catch(() => undefined);
  await house.stop();
  await house.startAhead({ AHEAD_MS: String(AHEAD_MS) });
  await atRest(house, Date.now() + 60_000);
  await pause(2_000);
  await telegram.idle(20_000).catch(() => undefined);
  await house.stop();
  return rested;
}

const waiting = ({ plan, phone }: TelegramCitizen): string => {
  const last = phone.talk().slice(-4);
  return `${plan.person.nationalId} has no code; last seen: ${last.map(({ by, text }) => `${by} "${text.slice(0, 120)}"`).join(' | ')}`;
};

function figuresOf({ house, citizens, telegram }: Scene): Readonly<Record<string, number>> {
  const { mortals } = house;
  const starts = mortals.flatMap(({ server }) => server.starts).sort((a, b) => a - b);
  const roles = [...new Map(mortals.map((one) => [one.role, one])).values()];
  const hits = roles.flatMap(({ role, points }) =>
    [...hitsOf(printedBy(mortals, role), points)].map(
      ([point, count]) => [roles.length === 1 ? point : `${role} ${point}`, count] as const,
    ),
  );
  const printed = mortals.map(({ server }) => server.printed()).join('');
  return {
    citizens: citizens.length,
    storeAway: printed.split('"code":"store-unavailable"').length - 1,
    atPoints: hits.reduce((sum, [, count]) => sum + count, 0),
    updates: telegram.deliveries.length,
    attempts: telegram.deliveries.reduce((sum, one) => sum + one.attempts.length, 0),
    medianStartMs: starts[Math.floor(starts.length / 2)] ?? 0,
    ...Object.fromEntries(hits),
  };
}
