/**
 * `queue-worker <variant>`: the working half of `queue.ts`. Told a number, it stores so many deliveries, rings for all of them
 * at once (the ringing never waits for the work), works them off, and tells how fast that was.
 */
import { processEnv } from '../../src/config';
import type { Rate } from './client';
import type { Variant } from './queue';
import { openBare, openHouseRounds, openLeast } from './queue-rounds';

/** One variant: `prepare` stores, and gives what rings and resolves when all is done. */
export interface Rounds {
  prepare(count: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const OPEN: Readonly<Record<Variant, (env: NodeJS.ProcessEnv) => Promise<Rounds>>> = {
  house: openHouseRounds,
  least: openLeast,
  bare: openBare,
};

async function measure(rounds: Rounds, count: number): Promise<Rate> {
  const work = await rounds.prepare(count);
  const [from, used] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(used);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1000 / count };
}

async function main(): Promise<void> {
  const rounds = await OPEN[process.argv[2] as Variant](processEnv());
  process.on('message', (count: number) => {
    measure(rounds, count).then(
      (rate) => process.send?.(rate),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.once('disconnect', () => void rounds.close().then(() => process.exit(0)));
  process.send?.('ready');
}

void main();
