/** The state of the fake: bots, their chats, messages, files and updates on the way. */
import { createHash } from 'node:crypto';
import { keep, type Call, type Delivery } from './ledger';
import {
  badRequest,
  type ChatInfo,
  type FileRef,
  type Message,
  type Update,
  type UpdateKind,
  type User,
} from './wire';
import { seeded } from '../seeded';

export interface BotAccount {
  /** `123456:ABC…`: digits, a colon, at least one of `A-Za-z0-9_-`. */
  readonly token: string;
  /** Default `mot_cua_<id>_bot`. */
  readonly username?: string;
}

export interface FakeOptions {
  /** Default: one bot, `TOKEN`. */
  readonly bots?: readonly (BotAccount | string)[];
  /** Default 0: any free one. */
  readonly port?: number;
  /** How many times faster than Telegram its clocks run: retries, timeouts, expiry, long polls. Default 1. */
  readonly scale?: number;
  /** No scaled wait is shorter than this (a wait of 0 stays 0). Milliseconds, default 0. */
  readonly floorMs?: number;
  /** false: updates wait until `release()`; tests send them over connections of their own. Default true. */
  readonly autoDeliver?: boolean;
  /** Every chat exists, also those no citizen wrote from. For tests that make updates by hand. Default false. */
  readonly openChats?: boolean;
  /** Counters only: no ledger, no messages kept, every chat exists. For benchmarks. Default false. */
  readonly stub?: boolean;
  /** Longest `calls` and `deliveries`. Default 100,000. */
  readonly keep?: number;
  /** Real flood control: more messages to one chat answer 429. Bot API: C2 "about 1 message/s per chat (bursts tolerated)". */
  readonly flood?: { readonly perSecond: number; readonly burst: number };
  /** Randomness of retry caps. Default: seeded, the same in every run. */
  readonly random?: () => number;
}

/** The token when no other is named. */
export const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

export interface Kept {
  readonly message: Message;
  readonly by: 'bot' | 'citizen';
  readonly edits: number;
  /** ms epoch it came. */
  readonly at: number;
}

export interface Toast {
  readonly text: string;
  readonly alert: boolean;
}

export interface Chat {
  readonly info: ChatInfo;
  /** For the bot a chat exists once its citizen did something there. */
  known: boolean;
  blocked: boolean;
  /** Of a group: the bot is no member any more. */
  left: boolean;
  readonly messages: Map<number, Kept>;
  readonly toasts: Toast[];
  /** `typing`, … as they came. */
  readonly actions: { readonly at: number; readonly action: string }[];
}

export interface StoredFile {
  readonly ref: FileRef;
  readonly type: 'Photo' | 'Document' | 'Voice' | 'Sticker';
  readonly bytes: Buffer;
  readonly path: string;
  readonly name: string;
  readonly mime: string;
}

export interface Webhook {
  readonly url: string;
  readonly secret: string;
  readonly maxConnections: number;
  readonly allowed: readonly string[] | null;
}

export interface Tap {
  readonly user: number;
  readonly chat: number;
  readonly until: number;
  answered: boolean;
}

export interface Pending {
  readonly update: Update;
  readonly queue: string;
  readonly until: number;
  readonly delivery: Delivery;
  /** Told again on purpose: the next poll returns it whatever its offset says. */
  again: boolean;
}

export interface Bot {
  readonly token: string;
  readonly user: User;
  webhook: Webhook | null;
  /** Of polling. */
  allowed: readonly string[] | null;
  lastError: { readonly at: number; readonly message: string } | null;
  lastUpdateId: number;
  lastMessageId: number;
  readonly chats: Map<number, Chat>;
  readonly files: Map<string, StoredFile>;
  readonly taps: Map<string, Tap>;
  readonly commands: Map<string, unknown>;
  /** In the order of update_id. */
  readonly pending: Map<number, Pending>;
  /** Told of each new update: the webhook's sender. */
  arrived: (pending: Pending) => void;
  /** Told that there may be news: polls that wait. */
  readonly polls: Set<() => void>;
}

export interface World {
  readonly options: FakeOptions;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly calls: Call[];
  readonly deliveries: Delivery[];
  readonly counters: Map<string, number>;
  held: boolean;
  /** Telegram's milliseconds in ours. */
  scaled(ms: number): number;
  random(): number;
  /** Something a reader could see has changed: in this chat, or (the world itself) in what is on the way. */
  changed(place: object): void;
  onChange(place: object, listener: () => void): () => void;
}

function makeBot(account: BotAccount | string, index: number): Bot {
  const { token, username } = typeof account === 'string' ? { token: account, username: undefined } : account;
  const id = Number(/^(\d+):[\w-]+$/.exec(token)?.[1]);
  if (!Number.isSafeInteger(id)) throw new Error(`not a bot token: ${token}`);
  return {
    token,
    user: { id, is_bot: true, first_name: 'Một Cửa', username: username ?? `mot_cua_${id}_bot` },
    webhook: null,
    allowed: null,
    lastError: null,
    lastUpdateId: 100_000_000 * (index + 1),
    lastMessageId: 0,
    chats: new Map(),
    files: new Map(),
    taps: new Map(),
    commands: new Map(),
    pending: new Map(),
    arrived: () => undefined,
    polls: new Set(),
  };
}

