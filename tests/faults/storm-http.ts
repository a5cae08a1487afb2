/** What a browser does for a citizen: sends a message until it is taken, and reads the talk from its stream. */
import { Agent, request, type IncomingMessage } from 'node:http';

export interface Line {
  readonly seq: number;
  readonly side: string;
  readonly text: string;
  readonly buttons: readonly { readonly id: string; readonly label: string }[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
export const closeAgent = (): void => agent.destroy();

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

/** One request. Rejects when nobody answers; who may ask again does. */
export function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const asked = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': length }, timeout: 20_000 },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, location: got.location ?? '', body: Buffer.concat(chunks).toString() });
        });
      },
    );
    // A server may close a connection that rested while it is taken up again: as browsers do, once more on another.
    const worn = (error: NodeJS.ErrnoException) => asked.reusedSocket && error.code === 'ECONNRESET';
    asked.on('error', (error) => (worn(error) ? resolve(post(url, headers, body)) : reject(error)));
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.end(body);
  });
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** As `pause`, for a race: when the other wins, this one keeps nobody up. */
export const patience = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

/** Hears each answer, null where there was none, and how long it took, ms. */
export type Hear = (status: number | null, ms: number) => void;

/** Sends the same again until it is answered 200, as the page does. What is refused for good throws. */
export async function postUntilTaken(
  url: () => string,
  path: string,
  cookie: string,
  body: object,
  hear: Hear = () => undefined,
): Promise<void> {
  const headers = { cookie, 'content-type': 'application/json' };
  for (;;) {
    const from = Date.now();
    const answer = await post(`${url()}${path}`, headers, JSON.stringify(body)).catch(() => null);
    hear(answer?.status ?? null, Date.now() - from);
    if (answer?.status === 200) return;
    if (answer !== null && answer.status < 500 && answer.status !== 429)
      throw new Error(`${path} was refused: ${answer.status} ${answer.body}`);
    await pause(30);
  }
}

export interface Follower {
  close(): void;
}

export interface Following {
  readonly url: () => string;
  readonly cookie: string;
  readonly after: () => number;
  readonly onLine: (line: Line) => void;
  /** The page showed all there was when it opened. */
  readonly onReady?: () => void;
  readonly onTrouble: (what: string) => void;
}

/** An open page: comes back with its last seq whenever the server is gone. */
export function follow(options: Following): Follower {
  let closed = false;
  let end = (): void => undefined;

  function once(): Promise<void> {
    return new Promise((resolve) => {
      const headers = { cookie: options.cookie, 'last-event-id': String(options.after()) };
      const asked = request(`${options.url()}/chat/stream`, { headers }, (response) => {
        if (response.statusCode === 200) readEvents(response, options);
        else response.resume();
        response.on('close', resolve);
        response.on('error', () => resolve());
      });
      end = () => asked.destroy();
      asked.on('error', () => resolve());
      asked.end();
    });
  }
  async function run(): Promise<void> {
    while (!closed) {
      await once();
      await pause(50);
    }
  }
  void run();
  return {
    close() {
      closed = true;
      end();
    },
  };
}

function readEvents(response: IncomingMessage, { after, onLine, onReady, onTrouble }: Following): void {
  let text = '';
  let last = after();
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      if (name === 'ready') onReady?.();
      if (name === 'anew') onTrouble('the stream began anew');
      if (name !== 'line') continue;
      const line = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as Line;
      if (line.seq <= last) onTrouble(`the stream said ${line.seq} after ${last}`);
      last = line.seq;
      onLine(line);
    }
  });
}

/** The whole talk as a fresh page shows it. */
export function readTalk(url: string, cookie: string): Promise<Line[]> {
  const lines: Line[] = [];
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no page in 20 s')), 20_000);
    const page = follow({
      url: () => url,
      cookie,
      after: () => 0,
      onLine: (line) => lines.push(line),
      onReady: () => {
        clearTimeout(late);
        page.close();
        resolve(lines);
      },
      onTrouble: (what) => reject(new Error(what)),
    });
  });
}
