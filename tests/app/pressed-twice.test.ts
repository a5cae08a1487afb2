/** GỬI pressed twice at once, as many do: one dossier, and nobody is told that the button is old. */
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
