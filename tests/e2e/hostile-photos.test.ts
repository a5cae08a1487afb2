/** Files that are not what they say, sent by citizens through the real door: what each is told, and what is kept. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { openKeyRing } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { blackPng, frames, PHONE_EXIF, sample, tracesIn, twoHalves } from '../documents/samples';
import { closeAgent, pause, postUntilTaken, readTalk } from '../faults/storm-http';
import { stormServer } from '../faults/storm-server';

const MB = 1024 * 1024;
const SCRIPT = '<script>alert(1)</script>';

const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-hostile-'));
const server = stormServer(dataDir, {});
let ended = false;

beforeAll(async () => {
  await server.start();
  void server.gone().then(() => (ended = true));
}, 60_000);
afterAll(async () => {
  closeAgent();
  await server.stop();
  rmSync(dataDir, { recursive: true });
}, 30_000);

/** A birth, up to the question for the birth notice. */
const TO_PAPER = [
  ...['Phường Mẫu', '1', 'đồng ý', 'mẹ', 'đã kết hôn', 'Nguyễn Minh An', '1/11/2026', 'gái'],
  ...['Bệnh viện Phụ sản, phường Mẫu', 'Kinh', '1'],
];

const QUESTION = 'Xin gửi ảnh giấy chứng sinh';

/** A chat whose next answer is a photo. */
async function atThePhoto(): Promise<string> {
  const cookie = `chat=${randomUUID()}`;
  const say = (what: object) =>
    postUntilTaken(server.url, '/chat/say', cookie, { id: randomUUID(), ...what });
  await say({ start: 'khai-sinh' });
  for (const text of TO_PAPER) await say({ text });
  await hears(cookie, QUESTION);
  return cookie;
}

async function upload(cookie: string, bytes: Buffer, name: string): Promise<[number, string]> {
  const answer = await fetch(`${server.url()}/chat/photo`, {
    method: 'POST',
    headers: {
      cookie,
      'content-type': 'application/octet-stream',
      'x-message-id': randomUUID(),
      'x-file-name': encodeURIComponent(name),
    },
    body: new Uint8Array(bytes),
  });
  return [answer.status, await answer.text()];
}

const said = async (cookie: string): Promise<string> =>
  (await readTalk(server.url(), cookie))
    .filter(({ side }) => side === 'bot')
    .map(({ text }) => text)
    .join('\n');

async function hears(cookie: string, words: string): Promise<string> {
  let talk = '';
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    talk = await said(cookie);
    if (talk.includes(words)) return talk;
    await pause(50);
  }
  throw new Error(`never heard "${words}"; the talk ends: ${talk.slice(-600)}`);
}

const jpeg = (): Promise<Buffer> =>
  twoHalves(1600, 1200).withExif(PHONE_EXIF).withMetadata({ orientation: 6 }).jpeg().toBuffer();
const text = (bytes: number): Buffer => Buffer.alloc(bytes, 'Cộng hòa xã hội chủ nghĩa Việt Nam. ');
const moving = async (): Promise<Buffer> => (await frames(3)).gif().toBuffer();

