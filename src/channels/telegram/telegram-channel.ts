/** Telegram: every account's way in (webhook or polling) and the one channel out. */
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../errors';
import type { Address, Channel, Inbox, OpenFile, Outgoing, SendOutcome } from '../../ports/channel';
import type { Leases } from '../../ports/store';
import type { Log } from '../../ports/universe';
import { openBotApi, type BotApi } from './bot-api';
import { tellCommands, type Lang } from './commands';
import { groupLeaver } from './groups';
import { incomingFile } from './incoming-file';
import type { FileFate } from './outgoing-files';
import { POLL, poller, type PollDeps, type PollTiming } from './poll';
import { rest, untilDone } from './rest';
import { sameBot, type Bots, type Standing } from './same-bot';
import { openScreen } from './screen';
import { sender, type Sender } from './send';
import { openSilences, type Silences } from './silences';
import { taker, type Take } from './take';
import { readUpdate, type Read } from './update';
import { webhookDoor, webhookPath, type WebhookAccount, type WebhookLimits } from './webhook';
import { webhookSetting, type WebhookSetting } from './webhook-setting';

export interface TelegramAccount {
  /** Slug; `default` for the one of the environment. */
  readonly account: string;
  /** Every talk of this account is about this agency. */
  readonly agency?: string;
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiRoot: string;
  readonly mode: 'polling' | 'webhook';
  /** Of mode `webhook`. */
  readonly webhookSecret?: string;
  /** An operator says that this bot may take the place of another. */
  readonly confirmed?: boolean;
}

export interface TelegramOptions {
  readonly accounts: readonly TelegramAccount[];
  readonly inbox: Inbox;
  /** Reads files of dossiers that go out. */
  readonly open: OpenFile;
  /** What a chat is told when a file finally did not come. */
  readonly fileWords: (address: Address, fate: FileFate) => Promise<string>;
  readonly bots: Bots;
  /** Keeps an update sealed that never could be taken, for whoever mends the defect. */
  readonly setAside: (id: string, update: unknown) => Promise<void>;
  readonly leases: Leases;
  /** This process among those that share the store. */
  readonly holder: string;
  /** ms epoch */
  readonly clock: () => number;
  readonly log: Log;
  /** Said in a group before the bot leaves it. */
  readonly groupWords: string;
  /** One line about a command of the menu, ≤ 256 characters. */
  readonly describe: (key: string, lang: Lang) => string;
  readonly pollTiming?: Partial<PollTiming>;
  readonly webhookLimits?: WebhookLimits;
}

export interface Telegram {
  readonly channel: Channel;
  /** Answers `/webhooks/telegram…` and returns true; false for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Begins to fetch or to be called. `publicUrl`: without a trailing slash. */
  start(publicUrl: string): void;
  /** Within 2 s: what is being taken becomes durable, what is being said is said; calls that hang are given up. */
  close(): Promise<void>;
}

/** One call of the Bot API; sending a file may take longer than words. */
const CALL_MS = 20_000;
/** At the end a call that runs has this long; cut off, its words would come twice after the next start. */
const LAST_CALLS_MS = 1_500;
/** An account that is not set up (any more) gets another try: whoever left it out may put it back. */
const NO_ACCOUNT_MS = 5 * 60_000;
/** After so long nobody puts it back: its words are taken back, or they would wait for ever. */
const GONE_ACCOUNT_MS = 86_400_000;
/** The store does not answer. */
const UNREAD_MS = 5_000;

export function telegramChannel(options: TelegramOptions): Telegram {
  const { accounts, log } = options;
  const ending = new AbortController();
  // Every call under way listens: many at once are no leak.
  setMaxListeners(0, ending.signal);
  const cut = new AbortController();
  // Every call under way listens: many at once are no leak.
  setMaxListeners(0, cut.signal);
  const ends = { ending: ending.signal, cut: cut.signal };
  const opened = new Map(accounts.map((one) => [one.account, openAccount(one, options, ends)]));
  const onError = (error: unknown) => log.error('telegram-webhook-failed', error);
  const doors = [...opened.values()].flatMap(({ door }) => door ?? []);
  return {
    channel: channelOf(opened, options),
    handle: webhookDoor(doors, onError, options.webhookLimits),
    start: (publicUrl) => opened.forEach((one) => void one.start(publicUrl)),
    async close() {
      ending.abort();
      const all = [...opened.values()];
      const idle = async () => {
        while (all.some((one) => one.isSending()) && !cut.signal.aborted) await rest(10, cut.signal);
      };
      const late = setTimeout(() => cut.abort(), LAST_CALLS_MS);
      await Promise.all([idle(), ...all.map((one) => one.close())]);
      clearTimeout(late);
      cut.abort();
    },
  };
}

type Account = ReturnType<typeof openAccount>;

function channelOf(accounts: ReadonlyMap<string, Account>, options: TelegramOptions): Channel {
  const missing = missingAccount(options);
  return {
    name: 'telegram',
    capabilities: { buttons: true, push: true, documents: true },
    send({ account, chat }: Address, messages, until) {
      const one = accounts.get(account);
      if (one !== undefined) return one.out.send(chat, messages, until);
      return Promise.resolve(missing(account, messages[0]));
    },
    working: ({ account, chat }) => accounts.get(account)?.out.working(chat) ?? Promise.resolve(),
    async fetch({ account }, ref) {
      const one = accounts.get(account);
      if (one === undefined) throw new AppError('channel-unavailable', 'this account is not set up');
      return one.file(ref);
    },
  };
}

