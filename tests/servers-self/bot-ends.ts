/** A bot's two ends to prove the fake with: calls by plain HTTP, and a webhook that notes what came and answers as told. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOKEN, type Update } from '../servers/fake-telegram/fake-telegram';

export interface Came {
  readonly at: number;
  readonly update: Update;
  readonly headers: IncomingHttpHeaders;
}

type Answering = (update: Update, response: ServerResponse, number: number) => void;

export interface Hook {
  readonly url: string;
  readonly came: readonly Came[];
  /** How to answer from now on; the number counts what came, from 1. */
  answer(how: Answering): void;
  close(): Promise<void>;
}

export async function openHook(): Promise<Hook> {
  const came: Came[] = [];
  let how: Answering = (_update, response) => void response.end();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      const update = JSON.parse(text) as Update;
      came.push({ at: performance.now(), update, headers: request.headers });
      how(update, response, came.length);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    came,
    answer: (next) => (how = next),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export interface Reply {
  /** Of HTTP. */
  readonly status: number;
  readonly ok: boolean;
  readonly result?: unknown;
  readonly description?: string;
  readonly parameters?: { readonly retry_after: number };
}

/** Calls the Bot API with a JSON body. Rejects when there is no answer, or one that is not JSON. */
export async function callBot(
  { url }: { readonly url: string },
  method: string,
  body: object = {},
  token = TOKEN,
): Promise<Reply> {
  const response = await fetch(`${url}/bot${token}/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as Omit<Reply, 'status'>) };
}
