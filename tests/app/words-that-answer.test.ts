/** Words that always work, where they are also an answer. */
import { EXTRACT, openRig, type Chat, type Rig } from './rig';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

async function atName(): Promise<Chat> {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, EXTRACT.indexOf('nguyễn văn an'))) await chat.say(words);
  return chat;
}

it.each(['Dung', 'Dũng', 'dạ em Dung ạ', 'Nghi', 'bà Nghi', 'Tiệp'])(
  '%p is a name where one is asked for',
  async (name) => {
    const chat = await atName();
    const given = name.replace(/dạ em | ạ|bà /g, '');
    expect(await chat.say(name)).toContain(`em ghi tên là: ${given}.`);
    expect(await chat.say('dung')).not.toMatch(/cất phần đang làm/);
    expect(chat.last().text).toMatch(/căn cước|định danh/i);
  },
);

it.each(['DỪNG', 'dừng', 'DUNG', 'stop'])('%p stops where a name is asked for', async (words) => {
  const chat = await atName();
  expect(await chat.say(words)).toMatch(/cất phần đang làm/);
  expect(await chat.say('tiếp tục')).toContain('Họ và tên');
});
