/** What becomes of a call is told as data; taps are answered and marked. */
import { openBotApi, type BotApi } from '../../src/channels/telegram/bot-api';
import { openScreen, type Screen } from '../../src/channels/telegram/screen';
import { openSilences } from '../../src/channels/telegram/silences';
import type { Tap } from '../../src/channels/telegram/tap';
import type { InlineKeyboard } from '../../src/channels/telegram/keyboard';
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeTelegram,
  type Update,
} from '../servers/fake-telegram/fake-telegram';

let fake: FakeTelegram;
let lan: Citizen;
let api: BotApi;

beforeEach(async () => {
  fake = await startFakeTelegram();
  lan = fake.citizen();
  lan.start();
  api = openBotApi({ token: TOKEN, apiRoot: fake.url, timeoutMs: 1_500 });
});
afterEach(() => fake.close());

const send = (text = 'Chào') => api.call('sendMessage', { chat_id: lan.chatId, text });
const refusal = (code: number, description: string, more = {}) => ({
  with: 'answer' as const,
  status: code,
  body: JSON.stringify({ ok: false, error_code: code, description, ...more }),
});

describe('answers', () => {
  test('a result', async () => {
    expect(await send()).toMatchObject({ ok: true, result: { text: 'Chào' } });
  });

  test.each([
    ['429', { with: '429', retryAfter: 3 }, { sort: 'wait', waitMs: 3_000 }],
    ['429 without a time', refusal(429, 'Too Many Requests'), { sort: 'wait', waitMs: 1_000 }],
    ['403', { with: '403' }, { sort: 'gone' }],
    ['no such chat', refusal(400, 'Bad Request: chat not found'), { sort: 'gone' }],
    ['a closed account', refusal(403, 'Forbidden: user is deactivated'), { sort: 'gone' }],
    ['markup', { with: '400' }, { sort: 'bad-markup' }],
    ['other 400', refusal(400, 'Bad Request: message is not modified'), { sort: 'refused', code: 400 }],
    ['500', { with: '500' }, { sort: 'unknown' }],
    ['502 of a proxy', { with: '502' }, { sort: 'unknown' }],
    ['a connection that breaks', { with: 'drop' }, { sort: 'unknown' }],
    ['silence', { with: 'silence' }, { sort: 'unknown' }],
    ['a redirect', { with: 'redirect' }, { sort: 'unknown' }],
    ['no JSON', { with: 'answer', status: 200, body: '<html>' }, { sort: 'unknown' }],
    ['half of JSON', { with: 'answer', status: 400, body: '{"ok":' }, { sort: 'unknown' }],
    ['other JSON', { with: 'answer', status: 200, body: '[]' }, { sort: 'unknown' }],
    ['null', { with: 'answer', status: 200, body: 'null' }, { sort: 'unknown' }],
    [
      'odd fields',
      { with: 'answer', status: 400, body: '{"ok":false,"error_code":"x"}' },
      { sort: 'unknown' },
    ],
  ] as const)('%s', async (_, rule, expected) => {
    fake.fail({ ...rule, method: 'sendMessage' });
    const answer = await send();
    expect(answer).toMatchObject({ ok: false, ...expected });
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
  });

  test('a wrong token, and a server that is not there', async () => {
    const wrong = openBotApi({ token: '1:wrong', apiRoot: fake.url });
    expect(await wrong.call('getMe', {})).toEqual({
      ok: false,
      sort: 'refused',
      code: 401,
      reason: 'Unauthorized',
    });
    const nowhere = openBotApi({ token: TOKEN, apiRoot: 'http://127.0.0.1:1' });
    expect(await nowhere.call('getMe', {})).toEqual({ ok: false, sort: 'unsent' });
    const nameless = openBotApi({ token: TOKEN, apiRoot: 'http://no-such-name.invalid' });
    expect(await nameless.call('getMe', {})).toEqual({ ok: false, sort: 'unsent' });
    const odd = openBotApi({ token: TOKEN, apiRoot: fake.url });
    expect(await odd.call('no/such?method', {})).toMatchObject({ ok: false });
  });

  test('what Telegram quotes of a citizen is not told', async () => {
    fake.fail(refusal(400, `Bad Request: button "Nguyễn Văn An" of 'An' is odd`));
    const answer = await send();
    expect(answer).toMatchObject({ sort: 'refused', code: 400 });
    expect(JSON.stringify(answer)).not.toContain('An');
  });

  test('a call ends with its signal, or its own shorter time', async () => {
    fake.fail({ with: 'silence' });
    const ending = new AbortController();
    const call = api.call('getMe', {}, { signal: ending.signal });
    while (fake.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    ending.abort();
    expect(await call).toEqual({ ok: false, sort: 'unknown' });
    expect(await api.call('getMe', {}, { signal: ending.signal })).toEqual({ ok: false, sort: 'unsent' });
    // 8 s, if nothing shorter is said.
    const patient = openBotApi({ token: TOKEN, apiRoot: fake.url });
    const started = performance.now();
    await patient.call('getMe', {}, { withinMs: 50 });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('a root with a path of its own', async () => {
    const { url } = fake;
    const rooted = openBotApi({ token: TOKEN, apiRoot: `${url}/nothing/here` });
    // The fake has no such path: it answers "not found", not "unauthorized".
    expect(await rooted.call('getMe', {})).toMatchObject({ sort: 'refused', code: 404 });
  });
});

describe('a tap', () => {
  let ending: AbortController;
  let screen: Screen;
  beforeEach(() => {
    ending = new AbortController();
    screen = openScreen({ api, silences: openSilences(Date.now), ending: ending.signal });
  });
  afterEach(() => ending.abort());
  const keyboard = {
    inline_keyboard: [
      [
        { text: '1 · Nam', callback_data: 'a|sex|male' },
        { text: '2 · Nữ', callback_data: 'a|sex|female' },
      ],
    ],
  };
  const ask = (markup: InlineKeyboard = keyboard) =>
    api.call('sendMessage', { chat_id: lan.chatId, text: 'Nam hay nữ?', reply_markup: markup });
  function tapOf({ callback_query: query }: Update): Tap {
    const { id, message, data } = query!;
    const markup = (message?.reply_markup ?? null) as InlineKeyboard | null;
    return { id, chat: String(lan.chatId), messageId: message?.message_id ?? 0, keyboard: markup, data };
  }
  const labels = () =>
    lan
      .shown()
      .at(-1)
      ?.buttons.flat()
      .map(({ label }) => label);

  test('stops spinning, and shows what was pressed', async () => {
    await ask();
    const tap = tapOf(lan.press('2 · Nữ'));
    expect(lan.spinning()).toHaveLength(1);
    await screen.done(tap);
    expect(lan.spinning()).toEqual([]);
    expect(labels()).toEqual(['1 · Nam', '✅ 2 · Nữ']);
    await screen.done(tapOf(lan.press('1 · Nam')));
    expect(labels()).toEqual(['✅ 1 · Nam', '2 · Nữ']);
    expect(lan.toasts()).toEqual([]);
  });

  test('of a deed leaves that button alone', async () => {
    const deed = { text: 'GỬI', callback_data: 'd|send|4|' };
    await ask({ inline_keyboard: [[deed], [{ text: 'Sửa', callback_data: 'c|edit|' }]] });
    await screen.done(tapOf(lan.press('GỬI')));
    expect(labels()).toEqual(['✅ GỬI']);
    await screen.done(tapOf(lan.press('✅ GỬI')));
    expect(fake.calls.filter(({ method }) => method === 'editMessageReplyMarkup')).toHaveLength(1);
  });

  test('on a message that is gone, or told twice, harms nothing', async () => {
    const sent = await ask();
    const tap = tapOf(lan.press('1 · Nam'));
    await screen.done(tap);
    await screen.done(tap);
    expect(labels()).toEqual(['✅ 1 · Nam', '2 · Nữ']);
    const { message_id: id } = (sent as { result: { message_id: number } }).result;
    await api.call('deleteMessage', { chat_id: lan.chatId, message_id: id });
    await screen.done(tap);
    await screen.done({ ...tap, keyboard: null });
    fake.fail({ with: 'drop' });
    await screen.done(tap);
  });
});