export function makeWorld(options: FakeOptions): World {
  const listeners = new Map<object, Set<() => void>>();
  const bots = (options.bots ?? [TOKEN]).map(makeBot);
  return {
    options,
    bots: new Map(bots.map((bot) => [bot.token, bot])),
    calls: [],
    deliveries: [],
    counters: new Map(),
    held: options.autoDeliver === false,
    scaled: (ms) => (ms <= 0 ? 0 : Math.max(options.floorMs ?? 0, ms / (options.scale ?? 1))),
    random: options.random ?? seeded(1),
    changed(place) {
      for (const listener of [...(listeners.get(place) ?? [])]) listener();
    },
    onChange(place, listener) {
      const here = listeners.get(place) ?? new Set();
      listeners.set(place, here.add(listener));
      return () => {
        here.delete(listener);
        if (here.size === 0) listeners.delete(place);
      };
    },
  };
}

/** The chat with this id, made when it is new. */
export function chatOf(bot: Bot, info: ChatInfo): Chat {
  const found = bot.chats.get(info.id);
  if (found !== undefined) return found;
  const chat: Chat = {
    info,
    known: false,
    blocked: false,
    left: false,
    messages: new Map(),
    toasts: [],
    actions: [],
  };
  bot.chats.set(info.id, chat);
  return chat;
}

export const epochSeconds = (): number => Math.floor(Date.now() / 1000);

/** Bot API: C1 "messages: 24 h after the message date; callback_query: 150 s". */
const LIFE_MS = { message: 86_400_000, callback_query: 150_000 };

/** When a tap given now can no longer be delivered or answered. */
export const tapEnd = (world: World): number =>
  Date.now() + LIFE_MS.callback_query / (world.options.scale ?? 1);

/**
 * A new update of a bot, numbered in sequence, on its way unless the bot does not want its kind.
 * Bot API: C1 "queue id = chat_id for messages, user_id + (3<<33) for callbacks".
 */
export function emit(world: World, bot: Bot, body: Omit<Update, 'update_id'>): Update {
  bot.lastUpdateId += 1;
  const update: Update = { update_id: bot.lastUpdateId, ...body };
  const kind = Object.keys(body)[0] as UpdateKind;
  const allowed = bot.webhook === null ? bot.allowed : bot.webhook.allowed;
  if (allowed !== null && !allowed.includes(kind)) return update;
  const chat = (body.message ?? body.edited_message ?? body.my_chat_member)?.chat.id;
  const home = bot.chats.get(chat ?? body.callback_query?.message?.chat.id ?? 0);
  if (home !== undefined) home.known = true;
  const queue = chat === undefined ? `user ${body.callback_query?.from.id ?? 0}` : `chat ${chat}`;
  const life = kind === 'callback_query' ? LIFE_MS.callback_query : LIFE_MS.message;
  const delivery: Delivery = { bot: bot.token, update, kind, attempts: [], outcome: 'pending' };
  const until = Date.now() + life / (world.options.scale ?? 1);
  const pending: Pending = { update, queue, until, delivery, again: false };
  bot.pending.set(update.update_id, pending);
  keep(world.deliveries, delivery, world.options.keep ?? 100_000);
  bot.arrived(pending);
  for (const tell of [...bot.polls]) tell();
  return update;
}

/** An update leaves the bot's queue for good. */
export function settle(
  world: World,
  bot: Bot,
  pending: Pending,
  outcome: 'taken' | 'expired' | 'dropped',
): void {
  if (pending.delivery.outcome === 'pending') pending.delivery.outcome = outcome;
  if (bot.pending.get(pending.update.update_id) === pending) bot.pending.delete(pending.update.update_id);
  world.changed(world);
}

const FOLDERS = { Photo: 'photos', Document: 'documents', Voice: 'voice', Sticker: 'stickers' };

/** Keeps bytes for a bot: the id works for this bot alone, the unique id is the same for the same bytes. Bot API: C2. */
export function storeFile(bot: Bot, file: Omit<StoredFile, 'ref' | 'path'>): StoredFile {
  const print = createHash('sha256').update(file.bytes).digest('base64url');
  const number = bot.files.size + 1;
  const dot = file.name.lastIndexOf('.');
  const extension = dot > 0 ? file.name.slice(dot + 1).replaceAll(/\W/g, '') : 'bin';
  const stored: StoredFile = {
    ...file,
    ref: {
      file_id: `${file.type}-${bot.user.id}-${number}-${print.slice(0, 24)}`,
      file_unique_id: `AQAD${print.slice(0, 12)}`,
      file_size: file.bytes.length,
    },
    path: `${FOLDERS[file.type]}/file_${number}.${extension}`,
  };
  bot.files.set(stored.ref.file_id, stored);
  return stored;
}

export function fileById(bot: Bot, id: string): StoredFile {
  const file = bot.files.get(id);
  if (file === undefined) throw badRequest('wrong file identifier/HTTP URL specified');
  return file;
}