/** Somebody left it out, or named it otherwise. */
function missingAccount({ clock, log }: Pick<TelegramOptions, 'clock' | 'log'>) {
  const told = new Set<string>();
  return (account: string, first: Outgoing | undefined): SendOutcome => {
    if (!told.has(account)) log.warn('telegram-account-missing', { account });
    told.add(account);
    const lost = first !== undefined && clock() - first.at > GONE_ACCOUNT_MS;
    return lost ? { unreachable: { sentUpTo: 0 } } : { later: { sentUpTo: 0, waitMs: NO_ACCOUNT_MS } };
  };
}

interface Ends {
  /** Nothing more is begun. */
  readonly ending: AbortSignal;
  /** What still runs is given up. */
  readonly cut: AbortSignal;
}

function openAccount(one: TelegramAccount, options: TelegramOptions, { ending, cut }: Ends) {
  const { account, token, apiRoot } = one;
  const { clock, log } = options;
  const api = openBotApi({ token, apiRoot, timeoutMs: CALL_MS });
  const leave = groupLeaver(api, clock, options.groupWords);
  const silences = openSilences(clock);
  const standing = sameBot({ ...one, bots: options.bots, log });
  const mayTake = async () => !['renamed', 'unread'].includes(await standing());
  const screen = openScreen({ api, silences, ending });
  const take = gated(mayTake, taker({ account, leave, screen, ...options }));
  const read = (update: unknown) => readUpdate(update, one);
  const waits = (of: Read) => void ('tap' in of && screen.refused(of.tap));
  let setting: WebhookSetting | null = null;
  const tell = async () => {
    const refused = await tellCommands(api, options.describe);
    if (refused !== null && !ending.aborted) log.warn('telegram-commands-refused', { account, ...refused });
    return refused === null;
  };
  const polling = one.mode === 'polling' ? pollerOf(one, options, { read, take, waits }) : null;
  return {
    ...outOf(account, options, { api, silences, cut }, standing),
    file: (ref: string) => incomingFile({ api, token, apiRoot, ending, silences }, ref),
    door: doorOf(one, read, take, (secret) => setting?.called(secret)),
    async start(publicUrl: string): Promise<void> {
      await untilDone(async () => (await standing()) !== 'unread', ending);
      if (!(await mayTake()) || ending.aborted) return;
      polling?.start();
      if (one.mode === 'webhook') {
        const url = `${publicUrl}${webhookPath(account)}`;
        setting = webhookSetting({ account, api, url, secret: one.webhookSecret ?? '', log, clock }, ending);
        void setting.keep();
      }
      await untilDone(tell, ending);
    },
    close: () => polling?.close() ?? Promise.resolve(),
  };
}

const gated =
  (mayTake: () => Promise<boolean>, take: Take): Take =>
  async (...args) => {
    if (!(await mayTake())) throw new AppError('channel-unavailable', 'an account that takes nothing in');
    return take(...args);
  };

/** Words of one account, once its bot is known to be the right one. */
function outOf(
  account: string,
  { open, clock, log, fileWords }: TelegramOptions,
  { api, silences, cut }: { readonly api: BotApi; readonly silences: Silences; readonly cut: AbortSignal },
  standing: () => Promise<Standing>,
) {
  const onError = (error: unknown) => log.error('telegram-send-failed', error, { account });
  const insteadOf = (chat: string, fate: FileFate) => fileWords({ channel: 'telegram', account, chat }, fate);
  const sends = sender({ api, open, fileWords: insteadOf, ending: cut, clock, onError, silences });
  let sending = 0;
  const out: Sender = {
    async send(...args) {
      const now = await standing();
      if (now === 'unread') return { later: { sentUpTo: 0, waitMs: UNREAD_MS } };
      if (now !== 'same') return { later: { sentUpTo: 0, waitMs: NO_ACCOUNT_MS } };
      sending += 1;
      return sends.send(...args).finally(() => (sending -= 1));
    },
    async working(chat) {
      if ((await standing()) === 'same') await sends.working(chat);
    },
  };
  return { out, isSending: () => sending > 0 };
}

function pollerOf(
  { account, token, apiRoot }: TelegramAccount,
  { leases, holder, clock, log, pollTiming }: TelegramOptions,
  ways: Pick<PollDeps, 'read' | 'take' | 'waits'>,
) {
  const { waitSeconds } = { ...POLL, ...pollTiming };
  const api = openBotApi({ token, apiRoot, timeoutMs: waitSeconds * 1000 + CALL_MS });
  const timing = pollTiming === undefined ? {} : { timing: pollTiming };
  return poller({ account, api, leases, holder, clock, log, ...ways, ...timing });
}

function doorOf(
  one: TelegramAccount,
  read: (update: unknown) => Read | null,
  take: Take,
  called: (secret: 'right' | 'wrong') => void,
): WebhookAccount | null {
  // Without a secret there is no door: configuration refuses that before.
  if (one.mode !== 'webhook' || one.webhookSecret === undefined) return null;
  return {
    account: one.account,
    webhookSecret: one.webhookSecret,
    called,
    take(update) {
      const found = read(update);
      return found === null ? Promise.resolve(() => undefined) : take(found, update);
    },
  };
}
