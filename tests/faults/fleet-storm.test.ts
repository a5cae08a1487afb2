/**
 * Two webs and two workers on MongoDB and Redis: nothing a citizen was answered is lost, nothing happens twice, whichever of
 * them dies and whatever moment at; each named moment of each role is died at, and two minutes after the last death all has
 * come to its end. Bigger storms: `npm run proof`. Numbers: FLEET_CITIZENS, FLEET_KILLS, STORM_SEED; STORM_MUTATE breaks the
 * engine, and the test must fail.
 */
import { mongoHere } from '../servers/mongo-server';
import { redisHere } from '../servers/redis-server';
import { fleetStorm } from './fleet-storm';

const { env } = process;
const citizens = Number(env['FLEET_CITIZENS'] ?? 24);
const kills = Number(env['FLEET_KILLS'] ?? 50);
const seed = Number(env['STORM_SEED'] ?? 1);
const mutate = env['STORM_MUTATE'];

const here = mongoHere && redisHere ? test : test.skip;
here(
  `${citizens} dossiers with photos through ${kills} kills among four processes: none lost, none doubled`,
  async () => {
    const { problems, figures } = await fleetStorm({
      ...{ webs: 2, workers: 2, citizens, kills, seed },
      ...(mutate === undefined ? {} : { mutate }),
    });
    if (env['FLEET_CITIZENS'] !== undefined) console.log(JSON.stringify(figures));
    expect(problems).toEqual([]);
  },
  360_000 + kills * 15_000 + citizens * 1_000,
);
