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

/** Only who is dead may be said after: two that live never say the same. */
const mayFollow =
  ({ lives }: Fleet): MayFollow =>
  (before, again) => {
    const end = lives[before.life - 1]?.until ?? null;
    return again.life !== before.life && end !== null && end <= again.at;
  };

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
    restMs: REST_MS,
    end: fleet.kill,
  };
}
