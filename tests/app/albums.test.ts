/** An album from a messenger, one event per photo: one reply, the photos at one step, whatever comes between. */
import { createHash, randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { asPhotos } from '../../src/flow/photos/photo-value';
import { openRig, type Chat, type Rig } from './rig';

jest.setTimeout(120_000);

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const noise = (side: number) =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .resize(1200)
    .jpeg()
    .toBuffer();

/** One event of an album. */
async function sendOne(chat: Chat, bytes: Buffer, album = 'A'): Promise<void> {
  const print = createHash('sha256').update(bytes).digest('base64url');
  const fileKey = await rig.house.incoming.keep(bytes);
  const file = { source: { type: 'kept', fileKey }, print, pdf: false, name: 'giấy.jpg' } as const;
  await chat.take({ type: 'photos', files: [file], album });
}
const photosOf = (count: number) => Promise.all(Array.from({ length: count }, () => noise(4)));

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

/** What was said since; the words of each message. */
const heardFrom = (chat: Chat, from: number) => chat.heard.slice(from).map(({ text }) => text);

/** A birth, up to the question for the birth notice. */
async function atPaper(): Promise<Chat> {
  const chat = rig.chat();
  for (const words of [
    ...['đăng ký khai sinh', '1', '1', '1', 'đồng ý', 'mẹ', 'đã kết hôn', 'Nguyễn Minh An', '1/11/2026'],
    ...['gái', 'Bệnh viện Phụ sản, phường Mẫu', 'Kinh', '1'],
  ])
    await chat.say(words);
  expect(chat.last().text).toMatch(/chứng sinh/);
  return chat;
}

const sessionOf = async (chat: Chat) =>
  (await rig.house.store.conversations.find(chat.address))!.doc.session!;
const held = async (chat: Chat) => asPhotos((await sessionOf(chat)).answers['birthPaper']?.value).photos;

const NAME = /Họ và tên đầy đủ/;

it('of ten photos is answered once, with all that is to be said', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  for (const bytes of await photosOf(10)) await sendOne(chat, bytes);
  await rig.quiet();
  const [said = '', ...more] = heardFrom(chat, from);
  expect(more).toEqual([]);
  for (const part of [/nhiều nhất 3 ảnh/, /đã nhận 3 ảnh: Giấy chứng sinh/, NAME]) expect(said).toMatch(part);
  const kept = await rig.house.store.attachments.ofOwner((await sessionOf(chat)).key);
  expect((await held(chat)).map(({ id, state }) => [id, state]).sort()).toEqual(
    kept.map(({ id }) => [id, 'ok']).sort(),
  );
  expect([kept.length, await rig.house.store.slips.count('incoming')]).toEqual([3, 0]);
});

it('that leaves room is asked on, with buttons that work', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  const [a, b] = await photosOf(2);
  for (const bytes of [a!, b!, a!]) await sendOne(chat, bytes);
  await rig.quiet();
  expect(heardFrom(chat, from)).toEqual([expect.stringMatching(/giống ảnh số 1[^]*đã có 2 ảnh/)]);
  expect(await chat.press('Đủ rồi')).toMatch(NAME);
});

it('stays together when words come between', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  const [a, b, c, d] = await photosOf(4);
  await sendOne(chat, a!);
  await chat.take({ type: 'text', text: 'đủ rồi' });
  for (const bytes of [b!, c!, d!]) await sendOne(chat, bytes);
  await rig.quiet();
  const said = heardFrom(chat, from);
  expect(said.filter((text) => text.includes('nay có 3 ảnh') || text.includes('đã nhận 3 ảnh'))).toHaveLength(
    1,
  );
  expect(said.length).toBeLessThanOrEqual(3);
  expect([said.at(-1), (await held(chat)).length]).toEqual([expect.stringMatching(NAME), 3]);
  expect(await chat.say('Lê Thị Mai')).toMatch(/Lê Thị Mai/);
});

it('with a photo that cannot be used is told of once, and of that photo', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  const [a, b] = await photosOf(2);
  for (const bytes of [a!, Buffer.from('<svg onload="alert(1)">'), b!]) await sendOne(chat, bytes);
  await rig.quiet();
  const said = heardFrom(chat, from);
  expect(said.filter((text) => text.includes('đã nhận 3 ảnh: Giấy chứng sinh'))).toHaveLength(1);
  expect(said.filter((text) => text.includes('Tệp 2 ở “Giấy chứng sinh”'))).toHaveLength(1);
  expect([said.length, (await held(chat)).length]).toEqual([2, 2]);
});

it('outside of a filing is answered once too', async () => {
  const chat = rig.chat();
  await chat.say('chào');
  const from = chat.heard.length;
  for (const bytes of await photosOf(3)) await sendOne(chat, bytes);
  await rig.quiet();
  expect(heardFrom(chat, from)).toEqual([expect.stringMatching(/chưa biết dùng cho giấy nào/)]);
});

it('goes on where it was after the process ended, and loses no word', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  const [a, b, c] = await photosOf(3);
  for (const bytes of [a!, b!]) await sendOne(chat, bytes);
  await rig.restart();
  await sendOne(chat, c!);
  await rig.restart();
  await rig.quiet();
  // A process that begins slowly finds the first reply due: then it is said, and the last one after it.
  const said = heardFrom(chat, from);
  expect(said.at(-1)).toMatch(/đã nhận 3 ảnh: Giấy chứng sinh[^]*Họ và tên/);
  expect(said.filter((text) => text.includes('3 ảnh'))).toHaveLength(1);
  expect(said.length).toBeLessThanOrEqual(2);
  const { doc, sentUpTo } = (await rig.house.store.conversations.find(chat.address))!;
  expect(doc.says.filter(({ seq }) => seq > sentUpTo)).toEqual([]);
});

it('is told of in time, while its photos are still being looked at', async () => {
  const chat = await atPaper();
  const from = chat.heard.length;
  const bytes = await noise(4);
  let [fetched, fetchedWhenTold] = [0, -1];
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', {
    ...open,
    send: (...sent) => {
      fetchedWhenTold = fetched;
      return open.send(...sent);
    },
    fetch: async () => {
      await pause(1_000);
      fetched++;
      return bytes;
    },
  });
  for (const ref of ['x', 'y', 'z']) {
    const file = { source: { type: 'remote', ref }, print: ref, pdf: false, name: 'giấy.jpg' } as const;
    await chat.take({ type: 'photos', files: [file], album: 'A' });
  }
  await until(() => chat.heard.length > from);
  expect(fetchedWhenTold).toBeLessThan(3);
  await until(() => fetched === 3);
  await rig.quiet();
  expect(heardFrom(chat, from)).toHaveLength(1);
});
