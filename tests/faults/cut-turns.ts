/** A house on MongoDB behind a wire that breaks, and citizens who speak to it by webhook, until every chat has come to rest. */
import { loadConfig } from '../../src/config';
import { codeOf } from '../../src/errors';
import { openMessengers } from '../../src/house/channels';
import { openHouse, type House } from '../../src/house/house';
import { listen, stopServer } from '../../src/house/servers';
import { realUniverse as universe } from '../../src/house/universe';
import type { Store } from '../../src/ports/store';
import type { Log } from '../../src/ports/universe';
import { auditOf } from '../contract/documents';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { newDataKeys } from '../servers/fleet';
import { dropDatabase, newDatabase, type MongoServer } from '../servers/mongo-server';
import { openTcpProxy, type Fate, type TcpProxy } from '../servers/tcp-proxy';
import { brokenInbox } from '../servers/mutations';
import { dirtyWebhooks } from './dirty-webhooks';
import { makeModelRoot } from './model-root';
import { commandOf, WRITES } from './mongo-cuts';
import type { Deed } from './reference-model';
import { openOnMongo } from './storm-house';
import { pause } from './storm-http';
import { seeded } from '../servers/seeded';

/** Shares of the commands. */
const CUT = 0.05;
const DELAYED = 0.01;
const HALF_OPEN = 0.002;
const LONGEST_DELAY_MS = 900;
/** So few that photos are looked at within the minute they have, also on a busy machine: later they are asked for again. */
const TALKS = { together: 6, perChat: 24, restAfter: 6 };
const SECRET = 'cut-'.padEnd(40, 's');

export interface CutTurnsOptions {
  readonly mongo: MongoServer;
  readonly turns: number;
  readonly seed: number;
  readonly cut: 'writes' | 'all commands';
  /** How long the server is away in the midst of it, ms. */
  readonly awayMs: number;
  readonly mutate?: string;
}

export interface CutTurnsReport {
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  /** Answers to webhooks, by status; 0: none came. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly slowestMs: number;
  readonly wire: Wire['tally'];
}

interface Wire {
  readonly decide: (piece: Buffer) => Fate;
  readonly tally: {
    readonly commands: number;
    readonly before: number;
    readonly after: number;
    readonly delayed: number;
    readonly halfOpen: number;
  };
}

/** Cuts its share of the commands, half of them before they arrive, half after they were carried out; some are late, some lost. */
function badWire(cut: CutTurnsOptions['cut'], seed: number): Wire {
  const roll = seeded(seed);
  const tally = { commands: 0, before: 0, after: 0, delayed: 0, halfOpen: 0 };
  const isMeant = (command: string) => (cut === 'writes' ? WRITES.includes(command) : command !== '');
  const fates: readonly [number, keyof typeof tally, () => Fate][] = [
    [CUT / 2, 'before', () => 'cut-before'],
    [CUT / 2, 'after', () => 'cut-after'],
    [DELAYED, 'delayed', () => Math.ceil(roll() * LONGEST_DELAY_MS)],
    [HALF_OPEN, 'halfOpen', () => 'swallow'],
  ];
  const decide = (piece: Buffer): Fate => {
    if (!isMeant(commandOf(piece))) return 'pass';
    tally.commands += 1;
    let left = roll();
    for (const [share, name, fate] of fates) {
      left -= share;
      if (left >= 0) continue;
      tally[name] += 1;
      return fate();
    }
    return 'pass';
  };
  return { decide, tally };
}

/** A house with one flow behind a webhook's door, its store behind the proxy. */
async function openTown(telegram: FakeTelegram, mongoUrl: string, dataKeys: string, mutate?: string) {
  const { root, remove } = makeModelRoot();
  const env = {
    ...{ PORT: '0', STORE_URL: mongoUrl, DATA_KEYS: dataKeys },
    ...{ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url },
    ...{ TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: SECRET, PUBLIC_URL: 'https://mot-cua.example' },
  };
  const config = loadConfig(env, root);
  const logged: string[] = [];
  // The store is away by design, and a messenger that is slow for a moment is asked again.
  const expected = ['store-unavailable', 'channel-unavailable'];
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error(event, error) {
      const isGivenUp = event === 'act-set-aside';
      if (isGivenUp || !expected.includes(codeOf(error))) logged.push(`${event} ${String(error)}`);
    },
  };
  const meter = { count: () => undefined, seconds: () => undefined };
  const house = await openHouse({ config, root, universe, log, meter, messagesAMinute: 1_000_000 });
  const converse = brokenInbox(mutate, house.converse);
  const messengers = openMessengers({ house: { ...house, converse }, config, universe, log });
  house.start();
  const server = await listen((request, answer) => void messengers.handle(request, answer), 0, '127.0.0.1');
  telegram.setWebhook({ url: `http://127.0.0.1:${server.port}/webhooks/telegram`, secret: SECRET });
  async function close(): Promise<void> {
    await Promise.all([stopServer(server), messengers.close()]);
    await house.close();
    remove();
  }
  return { house, logged, close };
}

