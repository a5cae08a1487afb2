/** Photos from the chat to the dossier, through the real intake: what is kept, what is told, what is erased. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { losePhoto, takePhoto, type PhotoActsDeps } from '../../src/app/photo-acts';
import { sentFiles } from '../../src/app/sent-files';
import { openIntake } from '../../src/documents/intake/intake';
import type { IncomingFile } from '../../src/ports/channel';
import type { Intake } from '../../src/ports/intake';
import { startHousekeeping } from '../../src/house/housekeeping';
import { officerActs, openRig, type Chat, type Rig } from './rig';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const jpeg = (side: number, colour = '#f4e4c1') =>
  sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

async function incoming(bytes: Buffer, name = 'giấy.jpg'): Promise<IncomingFile> {
  const print = createHash('sha256').update(bytes).digest('base64url');
  const pdf = bytes.subarray(0, 5).toString() === '%PDF-';
  return { source: { type: 'kept', fileKey: await rig.house.incoming.keep(bytes) }, print, pdf, name };
}

/** Sends files and waits until the house is quiet; what was answered. */
async function show(chat: Chat, ...all: readonly Buffer[]): Promise<string> {
  const files = await Promise.all(all.map((bytes) => incoming(bytes)));
  return chat.answered({ type: 'photos', files });
}

/** A birth, up to the question for the birth notice. */
const TO_PAPER = [
  ...['đăng ký khai sinh', '1', '1', '1', 'đồng ý', 'mẹ', 'đã kết hôn', 'Nguyễn Minh An', '1/11/2026'],
  ...['gái', 'Bệnh viện Phụ sản, phường Mẫu', 'Kinh', '1'],
];
const TO_REVIEW = [
  ...['Lê Thị Mai', '001195000111', 'Nguyễn Văn Bình', '001092000222', 'bỏ qua', 'không', '1', '0912345678'],
];

async function toPaper(chat: Chat): Promise<string> {
  let said = '';
  for (const words of TO_PAPER) said = await chat.say(words);
  return said;
}

async function sent(chat: Chat): Promise<string> {
  for (const words of TO_REVIEW) await chat.say(words);
  const said = await chat.press('Gửi cho cán bộ');
  const code = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/.exec(said)?.[0];
  if (code === undefined) throw new Error(`no code in: ${said}`);
  return code;
}

/** Files on the disk, by what they hold: none but the clean copies of attachments that stand. */
const filesLeft = () =>
  readdirSync(join(rig.dataDir, 'files'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  ).length;

const sessionKey = async (chat: Chat) =>
  (await rig.house.store.conversations.find(chat.address))?.doc.session?.key ?? '';
const waiting = () => rig.house.store.slips.count('incoming');

it('words under a photo are told of it: only a command is more', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await show(chat, await jpeg(1200));
  const under = (text: string) => chat.answered({ type: 'text', text, caption: true });
  expect(await under('dạ em gửi giấy chứng sinh')).toBe('');
  const talk = await rig.house.talk.read(chat.address, 0, 200);
  expect(talk.filter(({ side }) => side === 'citizen').at(-1)?.text).toBe('dạ em gửi giấy chứng sinh');
  expect(await under('quay lại')).not.toBe('');
  const elsewhere = rig.chat();
  expect(
    await elsewhere.answered({ type: 'text', text: 'xin trích lục khai sinh', caption: true }),
  ).toContain('Bản sao khai sinh');
});

it('become the dossier’s own clean copies; the bytes as they came are gone', async () => {
  const chat = rig.chat();
  expect(await toPaper(chat)).toMatch(/chứng sinh/);
  await show(chat, await jpeg(1200), await jpeg(1300, '#ffffff'));
  expect(await waiting()).toBe(0);
  await chat.say('đủ rồi');
  const code = await sent(chat);
  const dossier = (await rig.house.store.dossiers.byCode(code))!.doc;
  const paper = dossier.answers.find(({ step }) => step === 'birthPaper')!;
  expect(paper.display).toBe('2 ảnh');
  const kept = await rig.house.store.attachments.ofOwner(dossier.id);
  expect(kept).toHaveLength(2);
  expect(kept.map(({ id }) => id).sort()).toEqual(
    (paper.value as { photos: { id: string; state: string }[] }).photos.map(({ id }) => id).sort(),
  );
  for (const { fileKey, type } of kept) {
    expect(type).toBe('image/jpeg');
    expect((await sharp(await rig.house.files.get(fileKey)).metadata()).format).toBe('jpeg');
  }
});

it('that cannot be used bring the question back with the reason, and leave nothing behind', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  const said = await show(chat, Buffer.from('<svg onload="alert(1)">'));
  expect(said).toMatch(/ảnh/i);
  expect(said).toMatch(/chứng sinh/);
  expect([await waiting(), await rig.house.store.attachments.ofOwner(await sessionKey(chat))]).toEqual([
    0,
    [],
  ]);
});

