/** A citizen who cannot be reached: nothing more is sent, the dossier's history says it once, and who is back is told. */
import type { Outgoing, SendOutcome } from '../../src/ports/channel';
import { publicStatus } from '../../src/app/dossier/public-status';
import { deskTalk } from '../../src/app/officers/desk-talk';
import { eraseAt } from '../../src/app/dossier/retention';
import { fileExtract, officerActs, openRig, type Chat, type Rig } from './rig';

jest.setTimeout(60_000);

const NOBODY: SendOutcome = { unreachable: { sentUpTo: 0 } };

let rig: Rig;
/** What the channel answers; null: sent. */
let answer: (() => SendOutcome) | null;
let sends: (readonly Outgoing[])[];

beforeEach(async () => {
  rig = await openRig();
  answer = null;
  sends = [];
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', {
    ...open,
    send: async (to, messages, until) => {
      sends.push(messages);
      return answer === null ? open.send(to, messages, until) : answer();
    },
  });
});
afterEach(() => rig.close());

const dossier = async (code: string) => (await rig.house.store.dossiers.byCode(code))!.doc;
const events = async (code: string) => (await dossier(code)).history.map(({ event }) => event);
const talk = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!.doc;
const count = (all: readonly string[], one: string) => all.filter((event) => event === one).length;

const receive = async (code: string): Promise<void> => {
  await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: '2026-11-26' });
  await rig.quiet();
};

it('is tried once, stands in the history once, and is told on coming back', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  answer = () => NOBODY;
  sends = [];
  await receive(code);
  expect(sends).toHaveLength(1);
  expect((await talk(chat)).unreachableSince).toBeGreaterThan(0);
  const [told, lost] = (await dossier(code)).history.slice(-2);
  expect([told?.event, lost?.event]).toEqual(['receivedNoCode', 'notTold']);
  expect(lost?.text).toBe(told?.text);

  await officerActs(rig, code, { type: 'process' });
  await rig.quiet();
  expect(sends).toHaveLength(1);
  const now = await dossier(code);
  expect(now.parts[0]?.status).toBe(4);

  answer = null;
  const back = await chat.say('chào em');
  expect(back).toMatch(/trở lại/);
  expect(back).toContain(code);
  expect(back).toMatch(/đang giải quyết/);
  const after = await talk(chat);
  expect(after.unreachableSince).toBeNull();
  expect(after.missed).toEqual([]);
  expect((await events(code)).at(-1)).toBe('toldLater');
  expect(await chat.say('chào em')).not.toMatch(/trở lại/);

  // What reaches the citizen again is no "not told".
  const before = count(await events(code), 'notTold');
  await officerActs(rig, code, {
    type: 'supplement',
    items: [{ sort: 'question', step: null, text: 'Bố tên gì?' }],
    untilOn: null,
  } as never);
  await rig.quiet();
  expect(chat.last().text).toContain('Bố tên gì?');
  expect(count(await events(code), 'notTold')).toBe(before);
});

it('is said once however often it is tried', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  answer = () => NOBODY;
  await receive(code);
  const { id } = await talk(chat);
  const seq = sends.at(-1)!.at(-1)!.seq;
  const lost = [{ dossierId: (await dossier(code)).id, side: 'bot', seq, text: 'x' }] as const;
  for (const n of [1, 2]) await rig.house.converse.tell(id, { id: `again-${n}`, type: 'unreachable', lost });
  await rig.quiet();
  expect(count(await events(code), 'notTold')).toBe(1);
});

it('is told the news that waited long before it was found undeliverable', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  let open = false;
  answer = () => (open ? NOBODY : { later: { sentUpTo: 0, waitMs: 500 } });
  await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: '2026-11-26' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  rig.later(600_000);
  open = true;
  await new Promise((resolve) => setTimeout(resolve, 700));
  await rig.quiet();
  expect(count(await events(code), 'notTold')).toBe(1);
  answer = null;
  expect(await chat.say('chào em')).toMatch(/đã tiếp nhận/);
});

it('who left is not written to at all', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await chat.take({ type: 'left' });
  sends = [];
  await receive(code);
  expect(sends).toEqual([]);
  expect(count(await events(code), 'notTold')).toBe(1);
  expect(await chat.answered({ type: 'joined' })).toContain(code);
});

