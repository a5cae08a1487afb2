import { checkReceiverUrl, httpReceiver } from '../../src/drivers/http-agency';
import { receiverContract } from './receiver-contract';

receiverContract('http-agency', (timeoutMs) => httpReceiver({ now: Date.now, timeoutMs }));

const answering = (body: string, init: ResponseInit = {}) =>
  httpReceiver({ now: () => Date.UTC(2026, 10, 23), fetch: () => Promise.resolve(new Response(body, init)) });
const hand = (receiver: ReturnType<typeof httpReceiver>) =>
  receiver.deliver(
    { agency: 'a', url: 'https://co-quan.vn/nhan', secret: 's' },
    { key: 'k', body: Buffer.from('{}') },
    new AbortController().signal,
  );

test.each([
  ['{"accepted":true,"officialCode":"000.00.18.H26-261123-0001"}', '000.00.18.H26-261123-0001'],
  ['{"accepted":true,"officialCode":"<b>1</b>"}', undefined],
  ['{"accepted":true,"officialCode":"1\\n2"}', undefined],
  [`{"accepted":true,"officialCode":"${'9'.repeat(65)}"}`, undefined],
  ['{"accepted":true,"officialCode":null}', undefined],
  ['{"accepted":true,"officialCode":7}', undefined],
])('%s is an acceptance with the number %s', async (body, officialCode) => {
  const expected = officialCode === undefined ? { state: 'accepted' } : { state: 'accepted', officialCode };
  expect(await hand(answering(body))).toEqual(expected);
});

test.each([
  '',
  'true',
  '[]',
  'null',
  '{"accepted":"true"}',
  '{"accepted":false}',
  '{"ok":true}',
  '{"accepted":true',
])('a 200 that says %p is not an acceptance', async (body) => {
  expect((await hand(answering(body))).state).toBe('unknown');
});

test.each([
  [204, 'unknown'],
  [300, 'refused'],
  [304, 'refused'],
  [400, 'refused'],
  [401, 'refused'],
  [404, 'refused'],
  [413, 'refused'],
  [425, 'busy'],
  [502, 'unknown'],
  [504, 'unknown'],
])('status %d is %s', async (status, state) => {
  const answer = () => Promise.resolve(new Response(null, { status }));
  expect((await hand(httpReceiver({ now: Date.now, fetch: answer }))).state).toBe(state);
});

test.each([
  ['7', { retryAfterMs: 7_000 }],
  ['Mon, 23 Nov 2026 00:01:00 GMT', { retryAfterMs: 60_000 }],
  ['Sun, 22 Nov 2026 00:00:00 GMT', {}],
  ['-5', {}],
  ['soon', {}],
])('Retry-After: %s', async (value, expected) => {
  const outcome = await hand(answering('', { status: 503, headers: { 'Retry-After': value } }));
  expect(outcome).toEqual({ state: 'busy', reason: 'status-503', ...expected });
});

test.each([
  ['https://10.0.0.5/nhan', null],
  ['https://co-quan.gov.vn:8443/nhan?x=1', null],
  ['http://localhost:8080/', null],
  ['http://127.0.0.1/', null],
  ['http://[::1]:9/', null],
  ['http://0x7f.1/', null],
  ['http://10.0.0.5/nhan', 'not-https'],
  ['http://localhost.co-quan.vn/', 'not-https'],
  ['ftp://localhost/', 'not-https'],
  ['https://a@co-quan.vn/', 'credentials'],
  ['https://169.254.169.254/', 'link-local'],
  ['https://[fe80::1]/', 'link-local'],
  ['https://[::ffff:169.254.169.254]/', 'link-local'],
  ['', 'unreadable'],
])('receiver address %s: %s', (url, problem) => {
  expect(checkReceiverUrl(url)).toBe(problem);
});
