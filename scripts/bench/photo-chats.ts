/** Twenty photos of 12 megapixels sent over HTTP by five citizens at once, through the whole house: its pauses and its memory. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFlags, startChild, type Child } from './child';
import { makePhoto } from './photos';

const HOUSE = join(__dirname, '../../tests/servers/server-child.js');
export const CHATS = 5;
export const PHOTOS_EACH = 4;
/** From the link to the question that takes five photos: whoever raises an abandoned child registers its birth. */
const TO_PHOTOS = [
  ...[
    'Phường Mẫu',
    '1',
    'đồng ý',
    'mái ấm',
    'bị bỏ rơi',
    'Vẫn làm tiếp để cán bộ xem',
    'Nguyễn Bình An',
    '10/10/2026',
  ],
  ...['nam', 'Phường Mẫu'],
];
const SETTLE_MS = 120_000;

export interface PhotoChatsFigures {
  /** The event loop's delay in the house while photos came, were looked at and kept, ms; with its timer's 10 ms. */
  readonly p99: number;
  readonly max: number;
  /** Resident MB of the house and its reading process, before and at the most. */
  readonly idle: number;
  readonly peak: number;
  /** From the first byte sent until the last photo was kept clean, ms. */
  readonly ms: number;
  /** Size of one photo, bytes. */
  readonly bytes: number;
  /** The machine's load over the last minute, at the end. */
  readonly load: number;
}

interface Measured {
  readonly p99: number;
  readonly max: number;
  readonly waiting: number;
}

/** One round, on a house of its own. */
export async function measurePhotoChats(): Promise<PhotoChatsFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-chats-'));
  const house = await startChild([...nodeFlags(), HOUSE], { DATA_DIR: dir });
  try {
    const photo = await makePhoto();
    const chats = Array.from({ length: CHATS }, () => openChat(house.port));
    await Promise.all(chats.map((chat) => chat.goToPhotos()));
    return { bytes: photo.length, ...(await watched(house, () => sendAll(house, chats, photo))) };
  } finally {
    await house.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function watched(house: Child, work: () => Promise<void>): Promise<Omit<PhotoChatsFigures, 'bytes'>> {
  const idle = house.rss();
  let peak = idle;
  const sample = setInterval(() => (peak = Math.max(peak, house.rss())), 20);
  await fetch(measureUrl(house), { method: 'POST' });
  const from = performance.now();
  await work();
  const ms = performance.now() - from;
  clearInterval(sample);
  const { p99, max } = await measured(house);
  return { p99, max, idle, peak, ms, load: loadavg()[0] ?? NaN };
}

const measureUrl = ({ port }: Child): string => `http://127.0.0.1:${port}/measure`;
const measured = async (house: Child): Promise<Measured> =>
  (await (await fetch(measureUrl(house))).json()) as Measured;

/** Every chat sends its photos one after another, as the page does, and all chats at once; then the house looks at them. */
async function sendAll(house: Child, chats: readonly Chat[], photo: Buffer): Promise<void> {
  await Promise.all(
    chats.map(async (chat, n) => {
      for (let k = 0; k < PHOTOS_EACH; k += 1) await chat.sendPhoto(marked(photo, `${n}-${k}`));
    }),
  );
  for (const end = Date.now() + SETTLE_MS; (await measured(house)).waiting > 0;) {
    if (Date.now() > end) throw new Error('photos were not settled in time');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The same picture with a comment: another file, for the same one twice would be kept once. */
function marked(photo: Buffer, words: string): Buffer {
  const comment = Buffer.from(`\xff\xfe\0\0${words}`, 'latin1');
  comment.writeUInt16BE(comment.length - 2, 2);
  return Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)]);
}

interface Chat {
  goToPhotos(): Promise<void>;
  sendPhoto(bytes: Buffer): Promise<void>;
}

function openChat(port: number): Chat {
  const cookie = `chat=${randomBytes(18).toString('base64url')}`;
  const newId = () => randomBytes(12).toString('hex');
  async function post(path: string, headers: Record<string, string>, body: string | Buffer): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { cookie, ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  const say = (what: object) =>
    post('/chat/say', { 'content-type': 'application/json' }, JSON.stringify({ id: newId(), ...what }));
  return {
    async goToPhotos() {
      await say({ start: 'khai-sinh' });
      for (const text of TO_PHOTOS) await say({ text });
    },
    sendPhoto: (bytes) =>
      post('/chat/photo', { 'content-type': 'application/octet-stream', 'x-message-id': newId() }, bytes),
  };
}
