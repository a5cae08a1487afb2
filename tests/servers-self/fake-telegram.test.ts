/** The fake's Bot API, called as bots call it: by Telegraf's client and by plain HTTP. */
import { createHash } from 'node:crypto';
import { Telegram } from 'telegraf';
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeOptions,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import { callBot, type Reply } from './bot-ends';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
let fake: FakeTelegram;
let bot: Telegram;
let lan: Citizen;

async function start(options: FakeOptions = {}): Promise<void> {
  fake = await startFakeTelegram({ scale: 100, ...options });
  bot = new Telegram(TOKEN, { apiRoot: fake.url });
  lan = fake.citizen({ firstName: 'Lan' });
  lan.start();
}
beforeEach(() => start());
afterEach(() => fake.close());
async function restart(options: FakeOptions): Promise<void> {
  await fake.close();
  await start(options);
}

const call = (method: string, body: object = {}, token = TOKEN): Promise<Reply> =>
  callBot(fake, method, body, token);
const say = (fields: object): Promise<Reply> => call('sendMessage', { chat_id: lan.chatId, ...fields });
const html = (text: string): Promise<Reply> => say({ text, parse_mode: 'HTML' });
const inline = (button: object): object => ({ reply_markup: { inline_keyboard: [[button]] } });

it.each([
  ['no such method', () => call('sendPigeon'), 404, 'method not found'],
  ['a token nobody has', () => call('getMe', {}, '1:x'), 401, 'Unauthorized'],
  ['a chat nobody wrote from', () => say({ chat_id: 5, text: 'a' }), 400, 'chat not found'],
  ['no text', () => say({}), 400, 'message text is empty'],
  ['unbalanced markup', () => html('<b>a'), 400, "Bad Request: can't parse entities: Can't find end tag"],
  ['only markup', () => html('<b></b> '), 400, 'text must be non-empty'],
  ['4,097 letters', () => say({ text: 'ế'.repeat(4097) }), 400, 'message is too long'],
  ['half a letter', () => say({ text: 'a\ud83d' }), 400, 'must be encoded in UTF-8'],
  [
    '22 letters of 3 bytes on a button',
    () => say({ text: 'a', ...inline({ text: 'a', callback_data: 'ế'.repeat(22) }) }),
    400,
    'BUTTON_DATA_INVALID',
  ],
  [
    'an empty button',
    () => say({ text: 'a', ...inline({ text: 'a', callback_data: '' }) }),
    400,
    'BUTTON_DATA_INVALID',
  ],
  [
    'a button that does nothing',
    () => say({ text: 'a', ...inline({ text: 'a' }) }),
    400,
    'Text buttons are unallowed',
  ],
  [
    'a button to localhost',
    () => say({ text: 'a', ...inline({ text: 'a', url: 'http://localhost:3000/' }) }),
    400,
    'Wrong HTTP URL',
  ],
  [
    'a secret of other letters',
    () => call('setWebhook', { url: 'http://127.0.0.1:1/', secret_token: 'a b' }),
    400,
    'unallowed characters',
  ],
  [
    'a command in capitals',
    () => call('setMyCommands', { commands: [{ command: 'Help', description: 'a' }] }),
    400,
    'BOT_COMMAND_INVALID',
  ],
  [
    'a tap nobody made',
    () => call('answerCallbackQuery', { callback_query_id: '7' }),
    400,
    'query is too old',
  ],
  [
    'an edit of nothing',
    () => call('editMessageText', { chat_id: lan.chatId, message_id: 99, text: 'a' }),
    400,
    'message to edit not found',
  ],
  ['a file nobody sent', () => call('getFile', { file_id: 'x' }), 400, 'wrong file identifier'],
  ['leaving a person', () => call('leaveChat', { chat_id: lan.chatId }), 400, 'private chats'],
] as const)('refuses %s', async (_name, ask, status, description) => {
  expect(await ask()).toMatchObject({
    ok: false,
    status,
    description: expect.stringContaining(description) as string,
  });
});

