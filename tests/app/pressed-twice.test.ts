/** GỬI pressed again and again, as many do: one dossier, and what is offered anew can be pressed. */
import { EXTRACT, openRig, type Rig } from './rig';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

it('is understood the first time, and says so the second', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT) await chat.say(words);
  const send = chat.last().buttons.find(({ label }) => label === 'Gửi cho cán bộ')!;
  const press = () => chat.take({ type: 'choice', choice: send.id, label: send.label });
  const from = chat.heard.length;
  await Promise.all([press(), press()]);
  await rig.quiet();
  const said = chat.heard.slice(from).map(({ text }) => text);
  expect(said.join('\n')).not.toContain('Nút này cũ');
  expect(said.filter((text) => text.includes('đang gửi'))).not.toHaveLength(0);
  expect(said.filter((text) => text.includes('Mã hồ sơ'))).toHaveLength(1);
  expect(await rig.house.store.dossiers.list({ agency: 'demo', limit: 9 })).toHaveLength(1);
});

it('pressed thrice when it is old, it is offered anew once, and that one works', async () => {
  const chat = rig.chat();
  for (const words of EXTRACT) await chat.say(words);
  const isSend = ({ label }: { readonly label: string }) => label === 'Gửi cho cán bộ';
  const old = chat.last().buttons.find(isSend)!;
  await chat.say('lệ phí bao nhiêu');
  const open = rig.house.channels.get('test')!;
  rig.house.channels.set('test', {
    ...open,
    send: () => Promise.resolve({ later: { sentUpTo: 0, waitMs: 300 } }),
  });
  const from = chat.heard.length;
  const press = (choice: string) => chat.take({ type: 'choice', choice, label: 'Gửi cho cán bộ' });
  for (let n = 0; n < 3; n += 1) await press(old.id);
  rig.house.channels.set('test', open);
  await rig.quiet();
  const offered = chat.heard.slice(from).flatMap(({ buttons }) => buttons.filter(isSend));
  expect(offered).toHaveLength(1);
  await press(offered[0]!.id);
  await rig.quiet();
  expect(chat.heard.some(({ text }) => text.includes('Mã hồ sơ'))).toBe(true);
});
