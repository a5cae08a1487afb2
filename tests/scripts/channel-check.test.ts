/** `npm run admin -- channel-check`, asked of a Bot API on this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { channelCheck } from '../../scripts/admin/channel-check';
import type { Tools } from '../../scripts/admin/command';
import { newAgency } from '../../src/app/officers/new-agency';
import { loadConfig } from '../../src/config';
import { UPDATE_KINDS } from '../../src/channels/telegram/update';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { openOperator } from './operator';

let fake: FakeTelegram;
beforeEach(async () => {
  fake = await startFakeTelegram();
});
afterEach(() => fake.close());

const HERE = 'https://mot-cua.example';
const WEBHOOK = { TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: 's'.repeat(32), PUBLIC_URL: HERE };

async function check(more: Readonly<Record<string, string>> = {}): Promise<{ said: string; error: string }> {
  const said: string[] = [];
  const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: fake.url, ...more };
  const tools = {
    config: loadConfig(env, __dirname),
    say: (line: string) => said.push(line),
  } as unknown as Tools;
  const error = await Promise.resolve(channelCheck.run([], tools)).then(
    () => '',
    (cause: unknown) => String(cause),
  );
  return { said: said.join('\n'), error };
}
const nothing = (): void => undefined;
const set = (url: string, allowed: readonly string[] = UPDATE_KINDS): void =>
  fake.setWebhook({ url, allowed });

it('is content with a bot that fetches, and with a webhook as the server sets it', async () => {
  expect(await check()).toMatchObject({
    error: '',
    said: expect.stringMatching(/^telegram default\t@\w+\tpolling\t0 messages wait\twell$/) as string,
  });
  set(`${HERE}/webhooks/telegram`);
  expect((await check(WEBHOOK)).said).toMatch(/\twebhook\t.*\twell$/);
});

it.each([
  ['no webhook', WEBHOOK, nothing, /no webhook is set: start the server/],
  [
    'another server’s webhook',
    WEBHOOK,
    () => set('https://elsewhere.example/x'),
    /the webhook is another one than/,
  ],
  [
    'a webhook of an older version',
    WEBHOOK,
    () => set(`${HERE}/webhooks/telegram`, ['message']),
    /leaves out .*callback_query/,
  ],
  ['a webhook in mode polling', {}, () => set('https://elsewhere.example/x'), /fetching gets nothing/],
  ['a wrong token', { TELEGRAM_BOT_TOKEN: '999999:not-a-token' }, nothing, /refuses the token \(40[14]\)/],
  ['nobody there', { TELEGRAM_API_ROOT: 'http://127.0.0.1:1' }, nothing, /does not answer/],
] as const)('says what to do about %s', async (_, more, prepare, why) => {
  prepare();
  const { said, error } = await check(more);
  expect(said).toMatch(why);
  expect(said).toMatch(/NOT well/);
  expect(error).toMatch(/1 of 1 accounts are not well/);
  expect(`${said}${error}`).not.toMatch(/not-a-token|:AA/);
});

it('is not content with the bot of an agency that is not there', async () => {
  const operator = openOperator();
  const { store, close } = await operator.open();
  const words = { name: 'UBND', address: 'Số 1', hours: '7:30', phone: '' };
  await store.agencies.create(newAgency(words, { code: '00004', provinceCode: '01' }));
  await close();
  const path = join(operator.dir, 'channels.yaml');
  const checked = async (agency: string) => {
    writeFileSync(path, `- { channel: telegram, account: x, agency: ${agency}, token: '${TOKEN}' }\n`);
    return check({ TELEGRAM_BOT_TOKEN: '', CHANNELS_FILE: path, DATA_DIR: operator.data });
  };
  const { said, error } = await checked('nowhere');
  expect(said).toMatch(/NOT well\n.*no agency is called "nowhere"/);
  expect(error).toMatch(/1 of 1 accounts are not well/);
  expect(await checked('xa-00004')).toMatchObject({
    error: '',
    said: expect.stringMatching(/\twell$/) as string,
  });
  operator.remove();
});

it('says so when no messenger is set up', async () => {
  expect((await check({ TELEGRAM_BOT_TOKEN: '' })).error).toMatch(/no messenger is set up/);
});