it('accepts what is just within the limits', async () => {
  const data = 'ế'.repeat(21) + 'a';
  expect(
    (await say({ text: `<${'a'.repeat(4095)}`, ...inline({ text: 'Đúng', callback_data: data }) })).ok,
  ).toBe(true);
  expect((await html(`<b>${'ế'.repeat(4096)}</b>`)).ok).toBe(true);
});

it('shows what a reader sees: trimmed, without control letters, entities moved along', async () => {
  await html('\n  <b>Chào\u0007 bà</b>\r\n ');
  expect(await lan.next()).toMatchObject({
    text: 'Chào  bà',
    entities: [{ type: 'bold', offset: 0, length: 8 }],
  });
});

it('reads JSON, forms and queries alike', async () => {
  const url = `${fake.url}/bot${TOKEN}/sendMessage`;
  const markup = JSON.stringify({ inline_keyboard: [[{ text: 'Đúng', callback_data: 'y' }]] });
  const fields = { chat_id: String(lan.chatId), text: 'Đúng chưa?', reply_markup: markup };
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, value));
  await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  await fetch(url, { method: 'POST', body: form });
  await fetch(`${url}?${new URLSearchParams(fields).toString()}`);
  const seen = lan.shown().map(({ text, buttons }) => [text, buttons]);
  expect(seen).toEqual(Array(3).fill(['Đúng chưa?', [[{ label: 'Đúng', data: 'y' }]]]));
});

it('edits once, counts it, and refuses the same again', async () => {
  const sent = await bot.sendMessage(lan.chatId, 'Đúng chưa?', inline({ text: 'Đúng', callback_data: 'y' }));
  const update = lan.press('Đúng');
  expect(update.callback_query).toMatchObject({ data: 'y', message: { message_id: sent.message_id } });
  expect(lan.spinning()).toHaveLength(1);
  await bot.answerCbQuery(update.callback_query!.id, 'Đã ghi');
  await expect(bot.answerCbQuery(update.callback_query!.id)).rejects.toThrow('query is too old');
  await bot.editMessageText(lan.chatId, sent.message_id, undefined, 'Đúng ✓');
  expect(lan.shown()).toMatchObject([{ text: 'Đúng ✓', buttons: [], edits: 1 }]);
  expect([lan.toasts(), lan.spinning()]).toEqual([[{ text: 'Đã ghi', alert: false }], []]);
  const again = bot.editMessageText(lan.chatId, sent.message_id, undefined, 'Đúng ✓');
  await expect(again).rejects.toThrow('message is not modified');
  await expect(bot.editMessageText(lan.chatId, 1, undefined, 'a')).rejects.toThrow("can't be edited");
  await bot.deleteMessage(lan.chatId, sent.message_id);
  expect(lan.shown()).toEqual([]);
});

it('refuses to answer a tap after its time', async () => {
  await restart({ scale: 10_000 });
  const { id } = lan.press({ message: 1, data: 'a' }).callback_query!;
  await new Promise((done) => setTimeout(done, 30));
  await expect(bot.answerCbQuery(id)).rejects.toThrow('query is too old');
});

it('carries files there and back', async () => {
  const scan = Buffer.from('%PDF-1.7 giấy chứng sinh');
  const { message } = lan.document(scan, { name: 'giấy.pdf' });
  const link = await bot.getFileLink(message!.document!.file_id);
  expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(scan);
  const sizes = lan.photo(PNG).message!.photo!;
  expect(sizes.map(({ width }) => width)).toEqual([90, 1280]);
  expect(sizes.at(-1)!.file_size).toBe(PNG.length);
  const sent = await bot.sendDocument(
    lan.chatId,
    { source: scan, filename: 'tờ khai.pdf' },
    { caption: 'Tờ khai' },
  );
  await bot.sendDocument(lan.chatId, sent.document.file_id);
  await bot.sendPhoto(lan.chatId, { source: PNG });
  const files = lan.shown().map(({ document, photo }) => document ?? photo);
  expect(files).toEqual([
    { name: 'tờ khai.pdf', mime: 'application/pdf', bytes: scan },
    { name: 'tờ khai.pdf', mime: 'application/pdf', bytes: scan },
    expect.objectContaining({ bytes: PNG }),
  ]);
  const sha256 = createHash('sha256').update(scan).digest('hex');
  const noted = fake.calls.find(({ method }) => method === 'sendDocument')!.payload;
  expect(noted).toMatchObject({ document: { name: 'tờ khai.pdf', bytes: scan.length, sha256 } });
  await expect(bot.sendPhoto(lan.chatId, { source: scan })).rejects.toThrow('IMAGE_PROCESS_FAILED');
  await expect(bot.sendPhoto(lan.chatId, sent.document.file_id)).rejects.toThrow("can't use file of type");
});

