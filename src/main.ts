/** Starts the server: configuration in, house and doors open, an address said, and a graceful end. */
import { join } from 'node:path';
import { openOfficers } from './app/officers/officers';
import { loadConfig, processEnv } from './config';
import { pinoLog } from './drivers/pino-log';
import { promMeter } from './drivers/prom-meter';
import { codeOf } from './errors';
import { openMessengers } from './house/channels';
import { openDoors, openWorkerDoor } from './house/doors';
import { DEMO_AGENCY } from './house/furnish';
import { openHouse } from './house/house';
import { startHousekeeping } from './house/housekeeping';
import { listen, openMetrics, stopServer } from './house/servers';
import { realUniverse as universe } from './house/universe';

/** Whoever told it to end kills it soon after. Nothing is lost by it: what was in hand is taken up again. */
const END_MS = 9_700;

/** dist/src/main.js → the project. */
const root = join(__dirname, '../..');

async function start(): Promise<() => Promise<void>> {
  const config = loadConfig(processEnv(), root);
  const log = pinoLog(config.logLevel);
  const meter = promMeter();
  const house = await openHouse({ config, root, universe, log, meter });
  const officers = openOfficers(house.store, universe, house.limiter);
  let stopping = false;
  const messengers = openMessengers({ house, config, universe, log });
  const ways = { house, config, root, universe, log, officers, messengers };
  const open = config.role === 'worker' ? openWorkerDoor : openDoors;
  const doors = open({ ...ways, stopping: () => stopping });
  const works = config.role !== 'web';
  if (works) house.start();
  const server = await listen(doors.handler, config.port);
  const metrics = config.metricsPort === null ? null : await openMetrics(meter, config.metricsPort);
  const endHousekeeping = startHousekeeping(house, universe, log, { role: config.role });
  const url = config.publicUrl.replace(/:0$/, `:${server.port}`);
  messengers.start(url);
  if (config.role === 'worker') say(`\n  Một Cửa: tiến trình xử lý đang chạy (cổng ${server.port}).\n`);
  else say(greeting(url, await officers.firstAdminToken(DEMO_AGENCY)));

  return async () => {
    if (stopping) return;
    stopping = true;
    endHousekeeping();
    doors.close();
    const shut = Promise.all([stopServer(server), messengers.close()]);
    // The last messages still ring for those who work elsewhere.
    if (!works) await shut;
    await Promise.all([shut, house.endWork()]);
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
    const stop = () => {
      setTimeout(() => process.exit(0), END_MS).unref();
      // What cannot be closed any more (a store that is away) ends with the process.
      const gone = () => process.exit(0);
      end().then(gone, gone);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
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
