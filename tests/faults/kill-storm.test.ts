/**
 * Nothing a citizen was answered is ever lost, and nothing happens twice, however the server dies. Bigger storms:
 * `npm run proof`. Numbers: STORM_CITIZENS, STORM_KILLS, STORM_SEED; STORM_MUTATE breaks the engine, and the test must fail.
 */
import { storm } from './storm';

const { env } = process;
const citizens = Number(env['STORM_CITIZENS'] ?? 200);
const kills = Number(env['STORM_KILLS'] ?? 50);
const seed = Number(env['STORM_SEED'] ?? 1);
const mutate = env['STORM_MUTATE'];

test(
  `${citizens} dossiers through ${kills} kills: none lost, none doubled, no word missing or said twice`,
  async () => {
    const { problems, figures } = await storm({
      citizens,
      kills,
      seed,
      ...(mutate === undefined ? {} : { mutate }),
    });
    if (env['STORM_CITIZENS'] !== undefined) console.log(JSON.stringify(figures));
    expect(problems).toEqual([]);
    expect(figures['kills']).toBe(kills);
  },
  120_000 + kills * 15_000,
);