it('gives no file above 20 MB out, takes no photo above 10 MB and no file above 50 MB in', async () => {
  const big = lan.document(Buffer.alloc(20 * 1024 * 1024 + 1));
  await expect(bot.getFile(big.message!.document!.file_id)).rejects.toThrow('file is too big');
  const photo = Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]);
  await expect(bot.sendPhoto(lan.chatId, { source: photo })).rejects.toThrow('file is too big');
  const huge = { source: Buffer.alloc(50 * 1024 * 1024 + 1), filename: 'a.bin' };
  await expect(bot.sendDocument(lan.chatId, huge)).rejects.toThrow('Too Large');
});

it('sends albums both ways', async () => {
  const updates = lan.album([PNG, PNG, PNG], { caption: 'ba trang' });
  const groups = new Set(updates.map(({ message }) => message!.media_group_id));
  expect([groups.size, updates.map(({ message }) => message!.caption)]).toEqual([
    1,
    ['ba trang', undefined, undefined],
  ]);
  const media = [1, 2].map((page) => ({
    type: 'photo' as const,
    media: { source: PNG },
    caption: `Trang ${page}`,
  }));
  const sent = await bot.sendMediaGroup(lan.chatId, media);
  expect(lan.shown().map(({ text, album }) => [text, album])).toEqual([
    ['Trang 1', sent[0]!.media_group_id],
    ['Trang 2', sent[0]!.media_group_id],
  ]);
  await expect(bot.sendMediaGroup(lan.chatId, media.slice(0, 1))).rejects.toThrow('2-10 items');
});

it('brings contact, place, voice and stickers, and the keyboard that asks for them', async () => {
  const keyboard = [[{ text: 'Gửi số của tôi', request_contact: true }]];
  await bot.sendMessage(lan.chatId, 'Số điện thoại?', { reply_markup: { keyboard } });
  expect(lan.keyboard()).toEqual([['Gửi số của tôi']]);
  expect(lan.press('Gửi số của tôi').message!.contact!.user_id).toBe(lan.user.id);
  expect(lan.contact('0912', { own: false }).message!.contact!.user_id).not.toBe(lan.user.id);
  expect(lan.location(21.03, 105.85).message!.location).toEqual({ latitude: 21.03, longitude: 105.85 });
  expect(lan.voice(Buffer.from('OggS'), { seconds: 4 }).message!.voice).toMatchObject({ duration: 4 });
  expect(lan.sticker().message!.sticker).toMatchObject({ file_id: expect.stringMatching(/.+/) as string });
  const own = lan.text('Lân');
  expect(lan.edit(own, 'Lan').edited_message).toMatchObject({
    text: 'Lan',
    message_id: own.message!.message_id,
  });
  await bot.sendMessage(lan.chatId, 'Cảm ơn', { reply_markup: { remove_keyboard: true } });
  expect(lan.keyboard()).toEqual([]);
});

it('answers 403 while a citizen blocks, and tells the bot of it', async () => {
  expect(lan.block().my_chat_member).toMatchObject({ new_chat_member: { status: 'kicked' } });
  expect(await say({ text: 'a' })).toMatchObject({
    status: 403,
    description: 'Forbidden: bot was blocked by the user',
  });
  lan.unblock();
  expect((await say({ text: 'a' })).ok).toBe(true);
  const group = lan.joinGroup();
  await bot.sendMessage(group.chatId, 'chào cả nhà');
  expect(group.shown()).toHaveLength(1);
  await bot.leaveChat(group.chatId);
  expect(await say({ chat_id: group.chatId, text: 'a' })).toMatchObject({ status: 403 });
});

