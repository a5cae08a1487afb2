/** Telegram as its servers and phones use it: updates over the webhook, calls of the Bot API, and bad days of both. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { telegramChannel, type TelegramAccount } from '../../src/channels/telegram/telegram-channel';
import {
  asShown,
  startFakeTelegram,
  type Citizen,
  type FakeTelegram,
  type Shown,
  type Update,
} from '../servers/fake-telegram/fake-telegram';
import type { Carrier, ChannelDriver, ContractCitizen, Delivery, Opened, Seen } from './channel-contract';
import { until, type ChannelDeps } from './channel-house';

const TOKENS: Readonly<Record<string, string>> = { default: '1001:first-bot', 'ba-dinh': '1002:second-bot' };
const ACCOUNTS = [{ account: 'default' }, { account: 'ba-dinh', agency: 'a-00004' }];
const secretOf = (account: string): string => `${account}-${'s'.repeat(40)}`;
const SENDS = ['sendMessage', 'sendPhoto', 'sendDocument', 'sendMediaGroup'];

const accountsAt = (apiRoot: string): readonly TelegramAccount[] =>
  ACCOUNTS.map((one) => ({
    ...one,
    token: TOKENS[one.account]!,
    apiRoot,
    mode: 'webhook',
    webhookSecret: secretOf(one.account),
  }));

const seenOf = ({ text, buttons, entities, document }: Shown): Seen => ({
  text,
  buttons: buttons.flat().flatMap(({ label, data }) => (data === undefined ? [] : [label])),
  links: [...buttons.flat().flatMap(({ url }) => url ?? []), ...entities.flatMap(({ url }) => url ?? [])],
  ...(document === undefined ? {} : { file: { name: document.name, bytes: document.bytes } }),
});

function deliveryOf(fake: FakeTelegram, update: Update, account: string): Delivery {
  const bot = TOKENS[account]!;
  const right = secretOf(account);
  const other = secretOf(account === 'default' ? 'ba-dinh' : 'default');
  const raw = async (secret: string | null): Promise<number> =>
    (await fake.deliverRaw(update, { bot, secret })).status ?? 0;
  const inAddress = async (): Promise<number> => {
    const { url, body } = fake.requestOf(update, { bot });
    const answer = await fetch(`${url}?secret_token=${right}`, { method: 'POST', body });
    return answer.status;
  };
  return {
    deliver: async () => (await fake.redeliver(update, bot))?.status ?? 0,
    forged: async () => [
      ...(await Promise.all([null, 'x', right.slice(1), `${right}s`, right.toUpperCase(), other].map(raw))),
      await inAddress(),
    ],
  };
}

interface Person extends ContractCitizen {
  readonly phone: Citizen;
}

function personOf(fake: FakeTelegram, account: string, phone: Citizen): Person {
  const of = (update: Update): Delivery => deliveryOf(fake, update, account);
  return {
    phone,
    address: { channel: 'telegram', account, chat: String(phone.chatId) },
    write: (words) => of(phone.text(words)),
    press({ id }) {
      const message = phone.shown().findLast(({ buttons }) => buttons.flat().some(({ data }) => data === id));
      if (message === undefined) throw new Error(`no button ${id} on the screen`);
      return of(phone.press({ message, data: id }));
    },
    photo: (bytes) => of(phone.photo(bytes)),
    pdf: (bytes, name) => of(phone.document(bytes, { name })),
    async writeAll(words) {
      for (const one of words) phone.text(one);
      fake.release();
      await fake.idle();
      fake.hold();
    },
    seen: () => phone.shown().map(seenOf),
  };
}

function carrierOf(fake: FakeTelegram): Carrier {
  const rule = ({ address }: ContractCitizen) => ({ chat: Number(address.chat), method: SENDS });
  return {
    blocked: (citizen) => (citizen as Person).phone.block(),
    tooFast: (citizen, after, waitMs) =>
      fake.fail({ ...rule(citizen), with: '429', after, retryAfter: waitMs / 1000 }),
    silent: (citizen) => fake.fail({ ...rule(citizen), with: 'silence' }),
    mute: (citizen) => fake.fail({ ...rule(citizen), with: 'accept-then-silence' }),
    broken: (citizen) => fake.fail({ chat: Number(citizen.address.chat), with: '502' }),
    heal: () => fake.heal(),
    asked: ({ address }) =>
      fake.calls.filter(({ chat, method }) => chat === Number(address.chat) && SENDS.includes(method)).length,
  };
}

async function open(deps: ChannelDeps): Promise<Opened> {
  const bots = Object.values(TOKENS);
  const fake = await startFakeTelegram({ bots, scale: 100, floorMs: 5, autoDeliver: false });
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const telegram = telegramChannel({
    ...deps,
    accounts: accountsAt(fake.url),
    holder: 'contract',
    log: quiet,
    bots: {
      botOf: () => Promise.resolve(null),
      accountOf: () => Promise.resolve(null),
      pair: () => Promise.resolve(),
    },
    setAside: () => Promise.resolve(),
    fileWords: () => Promise.resolve('Tệp chưa tới.'),
    groupWords: 'Xin chào cả nhà.',
    describe: (key) => key,
  });
  const server = createServer((request, response) => void telegram.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  telegram.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await until(() => bots.every((bot) => fake.webhook(bot) !== null), 5_000, 'the webhooks');
  return {
    channel: telegram.channel,
    accounts: ACCOUNTS,
    citizen(account = 'default', person) {
      const id = person === undefined ? {} : { id: Number(person.address.chat) };
      const phone = fake.citizen({ bot: TOKENS[account]!, ...id });
      phone.start();
      return Promise.resolve(personOf(fake, account, phone));
    },
    screen: (words) => asShown({ text: words, entities: [] }).text,
    carrier: carrierOf(fake),
    async close() {
      await telegram.close();
      await fake.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const telegramDriver: ChannelDriver = {
  name: 'telegram',
  capabilities: { buttons: true, push: true, documents: true },
  open,
};
