/**
 * The house as people run it, in a process that tests may kill: no limits per chat, a door more for officers' words, one
 * that measures, and, named by `MUTATE`, an engine broken on purpose. `DIE_AT` names a moment to die at (crash-points),
 * `AGENCY_URL` and `AGENCY_SECRET` the system that receives the demo commune's dossiers, `AHEAD_MS` how far its clock is
 * ahead. Prints `ready <port>` once it listens. Environment as the server's.
 */
import express from 'express';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deskTalk } from '../../src/app/officers/desk-talk';
import { openOfficers } from '../../src/app/officers/officers';
import { loadConfig, processEnv, type Config } from '../../src/config';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { pinoLog } from '../../src/drivers/pino-log';
import { promMeter } from '../../src/drivers/prom-meter';
import type { Records } from '../../src/drivers/records';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { codeOf } from '../../src/errors';
import { openMessengers } from '../../src/house/channels';
import { openDoors, openWorkerDoor } from '../../src/house/doors';
import { openHouse, type House } from '../../src/house/house';
import { startHousekeeping } from '../../src/house/housekeeping';
import { listen, stopServer } from '../../src/house/servers';
import { DEMO_AGENCY } from '../../src/house/furnish';
import { realUniverse } from '../../src/house/universe';
import { crashingDoor, crashingHouse, crashingRecords, passes, type Pass } from './crash-points';
import { brokenInbox, dyingAfter, MUTATIONS } from './mutations';

/** dist/tests/servers → the project. */
const root = join(__dirname, '../../..');
const aheadMs = Number(processEnv()['AHEAD_MS'] ?? 0);
const universe = { ...realUniverse, now: () => realUniverse.now() + aheadMs };
const FREE = { perSecond: 1e6, burst: 1e6 };
const webLimits = { perChat: FREE, perAddress: null, streams: 100_000 };

/** `POST /officer {chat, nonce, text}`: what an officer says into a web chat; without a text the bot has it back. */
function officersDoor(house: House, doors: RequestListener): RequestListener {
  const desk = deskTalk(house.converse);
  const app = express();
  app.post('/officer', express.json(), async (request, response) => {
    const { chat, nonce, text } = request.body as { chat: string; nonce: string; text?: string };
    const state = await house.store.conversations.find({ channel: 'web', account: 'default', chat });
    const id = state?.doc.id ?? '';
    const officer = { id: 'officer', name: 'Cán bộ Thử' };
    await (text === undefined ? desk.release(id, nonce) : desk.officerSays(id, text, officer, nonce));
    response.json({});
  });
  measuringDoor(app, house);
  const ours = new Set(['/officer', '/measure']);
  return (request, response) => (ours.has(request.url ?? '') ? app : doors)(request, response);
}

/** `GET /measure`: the event loop's delay (ms, with its timer's 10) since `POST /measure`, how many uploads nobody has taken yet, how many deliveries have not ended, and how many documents are to be looked at within a minute. */
function measuringDoor(app: express.Express, house: House): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  app.post('/measure', (_request, response) => {
    delay.enable();
    delay.reset();
    response.json({});
  });
  app.get('/measure', async (_request, response) => {
    const waiting = await house.store.slips.count('incoming');
    const open = await house.store.deliveries.inState(['waiting', 'sending', 'unknown'], 1_000);
    const loop = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    const due = await house.store.due(universe.now() + 60_000, 1_000);
    response.json({ ...loop, waiting, toDeliver: open.length, due: due.length });
  });
}

/** The demo commune's dossiers go to a system of its own. */
async function sendAway({ store, directory }: House): Promise<void> {
  const { AGENCY_URL: url, AGENCY_SECRET: secret = '' } = processEnv();
  const demo = await store.agencies.byId(DEMO_AGENCY);
  if (url === undefined || demo === null) return;
  await store.agencies.save({ ...demo.doc, receiver: { type: 'http', url, secret } }, demo.revision);
  await directory.refresh();
}

/** As the two addresses choose, and broken as MUTATE and DIE_AFTER say. */
async function openRecords({ mongoUrl, dataDir }: Config, pass: Pass): Promise<Records> {
  const engine =
    mongoUrl === null
      ? sqliteRecords({ path: join(dataDir, 'mot-cua.sqlite'), lockWaitMs: 5_000 })
      : await mongoRecords({ url: mongoUrl.reveal() });
  const { MUTATE: mutation = '', DIE_AFTER: dieAfter } = processEnv();
  const broken = MUTATIONS[mutation]?.(engine) ?? engine;
  return crashingRecords(dieAfter === undefined ? broken : dyingAfter(broken, dieAfter), pass);
}

/** The same doors and the same work for each ROLE as `src/main`. */
async function start(): Promise<void> {
  const config = loadConfig(processEnv(), root);
  const log = pinoLog(config.logLevel);
  const pass = passes(processEnv()['DIE_AT']);
  const records = await openRecords(config, pass);
  const house = await openHouse({
    ...{ config, root, universe, log, meter: promMeter(), records },
    messagesAMinute: 1_000_000,
  });
  const officers = openOfficers(house.store, universe, house.limiter);
  let stopping = false;
  await sendAway(house);
  const converse = brokenInbox(processEnv()['MUTATE'], house.converse);
  const messengers = openMessengers({ house: { ...house, converse }, config, universe, log });
  crashingHouse(house, pass);
  const ways = { house, config, root, universe, log, officers, messengers };
  const open = config.role === 'worker' ? openWorkerDoor : openDoors;
  const doors = open({ ...ways, stopping: () => stopping, webLimits });
  const works = config.role !== 'web';
  if (works) house.start();
  const handler = crashingDoor(officersDoor(house, doors.handler), pass);
  const server = await listen(handler, config.port, '127.0.0.1');
  const endHousekeeping = startHousekeeping(house, universe, log, { role: config.role });
  messengers.start(config.publicUrl.replace(/:0$/, `:${server.port}`));
  process.stdout.write(`ready ${server.port}\n`);
  process.once('SIGTERM', () => {
    stopping = true;
    endHousekeeping();
    doors.close();
    void Promise.all([stopServer(server), messengers.close(), house.endWork()])
      .then(() => house.close())
      .then(() => process.exit(0));
  });
}

start().catch((error: unknown) => {
  process.stderr.write(`${codeOf(error)}: ${String((error as Error).stack)}\n`);
  process.exit(1);
});
