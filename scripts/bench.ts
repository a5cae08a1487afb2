/**
 * `npm run bench`: how fast the house is here, in one run. Figures are medians; goals stand beside them and are never
 * asserted: machines differ, so the ratio to a bare server in the same run says most.
 * BENCH_ROUNDS (5), BENCH_SECONDS (4) make it longer or shorter; `npm run bench -- photos` runs that part alone
 * (parts: engine, start, turns, telegram, photos, chats: photos through the whole house, queue: deliveries on MongoDB and Redis, mongo: turns on MongoDB).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAdvance } from './bench/advance';
import type { Rate } from './bench/client';
import {
  CHATS as PHOTO_CHATS,
  measurePhotoChats,
  PHOTOS_EACH,
  type PhotoChatsFigures,
} from './bench/photo-chats';
import { measureMongoTurns } from './bench/mongo-turns';
import { measurePhotos, PHOTOS } from './bench/photos';
import { measureQueue } from './bench/queue';
import { measureStart } from './bench/start';
import { measureTelegram } from './bench/telegram';
import { measureTurns } from './bench/turns';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CHATS = 50;
const BATCHES = 20;
const FILINGS = 50;
const OFFERED = 200;
const DELIVERIES = Number(process.env['BENCH_DELIVERIES'] ?? 500);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const speed = (rounds: readonly Rate[]) => `${median(rounds.map((one) => one.perSecond)).toFixed(0)} /s`;
const cpu = (rounds: readonly Rate[]) =>
  `${median(rounds.map((one) => one.cpuMs)).toFixed(2)} ms of processor each`;
const beside = (ours: readonly Rate[], others: readonly Rate[]) =>
  median(ours.map((one, round) => one.perSecond / (others[round]?.perSecond ?? NaN))).toFixed(2);

/** In the order of the machine's hours: the engine alone, the start, then the load, then photos. */
async function main(): Promise<void> {
  const [dir, fresh] = [mkdtempSync(join(tmpdir(), 'bench-')), mkdtempSync(join(tmpdir(), 'bench-'))];
  try {
    say(
      `${availableParallelism()} cores, ${cpus()[0]?.model ?? '?'}, node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`,
    );
    const parts = {
      engine: advanceRows,
      start: () => startRows(fresh),
      turns: () => turnRows(dir),
      telegram: () => telegramRows(join(dir, 'telegram')),
      photos: photoRows,
      chats: photoChatRows,
      queue: queueRows,
      mongo: () => mongoRows(join(dir, 'mongo')),
    };
    const wanted = process.argv[2];
    const rows: RowText[] = [];
    for (const [name, part] of Object.entries(parts))
      if (wanted === undefined || wanted === name) rows.push(...(await part()));
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    rows.forEach(([what, figure, note]) =>
      say(`${what.padEnd(widths[0] ?? 0)}  ${figure.padStart(widths[1] ?? 0)}  ${note}`),
    );
  } finally {
    [dir, fresh].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  }
}

type RowText = readonly [what: string, figure: string, note: string];

function advanceRows(): RowText[] {
  const figures = measureAdvance(BATCHES, FILINGS);
  return [
    [
      'one turn of the engine',
      `${median(figures).toFixed(0)} µs`,
      `N=${BATCHES} batches of ${FILINGS} filings`,
    ],
  ];
}

async function startRows(dataDir: string): Promise<RowText[]> {
  const [first, ...later] = [
    await measureStart(dataDir),
    await measureStart(dataDir),
    await measureStart(dataDir),
    await measureStart(dataDir),
  ];
  return [
    ['start to first reply, new data', `${first.toFixed(0)} ms`, 'N=1, goal ≤ 2000'],
    ['start to first reply, data there', `${median(later).toFixed(0)} ms`, `N=${later.length}, goal ≤ 2000`],
  ];
}

async function turnRows(dir: string): Promise<RowText[]> {
  const { house, bare, dossiers, idleRss, loadedRss } = await measureTurns({
    dir,
    chats: CHATS,
    rounds: ROUNDS,
    roundMs: SECONDS * 1000,
  });
  const n = `N=${ROUNDS} rounds of ${SECONDS} s, ${CHATS} chats`;
  return [
    ['durable turns', speed(house), `${cpu(house)}, ${n}, ${dossiers} dossiers filed`],
    ['bare durable writes of 2 KB', speed(bare), `${cpu(bare)}, ${n}, one transaction each`],
    ['turns : bare writes', beside(house, bare), 'median of rounds, goal ≥ 0.80'],
    ['memory, idle', `${idleRss.toFixed(0)} MB`, ''],
    ['memory, after load', `${loadedRss.toFixed(0)} MB`, ''],
  ];
}

