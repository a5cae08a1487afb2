import { randomUUID } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import type { TalkLine } from '../../src/ports/channel';
import { openHouse, type House, type HouseOptions } from './web-house';

/** A page's end of the stream, as a browser keeps it: cookie, last id, events. */
interface Tab {
  readonly lines: TalkLine[];
  readonly names: string[];
  lastId: string | null;
  /** Waits until the condition holds, or fails after 5 s. */
  until(holds: () => boolean): Promise<void>;
  cut(): void;
}

let house: House;
const open = async (options: HouseOptions = {}): Promise<House> => (house = await openHouse(options));
afterEach(() => house.close());

const chatOf = (cookie: string): string => cookie.slice('chat='.length);

async function openTab(
  cookie?: string,
  lastId?: string | null,
  query = '',
): Promise<Tab & { cookie: string }> {
  const cutter = new AbortController();
  const answer = await fetch(`${house.url}/chat/stream${query}`, {
    headers: { ...(cookie ? { cookie } : {}), ...(lastId ? { 'last-event-id': lastId } : {}) },
    signal: cutter.signal,
  });
  expect(answer.status).toBe(200);
  const given = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const tab = {
    lines: [] as TalkLine[],
    names: [] as string[],
    lastId: lastId ?? null,
    cut: () => cutter.abort(),
  };
  void listen(answer.body!, tab).catch(() => undefined);
  const until = async (holds: () => boolean) => {
    const end = Date.now() + 15_000;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(`waited in vain: ${JSON.stringify(tab.names)} ${JSON.stringify(tab.lines)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return Object.assign(tab, { until, cookie: given });
}

async function listen(
  body: ReadableStream<Uint8Array>,
  tab: { lines: TalkLine[]; names: string[]; lastId: string | null },
) {
  let rest = '';
  for await (const chunk of body.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )) {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const field = (name: string) =>
        event
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      tab.names.push(field('event') ?? '');
      if (field('id') !== undefined) tab.lastId = field('id')!;
      if (field('event') === 'line') tab.lines.push(JSON.parse(field('data')!) as TalkLine);
    }
  }
}

function say(cookie: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${house.url}/chat/say`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const newChat = async () => {
  const tab = await openTab();
  await tab.until(() => tab.names.includes('ready'));
  return tab;
};
const texts = (tab: Tab) => tab.lines.map((line) => line.text);

describe('a chat', () => {
  it('begins with a random id in a cookie that scripts cannot read and other sites cannot send', async () => {
    await open();
    const [one, other] = await Promise.all([
      fetch(`${house.url}/chat/stream`),
      fetch(`${house.url}/chat/stream`),
    ]);
    const cookie = one.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^chat=[A-Za-z0-9_-]{22,64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(other.headers.get('set-cookie')).not.toBe(cookie);
    await Promise.all([one.body!.cancel(), other.body!.cancel()]);
  });

  it('shows what both sides said, in order, on every open page', async () => {
    await open();
    const one = await newChat();
    const two = await openTab(one.cookie);
    expect((await say(one.cookie, { id: randomUUID(), text: 'làm khai sinh' })).status).toBe(200);
    await Promise.all([one.until(() => one.lines.length === 2), two.until(() => two.lines.length === 2)]);
    expect(texts(one)).toEqual(['làm khai sinh', 'Dạ: làm khai sinh']);
    expect(two.lines).toEqual(one.lines);
    expect(one.lines.map((line) => line.side)).toEqual(['citizen', 'bot']);
  });

  it('takes a message sent again with the same id once', async () => {
    await open();
    const tab = await newChat();
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => say(tab.cookie, { id, text: 'một lần' })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    await tab.until(() => tab.lines.length === 2);
    expect(house.events).toHaveLength(1);
  });

  it('carries presses and links as events', async () => {
    await open();
    const { cookie } = await newChat();
    await say(cookie, { id: 'press-0001', choice: 'a|sex|male', label: 'Nam' });
    await say(cookie, { id: 'start-0001', start: 'khai-sinh' });
    await say(cookie, { id: 'start-0002', start: null });
    const address = { channel: 'web', account: 'default', chat: chatOf(cookie) };
    expect(house.events).toEqual([
      { id: 'press-0001', address, type: 'choice', choice: 'a|sex|male', label: 'Nam' },
      { id: 'start-0001', address, type: 'start', link: 'khai-sinh' },
      { id: 'start-0002', address, type: 'start' },
    ]);
  });

  it('is forgotten by the machine on leaving', async () => {
    await open();
    const { cookie } = await newChat();
    const answer = await fetch(`${house.url}/chat/leave`, { method: 'POST', headers: { cookie } });
    expect(answer.headers.get('set-cookie')).toMatch(/^chat=;.*Max-Age=0$/);
  });
});

describe('a bad network', () => {
  it('loses and doubles nothing when the stream breaks and comes back with its last id', async () => {
    await open();
    const first = await newChat();
    const { cookie } = first;
    await say(cookie, { id: randomUUID(), text: 'một' });
    await first.until(() => first.lines.length === 2);
    first.cut();
    await say(cookie, { id: randomUUID(), text: 'hai' });
    const second = await openTab(cookie, first.lastId);
    await second.until(() => second.names.includes('ready'));
    await say(cookie, { id: randomUUID(), text: 'ba' });
    await second.until(() => second.lines.length === 4);
    expect([...first.lines, ...second.lines].map((line) => line.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('goes on from ?after= and replays a long talk whole', async () => {
    await open();
    const { cookie } = await newChat();
    for (let n = 1; n <= 250; n += 1) await house.say(chatOf(cookie), { text: `tin ${n}`, buttons: [] });
    const tab = await openTab(cookie, null, '?after=10');
    await tab.until(() => tab.names.includes('ready'));
    expect(tab.lines.map((line) => line.seq)).toEqual(Array.from({ length: 240 }, (_, n) => n + 11));
  });

  it('shows within the next look what another process said', async () => {
    await open({ limits: { rereadMs: 50 } });
    const tab = await newChat();
    await house.say(chatOf(tab.cookie), { text: 'từ máy khác', buttons: [] }, false);
    await tab.until(() => tab.lines.length === 1);
  });

  it('answers 503 while the store is away, and takes the same message after', async () => {
    await open();
    const { cookie } = await newChat();
    const body = { id: randomUUID(), text: 'giữ giúp' };
    house.down = true;
    const refused = await say(cookie, body);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(house.events).toHaveLength(0);
    house.down = false;
    expect((await say(cookie, body)).status).toBe(200);
    expect(house.events).toHaveLength(1);
  });

  it('starts the page anew when an erased talk counts from the start again', async () => {
    await open();
    const tab = await newChat();
    await house.say(chatOf(tab.cookie), { text: 'cũ 1', buttons: [] });
    await house.say(chatOf(tab.cookie), { text: 'cũ 2', buttons: [] });
    await tab.until(() => tab.lines.length === 2);
    house.lines.delete(chatOf(tab.cookie));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await house.say(chatOf(tab.cookie), { text: 'mới', buttons: [] });
    await tab.until(() => tab.lines.length === 3);
    expect(tab.names.slice(-2)).toEqual(['anew', 'line']);
  });
});

describe('what is refused', () => {
  const good = { id: 'abcd-1234', text: 'x' };
  const cases: readonly [string, unknown, Record<string, string>, number][] = [
    ['a form post', 'id=abcd-1234&text=x', { 'content-type': 'application/x-www-form-urlencoded' }, 400],
    ['plain text that is JSON', good, { 'content-type': 'text/plain' }, 400],
    ['another site by its fetch metadata', good, { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling site', good, { 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', good, { origin: 'https://evil.example' }, 403],
    ['a sandboxed origin', good, { origin: 'null' }, 403],
    ['broken JSON', '{"id":', {}, 400],
    ['JSON that is no object', '"x"', {}, 400],
    ['no id', { text: 'x' }, {}, 400],
    ['an id with a newline', { id: 'abcd-1234\n', text: 'x' }, {}, 400],
    ['nothing said', { id: 'abcd-1234', text: '  ' }, {}, 400],
    ['a choice over 64 bytes', { id: 'abcd-1234', choice: 'đ'.repeat(33) }, {}, 400],
    ['a label that is no text', { id: 'abcd-1234', choice: 'a', label: {} }, {}, 400],
    ['a link that is a path', { id: 'abcd-1234', start: '../../desk' }, {}, 400],
    ['more than 16 KB', { id: 'abcd-1234', text: 'x'.repeat(17_000) }, {}, 413],
  ];
  it.each(cases)('%s', async (_, body, headers, status) => {
    await open();
    const { cookie } = await newChat();
    expect((await say(cookie, body, headers)).status).toBe(status);
    expect(house.events).toHaveLength(0);
  });

  it('a message without a chat, or with an id that was never ours', async () => {
    await open();
    expect((await say('', good)).status).toBe(401);
    expect((await say('chat=1', good)).status).toBe(401);
    expect((await say('chat=../../../../etc/passwd-and-more', good)).status).toBe(401);
  });

  it('an endless body without a length, as soon as it passes the cap', async () => {
    await open();
    const { cookie } = await newChat();
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked', cookie };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const post = rawRequest(`${house.url}/chat/say`, { method: 'POST', headers }, (answer) => {
        clearInterval(timer);
        resolve(answer.statusCode);
        post.destroy();
      });
      post.on('error', reject);
      const timer = setInterval(() => post.write('x'.repeat(4_096)), 5);
    });
    expect(status).toBe(413);
  });

  it('a stream asked for by another site', async () => {
    await open();
    const answer = await fetch(`${house.url}/chat/stream`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
  });

  it('a flood: after a burst the page is told to wait, and other chats go on', async () => {
    await open({ limits: { perChat: { perSecond: 1, burst: 3 } } });
    const { cookie } = await newChat();
    const other = await newChat();
    const statuses = [];
    for (let n = 0; n < 5; n += 1) statuses.push((await say(cookie, { id: randomUUID(), text: 'x' })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await say(other.cookie, { id: randomUUID(), text: 'x' })).status).toBe(200);
  });

  it('streams beyond the ceiling: the oldest page is told that the talk goes on elsewhere', async () => {
    await open({ limits: { streamsPerChat: 2 } });
    const one = await newChat();
    const two = await openTab(one.cookie);
    const three = await openTab(one.cookie);
    await one.until(() => one.names.at(-1) === 'elsewhere');
    await house.say(chatOf(one.cookie), { text: 'còn đây', buttons: [] });
    await Promise.all([two, three].map((tab) => tab.until(() => tab.lines.length === 1)));
  });

  it('streams beyond what the house can hold', async () => {
    await open({ limits: { streams: 1 } });
    await newChat();
    expect((await fetch(`${house.url}/chat/stream`)).status).toBe(503);
  });
});

describe('words', () => {
  it('come through as they are: hostile text, emoji, half a surrogate pair', async () => {
    await open();
    const tab = await newChat();
    const said = '<img src=x onerror=alert(1)>\n\nevent: line\ndata: {}\n\n👵🏽 "\u2028';
    await say(tab.cookie, { id: randomUUID(), text: said });
    await say(tab.cookie, `{"id":"half-pair-1","text":"a\\ud800b\\u0000c"}`);
    await tab.until(() => tab.lines.length === 4);
    expect(texts(tab)[0]).toBe(said);
    expect(texts(tab)[2]).toBe('a\ufffdbc');
  });

  it('with a QR code carry a drawing, never an address to fetch', async () => {
    await open();
    const tab = await newChat();
    const link = 'https://xa.example/tra-cuu?ma=ABCDE12345F';
    await house.say(chatOf(tab.cookie), { text: 'Mã đây ạ', buttons: [], qr: link });
    await tab.until(() => tab.lines.length === 1);
    const svg = Buffer.from(tab.lines[0]!.qr!.replace('data:image/svg+xml;base64,', ''), 'base64').toString();
    expect(svg).toMatch(/^<svg .*<path /s);
    expect(svg).not.toContain('ABCDE12345F');
  });
});
