/** A small house behind the web chat: a stored talk with the real semantics (dedupe by id, seq over both sides), scripted replies. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { webChannel, type WebLimits } from '../../src/channels/web/router';
import { openSpeech } from '../../src/app/speech';
import { AppError } from '../../src/errors';
import { openAssets } from '../../src/http/assets';
import { securityHeaders } from '../../src/http/headers';
import type { Address, ChannelEvent, IncomingFile, OutMessage, TalkLine } from '../../src/ports/channel';
import { publicRouter, type PublicDeps } from '../../src/web/router';

export interface House {
  readonly url: string;
  readonly events: ChannelEvent[];
  readonly lines: Map<string, TalkLine[]>;
  /** What the files port holds, by key. */
  readonly kept: Map<string, Buffer>;
  /** While true the store is away. */
  down: boolean;
  /** Says something to a chat; `wake` false: another process said it. */
  say(chat: string, message: OutMessage, wake?: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  readonly limits?: Partial<WebLimits>;
  readonly answer?: (event: ChannelEvent) => readonly OutMessage[];
  readonly pages?: Partial<PublicDeps>;
  readonly before?: express.RequestHandler;
}

const root = join(__dirname, '../..');
const echo = (event: ChannelEvent): readonly OutMessage[] => [
  { text: `Dạ: ${event.type === 'text' ? event.text : event.type}`, buttons: [] },
];

/** What the citizen's own line says. */
function wordsOf(event: ChannelEvent): string | undefined {
  if (event.type === 'photos') return `📷 Đã gửi ${event.files.length} ảnh`;
  return event.type === 'text' ? event.text : event.type === 'choice' ? event.label : undefined;
}

/** Where the bytes of a file that the web took lie. */
export const keyOf = ({ source }: IncomingFile): string => (source.type === 'kept' ? source.fileKey : '');

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const lines = new Map<string, TalkLine[]>();
  const events: ChannelEvent[] = [];
  const seen = new Set<string>();
  const talkOf = (chat: string) => lines.get(chat) ?? lines.set(chat, []).get(chat)!;
  const add = (chat: string, side: TalkLine['side'], message: OutMessage): TalkLine => {
    const line = { ...message, side, at: Date.now(), seq: (talkOf(chat).at(-1)?.seq ?? 0) + 1 };
    talkOf(chat).push(line);
    return line;
  };
  const state = { down: false };
  const kept = new Map<string, Buffer>();
  const away = () => Promise.reject(new AppError('store-unavailable', 'away'));

  const web = webChannel({
    clock: Date.now,
    ids: () => randomBytes(18).toString('base64url'),
    secure: false,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    incoming: {
      keep: (bytes) => {
        if (state.down) return away();
        const key = randomBytes(24).toString('base64url');
        kept.set(key, bytes);
        return Promise.resolve(key);
      },
      forget: (key) => Promise.resolve(void kept.delete(key)),
    },
    inbox: {
      take: (event) => {
        if (state.down) return away();
        const key = `${event.address.chat} ${event.id}`;
        if (seen.has(key)) return Promise.resolve('seen');
        seen.add(key);
        events.push(event);
        const { chat } = event.address;
        const words = wordsOf(event);
        if (words !== undefined) add(chat, 'citizen', { text: words, buttons: [] });
        const replies = (options.answer ?? echo)(event).map((message) => add(chat, 'bot', message));
        setImmediate(() => void web.channel.send(event.address, replies, Infinity));
        return Promise.resolve('done');
      },
    },
    talk: {
      read: ({ chat }: Address, after, limit) => {
        if (state.down) return away();
        return Promise.resolve(
          talkOf(chat)
            .filter((line) => line.seq > after)
            .slice(0, limit),
        );
      },
    },
  });

  const app = express();
  if (options.before) app.use(options.before);
  app.use(web.router);
  app.use(securityHeaders(false));
  const pages = publicRouter({ ...somePages(), ...options.pages });
  app.use(pages.router, pages.pageNotFound, pages.pageFailed);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    lines,
    kept,
    get down() {
      return state.down;
    },
    set down(value) {
      state.down = value;
    },
    async say(chat, message, wake = true) {
      const line = add(chat, 'bot', message);
      if (wake) await web.channel.send({ channel: 'web', account: 'default', chat }, [line], Infinity);
    },
    close: () => stop(server, () => web.close()),
  };
}

function stop(server: Server, closeStreams: () => void): Promise<void> {
  closeStreams();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function somePages(): PublicDeps {
  const nobody = () => Promise.resolve(null);
  return {
    say: openSpeech(join(root, 'locales')).say,
    assets: openAssets(join(root, 'assets')),
    service: () =>
      Promise.resolve({
        name: 'phường Mẫu',
        demo: true,
        draftDays: 30,
        offices: [
          {
            name: 'Trung tâm Phục vụ hành chính công phường Mẫu',
            phone: '024 1234 5000',
            address: 'Số 1 đường Mẫu',
            hours: 'thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00',
          },
        ],
      }),
    procedures: () => [],
    status: {
      find: nobody,
      byId: nobody,
      audit: () => Promise.resolve([]),
      record: () => Promise.resolve(),
      file: nobody,
      slips: memorySlips(),
      clock: Date.now,
      ids: () => randomBytes(18).toString('base64url'),
      secure: false,
    },
  };
}

export function memorySlips(): PublicDeps['status']['slips'] {
  const all = new Map<string, { value: unknown; until: number }>();
  const read = (key: string, now: number) => {
    const held = all.get(key);
    return held !== undefined && held.until > now ? held.value : null;
  };
  return {
    put: (kind, id, value, until) => Promise.resolve(void all.set(`${kind} ${id}`, { value, until })),
    get: <T>(kind: string, id: string, now: number) =>
      Promise.resolve(read(`${kind} ${id}`, now) as T | null),
    take: <T>(kind: string, id: string, now: number) => {
      const value = read(`${kind} ${id}`, now) as T | null;
      all.delete(`${kind} ${id}`);
      return Promise.resolve(value);
    },
    remove: (kind, id) => Promise.resolve(void all.delete(`${kind} ${id}`)),
    count: () => Promise.resolve(all.size),
    expired: () => Promise.resolve([]),
    removeExpired: () => Promise.resolve(0),
  };
}
