/** The storm over Telegram, over a house of many processes: webs and workers on MongoDB and Redis, each killed on its own clock. */
import { POINTS_OF } from '../servers/crash-points';
import { newDataKeys, openFleet, type Fleet } from '../servers/fleet';
import { dropDatabase, newDatabase, openMongoServer } from '../servers/mongo-server';
import { openRedisServer } from '../servers/redis-server';
import type { StormReport } from './storm';
import { openOnMongo } from './storm-house';
import type { MayFollow } from './telegram-checks';
import { stormOver, type StormedHouse, type TelegramStormOptions } from './telegram-storm';

/** Within this time of the last kill everything has ended, ms. */
const REST_MS = 120_000;

/** A mark of which the store did not tell in time is of unknown fate, and said again this much later at most, ms. */
const UNTOLD_MS = 20_000;

/** When the store did not answer somebody in time, ms epoch: on a machine that is busy enough. */
const storeAway = (fleet: Fleet): readonly number[] =>
  [...fleet.printed().matchAll(/^{"level":50,"time":"([^"]+)".*"code":"store-unavailable"/gm)].map(
    ([, at = '']) => Date.parse(at),
  );

/** Only who is dead may be said after, or who could not write down what was said: two that live never say the same. */
function mayFollow(fleet: Fleet): MayFollow {
  let away: readonly number[] | null = null;
  return (before, again) => {
    const end = fleet.lives[before.life - 1]?.until ?? null;
    if (again.life !== before.life && end !== null && end <= again.at) return true;
    away ??= storeAway(fleet);
    return away.some((at) => at >= before.at && at <= again.at && again.at - at <= UNTOLD_MS);
  };
}

export async function fleetStorm(
  options: TelegramStormOptions & { readonly webs: number; readonly workers: number },
): Promise<StormReport> {
  const [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  const database = newDatabase();
  try {
    const urls = { mongoUrl: `${mongo.url}/${database}`, redisUrl: redis.url };
    const dataKeys = newDataKeys();
    return await stormOver({ quietMs: REST_MS, ...options }, async ({ envOf }) => {
      const { webs, workers } = options;
      const env = ({ number }: { readonly number: number }) => envOf(number);
      const fleet = await openFleet({ webs, workers, ...urls, dataKeys, env });
      return houseOf(fleet, () => openOnMongo(urls.mongoUrl, dataKeys));
    });
  } finally {
    await dropDatabase(mongo.url, database);
    await Promise.all([mongo.close(), redis.close()]);
  }
}

function houseOf(fleet: Fleet, open: StormedHouse['open']): StormedHouse {
  const last = fleet.members.at(-1);
  if (last === undefined) throw new Error('a fleet has members');
  return {
    mortals: fleet.members.map((server) => ({ server, role: server.role, points: POINTS_OF[server.role] })),
    measured: last.url,
    start: fleet.start,
    async stop() {
      await Promise.all(fleet.members.map((member) => member.stop()));
    },
    startAhead: last.start,
    open,
    mayFollow: mayFollow(fleet),
    mayLog: (line) => line.includes('"code":"store-unavailable"'),
    restMs: REST_MS,
    end: fleet.kill,
  };
}
