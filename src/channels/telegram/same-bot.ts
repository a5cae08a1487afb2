/**
 * Chats belong to one bot: to another they are unknown, and every word would be taken for undeliverable. Talks belong to
 * one account: under another name the same bot would begin every one of them anew.
 */
import { AppError } from '../../errors';
import type { Log } from '../../ports/universe';

/** Which bot an account was, and which account a bot; null: none yet. */
export interface Bots {
  /** Id of the bot. */
  botOf(account: string): Promise<string | null>;
  accountOf(bot: string): Promise<string | null>;
  /** From now on they belong together. */
  pair(account: string, bot: string): Promise<void>;
}

export interface SameBotDeps {
  readonly account: string;
  /** Begins with the id of the bot. */
  readonly token: string;
  /** An operator says that this bot may take this place. */
  readonly confirmed?: boolean;
  readonly bots: Bots;
  readonly log: Log;
}

/**
 * `changed`: another bot had this account; it may not send. `renamed`: this bot had another account; it may neither send
 * nor take in. `unread`: the store is away, ask again.
 */
export type Standing = 'same' | 'changed' | 'renamed' | 'unread';

/** Known for good once it was read. Never rejects. */
export function sameBot(deps: SameBotDeps): () => Promise<Standing> {
  let asked: Promise<Standing> | null = null;
  return () => {
    asked ??= look(deps).catch((error: unknown) => {
      deps.log.error('telegram-bot-unread', error, { account: deps.account });
      asked = null;
      return 'unread';
    });
    return asked;
  };
}

/** @throws AppError of the store */
async function look({ account, token, confirmed = false, bots, log }: SameBotDeps): Promise<Standing> {
  const bot = token.split(':', 1)[0] ?? '';
  const [before, name] = await Promise.all([bots.botOf(account), bots.accountOf(bot)]);
  if (!confirmed && name !== null && name !== account) {
    // A log shows no error's own words.
    const why = `this bot was account ${name}: name it ${name}`;
    log.error('telegram-account-renamed', new AppError('config-invalid', why), { account, bot, why });
    return 'renamed';
  }
  if (!confirmed && before !== null && before !== bot) {
    const why = new AppError('config-invalid', 'another bot than before');
    log.error('telegram-bot-changed', why, { account, bot });
    return 'changed';
  }
  if (before !== bot || name !== account) await bots.pair(account, bot);
  return 'same';
}
