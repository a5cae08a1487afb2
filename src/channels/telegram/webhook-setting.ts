/** Tells Telegram where to call, and looks now and then whether it still knows. */
import type { Log } from '../../ports/universe';
import { whyOf, type BotApi } from './bot-api';
import { pauseOf, rest } from './rest';
import { UPDATE_KINDS } from './update';

const MAX_CONNECTIONS = 40;
const EVERY_MS = 10 * 60_000;
/** Calls with another secret in a row, before ours is told again: a stranger knocks now and then, Telegram every time. */
const STRANGERS = 5;
/** Whoever knocks on purpose causes no more calls than this. */
const AGAIN_MS = 60_000;

export interface SettingDeps {
  readonly account: string;
  readonly api: BotApi;
  readonly url: string;
  readonly secret: string;
  readonly log: Log;
  /** How often it is looked after. */
  readonly everyMs?: number;
}

export interface WebhookSetting {
  /** Until `ending`; a failure is logged and tried again, the house goes on meanwhile. */
  keep(): Promise<void>;
  /** Somebody called: with the secret, or with another. */
  called(secret: 'right' | 'wrong'): void;
}

/** `clock`: ms epoch. */
export function webhookSetting(
  deps: SettingDeps & { readonly clock: () => number },
  ending: AbortSignal,
): WebhookSetting {
  const { account, log, clock, everyMs = EVERY_MS } = deps;
  // Telegram does not tell its secret, and calls in vain with an old one: a start always sets it.
  let known = false;
  let strangers = 0;
  let lastAgain = -Infinity;
  let nudge = new AbortController();
  const look = lookAt(deps);
  return {
    async keep() {
      for (let failures = 0; !ending.aborted;) {
        nudge = new AbortController();
        const done = (known && (await look(ending))) || (await set(deps, ending));
        known ||= done;
        failures = done ? 0 : failures + 1;
        if (!nudge.signal.aborted)
          await rest(done ? everyMs : pauseOf(failures), AbortSignal.any([ending, nudge.signal]));
      }
    },
    called(secret) {
      strangers = secret === 'right' ? 0 : strangers + 1;
      if (strangers < STRANGERS || clock() - lastAgain < AGAIN_MS) return;
      log.warn('telegram-webhook-wrong-secret', { account, times: strangers });
      lastAgain = clock();
      strangers = 0;
      known = false;
      nudge.abort();
    },
  };
}

/** Is it set as it should be? Why Telegram's last call failed is logged once. */
function lookAt({ account, api, url, log }: SettingDeps): (signal: AbortSignal) => Promise<boolean> {
  let said: unknown;
  return async (signal) => {
    const answer = await api.call('getWebhookInfo', {}, { signal });
    // Not knowing is no reason to set it again.
    if (!answer.ok) return true;
    const info = answer.result as Readonly<Record<string, unknown>>;
    const { last_error_date: at, last_error_message: why } = info;
    if (typeof at === 'number' && at !== said) {
      said = at;
      // Telegram's own words about a connection or a status; nothing of an update is in them.
      log.warn('telegram-webhook-failing', { account, at, why: String(why).slice(0, 120) });
    }
    return isRight(info, url);
  };
}

function isRight(info: Readonly<Record<string, unknown>>, url: string): boolean {
  const kinds = Array.isArray(info['allowed_updates']) ? info['allowed_updates'].map(String) : [];
  return (
    info['url'] === url &&
    info['max_connections'] === MAX_CONNECTIONS &&
    kinds.toSorted().join() === [...UPDATE_KINDS].toSorted().join()
  );
}

async function set({ account, api, url, secret, log }: SettingDeps, signal: AbortSignal): Promise<boolean> {
  const payload = {
    url,
    secret_token: secret,
    allowed_updates: UPDATE_KINDS,
    max_connections: MAX_CONNECTIONS,
    drop_pending_updates: false,
  };
  const answer = await api.call('setWebhook', payload, { signal });
  if (answer.ok) log.info('telegram-webhook-set', { account });
  else if (!signal.aborted) {
    const { why, ...sort } = whyOf(answer);
    log.warn('telegram-webhook-refused', { account, ...sort, why: why.replaceAll(secret, '…') });
  }
  return answer.ok;
}
