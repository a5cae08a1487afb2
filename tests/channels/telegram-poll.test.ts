/** Polling against a server that behaves like Telegram's: nothing confirmed too early, nobody held up by another. */
import { openBotApi } from '../../src/channels/telegram/bot-api';
import { poller, type PollDeps, type Poller } from '../../src/channels/telegram/poll';
import { openWindow } from '../../src/channels/telegram/poll-window';
import { readUpdate } from '../../src/channels/telegram/update';
import { AppError, codeOf } from '../../src/errors';
import type { ChannelEvent } from '../../src/ports/channel';
import { openRig, type Rig } from '../app/rig';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';

interface World {
  readonly fake: FakeTelegram;
  /** What was taken, in its order: `<chat> <words>`. */
  readonly taken: string[];
  /** Called before each: throws, waits, or lets it through. */
  gate: (event: ChannelEvent) => Promise<void> | void;
  readonly logged: string[];
  poller(more?: Partial<PollDeps>): Poller;
}

let world: World;
let rig: Rig;
const pollers: Poller[] = [];

async function openWorld(): Promise<World> {
  const fake = await startFakeTelegram({ scale: 50, floorMs: 5 });
  const seen = new Set<string>();
  const api = openBotApi({ token: TOKEN, apiRoot: fake.url, timeoutMs: 2_000 });
  const note = (...what: unknown[]) => void world.logged.push(JSON.stringify(what));
  return {
    fake,
    taken: [],
    gate: () => undefined,
    logged: [],
    poller(more = {}) {
      const made = poller({
        account: 'default',
        api,
        leases: rig.house.store.leases,
        holder: 'a',
        clock: Date.now,
        log: { info: note, warn: note, error: (event, error) => note(event, codeOf(error)) },
        read: (update) => readUpdate(update, { account: 'default' }),
        async take(read) {
          if ('group' in read) return () => undefined;
          for (const event of read.events) {
            await world.gate(event);
            if (seen.has(`${event.address.chat} ${event.id}`)) continue;
            seen.add(`${event.address.chat} ${event.id}`);
            world.taken.push(`${event.address.chat} ${event.type === 'text' ? event.text : event.type}`);
          }
          return () => undefined;
        },
        timing: { leaseMs: 1_500, retryMs: 20, mostMs: 100 },
        ...more,
      });
      pollers.push(made);
      return made;
    },
  };
}

beforeAll(async () => {
  rig = await openRig(Date.now());
});
afterAll(() => rig.close());
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((one) => one.close()));
  await world.fake.close();
});

