import { EXTRACT, fileExtract, openRig, type Chat, type Rig } from './rig';

const DAY_MS = 86_400_000;
const ASKED_HERE = /đã gửi một hồ sơ giống như vậy cho cùng người này, mã ([0-9A-Z-]{13})/;
const ASKED_ELSEWHERE = /đã có một hồ sơ giống như vậy cho cùng người này/;

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

/** Fills the extract in up to the review; other words for some answers. */
async function toReview(chat: Chat, other: Readonly<Record<string, string>> = {}): Promise<string> {
  let said = '';
  for (const words of EXTRACT) said = await chat.say(other[words] ?? words);
  return said;
}
const dossiers = async () =>
  (await rig.house.store.dossiers.list({ agency: 'demo', limit: 50 })).map(({ state }) => state.doc.code);

it('the same again from the same chat is asked about, with the code', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  expect(ASKED_HERE.exec(await toReview(chat))?.[1]).toBe(code);
  expect(await chat.say('3')).toContain(code);
  expect(await chat.say('tiếp tục')).toContain('Gửi cho cán bộ');
  await chat.press('Không gửi nữa');
  expect(await dossiers()).toEqual([code]);
});

it('a yes sends it all the same, once', async () => {
  const chat = rig.chat();
  const first = await fileExtract(chat);
  await toReview(chat);
  const said = await chat.say('1');
  expect(said).not.toContain(first);
  expect(await dossiers()).toHaveLength(2);
});

describe('a paper of one’s own, from another chat', () => {
  it.each<[string, Record<string, string>]>([
    ['whoever says to be the person', {}],
    ['whoever knows the number, with a phone of their own', { '0912345678': '0987654321' }],
    ['whoever knows number and phone, for somebody else', { '1': '1' }],
    ['another person', { '001190000123': '001190000456', '0912345678': '0987654321' }],
  ])('opens nothing to %s', async (_name, other) => {
    await fileExtract(rig.chat());
    const stranger = rig.chat();
    expect(await toReview(stranger, other)).not.toMatch(/giống như vậy/);
    expect(stranger.heard.map(({ text }) => text).join()).not.toMatch(/giống như vậy/);
  });
});

describe('a birth, from the phones of one family', () => {
  const MOTHER = ['Lê Thị Mai', '001195000111'];
  const FATHER = ['Nguyễn Văn Bình', '001092000222'];
  const child = (name: string) => [name, '1/11/2026', 'gái', 'Bệnh viện Phụ sản, phường Mẫu', 'Kinh', '1'];
  const rest = (phone: string) => ['mang đến quầy', phone];

  /** Files up to the review; the applicant first, then the other parent. */
  async function birth(
    chat: Chat,
    who: 'mẹ' | 'cha',
    other: readonly string[],
    name = 'Nguyễn Minh An',
    own = who === 'mẹ' ? MOTHER : FATHER,
  ) {
    const [paper = '', phone = ''] = rest(who === 'mẹ' ? '0912345678' : '0987654321');
    const talk = [
      ...['đăng ký khai sinh', '1', '1', '1', 'đồng ý', who, 'đã kết hôn', ...child(name), paper],
      ...[...own, ...other, 'bỏ qua', 'không', '1', phone],
    ];
    let said = '';
    for (const words of talk) said = await chat.say(words);
    return said;
  }
  async function motherFiles(other = FATHER): Promise<void> {
    const chat = rig.chat();
    await birth(chat, 'mẹ', other);
    await chat.press('Gửi cho cán bộ');
    expect(await dossiers()).toHaveLength(1);
  }

  it('is asked about when the father files too, without the code', async () => {
    await motherFiles();
    const said = await birth(rig.chat(), 'cha', MOTHER);
    expect(said).toMatch(ASKED_ELSEWHERE);
    for (const code of await dossiers()) expect(said).not.toContain(code);
  });

  it('also under another name, asking whether they are two', async () => {
    await motherFiles();
    expect(await birth(rig.chat(), 'cha', MOTHER, 'Nguyễn Hoàng Minh An')).toMatch(/sinh đôi/);
  });

  it('not of a child of other people', async () => {
    await motherFiles();
    const [hoa, nam] = [
      ['Trần Thị Hoa', '001196000333'],
      ['Vũ Văn Nam', '001093000444'],
    ];
    expect(await birth(rig.chat(), 'cha', hoa, 'Vũ Minh An', nam)).not.toMatch(/giống như vậy/);
  });

  it('says until when the law waits, once it is sent', async () => {
    const chat = rig.chat();
    await birth(chat, 'mẹ', FATHER);
    // 1/11/2026 and 60 days.
    expect(await chat.press('Gửi cho cán bộ')).toMatch(
      /hết ngày 31\/12\/2026.*Chỉ kịp hạn khi cán bộ đã tiếp nhận/s,
    );
  });
});

it('what was withdrawn, or is 90 days old, is not asked about', async () => {
  const chat = rig.chat();
  await fileExtract(chat);
  await chat.say('rút hồ sơ');
  await chat.say('gửi nhầm');
  await chat.say('rút');
  expect(await toReview(chat)).not.toMatch(/giống như vậy/);
  await chat.press('Gửi cho cán bộ');
  rig.later(90 * DAY_MS);
  expect(await toReview(chat)).not.toMatch(/giống như vậy/);
});

it('a draft that is taken up again is asked about anew', async () => {
  const chat = rig.chat();
  await toReview(chat);
  await chat.say('dừng');
  await fileExtract(chat);
  expect(await chat.say('tiếp tục')).toMatch(ASKED_HERE);
});

it('is asked once a filing: a correction on the review does not ask again', async () => {
  const chat = rig.chat();
  await fileExtract(chat);
  await toReview(chat);
  await chat.say('sửa 8');
  expect(await chat.say('3 bản')).not.toMatch(/giống như vậy/);
});
