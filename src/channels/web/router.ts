/** The web chat: `POST /chat/say` and `POST /chat/photo` in, `GET /chat/stream` out. What both sides said is read from the stored talk. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import { AppError } from '../../errors';
import { answer, later } from '../../http/json-answer';
import { peers, type PeerOf } from '../../http/peer';
import { readBody } from '../../http/read-body';
import type { Address, Channel, FileKeeper, Inbox, TalkReader } from '../../ports/channel';
import { checkSender, refuse, sameOrigin } from './edge';
import { photoDoor, type PhotoDoorDeps, type PhotoLimits } from './photo';
import { MAX_SAY_BYTES, readEvent } from './say-body';
import { streams, type StreamLimits } from './streams';
import { throttle, type Rate } from './throttle';
import { visitors } from './visitor';

export interface WebLimits extends StreamLimits, PhotoLimits {
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
  expectMs: [],
  perChat: { perSecond: 1, burst: 10 },
  perAddress: { perSecond: 20, burst: 300 },
  photosPerChat: { perSecond: 40 / 600, burst: 40 },
  photosPerAddress: { perSecond: 1, burst: 200 },
  photoRoom: 120 * 1024 * 1024,
};

export interface WebChannelOptions {
  readonly inbox: Inbox;
  /** Where uploaded bytes go. */
  readonly incoming: FileKeeper;
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
  /** Whose limits a request counts to; unless given, a proxy is believed on this machine only. */
  readonly peerOf?: PeerOf;
  readonly limits?: Partial<WebLimits>;
  /** Hears of failures that are ours. They hold no personal data. */
  readonly onError?: (error: unknown) => void;
}

export interface WebChannel {
  readonly channel: Channel;
  /** Answers `/chat/*` and returns true; false for any other path. Needs no framework: this is the busiest door of the house. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same as a router. Mount it before anything heavier: it needs no other middleware and sets its own headers. */
  readonly router: Router;
  /** Ends the open streams, so that the server can stop. Pages come back by themselves. */
  close(): void;
}

/** The channel of a process without pages: the talk is stored, and pages of other processes read it. */
export const closedWeb: Channel = {
  name: 'web',
  capabilities: { buttons: true, push: false, documents: false },
  send: () => Promise.resolve('sent'),
};

export function webChannel(options: WebChannelOptions): WebChannel {
  const { inbox, talk, clock, ids, onError, account = 'default', peerOf = peers([]) } = options;
  const limits = { ...LIMITS, ...options.limits };
  const cookies = visitors(options.secure);
  const addressOf = (chat: string): Address => ({ channel: 'web', account, chat });
  const pages = streams((chat, after, limit) => talk.read(addressOf(chat), after, limit), limits);
  const waitOf = waits(limits.perChat, limits.perAddress);

  async function say(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(request, MAX_SAY_BYTES);
    const chat = cookies.read(request);
    if (chat === null) throw new AppError('not-signed-in', 'no chat cookie: open the stream first');
    const waitMs = waitOf(chat, peerOf(request), clock());
    if (waitMs > 0) {
      later(response, 429, 'too-many-requests', waitMs);
      return;
    }
    const body = await readBody(request, MAX_SAY_BYTES);
    const taken = await inbox.take(readEvent(body, addressOf(chat)));
    pages.expect(chat);
    // Seen before: the page need not wait for its line to be told again.
    answer(response, 200, taken === 'seen' ? '{"seen":true}' : '{}');
  }

  function stream(request: IncomingMessage, response: ServerResponse): void {
    sameOrigin(request);
    const known = cookies.read(request);
    const chat = known ?? ids();
    cookies.keep(response, chat);
    if (!pages.open(chat, known === null ? 0 : lastSeen(request), response)) {
      later(response, 503, 'too-many-requests', 10_000);
    }
  }

  function leave(request: IncomingMessage, response: ServerResponse): void {
    sameOrigin(request);
    cookies.forget(response);
    answer(response, 200, '{}');
  }

  const doors: Readonly<Record<string, Door>> = {
    'POST /chat/say': say,
    'POST /chat/photo': photosOf({ ...options, peerOf }, limits, cookies.read, addressOf),
    'GET /chat/stream': stream,
    'POST /chat/leave': leave,
  };
  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const door = doors[`${request.method ?? ''} ${pathOf(request)}`];
    if (door === undefined) return false;
    void (async () => door(request, response))().catch((error: unknown) => refuse(response, error, onError));
    return true;
  }

  const channel: Channel = {
    ...closedWeb,
    // Nobody may be looking: the talk is stored, and the page shows it when it opens.
    send: (address, messages) => {
      pages.wake(address.chat, messages);
      return Promise.resolve('sent');
    },
  };
  const router = Router().use((request, response, next) => {
    if (!handle(request, response)) next();
  });
  return { channel, handle, router, close: () => pages.close() };
}

type Door = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

function photosOf(
  { inbox, incoming, clock, onError, peerOf }: WebChannelOptions & { readonly peerOf: PeerOf },
  { photosPerChat, photosPerAddress, photoRoom }: PhotoLimits,
  chatOf: PhotoDoorDeps['chatOf'],
  addressOf: PhotoDoorDeps['addressOf'],
): Door {
  const waitOf = waits(photosPerChat, photosPerAddress);
  return photoDoor({
    inbox,
    incoming,
    room: photoRoom,
    chatOf,
    addressOf,
    peerOf,
    waitOf: (chat, peer) => waitOf(chat, peer, clock()),
    ...(onError === undefined ? {} : { onError }),
  });
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

/** The longer of the two waits. A chat that must wait is not counted at its address. */
function waits(perChat: Rate, perAddress: Rate | null) {
  const chats = throttle(perChat);
  const addresses = perAddress === null ? () => 0 : throttle(perAddress);
  return (chat: string, address: string, now: number) => chats(chat, now) || addresses(address, now);
}

/** The last `seq` a page has: of the lost connection, or of a page that opens a new one. */
function lastSeen(request: IncomingMessage): number {
  const after = /[?&]after=(\d{1,15})(?:&|$)/.exec(request.url ?? '')?.[1];
  const seq = Number(request.headers['last-event-id'] ?? after ?? 0);
  return Number.isSafeInteger(seq) && seq > 0 ? seq : 0;
}
