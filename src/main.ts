/** Starts the server: configuration in, house and doors open, an address said, and a graceful end. */
import { join } from 'node:path';
import { openOfficers } from './app/officers/officers';
import { loadConfig, processEnv } from './config';
import { pinoLog } from './drivers/pino-log';
import { promMeter } from './drivers/prom-meter';
import { codeOf } from './errors';
import { openMessengers } from './house/channels';
import { openDoors } from './house/doors';
import { DEMO_AGENCY } from './house/furnish';
import { openHouse } from './house/house';
import { startHousekeeping } from './house/housekeeping';
import { listen, openMetrics, stopServer } from './house/servers';
import { realUniverse as universe } from './house/universe';

/** dist/src/main.js → the project. */
const root = join(__dirname, '../..');

async function start(): Promise<() => Promise<void>> {
  const config = loadConfig(processEnv(), root);
  const log = pinoLog(config.logLevel);
  const meter = promMeter();
  const house = await openHouse({ config, root, universe, log, meter });
  const officers = openOfficers(house.store, universe);
  let stopping = false;
  const messengers = openMessengers({ house, config, universe, log });
  const ways = { house, config, root, universe, log, officers, messengers };
  const doors = openDoors({ ...ways, stopping: () => stopping });
  house.start();
  const server = await listen(doors.handler, config.port);
  const metrics = config.metricsPort === null ? null : await openMetrics(meter, config.metricsPort);
  const endHousekeeping = startHousekeeping(house, universe, log);
  const url = config.publicUrl.replace(/:0$/, `:${server.port}`);
  messengers.start(url);
  say(greeting(url, await officers.firstAdminToken(DEMO_AGENCY)));

  return async () => {
    if (stopping) return;
    stopping = true;
    endHousekeeping();
    doors.close();
    await Promise.all([stopServer(server), messengers.close(), house.endWork()]);
    if (metrics !== null) await stopServer(metrics);
    await house.close();
    log.info('stopped');
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function greeting(url: string, adminToken: string | null): string {
  const link =
    adminToken === null
      ? ''
      : `\n  Quản trị đầu tiên (mở một lần, trong 24 giờ):\n  ${url}/desk/set-password/${adminToken}\n`;
  return `\n  Một Cửa đang chạy.\n  Khung chat:   ${url}/\n  Bàn một cửa:  ${url}/desk\n${link}`;
}

start().then(
  (end) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => void end().then(() => process.exit(0)));
  },
  (error: unknown) => {
    // Our own errors say what to do; anything else needs its stack.
    const known = codeOf(error) !== 'internal';
    process.stderr.write(
      `${known ? `${codeOf(error)}: ${(error as Error).message}` : String((error as Error).stack)}\n`,
    );
    process.exit(1);
  },
);
