/** Tells Telegram where to call, and looks now and then whether it still knows. */
import type { Log } from '../../ports/universe';
import type { BotApi } from './bot-api';
import { rest } from './rest';
import { UPDATE_KINDS } from './update';

const MAX_CONNECTIONS = 40;
const EVERY_MS = 10 * 60_000;
const RETRY = { firstMs: 1_000, mostMs: 60_000 };

export interface SettingDeps {
  readonly account: string;
  readonly api: BotApi;
  readonly url: string;
  readonly secret: string;
  readonly log: Log;
}

/** Until `ending`; a failure is logged and tried again, the house goes on meanwhile. */
export async function keepWebhookSet(deps: SettingDeps, ending: AbortSignal): Promise<void> {
  let failures = 0;
  // Telegram does not tell its secret, and calls in vain with an old one: a start always sets it.
  let known = false;
  while (!ending.aborted) {
    const done: boolean = (known && (await isSet(deps, ending))) || (await set(deps, ending));
    known ||= done;
    failures = done ? 0 : failures + 1;
    await rest(done ? EVERY_MS : Math.min(RETRY.firstMs * 2 ** (failures - 1), RETRY.mostMs), ending);
  }
}

async function isSet({ api, url }: SettingDeps, signal: AbortSignal): Promise<boolean> {
  const answer = await api.call('getWebhookInfo', {}, { signal });
  // Not knowing is no reason to set it again.
  if (!answer.ok) return true;
  const info = answer.result as Readonly<Record<string, unknown>>;
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
    log.warn('telegram-webhook-refused', {
      account,
      sort: answer.sort,
      code: 'code' in answer ? answer.code : 0,
    });
  }
  return answer.ok;
}
