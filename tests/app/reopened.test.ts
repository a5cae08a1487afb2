/** A dossier opened again while it is open already. */
import { fileExtract, officerActs, openRig, type Rig } from './rig';

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

it('an officer’s request is asked although a correction stood open, and can be answered', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await chat.say('tra cứu');
  expect(await chat.press('Sửa hồ sơ')).toMatch(/xem lại/);
  const items = [{ sort: 'question', text: 'Số nhà ghi trên hộ khẩu cũ?' }] as const;
  await officerActs(rig, code, { type: 'supplement', items, untilOn: null });
  await rig.quiet();
  expect(await chat.press('Gửi bổ sung')).toContain('Số nhà ghi trên hộ khẩu cũ?');
  await chat.say('Số 5, ngõ 3');
  await chat.press('Gửi cho cán bộ');
  expect((await rig.house.store.dossiers.byCode(code))!.doc.extra).toMatchObject([
    { text: 'Số nhà ghi trên hộ khẩu cũ?', reply: 'Số 5, ngõ 3' },
  ]);
});

it('the same correction goes on where it stood', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  await chat.say('tra cứu');
  await chat.press('Sửa hồ sơ');
  const key = async () => (await rig.house.store.conversations.find(chat.address))?.doc.session?.key;
  const before = await key();
  await chat.answered({ type: 'choice', choice: `l|correct|${code}` });
  expect(await key()).toBe(before);
});