const NOT_A_PHOTO = 'không phải là ảnh. Xin chụp tờ giấy bằng điện thoại';
const REFUSED: readonly [string, string, () => Promise<Buffer> | Buffer, string][] = [
  ['10 MB of text', 'giấy.jpg', () => text(10 * MB), NOT_A_PHOTO],
  [
    'an SVG with a script',
    'giấy.jpg',
    () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`),
    NOT_A_PHOTO,
  ],
  [
    'a page with a script',
    'giấy.jpg',
    () => Buffer.from(`<!doctype html><title>x</title>${SCRIPT}`),
    NOT_A_PHOTO,
  ],
  [
    'half a JPEG',
    'giấy.jpg',
    async () => (await jpeg()).subarray(0, 4_000),
    'bị hỏng nên không mở được. Xin gửi lại',
  ],
  [
    'a PNG of 20,000 by 20,000 pixels',
    'giấy.png',
    () => blackPng(20_000, 20_000),
    'quá khổ nên em không mở được',
  ],
  [
    'a HEIC of 54 megapixels',
    'giấy.heic',
    () => sample('54-megapixels.heic'),
    'quá khổ nên em không mở được',
  ],
  ['a GIF that moves', 'giấy.gif', moving, 'là ảnh động. Xin gửi ảnh chụp thường'],
  [
    'a PDF where photos are wanted',
    'giấy.jpg',
    () => Buffer.from('%PDF-1.7\n'),
    'là tệp PDF, câu này chỉ nhận ảnh',
  ],
];

/** What is a photo and something else besides: the photo alone is kept. */
const TAKEN: readonly [string, string, () => Promise<Buffer> | Buffer][] = [
  ['a JPEG that is also a ZIP', 'giấy.jpg', async () => Buffer.concat([await jpeg(), zip('x.html', SCRIPT)])],
  ['a JPEG that is also a page', 'giấy.html', async () => Buffer.concat([await jpeg(), Buffer.from(SCRIPT)])],
  ['a HEIC', 'IMG_0001.HEIC', () => sample('two-halves.heic')],
  ['a JPEG with another picture behind it', 'giấy.jpg', () => sample('two-halves-hdr.jpg')],
];

/** One stored file, as a ZIP begins; enough for programs that look for `PK`. */
function zip(name: string, words: string): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt32LE(words.length, 18);
  head.writeUInt32LE(words.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name + words)]);
}

it.each(REFUSED)(
  '%s, named %s, is told what is wrong, and asked again',
  async (_, name, make, words) => {
    const cookie = await atThePhoto();
    expect(await upload(cookie, await make(), name)).toEqual([200, '{}']);
    const talk = await hears(cookie, words);
    expect(talk.slice(talk.lastIndexOf(words))).toContain(QUESTION);
    expect(ended).toBe(false);
  },
  30_000,
);

it.each([
  [
    '21 MB',
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(21 * MB)]),
    413,
    'payload-too-large',
  ],
  ['nothing', Buffer.alloc(0), 415, 'file-refused'],
])(
  '%s is refused at the door, and the talk goes on',
  async (_, bytes, status, error) => {
    const cookie = await atThePhoto();
    const before = await said(cookie);
    // A server that refuses amid an upload may close before the client has read why.
    const answer = await upload(cookie, bytes, 'giấy.jpg').catch(() => null);
    if (answer !== null) expect(answer).toEqual([status, JSON.stringify({ error })]);
    expect(await said(cookie)).toBe(before);
    expect(ended).toBe(false);
  },
  30_000,
);

it.each(TAKEN)(
  '%s, named %s, is taken',
  async (_, name, make) => {
    const cookie = await atThePhoto();
    expect((await upload(cookie, await make(), name))[0]).toBe(200);
    await hears(cookie, 'đã có 1 ảnh');
  },
  30_000,
);

it('nothing is kept but clean copies, the server lived on, and its log holds no word of anybody', async () => {
  const settled = async () =>
    (await ((await fetch(`${server.url()}/measure`)).json() as Promise<{ waiting: number }>)).waiting === 0;
  for (let tries = 0; !(await settled()); tries += 1) {
    expect(tries).toBeLessThan(200);
    await pause(50);
  }
  expect([server.starts.length, ended]).toEqual([1, false]);
  expect(server.printed()).not.toMatch(/Nguyễn Minh An|giấy\.jpg|alert/);
  await server.stop();
  const { store, files, close } = await openKept();
  const keys = keptKeys();
  expect(keys).toHaveLength(TAKEN.length);
  for (const key of keys) {
    const bytes = await files.get(key);
    expect([(await store.attachments.get(key))?.type, tracesIn(bytes)]).toEqual(['image/jpeg', []]);
    expect(bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
    expect([bytes.includes('alert'), bytes.includes('PK\x03\x04')]).toEqual([false, false]);
    await sharp(bytes, { failOn: 'warning' }).stats();
  }
  expect(await store.slips.count('incoming')).toBe(0);
  await close();
}, 30_000);

async function openKept() {
  const ring = openKeyRing({ dataKeys: undefined, dataDir, mayCreate: false, random: () => Buffer.alloc(0) });
  const vault = openVault(ring);
  const records = sqliteRecords({ path: join(dataDir, 'mot-cua.sqlite'), lockWaitMs: 5_000 });
  const store = await openSealedStore({ records, vault });
  const files = await diskFiles({ dir: join(dataDir, 'files'), vault, clock: Date.now });
  return { store, files, close: () => store.close() };
}

/** Every file there is, half-written ones too. */
const keptKeys = (): readonly string[] =>
  readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
