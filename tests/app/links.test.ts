/** Links into the chat, bots of one agency's own, and what is said where no filing stands. */
import { openRig, type Chat, type Rig } from './rig';

jest.setTimeout(60_000);

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
  const demo = (await rig.house.store.agencies.byId('demo'))!.doc;
  // Cầu Giấy, beside the demo commune.
  const other = { ...demo, id: 'kia', name: 'UBND phường Kia', communeCode: '00166' };
  await rig.house.store.agencies.create(other);
  await rig.house.directory.refresh();
});
afterEach(() => rig.close());

const state = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!.doc;
const start = (chat: Chat, link: string | undefined, agency?: string) =>
  chat.answered({
    type: 'start',
    ...(link === undefined ? {} : { link }),
    ...(agency === undefined ? {} : { agency }),
  });

describe('a bot of one agency’s own', () => {
  it('talks for it alone: of a link only the procedure counts', async () => {
    const chat = rig.chat();
    await start(chat, 'kia--trich-luc-ho-tich', 'demo');
    const { agency, commune, session } = await state(chat);
    expect([agency, session?.flow]).toEqual(['demo', 'trich-luc-ho-tich']);
    expect(commune).toMatchObject({ code: (await rig.house.store.agencies.byId('demo'))!.doc.communeCode });
  });

  it('takes nothing for another agency’s commune, and says so', async () => {
    const chat = rig.chat();
    const take = (text: string) => chat.answered({ type: 'text', text, agency: 'demo' });
    await take('xin trích lục khai sinh');
    await take('1');
    await take('quay lại');
    expect(await take('phường Cầu Giấy, Hà Nội')).toMatch(/chưa có cán bộ nhận hồ sơ qua đây/);
    const { agency, commune } = await state(chat);
    expect(agency).toBe('demo');
    expect(JSON.stringify(commune)).not.toContain('Cầu Giấy');
  });

  it('a link leads to any agency where the account has none', async () => {
    const chat = rig.chat();
    await start(chat, 'kia--trich-luc-ho-tich');
    const { agency, commune } = await state(chat);
    expect(agency).toBe('kia');
    expect(JSON.stringify(commune)).toContain('Cầu Giấy');
  });
});

describe('a link amid a filing', () => {
  it('offers to put the present one aside', async () => {
    const chat = rig.chat();
    await chat.say('đăng ký khai sinh');
    await chat.say('1');
    const before = (await state(chat)).session!.key;
    const said = await start(chat, 'trich-luc-ho-tich');
    expect(said).toMatch(/Đang làm dở: .* Làm tiếp việc đó, hay cất lại để làm: /);
    expect((await state(chat)).session?.key).toBe(before);
    const [goOn, replace] = chat.last().buttons.map(({ label }) => label);
    expect(goOn).toBe('Làm tiếp việc đang dở');
    await chat.press(replace!);
    const after = await state(chat);
    expect(after.session?.flow).toBe('trich-luc-ho-tich');
    expect(after.drafts.map(({ flow }) => flow)).toEqual(['khai-sinh']);
  });

  it.each([undefined, 'khai-sinh', 'demo', 'khong-co'])('%p: the question stands', async (link) => {
    const chat = rig.chat();
    await chat.say('đăng ký khai sinh');
    const asked = await chat.say('1');
    const said = await start(chat, link);
    expect(said.split('\n').at(-1)).toBe(asked.split('\n').at(-1));
  });
});

describe('outside a filing', () => {
  it.each(['/help', 'trợ giúp'])('%s brings the menu', async (words) => {
    const chat = rig.chat();
    expect(await chat.say(words)).toMatch(/cần làm việc gì/);
    expect(chat.last().buttons.map(({ label }) => label)).toContain('Gặp cán bộ');
  });

  it('an edited message is not said to be mended by SỬA', async () => {
    const chat = rig.chat();
    const edited = { type: 'unsupported', what: 'edited' } as never;
    expect(await chat.answered(edited)).toMatch(/nhắn lại thành một tin mới/);
    expect(chat.last().text).not.toContain('SỬA');
    await chat.say('đăng ký khai sinh');
    await chat.say('1');
    expect(await chat.answered(edited)).toContain('nhắn SỬA');
  });
});
