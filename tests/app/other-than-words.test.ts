/** Spoken notes, shared numbers, places and what nobody can read, from the chat to whoever needs them. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IncomingFile } from '../../src/ports/channel';
import { startHousekeeping } from '../../src/house/housekeeping';
import { EXTRACT, fileExtract, officerActs, openRig, sendLabel, type Chat, type Rig } from './rig';

jest.setTimeout(120_000);

const DAY_MS = 86_400_000;

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const note = (bytes = 4_000) => Buffer.concat([Buffer.from('OggS'), randomBytes(bytes)]);

async function incoming(bytes: Buffer): Promise<IncomingFile> {
  const source = { type: 'kept', fileKey: await rig.house.incoming.keep(bytes) } as const;
  return { source, print: 'p', pdf: false, name: '' };
}

const speak = async (chat: Chat, bytes = note(), seconds = 12): Promise<string> =>
  chat.answered({ type: 'voice', file: await incoming(bytes), seconds });

const share = (chat: Chat, phone: string, own = true): Promise<string> =>
  chat.answered({ type: 'contact', phone, own });

const place = (chat: Chat): Promise<string> =>
  chat.answered({ type: 'location', latitude: 21.0285, longitude: 105.8542 });

async function say(chat: Chat, words: readonly string[]): Promise<void> {
  for (const one of words) await chat.say(one);
}

const state = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!.doc;
const lines = async (chat: Chat) => rig.house.store.transcripts.read((await state(chat)).id, 0, 1_000);
const notesOf = (owner: string) => rig.house.store.attachments.ofOwner(owner);

const filesLeft = () =>
  readdirSync(join(rig.dataDir, 'files'), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  ).length;

/** One round of housekeeping, to its end. */
async function tidy(): Promise<void> {
  const stop = startHousekeeping(rig.house, rig.universe, {
    info: () => undefined,
    warn: () => undefined,
    error: (_event, error) => console.error(error),
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  stop();
}

describe('a spoken note', () => {
  it('goes with the filing to the dossier, and the question stands', async () => {
    const chat = rig.chat();
    await say(chat, EXTRACT.slice(0, 6));
    const asked = chat.last().text;
    const bytes = note();
    const said = await speak(chat, bytes);
    expect(said).toMatch(/chưa nghe được tiếng nói, nên giữ lời nhắn này kèm hồ sơ/);
    expect(chat.last().text).toContain(asked.split('\n').at(-1));
    expect((await state(chat)).session?.misses).toBe(0);
    await say(chat, EXTRACT.slice(6));
    await chat.press(sendLabel(chat));
    const [news] = (await state(chat)).dossiers;
    const [kept, ...more] = await notesOf(news!.id);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ type: 'audio/ogg', seconds: 12, state: 'ok', name: 'loi-nhan-thoai.ogg' });
    expect(await rig.house.files.get(kept!.fileKey)).toEqual(bytes);
    expect(filesLeft()).toBe(1);
    expect(await rig.house.store.slips.count('incoming')).toBe(0);
    expect(await rig.house.store.slips.count('voice')).toBe(0);
    expect((await lines(chat)).find(({ voice }) => voice === kept!.id)?.message.text).toBe(
      '🎤 Lời nhắn thoại (12 giây)',
    );
  });

  it('of a correction goes to the dossier that is corrected', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await chat.press('Sửa hồ sơ');
    await speak(chat);
    await say(chat, ['sửa số bản thành 3', 'đúng']);
    await chat.press('Gửi cho cán bộ');
    const dossier = (await rig.house.store.dossiers.byCode(code))!.doc;
    expect(dossier.parts[0]?.rounds).toHaveLength(2);
    expect(await notesOf(dossier.id)).toHaveLength(1);
    expect(filesLeft()).toBe(1);
  });

  it('of an abandoned filing is erased with it', async () => {
    const chat = rig.chat();
    await say(chat, EXTRACT.slice(0, 6));
    await speak(chat);
    expect(filesLeft()).toBe(1);
    await chat.say('dừng');
    rig.later(31 * DAY_MS);
    await tidy();
    expect(filesLeft()).toBe(0);
  });

  it('of a filing whose consent is refused is erased at once', async () => {
    const chat = rig.chat();
    await say(chat, EXTRACT.slice(0, 4));
    await speak(chat);
    expect(filesLeft()).toBe(1);
    await chat.press('Không đồng ý');
    expect((await state(chat)).session).toBeNull();
    expect(filesLeft()).toBe(0);
  });

  it.each([
    ['the erase act', (chat: Chat) => chat.answered({ type: 'erase-request' })],
    ['90 days', () => (rig.later(90 * DAY_MS + 60_000), tidy())],
  ])('outside a filing belongs to the talk and goes with %s', async (_name, end) => {
    const chat = rig.chat();
    expect(await speak(chat)).toMatch(/được giữ 90 ngày rồi tự xóa. Muốn cán bộ nghe, xin bấm Gặp cán bộ/);
    expect(chat.last().buttons.map(({ label }) => label)).toEqual(['Gặp cán bộ']);
    const { id } = await state(chat);
    expect(await notesOf(id)).toHaveLength(1);
    expect(await chat.say('dữ liệu của tôi')).toMatch(/Còn 1 lời nhắn thoại hoặc ảnh .* 90 ngày/);
    rig.later(89 * DAY_MS);
    await tidy();
    expect(filesLeft()).toBe(1);
    await end(chat);
    expect(await notesOf(id)).toEqual([]);
    expect(filesLeft()).toBe(0);
  });

  it.each([
    ['no Ogg', Buffer.from('RIFF....WAVE')],
    ['over 20 MB', note(20 * 1024 * 1024)],
  ])('that is %s is not kept, and said so', async (_name, bytes) => {
    const chat = rig.chat();
    expect(await speak(chat, bytes)).toMatch(/không giữ được lời nhắn thoại/);
    expect(await notesOf((await state(chat)).id)).toEqual([]);
    expect(filesLeft()).toBe(0);
  });

  it('while an officer has the talk is kept without a word, and somebody waits', async () => {
    const chat = rig.chat();
    await chat.say('gặp cán bộ');
    const { id } = await state(chat);
    await rig.house.converse.tell(id, {
      id: 'o-1',
      type: 'officer-says',
      text: 'Tôi nghe đây.',
      name: 'Lan',
    });
    expect(await speak(chat)).toBe('');
    expect(await notesOf(id)).toHaveLength(1);
    expect((await state(chat)).helpAt).not.toBeNull();
  });
});

