/** 5,000 requests nobody should believe, and real ones sent again: not a byte of the store changes. */
import { createHash } from 'node:crypto';
import { request, Agent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import type { Update } from '../servers/fake-telegram/fake-telegram';
import { openTelegramHouse, SECRET, until, type TelegramHouse } from './telegram-house';
import { seeded } from '../servers/seeded';

const IN_ALL = 5_000;
const AT_ONCE = 40;
const CITIZENS = 12;

let fake: FakeTelegram;
let open: TelegramHouse;
let real: readonly Update[];
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  fake = await startFakeTelegram({ scale: 20, floorMs: 5 });
  open = await openTelegramHouse(fake, { env: { TELEGRAM_MODE: 'webhook' } });
  await until(() => fake.webhook() !== null);
  real = await someTalks();
}, 30_000);
afterAll(async () => {
  agent.destroy();
  await open.close();
  await fake.close();
});

/** What a few citizens really did, told to the house and answered. */
async function someTalks(): Promise<readonly Update[]> {
  const people = Array.from({ length: CITIZENS }, () => fake.citizen());
  const updates: Update[] = people.map((one) => one.start());
  await Promise.all(people.map((one) => one.waitForText('Khai sinh')));
  for (const one of people) updates.push(one.press('l|flow|khai-sinh'));
  await Promise.all(people.map((one) => one.waitForText('Câu 1')));
  for (const one of people) updates.push(one.text('phường Mẫu'));
  await Promise.all(people.map((one) => one.waitForText('Câu 2')));
  await fake.idle();
  return updates;
}

/** Rows of each table, and what is in all of them. */
function snapshot(): { readonly rows: Readonly<Record<string, number>>; readonly print: string } {
  const database = new DatabaseSync(join(open.dataDir, 'mot-cua.sqlite'), { readOnly: true });
  const print = createHash('sha256');
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).all();
  const rows = Object.fromEntries(
    tables.map(({ name }) => {
      const all = database.prepare(`SELECT * FROM "${String(name)}"`).all();
      const lines = all.map((row: Readonly<Record<string, unknown>>) =>
        Object.values(row)
          .map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value),
          )
          .join('|'),
      );
      print.update(lines.toSorted().join('\n'));
      return [String(name), all.length];
    }),
  );
  database.close();
  return { rows, print: print.digest('hex') };
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const HEADER = 'X-Telegram-Bot-Api-Secret-Token';
const RIGHT = { [HEADER]: SECRET };

function send({
  path = '/webhooks/telegram',
  method = 'POST',
  headers = RIGHT,
  body = '',
}: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = { 'Content-Length': String(Buffer.byteLength(body)) };
    const call = request(
      `${open.url}${path}`,
      { method, agent, headers: { ...length, ...headers } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    // Refused before its body was read, a connection may close while the body is still on its way.
    call.on('error', () => resolve(0));
    call.end(body);
  });
}

/** Bytes by hand, then the line goes dead. */
function cutOff(text: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(open.url).port), '127.0.0.1', () => {
      socket.write(text);
      setTimeout(() => socket.destroy(), 30);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(0));
  });
}

const random = seeded(20_261_123);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
let fresh = 900_000_000;

/** What a citizen might have written next; it would change the talk if it were believed. */
function forged(): string {
  const one = pick(real);
  const { message } = one.callback_query ?? one;
  const text = pick(['Giấy của tôi', 'DỪNG', 'xoá dữ liệu của tôi', '1', 'gặp cán bộ']);
  fresh += 1;
  return JSON.stringify({ update_id: fresh, message: { ...message, from: { id: message?.chat.id }, text } });
}

function nearMiss(): string {
  const at = Math.floor(random() * SECRET.length);
  const letter = SECRET[at] === 'x' ? 'y' : 'x';
  return pick([
    SECRET.slice(0, at) + letter + SECRET.slice(at + 1),
    SECRET.slice(0, -1),
    `${SECRET}_`,
    SECRET.toUpperCase(),
    SECRET.repeat(2),
    `${SECRET}, ${SECRET}`,
    TOKEN,
    TOKEN.split(':')[1] ?? '',
    'null',
    'undefined',
    'x'.repeat(8_000),
  ]);
}

const head = (more: string): string =>
  `POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\n${HEADER}: ${SECRET}\r\n${more}`;

