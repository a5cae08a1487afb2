/** An agency's system as the house meets it on good and bad days. Its ledger only grows and outlives every worker. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { signatureMatches } from '../../src/crypto/agency-signature';

export const MODES = [
  'ok',
  'ok-without-code',
  '500',
  '500-after-commit',
  '408',
  '429',
  '503',
  '409',
  '422',
  'hang-before-read',
  'hang-after-commit',
  'close-before-answer',
  'close-mid-answer',
  'slow',
  'slow-drip',
  'huge-answer',
  '200-with-error-body',
  '200-html',
  'redirect',
  'accept-twice',
] as const;
export type Mode = (typeof MODES)[number];

/** `arrived`: a request of this key began. `committed`: a dossier was made of it. `forged`: its signature did not match. */
export interface LedgerLine {
  readonly what: 'arrived' | 'committed' | 'forged';
  readonly key: string;
  readonly mode: Mode;
  readonly body: string;
}

export interface FakeAgency {
  readonly url: string;
  readonly ledger: readonly LedgerLine[];
  committed(key?: string): readonly LedgerLine[];
  /** For one key, or for all that have none of their own. */
  setMode(mode: Mode | ((key: string, tryNumber: number) => Mode), key?: string): void;
  /** Headers of the newest request. */
  lastHeaders(): IncomingMessage['headers'];
  close(): Promise<void>;
}

const SLOW_MS = 25_000;

interface Taken {
  readonly body: string;
  readonly answer: string;
}

export async function startFakeAgency(options: {
  readonly secret: string;
  readonly mode?: Mode;
  readonly port?: number;
  /** How long `slow` takes to answer what it has taken at once, ms. Default 25 s. */
  readonly slowMs?: number;
}): Promise<FakeAgency> {
  const ledger: LedgerLine[] = [];
  const taken = new Map<string, Taken>();
  const modes = new Map<string, Mode>();
  const tries = new Map<string, number>();
  let modeOf: (key: string, tryNumber: number) => Mode = () => options.mode ?? 'ok';
  let headers: IncomingMessage['headers'] = {};

  /** Stripe's contract: the same key gives the first result again; another body under it is an error. */
  function commit(key: string, body: string, mode: Mode): Taken | null {
    const first = taken.get(key);
    if (first !== undefined && mode !== 'accept-twice') return first.body === body ? first : null;
    ledger.push({ what: 'committed', key, mode, body });
    const number = `H26.18-${String(ledger.length).padStart(6, '0')}`;
    const answer = JSON.stringify({
      accepted: true,
      ...(mode === 'ok-without-code' ? {} : { officialCode: number }),
    });
    const result = { body, answer };
    taken.set(key, result);
    return result;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    headers = request.headers;
    const key = String(request.headers['idempotency-key']);
    const tryNumber = (tries.get(key) ?? 0) + 1;
    tries.set(key, tryNumber);
    const mode = modes.get(key) ?? modeOf(key, tryNumber);
    if (mode === 'hang-before-read') {
      ledger.push({ what: 'arrived', key, mode, body: '' });
      return;
    }
    const body = await readBody(request);
    ledger.push({ what: 'arrived', key, mode, body });
    if (!authentic(request, body, options.secret)) {
      ledger.push({ what: 'forged', key, mode, body });
      response.writeHead(401).end();
      return;
    }
    behave(mode, response, () => commit(key, body, mode), options.slowMs ?? SLOW_MS);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/receive`,
    ledger,
    committed: (key) => ledger.filter((line) => line.what === 'committed' && (key ?? line.key) === line.key),
    setMode(mode, key) {
      if (typeof mode === 'function') modeOf = mode;
      else if (key === undefined) modeOf = () => mode;
      else modes.set(key, mode);
    },
    lastHeaders: () => headers,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function authentic(request: IncomingMessage, body: string, secret: string): boolean {
  const timestamp = String(request.headers['x-motcua-timestamp']);
  const signature = String(request.headers['x-motcua-signature']);
  return signatureMatches(secret, timestamp, Buffer.from(body, 'utf8'), signature);
}

function behave(mode: Mode, response: ServerResponse, commit: () => Taken | null, slowMs: number): void {
  const status = /^(500|408|429|503|409|422)$/.exec(mode)?.[1];
  if (status !== undefined) {
    response.writeHead(Number(status), { 'Retry-After': '120' }).end('{"error":"no"}');
    return;
  }
  if (mode === 'redirect') {
    response.writeHead(307, { Location: 'http://169.254.169.254/latest/meta-data/' }).end();
    return;
  }
  if (mode === '200-with-error-body') {
    json(response, 200, '{"error_code":-500,"message":"database"}');
    return;
  }
  if (mode === '200-html') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Đang bảo trì</html>');
    return;
  }
  const result = commit();
  if (result === null) json(response, 409, '{"error":"key used for another body"}');
  else afterCommit(mode, response, result.answer, slowMs);
}

function afterCommit(mode: Mode, response: ServerResponse, answer: string, slowMs: number): void {
  switch (mode) {
    case 'hang-after-commit':
      return;
    case '500-after-commit': {
      json(response, 500, '{"error":"late"}');
      return;
    }
    case 'close-before-answer':
      response.destroy();
      return;
    case 'close-mid-answer':
      response.writeHead(200, { 'Content-Length': answer.length });
      response.write(answer.slice(0, 8), () => response.destroy());
      return;
    case 'slow': {
      const late = setTimeout(() => json(response, 200, answer), slowMs);
      response.on('close', () => clearTimeout(late));
      return;
    }
    case 'slow-drip': {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
      return;
    }
    case 'huge-answer': {
      json(response, 200, `${' '.repeat(2_000_000)}${answer}`);
      return;
    }
    default: {
      json(response, 200, answer);
      return;
    }
  }
}

function json(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
}