it('changes neither the public page nor the day of erasing', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await receive(code);
  await officerActs(rig, code, { type: 'process' });
  await officerActs(rig, code, { type: 'stop', reason: 'a', law: 'b', next: 'c' });
  await rig.quiet();
  const before = await dossier(code);
  await chat.take({ type: 'left' });
  rig.later(3 * 86_400_000);
  const { id } = await talk(chat);
  const lost = [{ dossierId: before.id, side: 'bot', seq: 1, text: 'x' }] as const;
  await rig.house.converse.tell(id, { id: 'late', type: 'unreachable', lost });
  await rig.quiet();
  const after = await dossier(code);
  expect(after.history.at(-1)?.event).toBe('notTold');
  expect(eraseAt(after)).toBe(eraseAt(before));
  expect(publicStatus(after, []).steps).toEqual(publicStatus(before, []).steps);
});

describe('what an officer writes to somebody who blocked us', () => {
  const officer = { id: 'o1', name: 'Lan' };
  const write = async (chat: Chat, text: string, nonce = text): Promise<void> => {
    await deskTalk(rig.house.converse).officerSays((await talk(chat)).id, text, officer, nonce);
    await rig.quiet();
  };

  it('is said again as the officer’s, in order and once, when they are back', async () => {
    const chat = rig.chat();
    await fileExtract(chat);
    await write(chat, 'Bác chờ cháu xem.');
    answer = () => NOBODY;
    await write(chat, 'Thứ ba bác ra quầy số 2.');
    await write(chat, 'Bác mang theo căn cước.');
    expect((await talk(chat)).missedWords?.map(({ text }) => text)).toEqual([
      'Thứ ba bác ra quầy số 2.',
      'Bác mang theo căn cước.',
    ]);
    answer = null;
    const back = await chat.say('cháu ơi');
    expect(back).toMatch(/cán bộ đã trả lời[^]*Thứ ba bác ra quầy số 2\.[^]*Bác mang theo căn cước\./);
    expect(back).not.toContain('Bác chờ cháu xem');
    const rows = await rig.house.store.transcripts.read((await talk(chat)).id, 0, 1_000);
    const again = rows.filter(({ message }) => message.text === 'Bác mang theo căn cước.');
    expect(again.map(({ side }) => side)).toEqual(['officer', 'officer']);
    expect((await talk(chat)).missedWords).toEqual([]);
    expect(await chat.say('còn gì không')).not.toContain('quầy số 2');
  });

  it('is kept within a bound, the newest of it', async () => {
    const chat = rig.chat();
    await fileExtract(chat);
    answer = () => NOBODY;
    for (let n = 1; n <= 12; n++) await write(chat, `lời ${n}`);
    const kept = (await talk(chat)).missedWords?.map(({ text }) => text);
    expect(kept).toEqual(Array.from({ length: 10 }, (_, n) => `lời ${n + 3}`));
  });
});

it('waits where a process was not told of the channel, and is told when one comes that was', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const open = rig.house.channels.get('test')!;
  rig.house.channels.delete('test');
  await receive(code);
  expect(chat.heard.some(({ text }) => /đã tiếp nhận/.test(text))).toBe(false);
  expect(await events(code)).not.toContain('notTold');
  rig.house.channels.set('test', open);
  expect(await chat.say('chào em')).toMatch(/đã tiếp nhận/);
});

it('is said to have been told nothing after a day without the channel', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  rig.house.channels.delete('test');
  await receive(code);
  rig.later(86_400_001);
  await officerActs(rig, code, { type: 'process' });
  await rig.quiet();
  expect(count(await events(code), 'notTold')).toBe(2);
});

it('who writes while a refusal is under way is there again: nothing is lost, and no word is late', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  let refuse = (): void => undefined;
  const open = rig.house.channels.get('test')!;
  let refusals = 1;
  rig.house.channels.set('test', {
    ...open,
    async send(to, messages, until) {
      if (refusals-- <= 0) return open.send(to, messages, until);
      await new Promise<void>((resolve) => (refuse = resolve));
      return NOBODY;
    },
  });
  await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: '2026-11-26' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const from = chat.heard.length;
  await chat.take({ type: 'text', text: 'chào em' });
  refuse();
  await rig.quiet();
  const heard = chat.heard.slice(from).map(({ text }) => text);
  expect(heard[0]).toMatch(/đã tiếp nhận/);
  expect(heard.length).toBeGreaterThan(1);
  expect((await talk(chat)).unreachableSince ?? null).toBeNull();
  expect(await events(code)).not.toContain('notTold');
});