describe('an own number', () => {
  const toPhone = EXTRACT.slice(0, -1);

  it('answers the question for it, is read back, and counts as the profile’s', async () => {
    const chat = rig.chat();
    await say(chat, toPhone);
    expect(chat.last().asks?.type).toBe('phone');
    expect(chat.last().asks?.label).toMatch(/^Gửi số/);
    expect(await share(chat, '84912345678')).toMatch(/đã ghi: 0912 345 678/);
    const { session } = await state(chat);
    expect(session?.answers['reach.phone']).toMatchObject({ value: '0912345678', source: 'profile' });
    expect(chat.heard.filter(({ asks }) => asks !== undefined)).toHaveLength(1);
  });

  it('is asked for again with its button after a miss', async () => {
    const chat = rig.chat();
    await say(chat, [...toPhone, 'không nhớ đâu cháu ơi']);
    expect(chat.last().asks?.type).toBe('phone');
  });

  it('never answers another question', async () => {
    const chat = rig.chat();
    await say(chat, EXTRACT.slice(0, 6));
    const before = (await state(chat)).session!;
    expect(chat.last().text).toMatch(/họ và tên|họ tên/i);
    const said = await share(chat, '+84912345678');
    expect(said).toMatch(/câu này không hỏi số điện thoại/);
    expect(said).toMatch(/họ và tên|họ tên/i);
    expect((await lines(chat)).some(({ message }) => message.text.includes('912345678'))).toBe(false);
    const after = (await state(chat)).session!;
    expect(after.answers).toEqual(before.answers);
    expect(after.misses).toBe(before.misses);
  });

  it('is the filer’s, never the applicant’s, when somebody only types', async () => {
    const chat = rig.chat();
    const asksPhone = () => chat.last().asks !== undefined;
    await say(chat, ['đăng ký khai sinh', '1', '1', 'gõ hộ', 'có', 'đồng ý', 'Trần Văn Giúp']);
    expect(chat.last().text).toMatch(/điện thoại/i);
    expect(asksPhone()).toBe(true);
    await share(chat, '0987654321');
    expect((await state(chat)).session?.answers['opening.filer.phone']?.source).toBe('profile');
    await say(chat, ['mẹ', 'đã kết hôn', 'Nguyễn Minh An', '1/11/2026', 'gái']);
    await say(chat, [
      'Bệnh viện Phụ sản, phường Mẫu',
      'Kinh',
      '1',
      'mang ra quầy',
      'Lê Thị Mai',
      '001195000111',
    ]);
    await say(chat, ['Nguyễn Văn Bình', '001092000222', 'bỏ qua', 'không', '1']);
    expect(chat.last().text).toMatch(/Gọi số nào/);
    expect(asksPhone()).toBe(false);
    expect(await share(chat, '0987654321')).toMatch(/câu này hỏi số của người khác/);
    expect((await state(chat)).session?.answers['reach.phone']).toBeUndefined();
  });

  it('in the lobby is not needed; somebody else’s is theirs to give', async () => {
    const chat = rig.chat();
    expect(await share(chat, '0912345678')).toMatch(/lúc này chưa cần số điện thoại nên .* không giữ số đó/);
    expect(await share(chat, '0912345678', false)).toMatch(/số của người khác/);
    const written = (await lines(chat))
      .filter(({ side }) => side === 'citizen')
      .map(({ message }) => message.text);
    expect(written).toEqual(['📇 Đã gửi một số điện thoại', '📇 Đã gửi số của người khác']);
    const { id } = await state(chat);
    await rig.house.converse.tell(id, { id: 'o-1', type: 'officer-says', text: 'Số bác?', name: 'Lan' });
    await share(chat, '0912345678');
    expect((await lines(chat)).at(-1)?.message.text).toBe('📇 0912345678');
  });
});

