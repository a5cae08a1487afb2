/** Turns a second of the house behind Telegram's webhook, beside telegraf's own wizard and a bare server, by turns in one run. */
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, openSocket, rate, type Next, type Rate } from './client';
import { nodeFlags, startChild, type Child } from './child';
import { postsOf } from './filing';
import { openPeer, type Peer } from './telegram-peer';
import { writers } from './turns';

const HOUSE = join(__dirname, '../../tests/servers/server-child.js');
const WIZARD = join(__dirname, 'wizard-server.js');
const BARE = join(__dirname, 'bare-server.js');
const TOKEN = '123456:bench';
const SECRET = 'bench-secret-of-more-than-thirty-two-bytes';
const HEADER = `X-Telegram-Bot-Api-Secret-Token: ${SECRET}`;
const PATH = '/webhooks/telegram';
/** A question, the review, or the code: the citizen's turn. */
const ASKS = /Câu \d+ trong khoảng|d\|send\||Mã hồ sơ:/;
const WARM_MS = 6_000;

let updates = 0;
let chats = 1_000_000;

/** One chat's filing after another: updates as Telegram sends them, each waiting for the words it brings about. */
function citizen(peer: Peer): () => Next {
  let chat = 0;
  let step = 0;
  let posts = postsOf(0);
  return () => {
    const at = step % posts.length;
    if (at === 0) [chat, posts] = [(chats += 1), postsOf(randomInt(1_000_000))];
    step += 1;
    const body = JSON.stringify(updateOf(chat, posts[at] ?? {}));
    return { path: PATH, header: HEADER, body, heard: peer.heard(chat) };
  };
}

function updateOf(chat: number, { start, text, choice }: Readonly<Record<string, string>>) {
  const from = { id: chat, is_bot: false, first_name: 'Hoa', language_code: 'vi' };
  const message = {
    message_id: (updates += 1),
    date: Math.floor(Date.now() / 1000),
    chat: { id: chat, type: 'private', first_name: 'Hoa' },
  };
  if (choice === undefined) {
    const command = {
      text: `/start ${start ?? ''}`,
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    };
    return {
      update_id: updates,
      message: { ...message, from, ...(text === undefined ? command : { text }) },
    };
  }
  return {
    update_id: updates,
    callback_query: {
      id: String(updates),
      from,
      chat_instance: '1',
      data: choice,
      message: {
        ...message,
        text: 'x',
        reply_markup: { inline_keyboard: [[{ text: 'Gửi', callback_data: choice }]] },
      },
    },
  };
}

/** Telegraf's wizard has no buttons of ours: the last press is words to it. */
function wizardCitizen(peer: Peer): () => Next {
  const next = citizen(peer);
  return () => {
    const one = next();
    const update = JSON.parse(one.body) as { update_id: number; callback_query?: { from: { id: number } } };
    if (update.callback_query === undefined) return one;
    const chat = update.callback_query.from.id;
    return { ...one, body: JSON.stringify(updateOf(chat, { text: 'Gửi cho cán bộ' })) };
  };
}

export interface TelegramFigures {
  readonly house: readonly Rate[];
  readonly wizard: readonly Rate[];
  readonly bare: readonly Rate[];
  /** ms from the moment an update was due to its 2xx, at the offered rate. */
  readonly ack: { readonly p50: number; readonly p99: number; readonly longest: number; readonly n: number };
  readonly callsPerTurn: number;
}

export interface TelegramOptions {
  readonly dir: string;
  readonly chats: number;
  readonly rounds: number;
  readonly roundMs: number;
  /** Updates a second of the open loop. */
  readonly offered: number;
}

export async function measureTelegram(options: TelegramOptions): Promise<TelegramFigures> {
  const { dir, chats: lanes, rounds, roundMs } = options;
  mkdirSync(dir, { recursive: true });
  const peer = await openPeer(ASKS);
  const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: peer.apiRoot, TELEGRAM_WEBHOOK_SECRET: SECRET };
  const houseEnv = { ...env, TELEGRAM_MODE: 'webhook', PUBLIC_URL: 'https://bench.example', DATA_DIR: dir };
  const house = await startChild([...nodeFlags(), HOUSE], houseEnv);
  const wizard = await startChild([WIZARD, dir], env);
  const bare = await startChild([BARE, dir], {});
  const turns = (ms: number) => rate(house, { lanes, ms, lane: () => citizen(peer) });
  const wizards = (ms: number) => rate(wizard, { lanes, ms, lane: () => wizardCitizen(peer) });
  const writes = (ms: number) => rate(bare, { lanes, ms, lane: writers });
  await turns(Math.max(roundMs, WARM_MS));
  await wizards(roundMs);
  await writes(roundMs / 2);
  const figures = { house: [] as Rate[], wizard: [] as Rate[], bare: [] as Rate[] };
  let calls = 0;
  for (let round = 0; round < rounds; round += 1) {
    const before = peer.calls();
    figures.house.push(await turns(roundMs));
    calls += peer.calls() - before;
    figures.wizard.push(await wizards(roundMs));
    figures.bare.push(await writes(roundMs));
  }
  const ack = await openLoop(house, peer, options.offered, Math.max(roundMs, 5_000));
  await Promise.all([house.stop(), wizard.stop(), bare.stop()]);
  await peer.close();
  const callsPerTurn =
    calls / (figures.house.reduce((sum, { perSecond }) => sum + perSecond, 0) * (roundMs / 1000));
  return { ...figures, ack, callsPerTurn };
}

/** Updates come when they are due, whether or not the ones before were answered; many chats, so that one is always ready. */
async function openLoop(
  house: Child,
  peer: Peer,
  perSecond: number,
  ms: number,
): Promise<TelegramFigures['ack']> {
  const times: number[] = [];
  const ready = Array.from({ length: perSecond * 2 }, () => citizen(peer));
  const free: ReturnType<typeof openSocket>[] = [];
  const from = performance.now();
  const all: Promise<void>[] = [];

  async function one(due: number): Promise<void> {
    const lane = ready.shift();
    if (lane === undefined) throw new Error('no chat is ready: the house does not keep up');
    const line = free.pop() ?? openSocket(house.port);
    const request = lane();
    line.socket.write(bytesOf(request));
    await line.answer();
    times.push(performance.now() - due);
    free.push(line);
    await request.heard;
    ready.push(lane);
  }

  for (let n = 0; n < (perSecond * ms) / 1000; n += 1) {
    const due = from + (n * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(one(due));
  }
  await Promise.all(all);
  free.forEach(({ socket }) => socket.destroy());
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), longest: at(1), n: times.length };
}
