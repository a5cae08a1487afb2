/** One HTTP request to the fake: `/bot<token>/<method>` or `/file/bot<token>/<path>`, each also behind `/via-<name>`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as account from './account';
import { number, payloadOf, readParams, type Params } from './body';
import * as editing from './editing';
import { refusalOf, type FaultRule, type Faults } from './faults';
import { keep, type Call } from './ledger';
import { getUpdates } from './polling';
import * as sending from './sending';
import { ApiError } from './wire';
import type { Bot, World } from './world';

type Method = (world: World, bot: Bot, params: Params, gone: AbortSignal) => unknown;

const METHODS: Readonly<Record<string, Method>> = {
  getMe: account.getMe,
  getUpdates,
  setWebhook: account.setWebhook,
  deleteWebhook: account.deleteWebhook,
  getWebhookInfo: account.getWebhookInfo,
  sendMessage: sending.sendMessage,
  sendPhoto: sending.sendPhoto,
  sendDocument: sending.sendDocument,
  sendMediaGroup: sending.sendMediaGroup,
  sendChatAction: sending.sendChatAction,
  answerCallbackQuery: sending.answerCallbackQuery,
  editMessageText: editing.editMessageText,
  editMessageCaption: editing.editMessageCaption,
  editMessageReplyMarkup: editing.editMessageReplyMarkup,
  deleteMessage: editing.deleteMessage,
  setMyCommands: account.setMyCommands,
  getMyCommands: account.getMyCommands,
  getFile: account.getFile,
  leaveChat: account.leaveChat,
};

/** Method names are read in any case of letters, as the Bot API reads them. */
const NAMES = new Map(Object.keys(METHODS).map((name) => [name.toLowerCase(), name]));

export interface Desk {
  readonly world: World;
  readonly faults: Faults;
  readonly flood: (bot: string, method: string, chat: number | null) => void;
  /** Called when a webhook was set or taken away. */
  readonly webhookChanged: (bot: Bot) => void;
}

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

/** Bot API: "Making requests": `{ ok, error_code, description, parameters? }`, the HTTP status is the code. */
function sendError(response: ServerResponse, { code, message, retryAfter }: ApiError): void {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
  send(response, code, JSON.stringify({ ok: false, error_code: code, description: message, ...parameters }));
}

const sendResult = (response: ServerResponse, result: unknown): void =>
  send(response, 200, JSON.stringify({ ok: true, result }));

function note(world: World, bot: Bot, { method, params, via }: Work): Call {
  const chat = number(params, 'chat_id') ?? null;
  const payload = world.options.stub ? {} : payloadOf(params);
  const call: Call = { at: Date.now(), bot: bot.token, method, via, chat, payload, answer: null };
  world.counters.set(method, (world.counters.get(method) ?? 0) + 1);
  if (!world.options.stub) keep(world.calls, call, world.options.keep ?? 100_000);
  return call;
}

/** What a fault does instead of the call, or before it; true: the call is over. */
async function meet(rule: FaultRule, call: Call, response: ServerResponse): Promise<boolean> {
  call.fault = rule.with;
  const refusal = refusalOf(rule);
  if (refusal !== null) throw refusal;
  switch (rule.with) {
    case 'slow':
      await sleep(rule.ms ?? 1000);
      return false;
    case 'silence':
      return true;
    case 'drop':
      response.destroy();
      return true;
    case '502':
      send(response, 502, '<html><h1>502 Bad Gateway</h1></html>', 'text/html');
      return true;
    case 'redirect':
      response.writeHead(302, { Location: rule.location ?? 'http://127.0.0.1:9/elsewhere' }).end();
      return true;
    case 'answer':
      send(response, rule.status ?? 200, rule.body ?? '');
      return true;
    default:
      return false;
  }
}

/** How the answer of a call that was done is kept from the bot. */
function withhold(rule: FaultRule | undefined, response: ServerResponse): boolean {
  switch (rule?.with) {
    case 'accept-then-silence':
      return true;
    case 'accept-then-drop':
      response.destroy();
      return true;
    case 'accept-then-502':
      send(response, 502, '<html><h1>502 Bad Gateway</h1></html>', 'text/html');
      return true;
    default:
      return false;
  }
}

