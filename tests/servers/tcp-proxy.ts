/** A wire that misbehaves on demand: a TCP proxy before a server on this machine. Each request's fate is decided when it arrives. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * `cut-before`: the request never arrives, the connection breaks. `cut-after`: the server carries it out, its answer is lost.
 * `swallow`: half-open, nothing comes back and nothing breaks. A number: the request is held back so long, ms.
 */
export type Fate = 'pass' | 'cut-before' | 'cut-after' | 'swallow' | number;

export interface TcpProxy {
  readonly port: number;
  /** Decides about each piece a client writes; `pass` at first. */
  decide: (piece: Buffer) => Fate;
  /** Breaks all connections and refuses new ones until `back`. */
  away(): void;
  back(): void;
  close(): Promise<void>;
}

function carry(client: Socket, server: Socket, fateOf: (piece: Buffer) => Fate): void {
  let deaf = false;
  let losing = false;
  const cut = () => {
    client.destroy();
    server.destroy();
  };
  const forward = (piece: Buffer) => {
    const fate = deaf || losing ? 'pass' : fateOf(piece);
    if (fate === 'cut-before') {
      cut();
      return;
    }
    if (fate === 'swallow') deaf = true;
    if (deaf) return;
    if (fate === 'cut-after') losing = true;
    if (typeof fate === 'number') setTimeout(() => server.write(piece), fate);
    else server.write(piece);
  };
  client.on('data', forward).on('error', cut).on('close', cut);
  server.on('data', (piece) => {
    if (losing) cut();
    else if (!deaf) client.write(piece);
  });
  server.on('error', cut).on('close', () => (deaf ? undefined : cut()));
}

/** Listens on a spare loopback port for what goes to `target` on this machine. */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isAway = false;
  const keep = (socket: Socket) => {
    sockets.add(socket.setNoDelay());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    if (isAway) client.destroy();
    else carry(keep(client), keep(connect(target, '127.0.0.1')), (piece) => proxy.decide(piece));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    decide: () => 'pass',
    away() {
      isAway = true;
      sockets.forEach((socket) => socket.destroy());
    },
    back() {
      isAway = false;
    },
    async close() {
      proxy.away();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
