/** Acts that fail: what can never be done is set aside and told, what fails for now is done later, and only that. */
import { AppError } from '../../src/errors';
import { startHousekeeping } from '../../src/house/housekeeping';
import { EXTRACT, openRig, type Chat, type Rig } from './rig';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;

let rig: Rig;
let fails: AppError | null;
let puts: number;
beforeEach(async () => {
  rig = await openRig();
  [fails, puts] = [null, 0];
  const { drafts } = rig.house.store;
  const put = drafts.put.bind(drafts);
  // The disk of the store, as it answers on a bad day.
  Object.assign(drafts, {
    put: (draft: Parameters<typeof put>[0]) => {
      puts += 1;
      return fails === null ? put(draft) : Promise.reject(fails);
    },
  });
});
afterEach(() => rig.close());

const found = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!;
const asides = () => rig.house.store.slips.count('set-aside');

/** Puts a filing aside, the disk willing. */
async function parked(): Promise<Chat> {
  const chat = rig.chat();
  for (const one of EXTRACT.slice(0, 8)) await chat.say(one);
  return chat;
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it never came');
}

it('what can never be done is set aside for a week, and the citizen is told', async () => {
  const chat = await parked();
  fails = new AppError('document-too-large', 'a draft that no store takes');
  expect(await chat.say('dừng')).toMatch(/việc vừa rồi .* chưa làm được/);
  expect(await asides()).toBe(1);
  const { doc, doneUpTo } = await found(chat);
  expect(doc.acts.filter(({ seq }) => seq > doneUpTo)).toEqual([]);
  const kept = async (days: number) =>
    (await rig.house.store.slips.expired('set-aside', rig.universe.now() + days * DAY_MS, 10)).length;
  expect(await kept(6.9)).toBe(0);
  expect(await kept(7.1)).toBe(1);
  expect(puts).toBe(1);
});

it('what fails for now is not taken for done, and is done when the store is back', async () => {
  const chat = await parked();
  fails = new AppError('store-unavailable', 'for now');
  await chat.take({ type: 'text', text: 'dừng' });
  await until(() => puts > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const waits = await found(chat);
  const [act] = waits.doc.acts;
  expect(act?.type).toBe('park');
  expect(waits.doneUpTo).toBeLessThan(act!.seq);
  expect(await asides()).toBe(0);
  expect(await rig.house.store.drafts.ofHolder(waits.doc.id)).toEqual([]);
  fails = null;
  rig.later(60_000);
  await until(async () => (await rig.house.store.drafts.ofHolder(waits.doc.id)).length === 1);
  await until(async () => (await found(chat)).doneUpTo >= act!.seq);
  expect(await asides()).toBe(0);
  expect(chat.heard.some(({ text }) => text.includes('chưa làm được'))).toBe(false);
});

it('an event that no turn survives is kept for seven days, then erased', async () => {
  const chat = await parked();
  const { id } = (await found(chat)).doc;
  const broken = { id: 'broken', type: 'told', kind: 'move', news: null, text: 'x' };
  await rig.house.converse.tell(id, broken as never);
  await rig.quiet();
  expect(chat.last().text).toMatch(/trục trặc/);
  const tidy = async (): Promise<void> => {
    const stop = startHousekeeping(rig.house, rig.universe, {
      info: () => undefined,
      warn: () => undefined,
      error: (_event, error) => console.error(error),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop();
  };
  const left = async (days: number) =>
    (await rig.house.store.slips.expired('set-aside', rig.universe.now() + days * DAY_MS, 10)).length;
  expect(await asides()).toBe(1);
  expect([await left(6.9), await left(7.1)]).toEqual([0, 1]);
  rig.later(8 * DAY_MS);
  await tidy();
  expect(await asides()).toBe(0);
});

it('what finds no room because words wait to be said comes again, and nothing is set aside', async () => {
  const chat = await parked();
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', {
    ...open,
    send: () => Promise.resolve({ later: { sentUpTo: 0, waitMs: 500 } }),
  });
  const text = 'một câu rất dài '.repeat(200);
  const tell = async (): Promise<string> => {
    for (let n = 0; n < 200; n += 1) {
      const outcome = await chat.take({ type: 'text', text: `${n} ${text}` }).catch(String);
      if (outcome !== 'done') return outcome;
    }
    return 'there was always room';
  };
  expect(await tell()).toContain('too much waits to be said');
  expect(await asides()).toBe(0);
  rig.house.channels.set('test', open);
  await until(async () => (await chat.take({ type: 'text', text: 'bỏ qua' }).catch(String)) === 'done');
  expect(await asides()).toBe(0);
});

it('where nobody hears the words that fill a chat, it is not stuck, and who comes back is answered', async () => {
  const chat = await parked();
  const open = rig.house.channels.get('test')!;
  const answer = (outcome: Awaited<ReturnType<typeof open.send>>) =>
    rig.house.channels.set('test', { ...open, send: () => Promise.resolve(outcome) });
  answer({ later: { sentUpTo: 0, waitMs: 300 } });
  const text = 'một câu rất dài '.repeat(200);
  for (let n = 0; n < 200; n += 1) {
    const outcome = await chat.take({ type: 'text', text: `${n} ${text}` }).catch(String);
    if (outcome !== 'done') break;
  }
  answer({ unreachable: { sentUpTo: 0 } });
  await until(async () => {
    const { doc, sentUpTo } = await found(chat);
    return (doc.unreachableSince ?? null) !== null && (doc.says.at(-1)?.seq ?? 0) <= sentUpTo;
  });
  rig.house.channels.set('test', open);
  expect(await chat.say('bỏ qua')).not.toBe('');
  expect((await found(chat)).doc.unreachableSince ?? null).toBeNull();
});
