/**
 * Redis is emptied, full, frozen, and killed with nothing on disk, while citizens file with photos at two webs and two
 * workers: none lost, none doubled, all caught up a minute after each trouble, and no webhook waits for its answer. Bigger
 * rounds: `npm run proof`. Numbers: REDIS_ROUNDS, REDIS_CITIZENS (of each round), STORM_SEED.
 */
import { mongoHere } from '../servers/mongo-server';
import { redisHere } from '../servers/redis-server';
import { redisRounds } from './redis-rounds';

const { env } = process;
const rounds = Number(env['REDIS_ROUNDS'] ?? 4);
const citizens = Number(env['REDIS_CITIZENS'] ?? 4);
const seed = Number(env['STORM_SEED'] ?? 1);

const here = mongoHere && redisHere ? test : test.skip;
here(
  `${rounds} troubles with Redis, ${citizens} citizens in each: none lost, none doubled, none late`,
  async () => {
    const { problems, figures } = await redisRounds({ rounds, citizens, seed });
    if (env['REDIS_ROUNDS'] !== undefined) console.log(JSON.stringify(figures));
    expect(problems).toEqual([]);
  },
  180_000 + rounds * 180_000,
);