async function until(holds: () => boolean, ms = 8_000): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain; taken: ${world.taken.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const slowDown = (waitMs: number) => new AppError('too-many-requests', 'slower', { details: { waitMs } });
const away = () => new AppError('store-unavailable', 'away');

it('takes what is written, in its order, and confirms it', async () => {
  world.fake.setWebhook({ url: 'http://127.0.0.1:1/old' });
  world.poller().start();
  const lan = world.fake.citizen();
  for (let at = 0; at < 30; at++) lan.text(`tin ${at}`);
  await world.fake.idle();
  expect(world.taken).toEqual(Array.from({ length: 30 }, (_, at) => `${lan.chatId} tin ${at}`));
  expect(world.fake.webhook()).toBeNull();
});

it('asks for the kinds of updates it reads, and waits long', async () => {
  world.poller().start();
  await until(() => world.fake.calls.some(({ method }) => method === 'getUpdates'));
  expect(JSON.stringify(world.fake.calls.filter(({ method }) => method === 'getUpdates')[0])).toMatch(
    /message.*edited_message.*callback_query.*my_chat_member/,
  );
});

it('confirms nothing that is not durable', async () => {
  let open = (): void => undefined;
  const waits = new Promise<void>((resolve) => (open = resolve));
  world.gate = ({ address }) => (address.chat === `${lan.chatId}` ? waits : undefined);
  const lan = world.fake.citizen();
  const hoa = world.fake.citizen();
  lan.text('chậm');
  hoa.text('nhanh');
  world.poller().start();
  await until(() => world.taken.includes(`${hoa.chatId} nhanh`));
  hoa.text('nữa');
  await until(() => world.taken.includes(`${hoa.chatId} nữa`));
  expect(world.fake.pending().map(({ message }) => message?.text)).toContain('chậm');
  open();
  await world.fake.idle();
  expect(world.taken.at(-1)).toBe(`${lan.chatId} chậm`);
});

it('keeps the order when the store is away, and loses nothing', async () => {
  let refused = 0;
  world.gate = () => {
    if (refused++ < 4) throw away();
  };
  const lan = world.fake.citizen();
  world.poller().start();
  for (const words of ['một', 'hai', 'ba']) lan.text(words);
  await world.fake.idle();
  expect(world.taken).toEqual(['một', 'hai', 'ba'].map((words) => `${lan.chatId} ${words}`));
  expect(world.logged.join()).toContain('store-unavailable');
});

it('what can never be taken holds nobody up', async () => {
  world.gate = ({ id }) => {
    if (id.endsWith('1')) throw new AppError('document-too-large', 'never');
  };
  const lan = world.fake.citizen();
  world.poller().start();
  const ids = Array.from({ length: 12 }, (_, at) => lan.text(`tin ${at}`).update_id);
  await world.fake.idle();
  expect(world.taken).toHaveLength(ids.filter((id) => id % 10 !== 1).length);
});

describe('a chat that writes too fast', () => {
  it('waits while others go on, then is taken in order', async () => {
    const from = Date.now();
    const lan = world.fake.citizen();
    world.gate = ({ address }) => {
      if (address.chat === `${lan.chatId}` && Date.now() - from < 1_500) throw slowDown(400);
    };
    for (let at = 0; at < 5; at++) lan.text(`${at}`);
    const hoa = world.fake.citizen();
    hoa.text('chào');
    world.poller().start();
    await until(() => world.taken.includes(`${hoa.chatId} chào`), 1_000);
    expect(world.taken).toHaveLength(1);
    await world.fake.idle();
    expect(world.taken.slice(1)).toEqual([0, 1, 2, 3, 4].map((at) => `${lan.chatId} ${at}`));
  });

  it('keeps fifty waiting and no more; so many such chats stand in nobody’s way', async () => {
    const from = Date.now();
    const fast = Array.from({ length: 4 }, () => world.fake.citizen());
    const names = new Set(fast.map(({ chatId }) => `${chatId}`));
    world.gate = ({ address }) => {
      if (names.has(address.chat) && Date.now() - from < 4_000) throw slowDown(500);
    };
    for (let at = 0; at < 80; at++) for (const one of fast) one.text(`${at}`);
    const hoa = world.fake.citizen();
    hoa.text('chào');
    world.poller().start();
    await until(() => world.taken.includes(`${hoa.chatId} chào`), 3_500);
    expect(world.taken).toHaveLength(1);
    await until(() => world.taken.length >= 201);
    await world.fake.idle();
    for (const name of names) {
      const own = world.taken.filter((one) => one.startsWith(`${name} `)).map((one) => one.split(' ')[1]);
      expect(own).toEqual(Array.from({ length: 50 }, (_, at) => `${at}`));
    }
  });
});

describe('on a bad day', () => {
  it.each(['502', 'drop', '500', 'accept-then-drop', '429'] as const)(
    '%s: it comes back, loses nothing',
    async (fault) => {
      const met = world.fake.fail({ with: fault, method: 'getUpdates', times: 3, retryAfter: 0.1 });
      const lan = world.fake.citizen();
      world.poller().start();
      lan.text('một');
      await until(() => met.hits() === 3);
      lan.text('hai');
      await world.fake.idle();
      expect(world.taken).toEqual(['một', 'hai'].map((words) => `${lan.chatId} ${words}`));
      expect(world.logged.length).toBeGreaterThan(0);
    },
  );

  it('a webhook set by others is taken away again', async () => {
    const lan = world.fake.citizen();
    world.poller().start();
    lan.text('một');
    await world.fake.idle();
    world.fake.setWebhook({ url: 'http://127.0.0.1:1/theirs' });
    await until(() => world.fake.webhook() === null);
    lan.text('hai');
    await world.fake.idle();
    expect(world.taken).toHaveLength(2);
  });

  it('a wrong token is said, and never shown', async () => {
    const token = '99:wrong-token-wrong-token';
    const api = openBotApi({ token, apiRoot: world.fake.url, timeoutMs: 2_000 });
    world.poller({ api }).start();
    await until(() => world.logged.length > 1);
    expect(world.logged.join()).toContain('telegram-poll-refused');
    expect(world.logged.join()).not.toContain(token);
  });
});

describe('several processes', () => {
  it('only one polls; another takes over when it ends', async () => {
    const first = world.poller({ holder: 'first' });
    const second = world.poller({ holder: 'second' });
    first.start();
    await until(() => world.fake.calls.some(({ method }) => method === 'getUpdates'));
    second.start();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(world.logged.filter((line) => line.includes('refused'))).toEqual([]);
    const from = Date.now();
    await first.close();
    expect(Date.now() - from).toBeLessThan(4_000);
    const lan = world.fake.citizen();
    lan.text('chào');
    await world.fake.idle();
    expect(world.taken).toEqual([`${lan.chatId} chào`]);
  });

  it('a lease that was lost ends the polling', async () => {
    const { leases } = rig.house.store;
    let mine = true;
    const lossy: PollDeps['leases'] = {
      take: (...args) => (mine ? leases.take(...args) : Promise.resolve(false)),
      release: (...args) => leases.release(...args),
    };
    world.poller({ leases: lossy }).start();
    await until(() => world.fake.calls.some(({ method }) => method === 'getUpdates'));
    mine = false;
    await new Promise((resolve) => setTimeout(resolve, 900));
    const lan = world.fake.citizen();
    lan.text('chào');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(world.taken).toEqual([]);
  });
});

it('ends within two seconds amid a long poll, and the last message is not lost', async () => {
  const one = world.poller();
  one.start();
  const lan = world.fake.citizen();
  lan.text('một');
  await until(() => world.taken.length === 1);
  const from = Date.now();
  await one.close();
  expect(Date.now() - from).toBeLessThan(2_000);
  lan.text('hai');
  world.poller({ holder: 'b' }).start();
  await world.fake.idle();
  expect(world.taken).toEqual(['một', 'hai'].map((words) => `${lan.chatId} ${words}`));
});

it('after a week of silence Telegram may count on from a lower number', async () => {
  const window = openWindow({
    read: (update) => readUpdate(update, { account: 'default' }),
    take: (read) => {
      if ('events' in read) world.taken.push(read.events[0]?.id ?? '');
      return Promise.resolve(() => undefined);
    },
    onError: () => undefined,
    signal: new AbortController().signal,
  });
  const update = (id: number) => ({
    update_id: id,
    message: { message_id: 1, chat: { id: 7, type: 'private' }, from: { id: 7 }, text: 'chào' },
  });
  window.add([update(900)]);
  await window.settled(1_000);
  expect(window.offset()).toBe(901);
  // Told again before it was confirmed: the same.
  expect(window.add([update(900)])).toBe(0);
  expect(window.add([])).toBe(0);
  expect([window.offset(), window.add([update(12)])]).toEqual([0, 1]);
  await window.settled(1_000);
  expect([window.offset(), world.taken]).toEqual([13, ['u900', 'u12']]);
});