describe('a place, and what nobody can read', () => {
  it('is written down where it is asked for; the sentence fits the question', async () => {
    const chat = rig.chat();
    await say(chat, ['đăng ký khai sinh']);
    expect(await place(chat)).toMatch(/lúc này chưa cần vị trí/);
    // What was offered before still has its numbers.
    await say(chat, ['1']);
    expect(chat.last().text).toMatch(/xã/);
    expect(await place(chat)).toMatch(/Xin nhắn bằng chữ tên xã, phường/);
    await say(chat, ['1', '1', 'đồng ý']);
    const question = chat.last().text.split('\n').at(-1)!;
    const said = await place(chat);
    expect(said).toMatch(/lúc này chưa cần vị trí/);
    expect(said).toContain(question);
    const written = (await lines(chat)).filter(({ message }) => message.text.startsWith('📍'));
    expect(written.map(({ message }) => message.text)).toEqual([
      '📍 Đã gửi một vị trí',
      '📍 Vị trí 21.02850, 105.85420',
      '📍 Đã gửi một vị trí',
    ]);
  });

  it.each([
    ['edited', /tin đã sửa thì .* không đọc lại được/],
    ['video', /chưa xem được video/],
    ['sticker', /😊/],
    [undefined, /chưa xem được loại tin này/],
  ] as const)('%s: the answers stay as they are', async (what, words) => {
    const chat = rig.chat();
    await say(chat, EXTRACT.slice(0, 6));
    const before = (await state(chat)).session;
    const event = { type: 'unsupported', ...(what === undefined ? {} : { what }) } as const;
    expect(await chat.answered(event)).toMatch(words);
    expect((await state(chat)).session?.answers).toEqual(before?.answers);
  });

  it('is said beside an officer too, but a sticker needs no words', async () => {
    const chat = rig.chat();
    const code = await fileExtract(chat);
    await officerActs(rig, code, { type: 'receive', officialCode: null, dueOn: '2026-11-26' });
    const { id } = await state(chat);
    await rig.house.converse.tell(id, { id: 'o-1', type: 'officer-says', text: 'Chào bà.', name: 'Lan' });
    await rig.quiet();
    expect(await chat.answered({ type: 'unsupported', what: 'video' } as never)).toMatch(
      /chưa xem được video/,
    );
    expect(await chat.answered({ type: 'unsupported', what: 'sticker' } as never)).toBe('');
    expect(await place(chat)).toBe('');
  });
});
