/** The messengers that are set up: one channel each, for all its accounts. The web chat is a door, see `doors`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { telegramChannel, type Telegram, type TelegramAccount } from '../channels/telegram/telegram-channel';
import type { Config, TelegramConfig } from '../config';
import type { Log, Universe } from '../ports/universe';
import type { House } from './house';

/** ms epoch: the year 2286. */
const FOR_GOOD = 9_999_999_999_999;
const SET_ASIDE_MS = 7 * 86_400_000;

export interface Messengers {
  /** Answers their webhooks and returns true; false for any other path. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Begins to fetch or to be called. `publicUrl`: without a trailing slash. */
  start(publicUrl: string): void;
  /** Nothing more comes in; what goes out is the house's to end. */
  close(): Promise<void>;
}

export interface MessengerOptions {
  readonly house: House;
  readonly config: Config;
  readonly universe: Universe;
  readonly log: Log;
}

/** Puts every messenger of the configuration among the channels of the house. */
export function openMessengers(options: MessengerOptions): Messengers {
  const { house, config } = options;
  if (config.telegram.length === 0) {
    return { handle: () => false, start: () => undefined, close: () => Promise.resolve() };
  }
  const telegram = openTelegram(options);
  house.channels.set(telegram.channel.name, telegram.channel);
  return telegram;
}

function openTelegram({ house, config, universe, log }: MessengerOptions): Telegram {
  const { say } = house.speech;
  const { slips } = house.store;
  for (const { account, agency } of config.telegram) {
    const known = agency === null || house.directory.byId(agency) !== undefined;
    if (!known) log.warn('account-agency-unknown', { account, agency });
  }
  return telegramChannel({
    accounts: config.telegram.map(accountOf),
    inbox: house.converse,
    open: house.outFiles,
    async fileWords(address, fate) {
      const doc = (await house.store.conversations.find(address))?.doc;
      return say(`bot.file.${fate === 'unknown' ? 'perhapsNotSent' : 'notSent'}`, {}, doc?.lang ?? 'vi');
    },
    bots: {
      botOf: (account) => slips.get<string>('telegram-bot', account, universe.now()),
      accountOf: (bot) => slips.get<string>('telegram-account', bot, universe.now()),
      async pair(account, bot) {
        await slips.put('telegram-bot', account, bot, FOR_GOOD);
        await slips.put('telegram-account', bot, account, FOR_GOOD);
      },
    },
    setAside: (id, update) => slips.put('set-aside', id, update, universe.now() + SET_ASIDE_MS),
    leases: house.store.leases,
    holder: house.newId(),
    clock: () => universe.now(),
    log,
    groupWords: `${say('bot.group.leaving', {}, 'vi')}\n\n${say('bot.group.leaving', {}, 'en')}`,
    describe: (key, lang) => say(`bot.commands.${key}`, {}, lang),
  });
}

function accountOf({
  account,
  agency,
  token,
  apiRoot,
  mode,
  webhookSecret,
  confirmed,
}: TelegramConfig): TelegramAccount {
  return {
    ...{ account, apiRoot, mode, confirmed, token: token.reveal() },
    ...(agency === null ? {} : { agency }),
    ...(webhookSecret === null ? {} : { webhookSecret: webhookSecret.reveal() }),
  };
}