/** Every commit is known by the event it took; what was said stands in the talk once, in order. */
async function chatProblems(store: Store, chat: string, said: readonly Deed[]): Promise<string[]> {
  const state = await store.conversations.find({ channel: 'telegram', account: 'default', chat });
  if (state === null) return [`chat ${chat} is lost`];
  const { id, seen } = state.doc;
  const events = new Set(seen.map((one) => one.id));
  const lost = said.filter((deed) => !events.has(deed.id));
  const seqs = (await store.transcripts.read(id, 0, 10_000)).map(({ seq }) => seq);
  const inOrder = seqs.every((seq, n) => n === 0 || seq > (seqs[n - 1] ?? 0));
  return [
    ...(events.size === seen.length ? [] : [`chat ${chat}: an event was applied twice`]),
    ...(state.revision === seen.length
      ? []
      : [`chat ${chat}: revision ${state.revision}, ${seen.length} commits`]),
    ...lost.map((deed) => `chat ${chat}: ${deed.id} was answered 200 and is lost`),
    ...(inOrder ? [] : [`chat ${chat}: its lines are ${seqs.join(' ')}`]),
  ];
}

/** Writes the chain of the audit on through the same wire until it is told to stop; what was wrong with it in the end. */
function auditing(house: House) {
  const end = new AbortController();
  const answered: number[] = [];
  const work = (async () => {
    for (let n = 1; !end.signal.aborted; n += 1) {
      const done = await house.store.audit.append(auditOf(n)).then(
        () => true,
        () => false,
      );
      if (done) answered.push(n);
      await pause(250);
    }
  })();
  return async (store: Store): Promise<string[]> => {
    end.abort();
    await work;
    const broken = await store.audit.verify();
    const times = (await store.audit.last(100_000)).map(({ at }) => at);
    return [
      ...(broken === null ? [] : [`the audit breaks: ${JSON.stringify(broken)}`]),
      ...(new Set(times).size === times.length ? [] : ['the audit says something twice']),
      ...(times.length >= answered.length
        ? []
        : [`${answered.length} entries were written, ${times.length} stand`]),
    ];
  };
}

/** The server goes away once, after so many answers. */
function absence(proxy: TcpProxy, after: number, awayMs: number): () => void {
  let answers = 0;
  return () => {
    answers += 1;
    if (answers !== after || awayMs === 0) return;
    proxy.away();
    setTimeout(() => proxy.back(), awayMs);
  };
}

export async function cutTurns(options: CutTurnsOptions): Promise<CutTurnsReport> {
  const { mongo, turns, seed, awayMs } = options;
  if (mongo.port === null)
    throw new Error('MONGO_TEST_URL must be one server on this machine for this test.');
  const proxy = await openTcpProxy(mongo.port);
  const telegram = await startFakeTelegram({ autoDeliver: false, keep: 1_000 });
  const [database, dataKeys] = [newDatabase(), newDataKeys()];
  const behind = `mongodb://127.0.0.1:${proxy.port}/${database}?directConnection=true`;
  const town = await openTown(telegram, behind, dataKeys, options.mutate);
  const straight = await openOnMongo(`${mongo.url}/${database}`, dataKeys);
  const { store } = straight;
  const wire = badWire(options.cut, seed);
  const statuses = new Map<number, number>();
  let slowestMs = 0;
  const goneFor = absence(proxy, Math.ceil(turns / 3), awayMs);
  const auditProblems = auditing(town.house);
  proxy.decide = wire.decide;
  const { problems, figures } = await dirtyWebhooks({
    ...{ telegram, store, seed, updates: turns },
    ...TALKS,
    patienceMs: 60_000 + awayMs,
    onAnswer(status, ms) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      slowestMs = Math.max(slowestMs, ms);
      goneFor();
    },
    check: (chat, said) => chatProblems(store, chat, said),
  });
  proxy.decide = () => 'pass';
  const broken = await auditProblems(store);
  await town.close();
  await Promise.all([straight.close(), telegram.close()]);
  await proxy.close();
  await dropDatabase(mongo.url, database);
  return {
    problems: [...problems, ...broken, ...town.logged],
    ...{ figures, statuses, slowestMs: Math.round(slowestMs), wire: wire.tally },
  };
}
