/** The webhook's door on real connections: who is let in, what is answered, and that nothing but the durable turn holds the answer. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { webhookDoor, webhookPath, type WebhookAccount } from '../../src/channels/telegram/webhook';
import { AppError, type ErrorCode } from '../../src/errors';

const SECRET = 'a'.repeat(40);
const UPDATE = { update_id: 1, message: { text: 'chào' } };

let server: Server;
let base: string;
let taken: unknown[];
let errors: unknown[];
let take: WebhookAccount['take'];

beforeAll(async () => {
  const account = (name: string, webhookSecret: string): WebhookAccount => ({
    account: name,
    webhookSecret,
    take: (update) => {
      taken.push(update);
      return take(update);
    },
  });
  const door = webhookDoor(
    [account('default', SECRET), account('phuong-a', 'b'.repeat(32))],
    (error) => void errors.push(error),
    { bodyMs: 1_000, takeMs: 1_500 },
  );
  server = createServer((request, response) => {
    if (!door(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  taken = [];
  errors = [];
  take = () => Promise.resolve(() => undefined);
});

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly secret?: string | null;
  readonly body?: string;
}

const post = ({ path = '/webhooks/telegram', method = 'POST', secret = SECRET, body }: Sent = {}) =>
  fetch(`${base}${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(secret === null ? {} : { 'X-Telegram-Bot-Api-Secret-Token': secret }),
    },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: body ?? JSON.stringify(UPDATE) }),
  });

describe('who may come in', () => {
  it('Telegram, with the secret', async () => {
    const response = await post();
    expect([response.status, await response.text(), taken]).toEqual([200, '{}', [UPDATE]]);
  });

  it.each([
    ['no secret', { secret: null }, 401],
    ['an empty secret', { secret: '' }, 401],
    ['a secret one letter off', { secret: `${'a'.repeat(39)}b` }, 401],
    ['a secret one letter short', { secret: 'a'.repeat(39) }, 401],
    ['a secret one letter long', { secret: 'a'.repeat(41) }, 401],
    ['another account’s secret', { secret: 'b'.repeat(32) }, 401],
    ['a query', { path: '/webhooks/telegram?x=1' }, 404],
    ['an unknown account', { path: '/webhooks/telegram/other' }, 404],
    ['a slash more', { path: '/webhooks/telegram/' }, 404],
    ['the default account by its name', { path: '/webhooks/telegram/default' }, 404],
    ['GET', { method: 'GET' }, 405],
    ['HEAD', { method: 'HEAD' }, 405],
    ['PUT', { method: 'PUT' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
  ])('not %s', async (_name, sent: Sent, status) => {
    const response = await post(sent);
    expect([response.status, taken]).toEqual([status, []]);
  });

  it('not an empty query', async () => {
    expect(await raw(['Connection: close\r\nContent-Length: 2\r\n\r\n{}'], '/webhooks/telegram?')).toBe(404);
    expect(taken).toEqual([]);
  });

  it('other paths are not its own', async () => {
    expect((await post({ path: '/webhooks/telegrams' })).status).toBe(418);
    expect((await post({ path: '/' })).status).toBe(418);
  });

  it('each account has its own path', async () => {
    expect(webhookPath('default')).toBe('/webhooks/telegram');
    const response = await post({ path: webhookPath('phuong-a'), secret: 'b'.repeat(32) });
    expect([response.status, taken.length]).toEqual([200, 1]);
  });

  it('a refusal keeps the connection where nothing is left to read, and ends it elsewhere', async () => {
    expect((await post({ method: 'GET' })).headers.get('connection')).toBe('keep-alive');
    expect((await post({ path: '/webhooks/telegram/x', method: 'GET' })).headers.get('connection')).toBe(
      'keep-alive',
    );
    expect((await post({ secret: 'x' })).headers.get('connection')).toBe('close');
  });

  it('a stranger is refused before a byte of the body was sent', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = httpRequest(
        `${base}/webhooks/telegram`,
        { method: 'POST', headers: { 'Content-Length': '1000000' } },
        (response) => {
          resolve(response.statusCode);
          call.destroy();
        },
      );
      call.on('error', reject);
      call.flushHeaders();
    });
    expect([status, taken]).toEqual([401, []]);
  });
});

describe('what is no update', () => {
  it.each([
    ['no JSON', '{"update_id":1', 400],
    ['nothing', '', 400],
    ['over 1 MB', JSON.stringify({ update_id: 1, x: 'x'.repeat(1024 * 1024) }), 413],
  ])('%s is refused', async (_name, body, status) => {
    expect((await post({ body })).status).toBe(status);
    expect(taken).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('over 1 MB without saying how long', async () => {
    const status = await raw([
      'Transfer-Encoding: chunked\r\n\r\n',
      ...Array.from({ length: 20 }, () => `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`),
    ]);
    expect([status, taken]).toEqual([413, []]);
  });

  it('a body that never comes', async () => {
    expect(await raw(['Content-Length: 100\r\n\r\n{"upd'])).toBe(400);
    expect(taken).toEqual([]);
  });
});

/** One request by hand; the status that came back. */
function raw(parts: readonly string[], path = '/webhooks/telegram'): Promise<number> {
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: ${SECRET}\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(said)?.[1];
      if (status === undefined) reject(new Error('no answer'));
      else resolve(Number(status));
    });
    socket.write(head);
    for (const part of parts) socket.write(part);
  });
}

describe('what the house answers', () => {
  it.each<[ErrorCode, object, number, string | null]>([
    ['store-unavailable', {}, 503, '2'],
    ['stopping', {}, 503, '2'],
    ['conflict', {}, 503, '2'],
    ['too-many-requests', { waitMs: 41_200 }, 429, '42'],
    ['too-many-requests', {}, 429, '2'],
    ['document-too-large', {}, 200, null],
    ['engine-bound', {}, 200, null],
  ])('%s %j is %i', async (code, details, status, after) => {
    take = () =>
      Promise.reject(new AppError(code, 'a bad day', { details: details as Record<string, number> }));
    const response = await post();
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, after]);
  });

  it('a defect is ours to hear of, and may come again', async () => {
    take = () => Promise.reject(new TypeError('x'));
    expect((await post()).status).toBe(503);
    expect(errors).toHaveLength(1);
  });

  it('waits for the durable turn, and for nothing else', async () => {
    const order: string[] = [];
    let durable = (): void => undefined;
    const turn = new Promise<void>((resolve) => (durable = resolve));
    take = async () => {
      await turn;
      return () => void setTimeout(() => order.push('afterwards'), 100);
    };
    const answered = post().then(() => order.push('answered'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(order).toEqual([]);
    order.push('durable');
    durable();
    await answered;
    expect(order).toEqual(['durable', 'answered']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(order).toEqual(['durable', 'answered', 'afterwards']);
  });

  it('what is not durable in time may come again, and is still taken', async () => {
    const order: string[] = [];
    const turns: (() => void)[] = [];
    take = async () => {
      await new Promise<void>((resolve) => turns.push(resolve));
      return () => void order.push('afterwards');
    };
    // Answered while the turn goes on.
    const response = await post();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    // What comes again waits for the turn that is in hand, and asks for no other.
    setTimeout(() => turns[0]!(), 100);
    expect([(await post()).status, taken.length]).toEqual([200, 1]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([order, errors]).toEqual([['afterwards'], []]);
    expect([(await post()).status, taken.length]).toEqual([503, 2]);
    turns[1]!();
  });

  it('a failure after the answer is heard of all the same', async () => {
    take = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      throw new AppError('store-unavailable', 'a bad day');
    };
    expect((await post()).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(errors).toHaveLength(1);
  });
});