it.each<[string, (chat: Chat) => Promise<unknown>]>([
  [
    'when its days are over',
    async (chat) => {
      rig.later(31 * DAY_MS);
      const { doc } = (await rig.house.store.conversations.find(chat.address))!;
      await rig.house.converse.tell(doc.id, { id: 'due-1', type: 'due' });
    },
  ],
  ['by wish', (chat) => eraseAll(chat)],
  [
    'by wish, as a parked draft',
    async (chat) => {
      await chat.say('dừng');
      await eraseAll(chat);
    },
  ],
  [
    'as a parked draft whose days are over',
    async (chat) => {
      await chat.say('dừng');
      rig.later(31 * DAY_MS);
      await keepHouse();
    },
  ],
])('are erased with the filing: %s', async (_name, end) => {
  const chat = rig.chat();
  await toPaper(chat);
  await show(chat, await jpeg(1200));
  const key = await sessionKey(chat);
  expect(await rig.house.store.attachments.ofOwner(key)).toHaveLength(1);
  await end(chat);
  await rig.quiet();
  expect([await rig.house.store.attachments.ofOwner(key), filesLeft()]).toEqual([[], 0]);
});

/** One round of what the house does every minute. */
async function keepHouse(): Promise<void> {
  startHousekeeping(rig.house, rig.universe, { info: () => undefined, warn: () => undefined, error: fail })();
  await rig.quiet();
}
function fail(event: string, error: unknown): never {
  throw new Error(event, { cause: error });
}

it('are erased with a closed dossier, when its days are over', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await show(chat, await jpeg(1200));
  await chat.say('đủ rồi');
  const code = await sent(chat);
  const { id } = (await rig.house.store.dossiers.byCode(code))!.doc;
  await officerActs(rig, code, { type: 'refuse', reason: 'Sai nơi', law: 'Điều 13', next: 'Ra xã khác' });
  await rig.quiet();
  expect(filesLeft()).toBe(1);
  rig.later(31 * DAY_MS);
  rig.house.queue.ring({ document: 'dossier', id, revision: 1 });
  await chat.say('menu');
  expect(await rig.house.store.dossiers.byId(id)).toBeNull();
  expect([await rig.house.store.attachments.ofOwner(id), filesLeft()]).toEqual([[], 0]);
});

it('of a correction that came too late are nobody’s, and go', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await chat.say('mang đến quầy');
  const code = await sent(chat);
  await chat.press('Sửa hồ sơ');
  await chat.answered({ type: 'choice', choice: 'c|edit|birthPaper' });
  await show(chat, await jpeg(1200));
  await chat.say('đủ rồi');
  await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: null });
  await chat.press('Gửi cho cán bộ');
  await rig.quiet();
  const { doc } = (await rig.house.store.dossiers.byCode(code))!;
  expect(doc.answers.find(({ step }) => step === 'birthPaper')?.display).toMatch(/quầy/);
  expect([await rig.house.store.attachments.ofOwner(doc.id), filesLeft()]).toEqual([[], 0]);
});

it('of a question that does not apply any more are not sent', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  for (const words of ['bỏ qua', 'có người làm chứng']) await chat.say(words);
  await show(chat, await jpeg(1200));
  await chat.say('đủ rồi');
  await chat.answered({ type: 'choice', choice: 'c|edit|noBirthPaper' });
  await chat.say('bệnh viện gửi bản điện tử');
  const code = await sent(chat);
  const { id } = (await rig.house.store.dossiers.byCode(code))!.doc;
  expect([await rig.house.store.attachments.ofOwner(id), filesLeft()]).toEqual([[], 0]);
});

async function eraseAll(chat: Chat): Promise<void> {
  await chat.say('dữ liệu của tôi');
  await chat.press('Xóa hồ sơ dở và tin nhắn');
  await chat.press('Xóa hết');
}

it('sent while the filing is parked are there when it is taken up again', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await chat.take({ type: 'photos', files: [await incoming(await jpeg(1200))] });
  await chat.say('dừng');
  await rig.quiet();
  const said = await chat.say('tiếp tục');
  expect(said).toMatch(/1 ảnh/);
  await chat.say('đủ rồi');
  const code = await sent(chat);
  const dossier = (await rig.house.store.dossiers.byCode(code))!.doc;
  expect(await rig.house.store.attachments.ofOwner(dossier.id)).toHaveLength(1);
});

it('outside of a filing are not kept, and what can be done is said', async () => {
  const chat = rig.chat();
  await chat.say('chào');
  expect(await show(chat, await jpeg(1200))).toMatch(/chưa biết dùng cho giấy nào/);
  expect(await waiting()).toBe(0);
});

it('nobody took are erased after a day', async () => {
  await incoming(await jpeg(50));
  expect(await rig.house.incoming.sweep(rig.universe.now())).toBe(0);
  expect(await rig.house.incoming.sweep(rig.universe.now() + DAY_MS)).toBe(1);
  expect(await waiting()).toBe(0);
});

