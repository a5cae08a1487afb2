/** What citizens say, send and are called never reaches the log, the metrics or an address; also when things go wrong. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { pinoLog } from '../../src/drivers/pino-log';
import { openHouse } from '../../src/house/house';
import { realUniverse } from '../../src/house/universe';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import sharp from 'sharp';
import { closeAgent, post, readTalk } from '../faults/storm-http';
import { freePort, startServer, type Server } from './server';

const ROOT = join(__dirname, '../..');
/** Words that stand nowhere else. */
const MARKS = {
  child: 'Nguyễn Zyxwv Minh',
  mother: 'Lê Thị Qwxyz',
  id: '001195987601',
  father: '001092987602',
  phone: '0912987603',
  place: 'Bệnh viện Jkxqz',
  file: 'giay-Vxqjk.jpg',
  junk: 'Fjwxq',
};
/** As they may be written: with and without spaces and marks, encoded, in pieces. */
const TRACES = /zyxwv|qwxyz|9 ?8 ?7 ?6 ?0 ?[123]|jkxqz|vxqjk|fjwxq/i;

const BIRTH: readonly string[] = [
  ...[
    'đăng ký khai sinh',
    '1',
    '1',
    '1',
    'đồng ý',
    'mẹ',
    'đã kết hôn',
    MARKS.child,
    '1/11/2026',
    'gái',
    MARKS.place,
  ],
  ...['Kinh', '1'],
];
const REST: readonly string[] = [
  ...[MARKS.mother, MARKS.id, 'Nguyễn Văn Bình', MARKS.father, 'bỏ qua', 'không', '1', MARKS.phone, 'gửi'],
];

it.each([...Object.values(MARKS), '001 195 987 601', '0912 987 603'])('%s would be found', (mark) =>
  expect(mark).toMatch(TRACES),
);

describe('a server that tells all it does', () => {
  let server: Server;
  let metrics: string;
  const cookie = `chat=${randomBytes(16).toString('hex')}`;

  beforeAll(async () => {
    const port = await freePort();
    metrics = `http://127.0.0.1:${port}/metrics`;
    server = await startServer({ LOG_LEVEL: 'debug', METRICS_PORT: `${port}` });
  }, 90_000);
  afterAll(async () => {
    closeAgent();
    await server.close();
  });

  /** As the page does: what comes too fast is sent again. */
  async function send(path: string, headers: Record<string, string>, body: string): Promise<number> {
    for (;;) {
      const { status } = await post(server.url + path, { cookie, ...headers }, body);
      if (status !== 429) return status;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  const say = (text: string): Promise<number> =>
    send('/chat/say', { 'content-type': 'application/json' }, JSON.stringify({ id: newId(), text }));
  const newId = () => randomBytes(8).toString('hex');

  async function photo(bytes: Buffer, name: string): Promise<number> {
    const headers = {
      cookie,
      'content-type': 'application/octet-stream',
      'x-message-id': newId(),
      'x-file-name': encodeURIComponent(name),
    };
    const response = await fetch(`${server.url}/chat/photo`, {
      method: 'POST',
      headers,
      body: new Uint8Array(bytes),
    });
    return response.status;
  }

  it('says nothing of a whole filing, nor of what was refused on the way', async () => {
    for (const words of BIRTH) expect([words, await say(words)]).toEqual([words, 200]);
    const picture = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#eee' } })
      .jpeg()
      .toBuffer();
    expect(await photo(Buffer.from(`<svg onload="${MARKS.junk}">`), MARKS.file)).toBe(200);
    expect(await photo(picture, MARKS.file)).toBe(200);
    await say('đủ rồi');
    for (const words of REST) await say(words);
    const json = { 'content-type': 'application/json' };
    expect(await send('/chat/say', json, `{"id":"${newId()}","text":"${MARKS.child}`)).toBe(400);
    expect(
      await send('/chat/say', json, JSON.stringify({ id: newId(), text: MARKS.junk.repeat(5_000) })),
    ).toBe(413);
    expect(await send('/chat/say', json, JSON.stringify({ id: newId(), choice: `a|${MARKS.junk}|x` }))).toBe(
      200,
    );
    const talk = (await readTalk(server.url, cookie)).map(({ text }) => text).join('\n');
    expect(talk).toContain(MARKS.child);
    expect(talk).toMatch(/Mã hồ sơ: /);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await send('/tra-cuu', form, `code=${MARKS.junk}&lastFour=7603`);
    await send('/desk/sign-in', form, `login=${MARKS.junk}&password=${MARKS.junk}`);
    await send('/agency/status', json, JSON.stringify({ [MARKS.junk]: MARKS.child }));
    await fetch(`${server.url}/tra-cuu?ma=${MARKS.junk}`);
    await fetch(`${server.url}/${MARKS.junk}/%E0%A4%A`);
    const figures = await (await fetch(metrics)).text();
    expect(figures).toMatch(/^# HELP/m);
    expect(figures).not.toMatch(TRACES);
    expect(server.printed()).toMatch(/"level":/);
    expect(server.printed()).not.toMatch(TRACES);
  }, 90_000);
});

it('an event set aside is named in the log, and nothing that was said', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-log-'));
  const lines: string[] = [];
  const log = pinoLog('debug', { write: (line) => void lines.push(line) });
  const config = loadConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'https://mot-cua.example' }, ROOT);
  const meter = { count: () => undefined, seconds: () => undefined };
  const house = await openHouse({ config, root: ROOT, universe: realUniverse, log, meter });
  try {
    // A defect as it would be: it throws with the citizen's words in its message.
    const broken = {
      ...house.flows.get('khai-sinh')!,
      get entries(): never {
        throw new TypeError(`cannot read ${MARKS.child} (${MARKS.id})`, { cause: new Error(MARKS.phone) });
      },
    };
    (house.flows as Map<string, unknown>).set('khai-sinh', broken);
    const address = { channel: 'web', account: 'default', chat: 'x'.repeat(32) };
    for (const text of ['đăng ký khai sinh', '1', MARKS.child])
      await house.converse.take({ id: randomBytes(8).toString('hex'), address, type: 'text', text });
    expect(lines.join('')).toContain('event-set-aside');
    expect(await house.store.slips.count('set-aside')).toBeGreaterThan(0);
    expect(lines.join('')).not.toMatch(TRACES);
  } finally {
    await house.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
