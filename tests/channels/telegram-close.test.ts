/** The end of the house while Telegram hangs: nobody waits for it, and what can still be said is said. */
import { codeOf } from '../../src/errors';
import { startFakeTelegram, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { openTelegram } from './telegram-open';

let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5 });
});
afterEach(() => fake.close());

const say = (text: string) => ({ seq: 1, at: 1, text, buttons: [] });

it('a call that hangs is given up within two seconds, whatever it is', async () => {
  const { telegram } = openTelegram(fake, 'webhook');
  const { channel } = telegram;
  const address = { channel: 'telegram', account: 'default', chat: `${fake.citizen().chatId}` };
  fake.fail({ with: 'silence' });
  const running = Promise.all([
    channel.send(address, [say('Chào')], Date.now() + 60_000),
    channel.working?.(address),
    channel.fetch?.(address, 'ref').catch(codeOf),
  ]);
  telegram.start('http://127.0.0.1:1');
  while (fake.calls.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  const from = Date.now();
  await telegram.close();
  const [outcome, , fetched] = await running;
  expect(Date.now() - from).toBeLessThan(2_000);
  expect([outcome, fetched]).toEqual([
    { later: { sentUpTo: 0, waitMs: expect.any(Number) as number } },
    'channel-unavailable',
  ]);
  const calls = fake.calls.length;
  expect(await channel.send(address, [say('Chào')], Date.now() + 60_000)).toMatchObject({
    later: { sentUpTo: 0 },
  });
  expect(fake.calls.length).toBe(calls);
});

it('a call that is only slow is done, and not done again', async () => {
  const { telegram } = openTelegram(fake, 'webhook');
  const lan = fake.citizen();
  lan.start();
  const address = { channel: 'telegram', account: 'default', chat: `${lan.chatId}` };
  fake.fail({ with: 'slow', method: 'sendMessage', ms: 500 });
  const sending = telegram.channel.send(address, [say('Chào')], Date.now() + 60_000);
  while (fake.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await telegram.close();
  expect(await sending).toBe('sent');
  expect(lan.shown().map(({ text }) => text)).toEqual(['Chào']);
});

it('Telegram has five seconds to say where a file is', async () => {
  const { telegram } = openTelegram(fake, 'webhook');
  fake.fail({ with: 'silence', method: 'getFile' });
  const from = Date.now();
  const address = { channel: 'telegram', account: 'default', chat: '1' };
  expect(await telegram.channel.fetch?.(address, 'ref').catch(codeOf)).toBe('channel-unavailable');
  expect(Date.now() - from).toBeLessThan(9_000);
  await telegram.close();
}, 15_000);