it('replaced in a correction: the officer sees the change, the photo before stays with its dossier', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await show(chat, await jpeg(1200));
  await chat.say('đủ rồi');
  const code = await sent(chat);
  await chat.say('tra cứu');
  await chat.press('Sửa hồ sơ');
  const { doc } = (await rig.house.store.conversations.find(chat.address))!;
  expect(doc.session?.purpose).toBe('correct');
  await chat.answered({ type: 'choice', choice: 'c|edit|birthPaper' });
  await chat.press('Bỏ ảnh 1');
  await show(chat, await jpeg(1400, '#ddddff'));
  await chat.say('đủ rồi');
  await chat.press('Gửi cho cán bộ');
  const dossier = (await rig.house.store.dossiers.byCode(code))!.doc;
  expect(dossier.parts[0]?.rounds.at(-1)?.changed).toEqual([{ step: 'birthPaper', before: '1 ảnh' }]);
  expect(await rig.house.store.attachments.ofOwner(dossier.id)).toHaveLength(2);
});

it('are an officer’s supplement answered', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  await chat.say('mang đến quầy');
  const code = await sent(chat);
  const items = [{ sort: 'paper', text: 'Giấy chứng sinh bản rõ hơn' }] as const;
  await officerActs(rig, code, { type: 'supplement', items, untilOn: null });
  await rig.quiet();
  await chat.press('Gửi bổ sung');
  await show(chat, await jpeg(1200));
  await chat.say('đủ rồi');
  await chat.press('Gửi cho cán bộ');
  const after = (await rig.house.store.dossiers.byCode(code))!.doc;
  expect(after.extra).toEqual([
    { text: 'Giấy chứng sinh bản rõ hơn', reply: '1 ảnh', photos: [expect.any(String)] },
  ]);
  expect(await rig.house.store.attachments.ofOwner(after.id)).toHaveLength(1);
});

it('that are looked at while the review stands do not wear out its button', async () => {
  const chat = rig.chat();
  await toPaper(chat);
  for (const words of ['mang đến quầy', ...TO_REVIEW]) await chat.say(words);
  await chat.answered({ type: 'choice', choice: 'c|edit|birthPaper' });
  const files = [await incoming(await jpeg(1200))];
  await chat.take({ type: 'photos', files });
  await chat.take({ type: 'text', text: 'đủ rồi' });
  await rig.quiet();
  expect(await chat.press('Gửi cho cán bộ')).toMatch(/Mã hồ sơ/);
});

describe('taken by two processes at once', () => {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  let intake: Intake;
  beforeEach(() => void (intake = openIntake({ log: silent })));
  afterEach(() => intake.close());

  /** A photo that this process has taken, and another begun with as slowly as a file comes that lies with its channel. */
  async function takenTwice(chat: Chat) {
    await toPaper(chat);
    const bytes = await jpeg(1200);
    const channel = rig.house.channels.get('test')!;
    rig.house.channels.set('test', { ...channel, fetch: () => Promise.resolve(bytes) });
    let arrive: (bytes: Buffer) => void = () => undefined;
    const slow = { ...channel, fetch: () => new Promise<Buffer>((resolve) => (arrive = resolve)) };
    const other: PhotoActsDeps = {
      ...{ ...rig.house, universe: rig.universe, intake },
      sent: sentFiles({ ...rig.house, channels: new Map([['test', slow]]) }),
    };
    const file = { source: { type: 'remote', ref: 'one' }, print: 'p', pdf: false, name: '' } as const;
    await chat.take({ type: 'photos', files: [file] });
    const talk = (await rig.house.store.conversations.find(chat.address))!.doc;
    const act = talk.acts.find((one) => one.type === 'take-photo');
    if (act?.type !== 'take-photo') throw new Error('there was no photo to take');
    const slowly = takePhoto(other, talk, act);
    await rig.quiet();
    const lose = () => losePhoto(other, talk, act);
    async function end(): Promise<void> {
      arrive(bytes);
      await slowly;
    }
    return { act, lose, end };
  }

  it('stay the dossier’s that was sent meanwhile', async () => {
    const chat = rig.chat();
    const { act, end } = await takenTwice(chat);
    await chat.say('đủ rồi');
    const dossier = (await rig.house.store.dossiers.byCode(await sent(chat)))!.doc;
    await end();
    expect((await rig.house.store.attachments.get(act.photo))?.owner).toBe(dossier.id);
    expect([filesLeft(), await waiting()]).toEqual([1, 0]);
  });

  it('do not come back when they were thrown out meanwhile', async () => {
    const chat = rig.chat();
    const { act, end } = await takenTwice(chat);
    const drop = chat.last().buttons.find(({ id }) => id.includes('-drop'));
    await chat.answered({ type: 'choice', choice: drop?.id ?? '', label: '' });
    await end();
    expect(await rig.house.store.attachments.get(act.photo)).toBeNull();
    expect([filesLeft(), await waiting()]).toEqual([0, 0]);
  });

  it('are not lost when only one of the two could not have them', async () => {
    const chat = rig.chat();
    const { act, lose, end } = await takenTwice(chat);
    await lose();
    await chat.say('đủ rồi');
    const dossier = (await rig.house.store.dossiers.byCode(await sent(chat)))!.doc;
    expect((await rig.house.store.attachments.get(act.photo))?.owner).toBe(dossier.id);
    expect(filesLeft()).toBe(1);
    await end();
  });
});
