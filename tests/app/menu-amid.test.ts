/** What the menu of the chat offers works at any moment: amid a filing, and where nothing is under way. */
import { EXTRACT, openRig, type Chat, type Rig } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

/** At the consent of a copy of a birth certificate. */
const amid = async (): Promise<Chat> => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 4)) await chat.say(words);
  expect(chat.last().text).toContain('Có đồng ý không');
  return chat;
};
const asked = (text: string): number => text.split('Có đồng ý không').length - 1;
const labels = (chat: Chat) => chat.last().buttons.map(({ label }) => label);

it('a menu amid a filing leaves the choice: go on, or put it aside and see what else there is', async () => {
  const chat = await amid();
  expect(await chat.say('/menu'.slice(1))).toContain('Đang làm dở: Bản sao khai sinh');
  expect(labels(chat)).toEqual(['Làm tiếp việc đang dở', 'Cất lại, xem việc khác']);
  expect(asked(await chat.say('1'))).toBe(1);

  await chat.say('menu');
  const seen = await chat.say('2');
  expect(seen).toContain('đã cất phần đang làm');
  expect(labels(chat)).toEqual(expect.arrayContaining(['Làm tiếp hồ sơ dở', 'Khai sinh']));
  expect(await chat.say('sửa')).toContain('Hồ sơ làm dở đang được cất');
  expect(asked(await chat.say('tiếp tục'))).toBe(1);
});

it('words of the menu are understood where nothing is under way', async () => {
  const chat = rig.chat();
  await chat.say('xin chào');
  for (const words of ['sửa', 'sửa 3', 'quay lại', 'dừng', 'đọc lại']) {
    const heard = await chat.say(words);
    expect(heard).toContain('không có hồ sơ nào đang làm dở');
    expect(heard).not.toContain('chưa hiểu');
    expect(labels(chat)).toContain('Khai sinh');
  }
  // A wish that begins like a command is a wish.
  expect(await chat.say('sửa lại mái nhà')).not.toContain('không có hồ sơ nào đang làm dở');
});

it('a number to correct before the first answer is told that there is none', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT.slice(0, 2)) await chat.say(words);
  const heard = await chat.say('sửa 3');
  expect(heard).toContain('Chưa có câu trả lời nào');
  expect(heard).not.toContain('đến 0');
});

it('another language asks the question anew, with a button that works', async () => {
  const chat = await amid();
  const heard = await chat.say('english');
  expect(heard).toContain('From now on I write English.');
  const [agree] = chat.last().buttons;
  await chat.take({ type: 'choice', choice: agree!.id, label: agree!.label });
  await rig.quiet();
  expect(chat.last().text).not.toContain('old');
  expect(chat.last().text).toMatch(/^Question 4/);
});

it('thinking better of erasing asks once', async () => {
  const chat = await amid();
  await chat.say('dữ liệu của tôi');
  const [erase] = chat.last().buttons;
  await chat.take({ type: 'choice', choice: erase!.id, label: erase!.label });
  await rig.quiet();
  expect(asked(await chat.say('2'))).toBe(1);
});

it('what is asked for amid another filing is chosen by number too', async () => {
  const chat = await amid();
  await chat.take({ type: 'start', link: 'khai-sinh' });
  await rig.quiet();
  expect(chat.last().text).toContain('cất lại để làm: Khai sinh');
  expect(asked(await chat.say('1'))).toBe(1);
});
