/** HTTP servers opened, said, and stopped in order: no new requests, running ones finished, then closed. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SLOWEST_PHOTO_MS } from '../channels/web/photo-body';
import type { PromMeter } from '../drivers/prom-meter';
import { AppError } from '../errors';

/** A photo over a weak network. The doors cut off slow bodies of other requests much earlier by themselves. */
const REQUEST_MS = SLOWEST_PHOTO_MS + 30_000;
/** A running request gets this long at the end. */
const LAST_REQUESTS_MS = 3_000;

export interface Listening {
  readonly server: Server;
  /** The port in use; what the system chose for 0. */
  readonly port: number;
}

/** @throws AppError `config-invalid` when the port is taken or not ours to open. */
export function listen(handler: RequestListener, port: number, host?: string): Promise<Listening> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: 10_000 }, handler);
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('config-invalid', `PORT: ${port} cannot be opened (in use?). Set PORT to another.`, {
          cause,
        }),
      ),
    );
    server.listen(port, host, () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

export async function stopServer({ server }: Listening): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), LAST_REQUESTS_MS);
  await closed;
  clearTimeout(cut);
}

/** Figures for the operator, on loopback only. */
export function openMetrics(meter: PromMeter, port: number): Promise<Listening> {
  const handler: RequestListener = (_request, response) => {
    void meter.text().then(({ body, type }) => response.setHeader('Content-Type', type).end(body));
  };
  return listen(handler, port, '127.0.0.1');
}
