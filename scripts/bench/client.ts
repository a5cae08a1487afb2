/** A cheap client: one socket a lane, the next request only when the last was answered. The same for every server it measures. */
import { connect, type Socket } from 'node:net';

/** The next request of a lane. */
export interface Next {
  readonly path: string;
  /** A header of its own, `Name: value`. */
  readonly header: string;
  readonly body: string;
  /** What the lane waits for besides the answer: words that come another way. */
  readonly heard?: Promise<unknown>;
}

/** A server that is measured. */
export interface Server {
  readonly port: number;
  /** Processor time used so far, ms. */
  readonly cpu: () => number;
}

export interface Load {
  readonly lanes: number;
  readonly ms: number;
  /** Makes the requests of one lane. */
  readonly lane: (n: number) => () => Next;
}

const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;
const HEAD_END = '\r\n\r\n';

export function bytesOf({ path, header, body }: Next): string {
  const head = `POST ${path} HTTP/1.1\r\nHost: bench\r\n${header}\r\nContent-Type: application/json\r\n`;
  return `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Reads one answer at a time off a socket. @throws when an answer is not 200. */
function reader(socket: Socket): () => Promise<void> {
  let text = '';
  let settle: { resolve: () => void; reject: (error: Error) => void } | null = null;
  const look = () => {
    const end = text.indexOf(HEAD_END);
    if (end < 0 || settle === null) return;
    const length = Number(LENGTH.exec(text.slice(0, end + 2))?.[1] ?? 0);
    if (text.length < end + HEAD_END.length + length) return;
    const { resolve, reject } = settle;
    settle = null;
    const answer = text;
    text = '';
    if (answer.startsWith('HTTP/1.1 200')) resolve();
    else reject(new Error(answer));
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += String(chunk);
    look();
  });
  socket.on('close', () => settle?.reject(new Error('the server closed')));
  return () =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
}

export function openSocket(port: number): { socket: Socket; answer: () => Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  return { socket, answer: reader(socket) };
}

/** A lost connection is opened again once and the same sent again, as a page does. */
async function runLane(port: number, until: number, next: () => Next): Promise<number> {
  let line = openSocket(port);
  let count = 0;
  do {
    const request = next();
    const bytes = bytesOf(request);
    line.socket.write(bytes);
    await line.answer().catch((error: unknown) => {
      if (!line.socket.destroyed) throw error;
      line = openSocket(port);
      line.socket.write(bytes);
      return line.answer();
    });
    await request.heard;
    count += 1;
  } while (Date.now() < until);
  line.socket.destroy();
  return count;
}

export interface Rate {
  readonly perSecond: number;
  /** Processor time of the server for one request, ms: of a busy machine it says more than the requests a second. */
  readonly cpuMs: number;
}

/** Requests answered 200, one after another in each lane. */
export async function rate(server: Server, { lanes, ms, lane }: Load): Promise<Rate> {
  const { port } = server;
  const [from, cpu] = [performance.now(), server.cpu()];
  const until = Date.now() + ms;
  const counts = await Promise.all(Array.from({ length: lanes }, (_, n) => runLane(port, until, lane(n))));
  const seconds = (performance.now() - from) / 1000;
  const all = counts.reduce((sum, count) => sum + count, 0);
  return { perSecond: all / seconds, cpuMs: (server.cpu() - cpu) / all };
}
