/** Uploads of photos over HTTP, as a browser sends them and as others might. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request as rawRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { INTAKE } from '../../src/ports/intake';
import { keyOf, openHouse, type House, type HouseOptions } from './web-house';

let house: House;
const open = async (options: HouseOptions = {}): Promise<House> => (house = await openHouse(options));
afterEach(() => house.close());

const cookie = `chat=${'a'.repeat(24)}`;
const jpeg = (size: number) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(size - 4)]);
type Headers = Record<string, string>;
const headersOf = (id: string, more: Headers = {}): Headers => ({
  'content-type': 'application/octet-stream',
  'x-message-id': id,
  cookie,
  ...more,
});

function upload(bytes: Buffer, id: string = randomUUID(), more: Headers = {}): Promise<Response> {
  return fetch(`${house.url}/chat/photo`, {
    method: 'POST',
    headers: headersOf(id, more),
    body: new Uint8Array(bytes),
  });
}

/** A request whose body the test sends by hand. */
function begin(length: number, id: string = randomUUID(), more: Headers = {}) {
  const headers = headersOf(id, { 'content-length': String(length), ...more });
  const post: ClientRequest = rawRequest(`${house.url}/chat/photo`, {
    method: 'POST',
    headers,
    agent: false,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    post.on('response', resolve);
    post.on('error', reject);
  });
  answer.catch(() => undefined);
  post.flushHeaders();
  return { post, answer };
}
const eventually = async (holds: () => boolean) => {
  for (const end = Date.now() + 5_000; !holds();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const photos = () => house.events.flatMap((event) => (event.type === 'photos' ? event.files : []));

describe('a photo', () => {
  it('is kept whole, then told to the talk with its print', async () => {
    await open();
    const bytes = jpeg(3_000_000);
    const answer = await upload(bytes, 'photo-0001', {
      'x-file-name': encodeURIComponent('giấy khai sinh.jpg'),
    });
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
    const [file] = photos();
    expect(house.events).toEqual([
      {
        id: 'photo-0001',
        address: { channel: 'web', account: 'default', chat: 'a'.repeat(24) },
        type: 'photos',
        files: [
          {
            source: file!.source,
            print: createHash('sha256').update(bytes).digest('base64url'),
            pdf: false,
            name: 'giấy khai sinh.jpg',
          },
        ],
      },
    ]);
    expect(house.kept.get(keyOf(file!))?.equals(bytes)).toBe(true);
  });

  it('may be as big as the intake takes; a PDF is known by its first bytes', async () => {
    await open();
    const bytes = Buffer.alloc(INTAKE.bytes);
    bytes.write('%PDF-1.7');
    expect((await upload(bytes)).status).toBe(200);
    expect((await upload(Buffer.from('%PDF'))).status).toBe(200);
    expect(photos().map(({ pdf, name }) => [pdf, name])).toEqual([
      [true, ''],
      [false, ''],
    ]);
  });

  it('sent again with the same id is one event, and its second bytes go', async () => {
    await open();
    const bytes = jpeg(10_000);
    const answers = await Promise.all([1, 2, 3].map(() => upload(bytes, 'photo-0001')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const said = await Promise.all(answers.map((answer) => answer.json()));
    expect(said.filter((one) => (one as { seen?: boolean }).seen)).toHaveLength(2);
    expect([...house.kept.keys()]).toEqual(photos().map(keyOf));
    expect(photos()).toHaveLength(1);
  });

  it('of two at once keeps each its own bytes, however they interleave', async () => {
    await open();
    const [one, two] = [jpeg(200_000), jpeg(150_000)];
    const [first, second] = [begin(one.length), begin(two.length)];
    for (let at = 0; at < one.length; at += 10_000) {
      first.post.write(one.subarray(at, at + 10_000));
      if (at < two.length) second.post.write(two.subarray(at, at + 10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    first.post.end();
    second.post.end();
    expect([(await first.answer).statusCode, (await second.answer).statusCode]).toEqual([200, 200]);
    const kept = [...house.kept.values()].map((bytes) => bytes.toString('base64url'));
    expect(kept.sort()).toEqual([one, two].map((bytes) => bytes.toString('base64url')).sort());
  });

  it('is not lost while the store is away: 503, and the same again after', async () => {
    await open();
    const bytes = jpeg(50_000);
    house.down = true;
    const refused = await upload(bytes, 'photo-0001');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    house.down = false;
    expect((await upload(bytes, 'photo-0001')).status).toBe(200);
    expect(photos()).toHaveLength(1);
  });

  it.each([
    ['hostile', '"><img src=x>\n\0.jpg', '"><img src=x>.jpg'],
    ['endless', 'đ'.repeat(500), 'đ'.repeat(200)],
  ])('with a name that is %s has it as plain bounded text', async (_, name, kept) => {
    await open();
    expect((await upload(jpeg(100), randomUUID(), { 'x-file-name': encodeURIComponent(name) })).status).toBe(
      200,
    );
    expect(photos()[0]?.name).toBe(kept);
  });

  it('with a name that does not read has none', async () => {
    await open();
    expect((await upload(jpeg(100), randomUUID(), { 'x-file-name': '%E0%A4%A' })).status).toBe(200);
    expect(photos()[0]?.name).toBe('');
  });
});

describe('what is refused', () => {
  const cases: readonly [string, number, Headers, number, string][] = [
    ['another site by its fetch metadata', 100, { 'sec-fetch-site': 'cross-site' }, 403, 'forbidden'],
    ['another origin', 100, { origin: 'https://evil.example' }, 403, 'forbidden'],
    ['a form post', 100, { 'content-type': 'multipart/form-data; boundary=x' }, 400, 'bad-request'],
    [
      'plain text, which needs no leave of ours from elsewhere',
      100,
      { 'content-type': 'text/plain' },
      400,
      'bad-request',
    ],
    ['an id that is a path', 100, { 'x-message-id': '../../x' }, 400, 'bad-request'],
    ['no cookie', 100, { cookie: '' }, 401, 'not-signed-in'],
    ['a chat that was never ours in form', 100, { cookie: 'chat=1' }, 401, 'not-signed-in'],
    ['nothing at all', 0, {}, 415, 'file-refused'],
    ['one byte too many', INTAKE.bytes + 1, {}, 413, 'payload-too-large'],
  ];
  it.each(cases)('%s', async (_, size, headers, status, error) => {
    await open();
    const { post, answer } = begin(size, randomUUID(), headers);
    // A refusal comes before the body is read.
    if (size <= 100) post.end(Buffer.alloc(size));
    const got = await answer;
    let body = '';
    for await (const chunk of got) body += String(chunk);
    expect([got.statusCode, JSON.parse(body)]).toEqual([status, { error }]);
    post.destroy();
    expect([house.events.length, house.kept.size]).toEqual([0, 0]);
  });

  it('a body without a length', async () => {
    await open();
    const headers = headersOf(randomUUID(), { 'transfer-encoding': 'chunked' });
    const post = rawRequest(`${house.url}/chat/photo`, { method: 'POST', headers });
    const status = new Promise((resolve, reject) => {
      post.on('response', (answer) => resolve(answer.statusCode));
      post.on('error', reject);
    });
    post.end(jpeg(1_000));
    expect(await status).toBe(400);
    expect(house.events).toHaveLength(0);
  });

  it('a body that is cut off: nothing is kept, and the room it had is free again', async () => {
    await open({ limits: { photoRoom: 2_000_000 } });
    for (let n = 0; n < 3; n += 1) {
      const { post } = begin(1_000_000);
      post.write(jpeg(400_000));
      await new Promise((resolve) => setTimeout(resolve, 50));
      post.destroy();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect([house.events.length, house.kept.size]).toEqual([0, 0]);
    expect((await upload(jpeg(1_000_000))).status).toBe(200);
  });

  it('bytes beyond the length said: the photo ends where it said it would', async () => {
    await open();
    const bytes = jpeg(1_000);
    const { hostname, port } = new URL(house.url);
    const lines = Object.entries(headersOf('photo-0001', { 'content-length': '600', host: 'x' }));
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.on('error', () => undefined);
    socket.write(Buffer.concat([Buffer.from(`POST /chat/photo HTTP/1.1\r\n${head}\r\n`), bytes]));
    await eventually(() => house.events.length === 1 && said.includes('HTTP/1.1 400'));
    socket.destroy();
    expect([...house.kept.values()].map((kept) => kept.equals(bytes.subarray(0, 600)))).toEqual([true]);
  });
});

describe('when many come at once', () => {
  it('memory is bounded: what finds no room is told to come again, and then goes through', async () => {
    await open({ limits: { photoRoom: 4_000_000 } });
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' };
    const held = [begin(1_000_000), begin(1_000_000), begin(2_000_000, randomUUID(), elsewhere)];
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await upload(jpeg(500_000), 'photo-0009', { 'x-forwarded-for': '203.0.113.8' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    held[0]!.post.end(jpeg(1_000_000));
    expect((await held[0]!.answer).statusCode).toBe(200);
    expect((await upload(jpeg(500_000), 'photo-0009')).status).toBe(200);
    held.forEach(({ post }) => post.destroy());
  });

  it('one address cannot take the room of all', async () => {
    await open({ limits: { photoRoom: 4_000_000 } });
    const held = [begin(1_500_000), begin(1_500_000)];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await upload(jpeg(1_000_000), randomUUID(), { 'x-forwarded-for': '203.0.113.7' })).status).toBe(
      200,
    );
    expect((await held[1]!.answer).statusCode).toBe(503);
    held.forEach(({ post }) => post.destroy());
  });

  it('one chat has a ceiling, words another, other chats go on', async () => {
    await open({ limits: { photosPerChat: { perSecond: 0.1, burst: 2 } } });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await upload(jpeg(100))).status);
    expect(statuses).toEqual([200, 200, 429]);
    const words = { id: randomUUID(), text: 'x' };
    const headers = { 'content-type': 'application/json', cookie };
    const say = await fetch(`${house.url}/chat/say`, {
      method: 'POST',
      headers,
      body: JSON.stringify(words),
    });
    expect(say.status).toBe(200);
    expect((await upload(jpeg(100), randomUUID(), { cookie: `chat=${'b'.repeat(24)}` })).status).toBe(200);
  });
});