/** Each way, and the answers that are right for it (0: the line was cut). */
const WAYS: Readonly<
  Record<string, { readonly status: readonly number[]; readonly go: () => Promise<number> }>
> = {
  'no secret': { status: [401], go: () => send({ headers: {}, body: forged() }) },
  'an empty secret': { status: [401], go: () => send({ headers: { [HEADER]: '' }, body: forged() }) },
  'a near miss': { status: [401], go: () => send({ headers: { [HEADER]: nearMiss() }, body: forged() }) },
  'the secret elsewhere': {
    status: [401],
    go: () =>
      send({ headers: { Authorization: `Bearer ${SECRET}`, Cookie: `${HEADER}=${SECRET}` }, body: forged() }),
  },
  'the secret in the address': {
    status: [404],
    go: () => send({ path: `/webhooks/telegram?secret_token=${SECRET}`, headers: {}, body: forged() }),
  },
  'a query': { status: [404], go: () => send({ path: '/webhooks/telegram?x', body: forged() }) },
  'another path': {
    status: [404],
    go: () =>
      send({
        path: pick([
          '/webhooks/telegram/',
          '/webhooks/telegram/default',
          '/webhooks/telegram/..',
          '/Webhooks/Telegram',
          '/webhooks',
        ]),
        body: forged(),
      }),
  },
  'another method': {
    status: [405],
    go: () => send({ method: pick(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']), body: forged() }),
  },
  'half of an update': {
    status: [400],
    go: () => {
      const body = forged();
      return send({ body: body.slice(0, 1 + Math.floor(random() * (body.length - 1))) });
    },
  },
  'no update': {
    status: [200],
    go: () =>
      send({
        body: pick([
          'null',
          '[]',
          '{}',
          '7',
          '{"update_id":1e99}',
          '{"update_id":5,"message":[]}',
          '{"update_id":5,"__proto__":{"message":{}}}',
        ]),
      }),
  },
  replayed: { status: [200], go: () => send({ body: JSON.stringify(pick(real)) }) },
};
/** Costly ones: a few. */
const RARE: typeof WAYS = {
  'over 1 MB': {
    status: [413, 0],
    go: () => send({ body: `${forged().slice(0, -1)},"x":"${'x'.repeat(1_050_000)}"}` }),
  },
  'a line that is cut': {
    status: [0],
    go: () => cutOff(`${head('Content-Length: 5000\r\n\r\n')}${forged()}`),
  },
  'a line that stands still': {
    status: [0],
    go: () => cutOff(head('Transfer-Encoding: chunked\r\n\r\nfff\r\n{')),
  },
};

it(`${IN_ALL} forged and replayed webhooks change nothing`, async () => {
  await quiet();
  const before = snapshot();
  const calls = talkCalls();
  const outcomes: Record<string, Record<number, number>> = {};
  const wrong: string[] = [];
  let left = IN_ALL;
  async function line(): Promise<void> {
    while (left-- > 0) {
      const [name, way] = pick(Object.entries(left % 50 === 0 ? RARE : WAYS));
      const status = await way.go();
      const counts = (outcomes[name] ??= {});
      counts[status] = (counts[status] ?? 0) + 1;
      if (!way.status.includes(status)) wrong.push(`${name}: ${status}`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  expect(wrong).toEqual([]);
  expect(Object.keys(outcomes).toSorted()).toEqual([...Object.keys(WAYS), ...Object.keys(RARE)].toSorted());
  expect(
    Object.values(outcomes)
      .flatMap((one) => Object.values(one))
      .reduce((sum, one) => sum + one, 0),
  ).toBe(IN_ALL);
  await quiet();
  expect(snapshot()).toEqual(before);
  expect(before.rows['conversations']).toBe(CITIZENS);
  expect(talkCalls()).toBe(calls);
}, 60_000);

it('and a real one still changes something', async () => {
  const before = snapshot();
  const one = fake.citizen();
  one.start();
  await one.waitForText('Khai sinh');
  await quiet();
  expect(snapshot().print).not.toBe(before.print);
});

/** Messages the house sent. */
const talkCalls = (): number => fake.calls.filter(({ method }) => method.startsWith('send')).length;

/** Two looks at the store that agree, with nothing on its way. */
async function quiet(): Promise<void> {
  await fake.idle();
  let last = '';
  await until(async () => {
    const { print } = snapshot();
    const same = print === last;
    last = print;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return same;
  });
}
