/** Chats belong to one bot: to another they are unknown, and every word would be taken for undeliverable. */
import { AppError } from '../../errors';
import type { Log } from '../../ports/universe';

/** Which bot an account was. */
export interface Bots {
  /** Its id; null: none yet. */
  read(account: string): Promise<string | null>;
  write(account: string, bot: string): Promise<void>;
}

export interface SameBotDeps {
  readonly account: string;
  /** Begins with the id of the bot. */
  readonly token: string;
  /** An operator says that this bot may take the place of another. */
  readonly confirmed?: boolean;
  readonly bots: Bots;
  readonly log: Log;
}

/** May this account send? Known once it was read; null: the store is away, ask again. Never rejects. */
export function sameBot({
  account,
  token,
  confirmed = false,
  bots,
  log,
}: SameBotDeps): () => Promise<boolean | null> {
  const bot = token.split(':', 1)[0] ?? '';
  let known: boolean | null = null;
  async function look(): Promise<boolean> {
    const before = await bots.read(account);
    if (before !== bot && (before === null || confirmed)) await bots.write(account, bot);
    return before === null || before === bot || confirmed;
  }
  return async () => {
    if (known !== null) return known;
    try {
      const same = await look();
      if (!same)
        log.error('telegram-bot-changed', new AppError('config-invalid', 'another bot than before'), {
          account,
          bot,
        });
      return (known = same);
    } catch (error) {
      log.error('telegram-bot-unread', error, { account });
      return null;
    }
  };
}
