/** Another bot's token in the place of the one that people talk to. */
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { SECRET } from './telegram-house';
import { openTelegram } from './telegram-open';

const OTHER = '220201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram({ scale: 100, floorMs: 5, bots: [TOKEN, OTHER] });
});
afterEach(() => fake.close());

it('sends nothing and loses nothing until an operator says that it is meant', async () => {
  const kept = new Map<string, string>();
  let away = false;
  const bots = {
    botOf: (account: string) =>
      away ? Promise.reject(new Error('away')) : Promise.resolve(kept.get(account) ?? null),
    accountOf: () => Promise.resolve(null),
    pair: (account: string, bot: string) => Promise.resolve(void kept.set(account, bot)),
  };
  const lan = fake.citizen({ id: 42 });
  lan.start();
  const address = { channel: 'telegram', account: 'default', chat: `${lan.chatId}` };
  async function sent(token: string, confirmed = false) {
    const one = { account: 'default', token, apiRoot: fake.url, webhookSecret: SECRET, confirmed };
    const { telegram, logged } = openTelegram(fake, 'webhook', {
      accounts: [{ ...one, mode: 'webhook' }],
      bots,
    });
    const messages = [{ seq: 1, at: 1, text: 'Chào', buttons: [] }];
    const outcomes = [
      await telegram.channel.send(address, messages, Date.now() + 5_000),
      await telegram.channel.send(address, messages, Date.now() + 5_000),
    ];
    await telegram.close();
    return { outcomes, logged };
  }
  const later = { later: { sentUpTo: 0, waitMs: 300_000 } };
  expect((await sent(TOKEN)).outcomes).toEqual(['sent', 'sent']);
  const other = await sent(OTHER);
  expect(other.outcomes).toEqual([later, later]);
  expect(other.logged).toEqual([
    '"error" "telegram-bot-changed" "config-invalid" {"account":"default","bot":"220201543"}',
  ]);
  // The one before is welcome again.
  expect((await sent(TOKEN)).outcomes).toEqual(['sent', 'sent']);
  fake.citizen({ id: 42, bot: OTHER }).start();
  expect((await sent(OTHER, true)).outcomes).toEqual(['sent', 'sent']);
  expect((await sent(OTHER)).outcomes).toEqual(['sent', 'sent']);
  away = true;
  const soon = { later: { sentUpTo: 0, waitMs: 5_000 } };
  expect((await sent(OTHER)).outcomes).toEqual([soon, soon]);
});