it('polls: waits for news, repeats until confirmed, one poller at a time', async () => {
  const first = await bot.getUpdates(0, 100, 0, undefined);
  expect(await bot.getUpdates(0, 100, 0, undefined)).toEqual(first);
  const offset = first[0]!.update_id + 1;
  const waiting = bot.getUpdates(50, 100, offset, undefined);
  const update = lan.text('mới');
  expect(await waiting).toEqual([update]);
  const lost = expect(bot.getUpdates(50, 100, offset + 1, undefined)).rejects.toThrow(
    '409: Conflict: terminated',
  );
  await new Promise((done) => setTimeout(done, 20));
  expect(await bot.getUpdates(0, 100, offset + 1, undefined)).toEqual([]);
  await lost;
  expect(fake.pending()).toEqual([]);
  await fake.redeliver(update);
  expect(await bot.getUpdates(0, 100, offset + 1, undefined)).toEqual([update]);
  const empty = Date.now();
  expect(await bot.getUpdates(10, 100, offset + 1, undefined)).toEqual([]);
  expect(Date.now() - empty).toBeGreaterThanOrEqual(95);
});

it('polls not beside a webhook, in portions, of wanted kinds', async () => {
  lan.text('một');
  lan.text('hai');
  expect(await call('getUpdates', { limit: 2, allowed_updates: ['message'] })).toMatchObject({
    result: [{}, {}],
  });
  lan.press({ message: 1, data: 'a' });
  expect((await call('getUpdates', { offset: -1 })).result).toMatchObject([{ message: { text: 'hai' } }]);
  fake.hold();
  await bot.setWebhook('http://127.0.0.1:1/', {
    secret_token: 's',
    max_connections: 7,
    drop_pending_updates: true,
  });
  expect(await bot.getWebhookInfo()).toMatchObject({ max_connections: 7, pending_update_count: 0 });
  await expect(bot.getUpdates(0, 1, 0, undefined)).rejects.toThrow("409: Conflict: can't use getUpdates");
  await bot.deleteWebhook();
  expect(await bot.getUpdates(0, 1, 0, undefined)).toEqual([]);
});

it('keeps commands per language, and apart for each bot', async () => {
  const other = '222:other';
  await restart({ bots: [TOKEN, { token: other, username: 'xa_hai_bot' }] });
  const vi = [{ command: 'huy', description: 'Hủy' }];
  await bot.setMyCommands(vi, { language_code: 'vi' });
  expect(await bot.getMyCommands({ language_code: 'vi' })).toEqual(vi);
  expect(await bot.getMyCommands()).toEqual([]);
  const second = new Telegram(other, { apiRoot: fake.url });
  expect((await second.getMe()).username).toBe('xa_hai_bot');
  await expect(second.sendMessage(lan.chatId, 'a')).rejects.toThrow('chat not found');
  const minh = fake.citizen({ bot: other, id: lan.user.id });
  minh.start();
  await second.sendMessage(minh.chatId, 'a');
  expect([lan.shown().length, minh.shown().length]).toEqual([0, 1]);
});

it('forgets the oldest calls, and in stub mode all but their number', async () => {
  await restart({ keep: 10 });
  for (let number = 0; number < 15; number += 1) await say({ text: `${number}` });
  expect(fake.calls.length).toBeLessThanOrEqual(10);
  expect(fake.calls.at(-1)).toMatchObject({ payload: { text: '14' }, answer: { text: '14' } });
  await restart({ stub: true });
  expect((await say({ chat_id: 12345, text: 'a' })).ok).toBe(true);
  expect([fake.calls.length, fake.counters.get('sendMessage')]).toEqual([0, 1]);
});
