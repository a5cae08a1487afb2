/** What stands in for Telegram while its bots are measured: takes their calls at once, and is the citizens of many chats. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Peer {
  readonly apiRoot: string;
  /** Resolves when the bot says something in this chat that `asks` for the next answer. @throws after 20 s of silence */
  heard(chat: number): Promise<void>;
  /** Calls taken so far. */
  calls(): number;
  close(): Promise<void>;
}

const SILENCE_MS = 20_000;
const METHOD = /^\/bot[^/]+\/(\w+)/;
const CHAT = /"chat_id":"?(\d+)/;
/** A multipart body names its chat in a part of its own. */
const CHAT_PART = /name="chat_id"\r\n\r\n(\d+)/;
const ME = { id: 1, is_bot: true, first_name: 'Một Cửa', username: 'mot_cua_bench_bot' };
const RESULTS: Readonly<Record<string, unknown>> = {
  getMe: ME,
  getWebhookInfo: { url: '', has_custom_certificate: false, pending_update_count: 0 },
};

const messageTo = (chat: number, id: number) => ({
  message_id: id,
  date: 1_800_000_000,
  from: ME,
  chat: { id: chat, type: 'private', first_name: 'Hoa' },
  text: 'x',
});

/** @param asks what a call must hold for its chat to go on */
export async function openPeer(asks: RegExp): Promise<Peer> {
  const waiting = new Map<number, () => void>();
  let calls = 0;

  function take(method: string, body: string, response: ServerResponse): void {
    calls += 1;
    const chat = Number((CHAT.exec(body) ?? CHAT_PART.exec(body))?.[1] ?? 0);
    const result = RESULTS[method] ?? (method.startsWith('send') ? messageTo(chat, calls) : true);
    const answer = JSON.stringify({ ok: true, result });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
    });
    response.end(answer);
    if (method.startsWith('send') && asks.test(body)) waiting.get(chat)?.();
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const method = METHOD.exec(request.url ?? '')?.[1] ?? '';
    void bodyOf(request).then((body) => take(method, body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: (chat) => wait(waiting, chat),
    calls: () => calls,
    close: () => stop(server),
  };
}

function wait(waiting: Map<number, () => void>, chat: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`nothing was said in chat ${chat}`)), SILENCE_MS);
    waiting.set(chat, () => {
      waiting.delete(chat);
      clearTimeout(late);
      resolve();
    });
  });
}

function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