interface Work {
  readonly via: string | null;
  readonly method: string;
  readonly params: Params;
  readonly run: () => unknown;
  readonly answer: (result: unknown) => void;
}

/** Notes the call, lets the fault rules at it, does it and answers. */
async function carryOut(desk: Desk, bot: Bot, response: ServerResponse, work: Work): Promise<void> {
  const { world, faults, flood } = desk;
  const call = note(world, bot, work);
  const rule = faults.match(bot.token, work.method, call.chat);
  try {
    if (rule !== undefined && (await meet(rule, call, response))) return;
    flood(bot.token, work.method, call.chat);
    const result = await work.run();
    call.answer = world.options.stub ? null : result;
    if (!withhold(rule, response)) work.answer(result);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    call.error = { code: error.code, description: error.message };
    sendError(response, error);
  }
}

/** In stub mode whatever puts or changes a message is answered at once and forgotten. */
function stubAnswer(world: World, bot: Bot, method: string, params: Params): unknown {
  if (!world.options.stub || !/^(send|edit|answer|delete(?!Webhook))/.test(method)) return undefined;
  if (!/^(send(?!ChatAction)|edit)/.test(method)) return true;
  bot.lastMessageId += 1;
  const chat = { id: number(params, 'chat_id') ?? 0, type: 'private' };
  const message = {
    message_id: bot.lastMessageId,
    from: bot.user,
    chat,
    date: Math.floor(Date.now() / 1000),
  };
  return method === 'sendMediaGroup' ? [message, message] : { ...message, text: '' };
}

async function serveMethod(
  desk: Desk,
  bot: Bot,
  path: { readonly via: string | null; readonly name: string; readonly query: URLSearchParams },
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const method = NAMES.get(path.name.toLowerCase());
  const run = method === undefined ? undefined : METHODS[method];
  if (method === undefined || run === undefined) throw new ApiError(404, 'Not Found: method not found');
  const params = await readParams(request, path.query);
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  await carryOut(desk, bot, response, {
    via: path.via,
    method,
    params,
    run: () => stubAnswer(desk.world, bot, method, params) ?? run(desk.world, bot, params, gone.signal),
    answer: (result) => sendResult(response, result),
  });
  if (/Webhook$/.test(method)) desk.webhookChanged(bot);
}

/** Bot API: C2 "download https://api.telegram.org/file/bot<token>/<file_path>". */
function serveFile(
  desk: Desk,
  bot: Bot,
  { via, name: path }: { readonly via: string | null; readonly name: string },
  response: ServerResponse,
): Promise<void> {
  const file = [...bot.files.values()].find((one) => one.path === path);
  return carryOut(desk, bot, response, {
    via,
    method: 'file',
    params: { fields: { path }, files: new Map() },
    run() {
      if (file === undefined) throw new ApiError(404, 'Not Found');
      return { path, bytes: file.bytes.length };
    },
    answer: () => response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(file?.bytes),
  });
}

const ROUTE = /^(?:\/via-(\w+))?\/(file\/)?bot([^/]+)\/(.+)$/;

async function route(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [, via = null, file, token = '', name = ''] = ROUTE.exec(decodeURIComponent(url.pathname)) ?? [];
  if (token === '') throw new ApiError(404, 'Not Found');
  const bot = desk.world.bots.get(token);
  if (bot === undefined) throw new ApiError(401, 'Unauthorized');
  if (file !== undefined) await serveFile(desk, bot, { via, name }, response);
  else await serveMethod(desk, bot, { via, name, query: url.searchParams }, { request, response });
}

export function serve(desk: Desk, request: IncomingMessage, response: ServerResponse): void {
  route(desk, request, response).catch((error: unknown) => {
    if (error instanceof ApiError && !response.headersSent) sendError(response, error);
    else response.destroy();
  });
}
