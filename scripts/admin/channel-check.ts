/** Asks each messenger account whether its token is right, its messages find the way here, and its agency is known. Nothing is changed there. */
import { openBotApi, type Answer, type BotApi } from '../../src/channels/telegram/bot-api';
import { UPDATE_KINDS } from '../../src/channels/telegram/update';
import { webhookPath } from '../../src/channels/telegram/webhook';
import type { TelegramConfig } from '../../src/config';
import { AppError } from '../../src/errors';
import { refuse, type Command, type Tools } from './command';
import { withStore } from './store';

type Told = Readonly<Record<string, unknown>>;

interface Checked {
  readonly facts: readonly string[];
  /** What must change, with the remedy. */
  readonly troubles: readonly string[];
}

const why = (answer: Exclude<Answer, { ok: true }>): string =>
  answer.sort === 'unknown' || answer.sort === 'unsent'
    ? 'Telegram does not answer: is the way out open (TELEGRAM_API_ROOT)?'
    : `Telegram refuses the token${'code' in answer ? ` (${answer.code})` : ''}: fetch it again from @BotFather`;

function webhookTroubles(info: Told, wanted: string): readonly string[] {
  const kinds = Array.isArray(info['allowed_updates']) ? info['allowed_updates'].map(String) : [];
  const missing = UPDATE_KINDS.filter((kind) => !kinds.includes(kind));
  const { url } = info;
  if (url === '') return [`no webhook is set: start the server, it sets ${wanted}`];
  if (url !== wanted)
    return [
      `the webhook is another one than ${wanted}: is this token used by another server, or PUBLIC_URL wrong?`,
    ];
  return missing.length > 0 ? [`the webhook leaves out ${missing.join(', ')}: start the server anew`] : [];
}

/** Telegram keeps the last failure even when calls succeed again: only with messages waiting is it trouble. */
function callTroubles(info: Told): readonly string[] {
  const waiting = Number(info['pending_update_count'] ?? 0);
  const last = info['last_error_message'];
  return typeof last === 'string' && waiting > 0
    ? [`Telegram could not call: ${last}; ${waiting} messages wait`]
    : [];
}

async function check({ mode, account }: TelegramConfig, api: BotApi, publicUrl: string): Promise<Checked> {
  const me = await api.call('getMe', {});
  if (!me.ok) return { facts: [], troubles: [why(me)] };
  const told = await api.call('getWebhookInfo', {});
  if (!told.ok) return { facts: [], troubles: [why(told)] };
  const info = told.result as Told;
  const facts = [
    `@${String((me.result as Told)['username'])}`,
    mode,
    `${Number(info['pending_update_count'] ?? 0)} messages wait`,
  ];
  if (mode === 'webhook') {
    const wanted = `${publicUrl}${webhookPath(account)}`;
    return { facts, troubles: [...webhookTroubles(info, wanted), ...callTroubles(info)] };
  }
  const other = info['url'] !== '';
  return {
    facts,
    troubles: other
      ? ['a webhook is set, so that fetching gets nothing: start the server, it takes it away']
      : [],
  };
}

/** The bot of an agency that is not there takes nothing in. */
async function agencyTroubles(tools: Tools, { agency }: TelegramConfig): Promise<readonly string[]> {
  if (agency === null || (await withStore(tools, (store) => store.agencies.byId(agency))) !== null) return [];
  return [
    `no agency is called "${agency}": see \`agency list\`; until then this bot says it is not open yet`,
  ];
}

export const channelCheck: Command = {
  usage: '',
  what: 'asks each messenger account: is the token right, do messages find the way here',
  async run(_args, tools) {
    const { config, say } = tools;
    if (config.telegram.length === 0)
      refuse('no messenger is set up: see TELEGRAM_BOT_TOKEN and CHANNELS_FILE');
    let bad = 0;
    for (const account of config.telegram) {
      const api = openBotApi({ token: account.token.reveal(), apiRoot: account.apiRoot });
      const { facts, troubles: there } = await check(account, api, config.publicUrl);
      const troubles = [...there, ...(await agencyTroubles(tools, account))];
      say([`telegram ${account.account}`, ...facts, troubles.length === 0 ? 'well' : 'NOT well'].join('\t'));
      troubles.forEach((line) => say(`  ${line}`));
      bad += troubles.length === 0 ? 0 : 1;
    }
    if (bad > 0)
      throw new AppError('config-invalid', `${bad} of ${config.telegram.length} accounts are not well`);
  },
};
