/**
 * Over Telegram, with photos: nothing a citizen was answered is lost, nothing happens twice, whatever moment the server dies
 * at; each named moment is died at. Bigger storms: `npm run proof`. Numbers: TELEGRAM_CITIZENS, TELEGRAM_KILLS, STORM_SEED;
 * STORM_MUTATE breaks the engine, and the test must fail.
 */
import { telegramStorm } from './telegram-storm';

const { env } = process;
const citizens = Number(env['TELEGRAM_CITIZENS'] ?? 40);
const kills = Number(env['TELEGRAM_KILLS'] ?? 32);
const seed = Number(env['STORM_SEED'] ?? 1);
const mutate = env['STORM_MUTATE'];

test(
  `${citizens} dossiers with photos through ${kills} kills: none lost, none doubled, nobody's photo elsewhere`,
  async () => {
    const { problems, figures } = await telegramStorm({
      citizens,
      kills,
      seed,
      ...(mutate === undefined ? {} : { mutate }),
    });
    if (env['TELEGRAM_CITIZENS'] !== undefined) console.log(JSON.stringify(figures));
    expect(problems).toEqual([]);
  },
  180_000 + kills * 15_000 + citizens * 1_000,
);
