/** Files as the house fetches them: from Telegram's own server, whole, bounded, and never by an address of others. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openBotApi } from '../../src/channels/telegram/bot-api';
import { incomingFile } from '../../src/channels/telegram/incoming-file';
import { codeOf } from '../../src/errors';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';

let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100 });
});
afterEach(() => fake.close());

const depsOf = (apiRoot: string, withinMs = 1_500) => ({
  api: openBotApi({ token: TOKEN, apiRoot, timeoutMs: Math.min(withinMs, 5_000) }),
  token: TOKEN,
  apiRoot,
  withinMs,
});
const had = (ref: string, withinMs?: number) => incomingFile(depsOf(fake.url, withinMs), ref);

/** The code of its failure; nothing of it shows the token or an address. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  const shown = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).stack)} ${String((error as Error).cause)}`;
  expect(shown).not.toContain(TOKEN);
  expect(shown).not.toContain('http://127');
  return codeOf(error);
}

const sent = (bytes: Buffer): string => fake.citizen().document(bytes).message?.document?.file_id ?? '';

it('the bytes as they were sent', async () => {
  const bytes = Buffer.from('%PDF-1.7 giấy chứng sinh '.repeat(20_000));
  expect(Buffer.compare(await had(sent(bytes), 15_000), bytes)).toBe(0);
});

it('exactly 20 MB, and not a byte more', async () => {
  const most = 20 * 1024 * 1024;
  expect((await had(sent(Buffer.alloc(most)), 15_000)).length).toBe(most);
  expect(await refusal(had(sent(Buffer.alloc(most + 1)), 15_000))).toBe('payload-too-large');
}, 20_000);

it.each([
  ['a file nobody sent', undefined, 'not-found'],
  ['too many calls', { with: '429', method: 'getFile' }, 'channel-unavailable'],
  ['a bad gateway', { with: '502', method: 'getFile' }, 'channel-unavailable'],
  ['no answer', { with: 'silence', method: 'getFile' }, 'channel-unavailable'],
  ['a download that fails', { with: '500', method: 'file' }, 'channel-unavailable'],
  ['a download that never ends', { with: 'silence', method: 'file' }, 'channel-unavailable'],
  ['a download that is cut off', { with: 'drop', method: 'file' }, 'channel-unavailable'],
  ['a file that is gone', { with: 'answer', method: 'file', status: 404, body: '{}' }, 'not-found'],
] as const)('%s', async (_name, rule, code) => {
  const ref = rule === undefined ? 'nobody' : sent(Buffer.from('x'));
  if (rule !== undefined) fake.fail(rule);
  expect(await refusal(had(ref))).toBe(code);
});

it('goes nowhere else, whoever says so', async () => {
  const visits: string[] = [];
  const elsewhere = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.end('stolen');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/x`;
  fake.fail({ with: 'redirect', method: 'file', location });
  expect(await refusal(had(sent(Buffer.from('x'))))).toBe('channel-unavailable');
  expect(visits).toEqual([]);
  elsewhere.close();
});

describe('a path that is none', () => {
  let server: Server;
  let path: unknown;
  let downloads: string[];
  let body: string | Buffer = 'bytes';
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith('/file/') === true) {
        downloads.push(request.url);
        response.end(body);
      } else response.end(JSON.stringify({ ok: true, result: { file_id: 'f', file_path: path } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());
  const named = (value: unknown) => {
    path = value;
    downloads = [];
    return incomingFile(depsOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 9_000), 'f');
  };

  it('a download longer than Telegram may give is cut at 20 MB exactly', async () => {
    body = Buffer.alloc(20 * 1024 * 1024);
    expect((await named('documents/file_1.pdf')).length).toBe(body.length);
    body = Buffer.alloc(20 * 1024 * 1024 + 1);
    expect(await refusal(named('documents/file_1.pdf'))).toBe('payload-too-large');
    body = 'bytes';
  }, 20_000);

  it('is told from one that is', async () => {
    expect((await named('photos/file_1.jpg')).toString()).toBe('bytes');
    expect(downloads).toEqual([`/file/bot${TOKEN}/photos/file_1.jpg`]);
  });

  it.each([
    'http://evil.example/x',
    '//evil.example/x',
    '/etc/passwd',
    '../bot1/getMe',
    'photos/../../getMe',
    'photos/%2e%2e/x',
    String.raw`photos\..\x`,
    'photos/file.jpg?x=1',
    'photos/file.jpg#x',
    'a'.repeat(257),
    '',
    7,
    null,
    undefined,
    { toString: 'photos/x' },
  ])('%j', async (value) => {
    expect(await refusal(named(value))).toBe('not-found');
    expect(downloads).toEqual([]);
  });
});
