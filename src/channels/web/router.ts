/** The web chat: `POST /chat/say` in, `GET /chat/stream` out. What both sides said is read from the stored talk. */
import { Router } from 'express';
import type { Request, Response } from 'express';
import { AppError, ERRORS, codeOf } from '../../errors';
import type { Address, Channel, Inbox, TalkReader } from '../../ports/channel';
import { MAX_SAY_BYTES, readBody, readEvent } from './say-body';
import { streams, type StreamLimits } from './streams';
import { throttle, type Rate } from './throttle';
import { visitors } from './visitor';

export interface WebLimits extends StreamLimits {
  /** Messages of one chat; the page waits and sends again, nothing is lost. */
  readonly perChat: Rate;
  /** Messages from one network address, which many people may share; null counts none. */
  readonly perAddress: Rate | null;
}

const LIMITS: WebLimits = {
  streamsPerChat: 4,
  streams: 2_000,
  heartbeatMs: 20_000,
  rereadMs: 2_000,
  perChat: { perSecond: 1, burst: 10 },
  perAddress: { perSecond: 20, burst: 300 },
};

export interface WebChannelOptions {
  readonly inbox: Inbox;
  /** Must already hold a line when `channel.send` is called with it; a page looks again every 2 s anyway. */
  readonly talk: TalkReader;
  /** ms epoch */
  readonly clock: () => number;
  /** A new unguessable id: at least 128 random bits, 22 to 64 characters of base64url or hex. */
  readonly ids: () => string;
  /** The public address is https. */
  readonly secure: boolean;
  /** The web page's account; `default` unless named. */
  readonly account?: string;
  readonly limits?: Partial<WebLimits>;
  /** Hears of failures that are ours. They hold no personal data. */
  readonly onError?: (error: unknown) => void;
}

export interface WebChannel {
  readonly channel: Channel;
  /** `/chat/*`. Mount it before anything heavier: it needs no other middleware and sets its own headers. */
  readonly router: Router;
  /** Ends the open streams, so that the server can stop. Pages come back by themselves. */
  close(): void;
}

export function webChannel(options: WebChannelOptions): WebChannel {
  const { inbox, talk, clock, ids, secure, account = 'default' } = options;
  const limits = { ...LIMITS, ...options.limits };
  const cookies = visitors(secure);
  const addressOf = (chat: string): Address => ({ channel: 'web', account, chat });
  const pages = streams((chat, after, limit) => talk.read(addressOf(chat), after, limit), limits);
  const waitOf = waits(limits);

  async function say(request: Request, response: Response): Promise<void> {
    const chat = cookies.read(request);
    checkSender(request);
    if (chat === null) throw new AppError('not-signed-in', 'no chat cookie: open the stream first');
    const waitMs = waitOf(chat, request.ip ?? '', clock());
    if (waitMs > 0) {
      later(response, 429, 'too-many-requests', waitMs);
      return;
    }
    const body = await readBody(request, MAX_SAY_BYTES);
    const taken = await inbox.take(readEvent(body, addressOf(chat)));
    // Seen before: the page need not wait for its line to be told again.
    answer(response, 200, taken === 'seen' ? '{"seen":true}' : '{}');
  }

  function stream(request: Request, response: Response): void {
    if (fromElsewhere(request)) throw new AppError('forbidden', 'stream asked for by another site');
    const known = cookies.read(request);
    const chat = known ?? ids();
    cookies.keep(response, chat);
    if (!pages.open(chat, known === null ? 0 : lastSeen(request), response)) {
      later(response, 503, 'too-many-requests', 10_000);
    }
  }

  function leave(request: Request, response: Response): void {
    if (fromElsewhere(request)) throw new AppError('forbidden', 'sent from another site');
    cookies.forget(response);
    answer(response, 200, '{}');
  }

  const router = Router();
  router.post('/chat/say', async (request, response) => {
    await say(request, response).catch((error: unknown) => refuse(response, error, options.onError));
  });
  router.get('/chat/stream', guarded(stream, options.onError));
  router.post('/chat/leave', guarded(leave, options.onError));

  const channel: Channel = {
    name: 'web',
    capabilities: { buttons: true, push: false },
    // Nobody may be looking: the talk is stored, and the page shows it when it opens.
    send: (address, messages) => {
      pages.wake(address.chat, messages);
      return Promise.resolve('sent');
    },
  };
  return { channel, router, close: () => pages.close() };
}

/** The longer of the two waits. A chat that must wait is not counted at its address. */
function waits({ perChat, perAddress }: WebLimits) {
  const chats = throttle(perChat);
  const addresses = perAddress === null ? () => 0 : throttle(perAddress);
  return (chat: string, address: string, now: number) => chats(chat, now) || addresses(address, now);
}

/** @throws AppError `forbidden` for another site's page, `bad-request` for what is not JSON, `payload-too-large`. */
function checkSender(request: Request): void {
  if (fromElsewhere(request)) throw new AppError('forbidden', 'sent from another site');
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError('bad-request', 'content type must be JSON');
  if (Number(request.headers['content-length'] ?? 0) > MAX_SAY_BYTES) {
    throw new AppError('payload-too-large', 'body over the cap');
  }
}

/** What the browser says of the page that sends; both headers are out of a page's own reach. */
function fromElsewhere(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** The last `seq` a page has: of the lost connection, or of a page that opens a new one. */
function lastSeen(request: Request): number {
  const seq = Number(request.headers['last-event-id'] ?? request.query['after'] ?? 0);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}

function guarded(handle: (request: Request, response: Response) => void, onError?: (error: unknown) => void) {
  return (request: Request, response: Response): void => {
    try {
      handle(request, response);
    } catch (error) {
      refuse(response, error, onError);
    }
  };
}

/** What may succeed later is a 503, and the page sends the same again; all else it shows as refused. */
function refuse(response: Response, error: unknown, onError?: (error: unknown) => void): void {
  const code = codeOf(error);
  const { status, retryable, ours } = ERRORS[code];
  if (ours) onError?.(error);
  if (response.headersSent) return;
  if (retryable) {
    later(response, 503, code, 2_000);
    return;
  }
  // The rest of a body nobody reads must not be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  answer(response, status, JSON.stringify({ error: code }));
}

function later(response: Response, status: number, code: string, waitMs: number): void {
  response.setHeader('Retry-After', Math.ceil(waitMs / 1000));
  if (!response.req.complete) response.req.resume();
  answer(response, status, JSON.stringify({ error: code }));
}

function answer(response: Response, status: number, body: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(body);
}
