/** Bad days of the fake: what a rule says happens to the calls it names, and to no other. */
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { callBot, type Reply } from './bot-ends';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
let fake: FakeTelegram;
let lan: Citizen;

async function start(flood?: { perSecond: number; burst: number }): Promise<void> {
  fake = await startFakeTelegram(flood === undefined ? {} : { flood });
  lan = fake.citizen({ firstName: 'Lan' });
  lan.start();
}
beforeEach(() => start());
afterEach(() => fake.close());

const say = (fields: object): Promise<Reply> =>
  callBot(fake, 'sendMessage', { chat_id: lan.chatId, ...fields });

it('answers 429 to one chat as often as asked, and others go on', async () => {
  const minh = fake.citizen();
  minh.start();
  const rule = fake.fail({ with: '429', method: 'sendMessage', chat: lan.chatId, times: 2, retryAfter: 3 });
  expect(await say({ text: 'a' })).toMatchObject({ status: 429, parameters: { retry_after: 3 } });
  expect((await say({ chat_id: minh.chatId, text: 'a' })).ok).toBe(true);
  expect((await say({ text: 'a' })).status).toBe(429);
  expect((await say({ text: 'a' })).ok).toBe(true);
  expect([rule.hits(), lan.shown().length]).toEqual([2, 1]);
  expect(fake.calls.map(({ fault, error }) => [fault, error?.code])).toContainEqual(['429', 429]);
});

it.each([
  ['silence', 0],
  ['accept-then-silence', 1],
] as const)('%s: never answers, %i message shown', async (fault, shown) => {
  const rule = fake.fail({ with: fault });
  const signal = AbortSignal.timeout(60);
  const url = `${fake.url}/bot${TOKEN}/sendMessage?chat_id=${lan.chatId}&text=a`;
  await expect(fetch(url, { signal })).rejects.toThrow('timeout');
  expect(lan.shown()).toHaveLength(shown);
  rule.remove();
  expect((await say({ text: 'a' })).ok).toBe(true);
});

it.each([
  ['drop', 0],
  ['accept-then-drop', 1],
] as const)('%s: closes the connection, %i message shown', async (fault, shown) => {
  fake.fail({ with: fault, times: 1 });
  await expect(say({ text: 'a' })).rejects.toThrow('fetch failed');
  expect(lan.shown()).toHaveLength(shown);
});

it('fails by a seeded dice, slowly, by proxy or with words of its own', async () => {
  const rule = fake.fail({ with: '400', probability: 0.3, seed: 7 });
  const statuses = [];
  for (let number = 0; number < 40; number += 1) statuses.push((await say({ text: 'a' })).status);
  expect(statuses.filter((status) => status === 400)).toHaveLength(rule.hits());
  expect(rule.hits()).toBeGreaterThan(4);
  expect(rule.hits()).toBeLessThan(22);
  fake.heal();
  fake.fail({ with: 'slow', ms: 60, times: 1 });
  const at = performance.now();
  await say({ text: 'a' });
  expect(performance.now() - at).toBeGreaterThanOrEqual(58);
  fake.fail({ with: '502', after: 1, times: 1 });
  await say({ text: 'a' });
  await expect(say({ text: 'a' })).rejects.toThrow('JSON');
  fake.fail({ with: 'redirect', method: 'file', location: 'http://169.254.169.254/' });
  const { message } = lan.document(PNG);
  const reply = await callBot(fake, 'getFile', { file_id: message!.document!.file_id });
  const { file_path } = reply.result as { file_path: string };
  const link = `${fake.url}/file/bot${TOKEN}/${file_path}`;
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
});

it('controls floods when asked to', async () => {
  await fake.close();
  await start({ perSecond: 1, burst: 3 });
  const replies = await Promise.all([1, 2, 3, 4, 5].map((number) => say({ text: `${number}` })));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
  expect(replies.find(({ status }) => status === 429)!.parameters!.retry_after).toBe(1);
});
