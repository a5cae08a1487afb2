/** The channel of Telegram alone, before a server that behaves like Telegram's; the house behind it is two answers. */
import { codeOf } from '../../src/errors';
import {
  telegramChannel,
  type Telegram,
  type TelegramOptions,
} from '../../src/channels/telegram/telegram-channel';
import { TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { SECRET } from './telegram-house';

export interface OpenedTelegram {
  readonly telegram: Telegram;
  /** One line an entry: level, event, error code, ids. */
  readonly logged: string[];
}

export function openTelegram(
  fake: FakeTelegram,
  mode: 'polling' | 'webhook',
  more: Partial<TelegramOptions> = {},
): OpenedTelegram {
  const logged: string[] = [];
  const note = (...what: unknown[]) => void logged.push(what.map((one) => JSON.stringify(one)).join(' '));
  const telegram = telegramChannel({
    accounts: [{ account: 'default', token: TOKEN, apiRoot: fake.url, mode, webhookSecret: SECRET }],
    inbox: { take: () => Promise.resolve('done') },
    open: () => Promise.resolve(null),
    bots: {
      botOf: () => Promise.resolve(null),
      accountOf: () => Promise.resolve(null),
      pair: () => Promise.resolve(),
    },
    setAside: () => Promise.resolve(),
    fileWords: () => Promise.resolve('Tệp chưa tới.'),
    leases: { take: () => Promise.resolve(true), release: () => Promise.resolve() },
    holder: 'test',
    clock: Date.now,
    log: {
      info: (event, ids) => note('info', event, ids),
      warn: (event, ids) => note('warn', event, ids),
      error: (event, error, ids) => note('error', event, codeOf(error), ids),
    },
    groupWords: 'Xin chào cả nhà.',
    describe: (key) => key,
    ...more,
  });
  return { telegram, logged };
}
