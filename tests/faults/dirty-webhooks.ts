/**
 * Telegram on a bad day, over real HTTP: updates come twice, in the wrong order, and two at once. Each chat is told what to
 * do, and the reference model what was done; whenever a chat rests, what the house holds must be what the model says.
 */
import { Agent, request } from 'node:http';
import sharp from 'sharp';
import type { Store } from '../../src/ports/store';
import type { Citizen, FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import type { Update } from '../servers/fake-telegram/wire';
import { LINK } from './model-root';
import { found } from './model-run';
import { applied, atOnce, narrowed, NOTHING, TAPS, WORDS, type Deed, type State } from './reference-model';

import { pause } from './storm-http';
import { seeded } from '../servers/seeded';

/** Shares of all updates that are sent. */
const DUPLICATES = 0.2;
const REORDERED = 0.1;
const AT_ONCE = 0.05;
/** So many messages are one chat's, and so often it rests, unless said otherwise. */
const PER_CHAT = 100;
const REST = 12;
const PATIENCE_MS = 30_000;
/** Telegram waits longer before it comes again. */
const AGAIN_MS = 100;
const PRINTS = ['p1', 'p2', 'p3'];

export interface DirtyOptions {
  readonly telegram: FakeTelegram;
  readonly store: Store;
  readonly updates: number;
  readonly seed: number;
  /** Chats that speak at the same time. */
  readonly together?: number;
  /** Messages of one chat, and after how many it rests. */
  readonly perChat?: number;
  readonly restAfter?: number;
  /** How long a chat may take to come to rest, ms. */
  readonly patienceMs?: number;
  /** Told of every answer to an update: its status (0: none came), and after how long. */
  readonly onAnswer?: (status: number, ms: number) => void;
  /** What else is wrong with a chat that said these in the end. */
  readonly check?: (chat: string, said: readonly Deed[], phone: Citizen) => Promise<readonly string[]>;
}

export interface DirtyReport {
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

interface Sent {
  readonly deed: Deed;
  readonly update: Update;
}

/** A page of one colour for each print, made once. */
const pages = (): Promise<readonly (readonly [string, Buffer])[]> =>
  Promise.all(
    PRINTS.map(async (print, n) => {
      const background = { r: 60 * n, g: 200, b: 90 };
      const image = sharp({ create: { width: 1_000, height: 1_000, channels: 3, background } });
      return [print, await image.jpeg().toBuffer()] as const;
    }),
  );

function poster({ telegram, onAnswer = () => undefined }: DirtyOptions) {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const once = (update: Update): Promise<number> =>
    new Promise((resolve, reject) => {
      const { url, headers, body } = telegram.requestOf(update);
      const call = request(url, { method: 'POST', agent, headers: { ...headers } }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      call.on('error', reject);
      call.end(body);
    });
  /** As Telegram does: what got no answer, or a bad one, comes again. */
  async function post(update: Update): Promise<void> {
    for (let status = 0; status !== 200;) {
      const from = performance.now();
      status = await once(update).catch(() => 0);
      onAnswer(status, performance.now() - from);
      if (status === 503) await pause(AGAIN_MS);
      if (status !== 200 && status !== 0 && status < 429) throw new Error(`an update was answered ${status}`);
    }
  }
  return { post, close: () => agent.destroy() };
}

const any = <T>(list: readonly T[], roll: () => number): T => list[Math.floor(roll() * list.length)] as T;

/** Mostly what leads on, so that filings come to their end; else anything. */
function wishes(roll: () => number): () => Omit<Deed, 'id'> {
  const way = ['p1', 'p2', ...['khai tử', 'vợ', 'gửi bưu điện', 'gửi'], 'start'];
  let at = -1;
  return () => {
    const leads = roll() < 0.6;
    if (leads) at = (at + 1) % way.length;
    const next = at < 0 || !leads ? null : (way[at] ?? null);
    if (next === 'start' || at < 0) return { type: 'start' };
    if (next?.startsWith('p') === true) return { type: 'photos', prints: [next] } as Omit<Deed, 'id'>;
    if (next !== null) return { type: 'text', words: next } as Omit<Deed, 'id'>;
    const sort = roll();
    if (sort < 0.15) return { type: 'photos', prints: [any(PRINTS, roll)] } as Omit<Deed, 'id'>;
    if (sort < 0.5) {
      const [step, choice] = any(TAPS, roll);
      return { type: 'tap', step, choice } as Omit<Deed, 'id'>;
    }
    return { type: 'text', words: any(WORDS, roll) } as Omit<Deed, 'id'>;
  };
}

interface Town extends DirtyOptions {
  readonly post: (update: Update) => Promise<void>;
  readonly bytes: ReadonlyMap<string, Buffer>;
  /** Telegram's own names of the photos. */
  readonly names: Map<string, string>;
  readonly tally: { sent: number; duplicates: number; reordered: number; pairs: number; rests: number };
}

/** One chat's messages as Telegram would write them. */
function scribe({ bytes, names }: Town, phone: Citizen, roll: () => number): () => Sent {
  const wish = wishes(roll);
  return () => {
    const deed = { ...wish(), id: '' } as Deed;
    const update = write(deed);
    return { deed: { ...deed, id: `u${update.update_id}` }, update };
  };
  function write(deed: Deed): Update {
    switch (deed.type) {
      case 'start':
        return phone.start(LINK);
      case 'text':
        return phone.text(deed.words);
      case 'tap':
        return phone.press({ message: 1, data: `a|${deed.step}|${deed.choice}` });
      case 'photos': {
        const [print = ''] = deed.prints;
        const update = phone.photo(bytes.get(print) ?? Buffer.alloc(0));
        names.set(update.message?.photo?.at(-1)?.file_unique_id ?? '', print);
        return update;
      }
    }
  }
}

/** Nothing is left to say or do, and every photo was looked at. */
async function rest({ store, patienceMs = PATIENCE_MS }: Town, chat: string): Promise<void> {
  const end = performance.now() + patienceMs;
  for (let calm = 0; calm < 2 && performance.now() < end;) {
    await pause(10);
    const state = await store.conversations.find({ channel: 'telegram', account: 'default', chat });
    if (state === null) return;
    const { says, acts, session } = state.doc;
    const busy =
      says.some(({ seq }) => seq > state.sentUpTo) ||
      acts.some(({ seq }) => seq > state.doneUpTo) ||
      session?.phase === 'sending';
    calm = busy ? 0 : calm + 1;
  }
}

async function speak(town: Town, n: number): Promise<string[]> {
  const { store, post, tally, names, perChat = PER_CHAT, restAfter = REST } = town;
  const roll = seeded(town.seed * 100_003 + n);
  const phone = town.telegram.citizen({ id: 8_000_000 + n });
  const chat = String(phone.chatId);
  const next = scribe(town, phone, roll);
  const done: Sent[] = [];
  let states: readonly State[] = NOTHING;

  async function step(): Promise<void> {
    const sort = roll();
    const a = next();
    if (sort < AT_ONCE) {
      const b = next();
      tally.pairs += 1;
      states = atOnce(states, [a.deed, b.deed]);
      await Promise.all([post(a.update), post(b.update)]);
      done.push(a, b);
    } else if (sort < AT_ONCE + REORDERED / 2) {
      const b = next();
      tally.reordered += 2;
      states = applied(applied(states, b.deed), a.deed);
      await post(b.update);
      await post(a.update);
      done.push(b, a);
    } else {
      states = applied(states, a.deed);
      // A duplicate may overtake the answer to the first.
      const twice = roll() < DUPLICATES / 4;
      if (twice) tally.duplicates += 1;
      await Promise.all([post(a.update), ...(twice ? [post(a.update)] : [])]);
      done.push(a);
    }
    if (roll() >= DUPLICATES) return;
    tally.duplicates += 1;
    await post(any(done.slice(-10), roll).update);
  }
  async function look(): Promise<string[]> {
    await rest(town, chat);
    tally.rests += 1;
    const is = await found(store, chat, (print) => names.get(print) ?? print);
    const may = narrowed(states, is);
    if (may.length > 0) {
      states = may;
      return [];
    }
    return [
      `chat ${n} after ${done.length}: ${JSON.stringify(is)}; last: ${JSON.stringify(done.slice(-restAfter).map(({ deed }) => deed))}`,
    ];
  }
  while (done.length < perChat) {
    const until = done.length + restAfter;
    while (done.length < until) await step();
    const problems = await look();
    if (problems.length > 0) return problems;
  }
  tally.sent += done.length;
  const more = await town.check?.(
    chat,
    done.map(({ deed }) => deed),
    phone,
  );
  return [...(await heardProblems(store, chat, done)), ...(more ?? [])];
}

/** Each message stands in the talk once. */
async function heardProblems(store: Store, chat: string, done: readonly Sent[]): Promise<string[]> {
  const state = await store.conversations.find({ channel: 'telegram', account: 'default', chat });
  const lines = await store.transcripts.read(state?.doc.id ?? '', 0, 10_000);
  const heard = lines.filter(({ side }) => side === 'citizen').length;
  // A press on a message that Telegram no longer shows has no label to hear.
  const said = done.filter(({ deed }) => deed.type === 'text' || deed.type === 'photos').length;
  return heard === said ? [] : [`chat ${chat}: ${said} messages, ${heard} stand in the talk`];
}

export async function dirtyWebhooks(options: DirtyOptions): Promise<DirtyReport> {
  const { updates, together = 40, perChat = PER_CHAT } = options;
  const { post, close } = poster(options);
  const tally = { sent: 0, duplicates: 0, reordered: 0, pairs: 0, rests: 0 };
  const town: Town = { ...options, post, tally, names: new Map(), bytes: new Map(await pages()) };
  const chats = Math.ceil(updates / (perChat * (1 + DUPLICATES)));
  const problems: string[] = [];
  let begun = 0;
  const from = Date.now();
  async function line(): Promise<void> {
    while (begun < chats) problems.push(...(await speak(town, begun++)));
  }
  await Promise.all(Array.from({ length: together }, line));
  close();
  const ms = Date.now() - from;
  return { problems, figures: { chats, ...tally, all: tally.sent + tally.duplicates, ms } };
}
