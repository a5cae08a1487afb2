/** The methods about the bot itself: webhook, commands, files, groups. Bot API: C1, C2. */
import { flag, number, structure, text, type Params } from './body';
import { targetOf } from './sending';
import { badRequest, type User } from './wire';
import { fileById, settle, type Bot, type World } from './world';

export const getMe = (_world: World, bot: Bot): User & Readonly<Record<string, unknown>> => ({
  ...bot.user,
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
});

export function dropPending(world: World, bot: Bot): void {
  for (const pending of bot.pending.values()) settle(world, bot, pending, 'dropped');
}

/** An empty list means the default: all kinds. */
export function readAllowed(params: Params): readonly string[] | null {
  const list = structure(params, 'allowed_updates');
  if (list === undefined || list === null) return null;
  if (!Array.isArray(list)) throw badRequest("can't parse allowed_updates JSON object");
  return list.length === 0 ? null : list.map(String);
}

/** Bot API: C1 "setWebhook {url, secret_token(1-256, A-Za-z0-9_-), max_connections 1-100 (default 40), …}". Plain http is let through here. */
export function setWebhook(world: World, bot: Bot, params: Params): true {
  const url = text(params, 'url');
  if (url === '') return deleteWebhook(world, bot, params);
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid URL specified');
  const secret = text(params, 'secret_token');
  if (secret.length > 256) throw badRequest('secret token is too long');
  if (/[^\w-]/.test(secret)) throw badRequest('secret token contains unallowed characters');
  const asked = number(params, 'max_connections') ?? 40;
  const allowed = params.fields['allowed_updates'] === undefined ? bot.allowed : readAllowed(params);
  if (flag(params, 'drop_pending_updates')) dropPending(world, bot);
  bot.webhook = { url, secret, maxConnections: Math.min(Math.max(Math.trunc(asked), 1), 100), allowed };
  return true;
}

export function deleteWebhook(world: World, bot: Bot, params: Params): true {
  bot.allowed = bot.webhook?.allowed ?? bot.allowed;
  bot.webhook = null;
  if (flag(params, 'drop_pending_updates')) dropPending(world, bot);
  return true;
}

export function getWebhookInfo(_world: World, bot: Bot): Readonly<Record<string, unknown>> {
  const { webhook, lastError } = bot;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.pending.size,
    ...(webhook === null ? {} : { max_connections: webhook.maxConnections }),
    ...(webhook?.allowed ? { allowed_updates: webhook.allowed } : {}),
    ...(lastError === null ? {} : { last_error_date: lastError.at, last_error_message: lastError.message }),
  };
}

interface BotCommand {
  readonly command: string;
  readonly description: string;
}

/** Commands of one scope and language. */
const shelf = (params: Params): string =>
  `${JSON.stringify(structure(params, 'scope') ?? { type: 'default' })} ${text(params, 'language_code')}`;

/** Bot API: C2 "setMyCommands {commands<=100 of {command 1-32 [a-z0-9_], description 1-256}, scope?, language_code?}". */
export function setMyCommands(_world: World, bot: Bot, params: Params): true {
  const commands = structure(params, 'commands') as readonly BotCommand[] | undefined;
  if (!Array.isArray(commands)) throw badRequest("can't parse commands JSON object");
  if (commands.length > 100) throw badRequest('too many commands specified');
  for (const { command, description } of commands as readonly BotCommand[]) {
    if (!/^\/?[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
    if (description.length < 1 || description.length > 256)
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
  }
  if (!/^([a-z]{2})?$/.test(text(params, 'language_code'))) throw badRequest('LANG_CODE_INVALID');
  bot.commands.set(shelf(params), commands);
  return true;
}

export const getMyCommands = (_world: World, bot: Bot, params: Params): unknown =>
  bot.commands.get(shelf(params)) ?? [];

/** Bot API: C2 "max 20 MB (Bad Request: file is too big)". */
const MAX_DOWNLOAD = 20 * 1024 * 1024;

export function getFile(_world: World, bot: Bot, params: Params): Readonly<Record<string, unknown>> {
  const file = fileById(bot, text(params, 'file_id'));
  if (file.bytes.length > MAX_DOWNLOAD) throw badRequest('file is too big');
  return { ...file.ref, file_path: file.path };
}

export function leaveChat(world: World, bot: Bot, params: Params): true {
  const chat = targetOf(world, bot, params);
  if (chat.info.type === 'private') throw badRequest("chat member status can't be changed in private chats");
  chat.left = true;
  return true;
}
