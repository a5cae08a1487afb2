/** Whose limits a request counts to, seen through the doors of a whole house: this test is the proxy, on this machine. */
import { randomBytes, randomUUID } from 'node:crypto';
import { peers } from '../../src/http/peer';
import { openWholeHouse, type OpenHouse } from './hostile-house';

const BURST = 3;
const PROXY = '172.20.0.3';

let house: OpenHouse;

const open = async (TRUSTED_PROXIES: string): Promise<void> => {
  house = await openWholeHouse({
    env: { TRUSTED_PROXIES },
    limits: { perAddress: { perSecond: 0.0001, burst: BURST } },
  });
};

/** A message of a new chat: only the address can be over its limit. */
async function say(forwarded?: string): Promise<number> {
  const cookie = `chat=${randomBytes(16).toString('base64url')}`;
  const { status, body } = await fetch(`${house.url}/chat/say`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', cookie },
      ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    },
    body: JSON.stringify({ id: randomUUID(), text: 'xin chào' }),
  });
  await body?.cancel();
  return status;
}

/** Says it once more than one address may. */
async function statusesOf(forwarded: (n: number) => string | undefined): Promise<readonly number[]> {
  const statuses = [];
  for (let n = 0; n <= BURST; n += 1) statuses.push(await say(forwarded(n)));
  return statuses;
}
const ONE_ADDRESS = [200, 200, 200, 429];
const MANY_ADDRESSES = [200, 200, 200, 200];

describe('a proxy on this machine, none elsewhere', () => {
  beforeAll(() => open(''));
  afterAll(() => house.close());

  it.each([
    ['as the proxy wrote it', () => '203.0.113.7'],
    ['whatever stands before it', (n: number) => `198.51.100.${n}, 203.0.113.8`],
    [
      'as IPv4 or mapped into IPv6',
      (n: number) => ['203.0.113.9', '::ffff:203.0.113.9', '::FFFF:cb00:7109'][n % 3],
    ],
    ['with all the addresses of one line of IPv6', (n: number) => `2001:db8:0:7::${n + 1}`],
    ['beside a port, as some proxies write it', (n: number) => `203.0.113.11:${4711 + n}`],
    ['in brackets beside a port', (n: number) => [`[2001:db8:0:6::1]`, '[2001:db8:0:6::2]:4711'][n % 2]],
    ['in any spelling of it', (n: number) => ['2001:DB8:0:9:0:0:0:1', '2001:db8::9:0:0:0:2'][n % 2]],
  ])('a citizen is one: %s', async (_name, forwarded) => {
    expect(await statusesOf(forwarded)).toEqual(ONE_ADDRESS);
  });

  it('two citizens have limits of their own', async () => {
    expect(await statusesOf((n) => `203.0.113.${100 + n}`)).toEqual(MANY_ADDRESSES);
    expect(await statusesOf((n) => `2001:db8:1:${n}::1`)).toEqual(MANY_ADDRESSES);
  });

  it('words that are no address count to the proxy', async () => {
    expect(await statusesOf((n) => `203.0.113.200, me-${n}`)).toEqual(ONE_ADDRESS);
    for (const forwarded of [
      undefined,
      '',
      ' , ',
      'unknown',
      '203.0.113.201,',
      '203.0.113.202:',
      '[203.0.113.202',
      '0x7f.1',
    ])
      expect([forwarded, await say(forwarded)]).toEqual([forwarded, 429]);
  });

  it('a proxy elsewhere hides who asks through it', async () => {
    expect(await statusesOf((n) => `203.0.113.${210 + n}, ${PROXY}`)).toEqual(ONE_ADDRESS);
  });
});

describe.each([PROXY, '172.20.0.0/16', '10.0.0.1,172.20.0.0/29', 'private'])(
  'a proxy at TRUSTED_PROXIES=%s',
  (trusted) => {
    beforeAll(() => open(trusted));
    afterAll(() => house.close());

    it.each([
      ['as the proxy wrote it', () => `203.0.113.7, ${PROXY}`],
      ['the proxy named in IPv6', () => `203.0.113.8, ::ffff:${PROXY}`],
      ['whatever stands before it', (n: number) => `198.51.100.${n}, 203.0.113.9, ${PROXY}`],
      ['even a proxy', (n: number) => `198.51.100.${n}, ${PROXY}, 203.0.113.10, ${PROXY}`],
    ])('a citizen is one: %s', async (_name, forwarded) => {
      expect(await statusesOf(forwarded)).toEqual(ONE_ADDRESS);
    });

    it('two citizens have limits of their own', async () => {
      expect(await statusesOf((n) => `203.0.113.${100 + n}, ${PROXY}`)).toEqual(MANY_ADDRESSES);
    });

    it('is believed no further than what is not an address', async () => {
      expect(await statusesOf((n) => `198.51.100.${n}, nonsense, ${PROXY}`)).toEqual(ONE_ADDRESS);
      expect(await say(`<b>, ${PROXY}`)).toBe(429);
    });
  },
);

/** A wrong code at the status page, each time from another machine. */
async function lookUp(forwarded: string): Promise<number> {
  const { status } = await fetch(`${house.url}/tra-cuu`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: `may=${randomBytes(18).toString('base64url')}`,
      'x-forwarded-for': forwarded,
    },
    body: new URLSearchParams({ code: randomBytes(6).toString('hex'), lastFour: '1234' }).toString(),
  });
  return status;
}

describe('two proxies in a row', () => {
  beforeAll(() => open('private'));
  afterAll(() => house.close());

  it('are both walked past, of IPv6 too', async () => {
    expect(await statusesOf((n) => `198.51.100.${n}, fd00::3`)).toEqual(MANY_ADDRESSES);
    expect(await statusesOf((n) => `198.51.100.${n}, 203.0.113.7, fd00::3, ${PROXY}`)).toEqual(ONE_ADDRESS);
  });

  it('the pages count by the same address as the chat', async () => {
    for (let n = 0; n < 30; n += 1) expect(await lookUp(`198.51.100.${n}, 203.0.113.8, ${PROXY}`)).toBe(200);
    expect(await lookUp(`203.0.113.8, ${PROXY}`)).toBe(429);
    expect(await lookUp(`::ffff:203.0.113.8, ${PROXY}`)).toBe(429);
    expect(await lookUp(`203.0.113.9, ${PROXY}`)).toBe(200);
  });
});

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['10.1.2.3', '10.1.2.3'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, ''],
])('who asks directly, from %s, is not believed for another', (remoteAddress, peer) => {
  const headers = { 'x-forwarded-for': '198.51.100.1, 172.20.0.3, 127.0.0.1' };
  expect(peers([{ address: '172.20.0.0', bits: 16 }])({ headers, socket: { remoteAddress } })).toBe(peer);
});
