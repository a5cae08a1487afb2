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

it('from another phone of the same people it is asked about, without the code', async () => {
  const code = await fileExtract(rig.chat());
  const said = await toReview(rig.chat());
  expect(said).toMatch(ASKED_ELSEWHERE);
  expect(said).not.toContain(code);
});

it.each<[string, Record<string, string>]>([
  ['another person', { '001190000123': '001190000456', '0912345678': '0987654321' }],
])('%s is not asked about', async (_name, other) => {
  await fileExtract(rig.chat());
  expect(await toReview(rig.chat(), other)).not.toMatch(/giống như vậy/);
});

it('what was withdrawn, or is 90 days old, is not asked about', async () => {
  const chat = rig.chat();
  await fileExtract(chat);
  await chat.say('rút hồ sơ');
  await chat.say('gửi nhầm');
  await chat.say('rút');
  expect(await toReview(rig.chat())).not.toMatch(/giống như vậy/);
  await fileExtract(rig.chat());
  rig.later(90 * DAY_MS);
  expect(await toReview(rig.chat())).not.toMatch(/giống như vậy/);
});

it('is asked once a filing: a correction on the review does not ask again', async () => {
  const chat = rig.chat();
  await fileExtract(chat);
  await toReview(chat);
  await chat.say('sửa 8');
  expect(await chat.say('3 bản')).not.toMatch(/giống như vậy/);
});
