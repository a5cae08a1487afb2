/** A load balancer for tests: each request goes to the next of the servers that live; whose server dies is answered 502, or cut. */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FleetDoor {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Cuts what still runs. A second call is harmless. */
  close(): Promise<void>;
}

const isRefused = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';

/** `up`: addresses of the servers that live, asked for each request. */
export async function openFleetDoor(up: () => readonly string[]): Promise<FleetDoor> {
  // A connection kept for later might be to a server that died since.
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  let turn = 0;

  /** Nothing arrived where a connection is refused: the next one may have it. */
  function pass(from: IncomingMessage, to: ServerResponse, urls: readonly string[]): void {
    const [url, ...others] = urls;
    if (url === undefined) {
      to.writeHead(503).end();
      return;
    }
    const asked = request(`${url}${from.url ?? '/'}`, {
      ...{ agent, method: from.method, headers: from.headers },
    });
    asked.on('response', (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on('error', () => to.destroy());
      answer.pipe(to);
    });
    asked.on('error', (error) => {
      if (to.headersSent) to.destroy();
      else if (isRefused(error)) pass(from, to, others);
      else to.writeHead(502).end();
    });
    to.on('close', () => asked.destroy());
    // A body flows once there is somebody to take it.
    asked.on('socket', (socket) =>
      socket.connecting ? socket.once('connect', () => from.pipe(asked)) : from.pipe(asked),
    );
  }
  const spread: RequestListener = (from, to) => {
    const urls = up();
    const at = urls.length === 0 ? 0 : (turn += 1) % urls.length;
    pass(from, to, [...urls.slice(at), ...urls.slice(0, at)]);
  };
  const server = createServer({ requestTimeout: 0 }, spread);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}
