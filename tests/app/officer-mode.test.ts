/** While an officer has the talk: what comes is theirs, the bot keeps silent, and what was kept goes when the talk goes. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { IncomingFile } from '../../src/ports/channel';
import { startHousekeeping } from '../../src/house/housekeeping';
import { EXTRACT, openRig, type Chat, type Rig } from './rig';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const jpeg = (colour: string) =>
  sharp({ create: { width: 1_200, height: 1_200, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

async function incoming(bytes: Buffer): Promise<IncomingFile> {
  const source = { type: 'kept', fileKey: await rig.house.incoming.keep(bytes) } as const;
  return { source, print: randomBytes(8).toString('hex'), pdf: false, name: '' };
}

async function show(chat: Chat, ...all: readonly Buffer[]): Promise<string> {
  return chat.answered({ type: 'photos', files: await Promise.all(all.map(incoming)) });
}

const state = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!.doc;
const heard = async (chat: Chat) =>
  (await rig.house.store.transcripts.read((await state(chat)).id, 0, 1_000)).filter(
    ({ side }) => side === 'citizen',
  );
const filesLeft = () =>
  readdirSync(join(rig.dataDir, 'files'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  ).length;

/** An officer takes the talk. */
async function taken(words: readonly string[] = ['gặp cán bộ']): Promise<Chat> {
  const chat = rig.chat();
  for (const one of words) await chat.say(one);
  const { id } = await state(chat);
  const says = { type: 'officer-says', text: 'Bác gửi ảnh căn cước giúp tôi.', name: 'Lan' } as const;
  await rig.house.converse.tell(id, { id: 'o-1', ...says });
  await rig.quiet();
  return chat;
}

async function tidy(): Promise<void> {
  const stop = startHousekeeping(rig.house, rig.universe, {
    info: () => undefined,
    warn: () => undefined,
    error: (_event, error) => console.error(error),
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  stop();
}

it.each([
  ['nothing is filled in', ['gặp cán bộ']],
  ['a filing stands half done', [...EXTRACT.slice(0, 10), 'gặp cán bộ']],
])('photos are kept clean for the officer, without a word of the bot, while %s', async (_name, words) => {
  const chat = await taken(words);
  const session = (await state(chat)).session;
  expect(await show(chat, await jpeg('#ffffff'), await jpeg('#f4e4c1'))).toBe('');
  const { id, helpAt, session: after } = await state(chat);
  expect(helpAt).not.toBeNull();
  expect(after).toEqual(session);
  const kept = await rig.house.store.attachments.ofOwner(id);
  expect(kept).toHaveLength(2);
  expect(
    kept.every(({ type, state: how, pages }) => type === 'image/jpeg' && how === 'ok' && pages === 1),
  ).toBe(true);
  const line = (await heard(chat)).at(-1)!;
  expect(line.message.text).toBe('📷 Đã gửi 2 ảnh');
  expect([...line.photos!].sort()).toEqual(kept.map((one) => one.id).sort());
  expect(await rig.house.store.slips.count('incoming')).toBe(0);
  expect(filesLeft()).toBe(2);
});

it.each([
  ['the erase act', (chat: Chat) => chat.answered({ type: 'erase-request' })],
  ['90 days', () => (rig.later(90 * DAY_MS + 60_000), tidy())],
])('such a photo is counted among the own data, and goes with %s', async (_name, end) => {
  const chat = await taken();
  await show(chat, await jpeg('#ffffff'));
  expect(await chat.say('dữ liệu của tôi')).toMatch(/Còn 1 lời nhắn thoại hoặc ảnh .* sau 90 ngày/);
  rig.later(89 * DAY_MS);
  await tidy();
  expect(filesLeft()).toBe(1);
  await end(chat);
  expect(filesLeft()).toBe(0);
  expect(await rig.house.store.attachments.ofOwner((await state(chat)).id)).toEqual([]);
  expect(await chat.say('dữ liệu của tôi')).not.toContain('lời nhắn thoại hoặc ảnh');
});

it('a photo nobody can open is told to the sender, and is no more counted', async () => {
  const chat = await taken();
  expect(await show(chat, Buffer.from('no photo at all'))).toMatch(/không mở được nên cán bộ chưa xem được/);
  expect((await state(chat)).mode).toBe('officer');
  expect(filesLeft()).toBe(0);
  expect(await chat.say('dữ liệu của tôi')).not.toContain('lời nhắn thoại hoặc ảnh');
});

it('a start is only written down', async () => {
  const chat = await taken();
  expect(await chat.answered({ type: 'start', link: 'khai-sinh' })).toBe('');
  expect((await heard(chat)).at(-1)?.message.text).toBe('▶️ Đã bấm Bắt đầu');
  expect(await state(chat)).toMatchObject({ mode: 'officer', session: null });
});

it('who writes too fast is told so, but not by the assistant', async () => {
  const chat = await taken();
  const { id } = await state(chat);
  await rig.house.converse.tell(id, { id: 'fast', type: 'too-fast' });
  await rig.quiet();
  expect(chat.last().text).toMatch(/^Tin đến nhanh quá/);
  expect(chat.last().text).not.toMatch(/cháu|em/);
  expect((await state(chat)).mode).toBe('officer');
});

describe('what the house says beside its question', () => {
  const fast = { type: 'too-fast' } as const;
  const voice = { type: 'voice-lost', voice: 'v' } as const;
  const file = { type: 'file-gone' } as const;
  it.each([[fast], [voice], [file]])('%p leaves its numbers and its deed as they were', async (event) => {
    const chat = rig.chat();
    for (const one of EXTRACT) await chat.say(one);
    const { id, offered, spokenAt } = await state(chat);
    await rig.house.converse.tell(id, { id: 'beside', ...event });
    await rig.quiet();
    expect(await state(chat)).toMatchObject({ offered, spokenAt });
    expect(await chat.press('Gửi cho cán bộ')).toMatch(/[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/);
  });

  it('a typed number still picks from the list', async () => {
    const chat = rig.chat();
    await chat.say('menu');
    const [first] = chat.last().buttons;
    await rig.house.converse.tell((await state(chat)).id, { id: 'fast', type: 'too-fast' });
    await rig.quiet();
    await chat.say('1');
    expect((await state(chat)).session?.flow).toBe(first!.id.split('|')[2]);
  });
});
