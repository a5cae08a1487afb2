/** Telegram's Bot API as data: what became of a call is an answer, never an exception. The only file that knows telegraf. */
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Input, Telegram, TelegramError } from 'telegraf';

export interface BotApiOptions {
  readonly token: string;
  /** `https://api.telegram.org`, or a server that speaks like it. */
  readonly apiRoot: string;
  /** Longest wait for an answer. Default 8,000 ms. */
  readonly timeoutMs?: number;
}

/** No answer holds the token, an address or words of a citizen. */
export type Refusal =
  /** Too many calls (429): not again before `waitMs`. */
  | { readonly ok: false; readonly sort: 'wait'; readonly waitMs: number }
  /** The citizen blocked the bot, or is no more (403, chat not found). */
  | { readonly ok: false; readonly sort: 'gone' }
  /** The markup of the text is refused; the same as plain text may pass. */
  | { readonly ok: false; readonly sort: 'bad-markup' }
  /** It can never succeed as it stands (400), or the token is wrong (401, 404). `reason`: Telegram's own words. */
  | { readonly ok: false; readonly sort: 'refused'; readonly code: number; readonly reason: string }
  /** Time-out, 5xx, cut after it went out: it may have been done or not. */
  | { readonly ok: false; readonly sort: 'unknown' }
  /** No connection came about (refused, no name, no route): it was certainly not done. */
  | { readonly ok: false; readonly sort: 'unsent' };

export type Answer = { readonly ok: true; readonly result: unknown } | Refusal;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Instead of the time-out of the whole. */
  readonly withinMs?: number;
}

export interface BotApi {
  /** Never rejects; an aborted call is `unknown`, or `unsent` when nothing went out. */
  call(method: string, payload: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Answer>;
}

const TIMEOUT_MS = 8_000;
/** Telegram says how long; should it ever not. */
const WAIT_MS = 1_000;
const UNKNOWN: Refusal = { ok: false, sort: 'unknown' };
const UNSENT: Refusal = { ok: false, sort: 'unsent' };

/** One bot, over connections that stay open. */
export function openBotApi({ token, apiRoot, timeoutMs = TIMEOUT_MS }: BotApiOptions): BotApi {
  // With a slash at its end, or the last part of its path would be lost.
  const root = apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`;
  const agent = agentFor(root);
  return {
    async call(method, payload, { signal, withinMs = timeoutMs } = {}) {
      const bound = bounded(withinMs, signal);
      const trace: Trace = { wentOut: false };
      const telegram = new Telegram(token, { apiRoot: root, webhookReply: false });
      // Set afterwards: for plain http telegraf drops the agent it is given.
      telegram.options.agent = traced(agent, trace);
      try {
        // Methods newer than telegraf's types work too; its signal is the platform's by another name.
        const options = { signal: bound.signal as never };
        const result: unknown = await telegram.callApi(method as never, payload as never, options);
        return { ok: true, result };
      } catch (error) {
        if (error instanceof TelegramError) return refusalOf(error);
        // What lies idle may be as dead as this one was: the next call tries a new connection.
        dropIdle(agent);
        // Errors of the connection name the address, which holds the token: nothing of them is kept.
        return trace.wentOut ? UNKNOWN : UNSENT;
      } finally {
        bound.end();
      }
    },
  };
}

/** Bytes as a file field of a payload. The name stands in a header: what would end it there is taken out. */
export const upload = (bytes: Buffer, name: string): unknown =>
  Input.fromBuffer(bytes, name.replace(/["\\\p{Cc}\p{Surrogate}]/gu, '_'));

function agentFor(root: string): HttpAgent {
  // More than Telegram takes a second in all.
  const options = { keepAlive: true, keepAliveMsecs: 10_000, maxSockets: 64 };
  return root.startsWith('http://') ? new HttpAgent(options) : new HttpsAgent(options);
}

/** Of one call: was it on a connection that stood? */
interface Trace {
  wentOut: boolean;
}
type Way = HttpAgent & { addRequest(request: ClientRequest, ...more: unknown[]): void };

/** The agent as one call sees it, traced where its request meets a socket. (Async hooks would slow down every promise of the house.) */
function traced(agent: HttpAgent, trace: Trace): HttpAgent {
  const standing = agent instanceof HttpsAgent ? 'secureConnect' : 'connect';
  const out = () => {
    trace.wentOut = true;
  };
  const way = Object.create(agent) as Way;
  way.addRequest = (request, ...more) => {
    request.once('socket', (socket) => {
      const { connecting, secureConnecting = false } = socket as {
        connecting: boolean;
        secureConnecting?: boolean;
      };
      if (connecting || secureConnecting) socket.once(standing, out);
      else out();
    });
    (agent as Way).addRequest(request, ...more);
  };
  return way;
}

const dropIdle = ({ freeSockets }: HttpAgent): void =>
  Object.values(freeSockets).forEach((sockets) => sockets?.forEach((socket) => socket.destroy()));

/** A signal of time and of another; `end` lets go of both (a signal that lives as long as the house would gather listeners). */
function bounded(ms: number, other: AbortSignal | undefined) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, Math.max(ms, 0));
  if (other?.aborted === true) abort();
  other?.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      other?.removeEventListener('abort', abort);
    },
  };
}

const GONE = /chat not found|user not found|user is deactivated|peer_id_invalid|bot was (blocked|kicked)/i;
const BAD_MARKUP = /can't parse entities|ENTIT(Y|IES)_/i;

function refusalOf(error: TelegramError): Refusal {
  // Typed as always there; an odd answer has none.
  const { code, description, parameters } = error as {
    code?: unknown;
    description?: unknown;
    parameters?: { retry_after?: unknown } | undefined;
  };
  const why = typeof description === 'string' ? description : '';
  if (code === 429) return { ok: false, sort: 'wait', waitMs: waitIn(parameters?.retry_after) };
  if (code === 403 || (code === 400 && GONE.test(why))) return { ok: false, sort: 'gone' };
  if (code === 400 && BAD_MARKUP.test(why)) return { ok: false, sort: 'bad-markup' };
  if (typeof code !== 'number' || code < 400 || code >= 500) return UNKNOWN;
  return { ok: false, sort: 'refused', code, reason: bare(why) };
}

const waitIn = (seconds: unknown): number =>
  typeof seconds === 'number' && seconds > 0 ? Math.ceil(seconds * 1000) : WAIT_MS;

/** Telegram's words without what it quotes of ours. */
const bare = (why: string): string =>
  why
    .replace(/(["'`]).*\1/gsu, '…')
    .replace(/\d+:[\w-]{20,}/g, '…')
    .slice(0, 120);

/** For a line of the log. */
export interface Why {
  readonly sort: string;
  readonly code: number;
  readonly why: string;
}

export const whyOf = (refusal: Refusal): Why => ({
  sort: refusal.sort,
  code: 'code' in refusal ? refusal.code : 0,
  why: 'reason' in refusal ? refusal.reason : '',
});