async function telegramRows(dir: string): Promise<RowText[]> {
  const roundMs = SECONDS * 1000;
  const figures = await measureTelegram({ dir, chats: CHATS, rounds: ROUNDS, roundMs, offered: OFFERED });
  const { house, wizard, bare, ack } = figures;
  const n = `N=${ROUNDS} rounds of ${SECONDS} s, ${CHATS} chats`;
  const calls = figures.callsPerTurn.toFixed(1);
  const shown = `p50 ${ack.p50.toFixed(1)} ms, longest ${ack.longest.toFixed(0)} ms, N=${ack.n}`;
  return [
    ['Telegram turns, word to word', speed(house), `${cpu(house)}, ${n}, ${calls} calls of the API a turn`],
    ["telegraf's wizard, same questions", speed(wizard), `${cpu(wizard)}, ${n}, session in SQLite`],
    ['bare durable writes of 2 KB', speed(bare), `${cpu(bare)}, ${n}`],
    ['turns : wizard', beside(house, wizard), 'median of rounds, goal ≥ 2.50'],
    ['turns : bare writes', beside(house, bare), 'median of rounds, goal ≥ 1.00'],
    [`2xx at ${OFFERED} updates/s, p99`, `${ack.p99.toFixed(1)} ms`, `open loop, ${shown}, goal ≤ 10`],
  ];
}

async function photoRows(): Promise<RowText[]> {
  const { intake, bare, loopDelay, idle, peak } = await measurePhotos(ROUNDS);
  const ratios = intake.map((ms, round) => ms / (bare[round] ?? NaN));
  const n = `N=${ROUNDS} rounds of ${PHOTOS} photos of 12 megapixels`;
  return [
    ['one photo taken in', `${(median(intake) / PHOTOS).toFixed(0)} ms`, n],
    ['one photo, bare sharp', `${(median(bare) / PHOTOS).toFixed(0)} ms`, `${n}, in the same process`],
    ['intake : bare sharp', median(ratios).toFixed(2), 'median of rounds, goal ≤ 1.30'],
    ['event-loop delay, p99', `${loopDelay.toFixed(0)} ms`, 'while photos are taken in, goal < 50'],
    [
      'memory for photos',
      `+${(peak - idle).toFixed(0)} MB`,
      'both processes at the most over idle, goal ≤ 300',
    ],
  ];
}

async function photoChatRows(): Promise<RowText[]> {
  const rounds: PhotoChatsFigures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measurePhotoChats());
  const mid = (pick: (round: PhotoChatsFigures) => number) => median(rounds.map(pick));
  const spread = (pick: (round: PhotoChatsFigures) => number) =>
    rounds.map((round) => pick(round).toFixed(0)).join(' ');
  const size = `${(mid(({ bytes }) => bytes) / 1e6).toFixed(1)} MB`;
  const n = `N=${ROUNDS} rounds, load ${rounds.map(({ load }) => load.toFixed(1)).join(' ')}`;
  return [
    [
      `${PHOTO_CHATS * PHOTOS_EACH} photos of ${size} by ${PHOTO_CHATS} chats`,
      `${mid(({ ms }) => ms / 1000).toFixed(1)} s`,
      `uploaded, looked at, kept; ${n}`,
    ],
    [
      'event-loop delay, p99',
      `${mid(({ p99 }) => p99).toFixed(0)} ms`,
      `of the whole house, goal < 50; rounds: ${spread(({ p99 }) => p99)}; longest: ${spread(({ max }) => max)}`,
    ],
    [
      'memory for them',
      `+${mid(({ peak, idle }) => peak - idle).toFixed(0)} MB`,
      `house and reading process over idle (${mid(({ idle }) => idle).toFixed(0)} MB), goal ≤ 300; rounds: ${spread(({ peak, idle }) => peak - idle)}`,
    ],
  ];
}

/** On the stand-in where MONGO_TEST_URL names no server: its writes are no yardstick for others, the ratios are. */
async function queueRows(): Promise<RowText[]> {
  const { house, least, bare, doubled, store, loads } = await measureQueue(ROUNDS, DELIVERIES);
  if (doubled > 0) throw new Error(`${doubled} deliveries were doubled at the agency`);
  const n = `N=${ROUNDS} rounds of ${DELIVERIES}, 50 at a time`;
  const writes = 'claim, word in the dossier, end: 3 writes, none read, and the same request to the agency';
  const load = `load ${loads.map((one) => one.toFixed(1)).join(' ')}`;
  return [
    ['deliveries through Redis', speed(house), `${n}, ${cpu(house)}; ${store}; ${load}`],
    ['bare BullMQ, the least writes', speed(least), `${n}, ${cpu(least)}; ${writes}`],
    ['bare BullMQ, empty handler', speed(bare), `${n}, ${cpu(bare)}`],
    ['deliveries : least writes', beside(house, least), 'median of rounds, goal ≥ 0.80'],
    ['deliveries : empty handler', beside(house, bare), 'median of rounds'],
  ];
}

/** On the stand-in where MONGO_TEST_URL names no server, as above. */
async function mongoRows(dir: string): Promise<RowText[]> {
  const roundMs = SECONDS * 1000;
  const figures = await measureMongoTurns({ dir, chats: CHATS, rounds: ROUNDS, roundMs });
  const { house, bare, store, loads } = figures;
  const n = `N=${ROUNDS} rounds of ${SECONDS} s, ${CHATS} chats`;
  const load = `load ${loads.map((one) => one.toFixed(1)).join(' ')}`;
  return [
    ['durable turns on MongoDB', speed(house), `${n}, ${cpu(house)}; ${store}; ${load}`],
    ['bare compare-and-sets of 2 KB', speed(bare), `${n}, ${cpu(bare)}, majority and journal`],
    ['turns : bare compare-and-sets', beside(house, bare), 'median of rounds, goal ≥ 0.60'],
  ];
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

void main();
