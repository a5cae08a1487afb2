/** Messages out, against a server that behaves like Telegram's. */
import { create } from 'qrcode';
import sharp from 'sharp';
import { openBotApi, type BotApi } from '../../src/channels/telegram/bot-api';
import { sender, type Sender } from '../../src/channels/telegram/send';
import { AppError, codeOf } from '../../src/errors';
import type { OutFile, Outgoing } from '../../src/ports/channel';
import type { StoredFile } from '../../src/ports/files';
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';

let fake: FakeTelegram;
let lan: Citizen;
let out: Sender;
let errors: unknown[];
let open: (file: OutFile) => Promise<StoredFile | null>;
/** ms that the clock is ahead. */
let ahead: number;

const clock = () => Date.now() + ahead;
const chatOf = (citizen: Citizen) => String(citizen.chatId);
const soon = (ms = 6_000) => clock() + ms;

beforeEach(async () => {
  fake = await startFakeTelegram();
  lan = fake.citizen({ firstName: 'Lan' });
  lan.start();
  errors = [];
  ahead = 0;
  open = () => Promise.resolve(null);
  const api = openBotApi({ token: TOKEN, apiRoot: fake.url });
  out = senderBy(api);
});
const senderBy = (api: BotApi, ending?: AbortSignal) =>
  sender({
    api,
    open: (file) => open(file),
    fileWords: (chat, fate) => Promise.resolve(`Tệp ${fate}, ${chat}.`),
    clock,
    onError: (error) => void errors.push(error),
    ...(ending === undefined ? {} : { ending }),
  });
afterEach(() => fake.close());

const say = (seq: number, text: string, more: Partial<Outgoing> = {}): Outgoing => ({
  seq,
  at: 1_000 + seq,
  text,
  buttons: [],
  ...more,
});
const texts = (citizen = lan) => citizen.shown().map(({ text }) => text);
const declaration: OutFile = { type: 'declaration', dossier: 'd1', owner: 'c1', format: 'pdf' };
const pdf: StoredFile = {
  name: 'Tờ khai.pdf',
  type: 'application/pdf',
  bytes: Buffer.from('%PDF-1.7 tờ khai'),
};

/** What a reader makes of a picture, module by module within its white border: '#' is dark. */
async function scanned(png: Buffer): Promise<readonly string[]> {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  const side = info.width / 16;
  expect([info.width, side % 1]).toEqual([info.height, 0]);
  const at = (x: number, y: number) => (data[(y * 16 + 8) * info.width + x * 16 + 8]! < 128 ? '#' : '.');
  const rows = Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_unused, x) => at(x, y)).join(''),
  );
  const border = [
    ...rows.slice(0, 4),
    ...rows.slice(-4),
    ...rows.map((row) => row.slice(0, 4) + row.slice(-4)),
  ];
  expect(border.join('')).toMatch(/^\.+$/);
  return rows.slice(4, -4).map((row) => row.slice(4, -4));
}

function modulesOf(content: string): readonly string[] {
  const { modules } = create(content, { errorCorrectionLevel: 'M' });
  return Array.from({ length: modules.size }, (_, y) =>
    Array.from({ length: modules.size }, (_unused, x) => (modules.get(y, x) ? '#' : '.')).join(''),
  );
}

describe('what the citizen sees', () => {
  test('messages in their order, plain whatever is in them, without previews', async () => {
    const messages = [say(1, 'Chào <b>bà</b> & ông'), say(2, 'Mã: 7K2M9-QX4TB-H')];
    expect(await out.send(chatOf(lan), messages, soon())).toBe('sent');
    expect(texts()).toEqual(['Chào <b>bà</b> & ông', 'Mã: 7K2M9-QX4TB-H']);
    expect(lan.shown()[1]?.entities).toEqual([{ type: 'code', offset: 4, length: 13 }]);
    expect(fake.calls.map(({ payload }) => payload['link_preview_options'])).toEqual([
      { is_disabled: true },
      { is_disabled: true },
    ]);
    expect(errors).toEqual([]);
  });

  test('buttons below the last part of a long text', async () => {
    const buttons = [{ id: 'a|sex|male', label: 'Nam' }];
    const long = 'Câu này nói về hồ sơ. '.repeat(400).trim();
    expect(await out.send(chatOf(lan), [say(1, long, { buttons })], soon())).toBe('sent');
    const parts = lan.shown();
    expect(parts.length).toBe(3);
    expect(parts.map(({ text }) => text).join(' ')).toBe(long);
    expect(parts.map((part) => part.buttons.flat().length)).toEqual([0, 0, 1]);
  });

  test('a button for the own number, and its end', async () => {
    const asks = { type: 'phone', label: 'Gửi số của tôi' } as const;
    await out.send(chatOf(lan), [say(1, 'Số điện thoại?', { asks })], soon());
    expect(lan.keyboard()).toEqual([['Gửi số của tôi']]);
    expect(lan.press('Gửi số của tôi').message?.contact?.user_id).toBe(lan.user.id);
    await out.send(chatOf(lan), [say(2, 'Cảm ơn ạ.')], soon());
    expect(lan.keyboard()).toEqual([]);
  });

  test('a code to scan, with the words and the whole link', async () => {
    const url = 'https://x.vn/tra-cuu';
    const message = say(1, 'Quét mã:', { qr: url, links: [{ label: 'Tra cứu', url }] });
    expect(await out.send(chatOf(lan), [message], soon())).toBe('sent');
    const [shown] = lan.shown();
    expect(shown?.text).toBe(`Quét mã:\n\nTra cứu: ${url}`);
    expect(await scanned(shown!.photo!.bytes)).toEqual(modulesOf(url));
  });

  test('words that a caption cannot hold come before the code', async () => {
    const message = say(1, 'a'.repeat(1_025), { qr: 'https://x.vn/1' });
    expect(await out.send(chatOf(lan), [message], soon())).toBe('sent');
    expect(lan.shown().map(({ text, photo }) => [text.length, photo !== undefined])).toEqual([
      [1_025, false],
      [14, true],
    ]);
  });

  test('a code that Telegram cannot read as a picture: the words all the same', async () => {
    const body = JSON.stringify({
      ok: false,
      error_code: 400,
      description: 'Bad Request: IMAGE_PROCESS_FAILED',
    });
    fake.fail({ with: 'answer', method: 'sendPhoto', status: 400, body });
    expect(await out.send(chatOf(lan), [say(1, 'Quét mã:', { qr: 'https://x.vn/1' })], soon())).toBe('sent');
    expect(texts()).toEqual(['Quét mã:']);
  });

  test('files behind their words, under their names', async () => {
    open = () => Promise.resolve({ ...pdf, name: 'Tờ "khai"\r\nX: 1.pdf' });
    const message = say(1, 'Tờ khai đây ạ:', { files: [declaration] });
    expect(await out.send(chatOf(lan), [message, say(2, 'Xong')], soon())).toBe('sent');
    const [words, file, after] = lan.shown();
    expect([words?.text, after?.text]).toEqual(['Tờ khai đây ạ:', 'Xong']);
    expect(file?.document).toMatchObject({ name: 'Tờ _khai___X: 1.pdf', bytes: pdf.bytes });
  });

  test('a file that is gone is passed over', async () => {
    expect(await out.send(chatOf(lan), [say(1, 'Đây ạ', { files: [declaration] })], soon())).toBe('sent');
    expect(texts()).toEqual(['Đây ạ']);
    expect(errors).toEqual([]);
  });

  test('"is typing"', async () => {
    await out.working(chatOf(lan));
    expect(lan.actions().map(({ action }) => action)).toEqual(['typing']);
  });
});

describe('what stops a chat', () => {
  test('too many messages: silence as long as Telegram asks, for this chat alone', async () => {
    const ba = fake.citizen({ firstName: 'Ba' });
    ba.start();
    fake.fail({ with: '429', chat: lan.chatId, method: 'sendMessage', after: 1, times: 1, retryAfter: 7 });
    const messages = [say(1, 'Một'), say(2, 'Hai')];
    expect(await out.send(chatOf(lan), messages, soon())).toEqual({ later: { sentUpTo: 1, waitMs: 7_000 } });
    const before = fake.calls.length;
    ahead = 6_000;
    const again = await out.send(chatOf(lan), messages.slice(1), soon());
    await out.working(chatOf(lan));
    expect(again).toEqual({ later: { sentUpTo: 0, waitMs: expect.any(Number) as number } });
    expect(fake.calls.length).toBe(before);
    expect(await out.send(chatOf(ba), [say(1, 'Chào')], soon())).toBe('sent');
    ahead = 7_001;
    expect(await out.send(chatOf(lan), messages.slice(1), soon())).toBe('sent');
    expect(texts()).toEqual(['Một', 'Hai']);
  });

  test('a long message goes on where it was stopped, and counts when all of it is there', async () => {
    const long = 'Câu này nói về hồ sơ. '.repeat(400).trim();
    fake.fail({ with: '429', method: 'sendMessage', after: 1, times: 1, retryAfter: 1 });
    const stopped = await out.send(chatOf(lan), [say(4, long)], soon());
    expect(stopped).toEqual({ later: { sentUpTo: 0, waitMs: 1_000 } });
    ahead = 1_001;
    expect(await out.send(chatOf(lan), [say(4, long)], soon())).toBe('sent');
    expect(texts().join(' ')).toBe(long);
    // Another talk in the same chat numbers its messages anew.
    expect(await out.send(chatOf(lan), [{ ...say(4, 'Chào'), at: 9 }], soon())).toBe('sent');
    expect(texts().at(-1)).toBe('Chào');
  });

  test.each(['502', '500', 'drop', 'silence', 'redirect'] as const)(
    '%s: later, and sent then',
    async (fault) => {
      fake.fail({ with: fault, method: 'sendMessage', after: 1, times: 1 });
      const stopped = await out.send(chatOf(lan), [say(1, 'Một'), say(2, 'Hai')], soon(1_500));
      expect(stopped).toEqual({ later: { sentUpTo: 1, waitMs: 1_000 } });
      expect(await out.send(chatOf(lan), [say(2, 'Hai')], soon())).toBe('sent');
      expect(texts()).toEqual(['Một', 'Hai']);
    },
  );

  test('what was done without an answer is sent once more', async () => {
    fake.fail({ with: 'accept-then-drop', method: 'sendMessage', times: 1 });
    expect(await out.send(chatOf(lan), [say(1, 'Một')], soon())).toMatchObject({ later: { sentUpTo: 0 } });
    expect(await out.send(chatOf(lan), [say(1, 'Một')], soon())).toBe('sent');
    expect(texts()).toEqual(['Một', 'Một']);
  });

  test('what is never known to be there is sent once more, never again; it is logged', async () => {
    fake.fail({ with: 'accept-then-502', method: 'sendMessage', times: 6 });
    const messages = [say(1, 'Một'), say(2, 'Hai')];
    expect(await out.send(chatOf(lan), messages, soon())).toEqual({ later: { sentUpTo: 0, waitMs: 1_000 } });
    // The second message begins its own count.
    expect(await out.send(chatOf(lan), messages, soon())).toMatchObject({ later: { sentUpTo: 1 } });
    expect(await out.send(chatOf(lan), messages.slice(1), soon())).toBe('sent');
    expect(texts()).toEqual(['Một', 'Một', 'Hai', 'Hai']);
    expect(errors.map(codeOf)).toEqual(['channel-unavailable', 'channel-unavailable']);
  });

  test('an outage costs neither words nor more than one copy', async () => {
    fake.fail({ with: 'accept-then-502' });
    for (let i = 0; i < 6; i++)
      expect(await out.send(chatOf(lan), [say(1, 'Một')], soon())).toMatchObject({ later: { sentUpTo: 0 } });
    expect(texts()).toEqual(['Một']);
    fake.heal();
    expect(await out.send(chatOf(lan), [say(1, 'Một')], soon())).toBe('sent');
    expect(texts()).toEqual(['Một', 'Một']);
  });

  test('what certainly did not go out is repeated until it is there', async () => {
    const nowhere = openBotApi({ token: TOKEN, apiRoot: 'http://127.0.0.1:1' });
    let api = nowhere;
    const moving = senderBy({ call: (...args) => api.call(...args) });
    for (let i = 0; i < 6; i++)
      expect(await moving.send(chatOf(lan), [say(1, 'Một')], soon())).not.toBe('sent');
    api = openBotApi({ token: TOKEN, apiRoot: fake.url });
    expect(await moving.send(chatOf(lan), [say(1, 'Một')], soon())).toBe('sent');
    expect(texts()).toEqual(['Một']);
  });

  test('the end of the house gives up a call that hangs, and begins none', async () => {
    fake.fail({ with: 'silence' });
    const ending = new AbortController();
    const mine = senderBy(openBotApi({ token: TOKEN, apiRoot: fake.url }), ending.signal);
    const from = Date.now();
    setTimeout(() => ending.abort(), 50);
    expect(await mine.send(chatOf(lan), [say(1, 'Một')], soon(20_000))).not.toBe('sent');
    const calls = fake.calls.length;
    expect(await mine.send(chatOf(lan), [say(1, 'Một')], soon())).toMatchObject({ later: { waitMs: 1_000 } });
    expect(fake.calls.length).toBe(calls);
    expect(Date.now() - from).toBeLessThan(10_000);
  });

  test('the waits grow up to a minute while Telegram is away', async () => {
    fake.fail({ with: '502' });
    const waits: unknown[] = [];
    for (let i = 0; i < 8; i++) waits.push(await out.send(chatOf(lan), [say(1, 'Một')], soon()));
    const waited = waits.map((one) => (one as { later: { waitMs: number } }).later.waitMs);
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('it returns before its time is over, whatever hangs', async () => {
    fake.fail({ with: 'silence' });
    const until = soon(1_200);
    expect(await out.send(chatOf(lan), [say(1, 'Một')], until)).toMatchObject({ later: { sentUpTo: 0 } });
    expect(clock()).toBeLessThan(until);
    fake.heal();
    open = () => new Promise(() => undefined);
    const next = soon(1_200);
    const withFile = [say(2, 'Hai'), say(3, 'Tệp', { files: [declaration] })];
    expect(await out.send(chatOf(lan), withFile, next)).toMatchObject({ later: { sentUpTo: 2 } });
    expect(clock()).toBeLessThan(next);
    expect(texts()).toEqual(['Hai', 'Tệp']);
  });

  test('without time nothing is begun', async () => {
    expect(await out.send(chatOf(lan), [say(1, 'Một')], soon(100))).toEqual({
      later: { sentUpTo: 0, waitMs: 0 },
    });
    expect(fake.calls).toEqual([]);
  });

  test.each([
    ['blocked', (): void => void lan.block()],
    ['never seen', (): void => void (lan = fake.citizen({ id: 99 }))],
  ])('a citizen who is %s: unreachable', async (_, leave) => {
    leave();
    expect(await out.send(chatOf(lan), [say(1, 'Một')], soon())).toEqual({ unreachable: { sentUpTo: 0 } });
    await out.working(chatOf(lan));
  });

  test('a wrong token loses nothing', async () => {
    const api = openBotApi({ token: '1:wrong', apiRoot: fake.url });
    const other = senderBy(api);
    const outcome = await other.send(chatOf(lan), [say(1, 'Một')], soon());
    expect(outcome).toEqual({ later: { sentUpTo: 0, waitMs: 60_000 } });
    expect(errors.map(codeOf)).toEqual(['channel-unavailable']);
  });
});

describe('what Telegram refuses for good', () => {
  test('markup: the same words plain, at once', async () => {
    fake.fail({ with: '400', method: 'sendMessage', times: 1 });
    expect(await out.send(chatOf(lan), [say(1, 'A < B')], soon())).toBe('sent');
    expect(texts()).toEqual(['A < B']);
    expect(errors).toEqual([]);
  });

  test('a message without anything to see does not block the chat', async () => {
    expect(await out.send(chatOf(lan), [say(1, '\u0000\u202e\r'), say(2, 'Hai')], soon())).toBe('sent');
    expect(texts()).toEqual(['Hai']);
    expect(errors.map((error) => (error as AppError).details)).toEqual([{ code: 400 }]);
  });

  test('a fault of ours in what comes with it: the bare words', async () => {
    const buttons = [{ id: 'x'.repeat(65), label: 'X' }];
    expect(await out.send(chatOf(lan), [say(1, 'Một', { buttons })], soon())).toBe('sent');
    const message = say(2, 'Hai', { qr: 'x'.repeat(4_000) });
    expect(await out.send(chatOf(lan), [message], soon())).toBe('sent');
    expect(texts()).toEqual(['Một', 'Hai']);
    expect(errors.map(codeOf)).toEqual(['engine-bound', 'internal']);
  });

  test('a file that cannot be made is tried five times, then the chat is told and what follows is said', async () => {
    let tries = 0;
    open = () => {
      tries += 1;
      return Promise.reject(new AppError('internal', 'a form that cannot be made'));
    };
    const messages = [say(1, 'Tệp', { files: [declaration] }), say(2, 'Hai')];
    const outcomes: unknown[] = [];
    for (let i = 0; i < 5; i++) outcomes.push(await out.send(chatOf(lan), messages, soon()));
    expect(outcomes.slice(3)).toEqual([{ later: { sentUpTo: 0, waitMs: 8_000 } }, 'sent']);
    expect([tries, errors.length]).toEqual([5, 5]);
    expect(texts()).toEqual(['Tệp', `Tệp not-sent, ${chatOf(lan)}.`, 'Hai']);
  });

  test('a file of unknown fate is uploaded once more, then the chat is told', async () => {
    open = () => Promise.resolve(pdf);
    fake.fail({ with: 'accept-then-silence', method: 'sendDocument' });
    const message = say(1, 'Tệp', { files: [declaration] });
    expect(await out.send(chatOf(lan), [message], soon(1_500))).toMatchObject({ later: { sentUpTo: 0 } });
    // What is said of it must get there too.
    fake.fail({ with: '429', method: 'sendMessage', times: 1, retryAfter: 1 });
    // The wait took all of its time.
    expect(await out.send(chatOf(lan), [message], soon(1_500))).toEqual({
      later: { sentUpTo: 0, waitMs: 0 },
    });
    expect(await out.send(chatOf(lan), [message], soon())).toMatchObject({ later: { waitMs: 1_000 } });
    ahead += 1_001;
    expect(await out.send(chatOf(lan), [message, say(2, 'Hai')], soon())).toBe('sent');
    const shown = lan.shown().map(({ text, document }) => document?.name ?? text);
    expect(shown).toEqual(['Tệp', pdf.name, pdf.name, `Tệp unknown, ${chatOf(lan)}.`, 'Hai']);
  });

  test('a file that Telegram refuses: the chat is told at once', async () => {
    open = () => Promise.resolve(pdf);
    const body = JSON.stringify({ ok: false, error_code: 413, description: 'Request Entity Too Large' });
    fake.fail({ with: 'answer', method: 'sendDocument', status: 413, body });
    expect(await out.send(chatOf(lan), [say(1, 'Tệp', { files: [declaration] })], soon())).toBe('sent');
    expect(texts()).toEqual(['Tệp', `Tệp not-sent, ${chatOf(lan)}.`]);
  });

  test('a file behind slow words waits for a run of its own', async () => {
    open = () => Promise.resolve(pdf);
    fake.fail({ with: 'slow', method: 'sendMessage', ms: 1_000 });
    const message = say(1, 'Tệp', { files: [declaration] });
    expect(await out.send(chatOf(lan), [message], soon(1_800))).toEqual({
      later: { sentUpTo: 0, waitMs: 0 },
    });
    expect(fake.calls.map(({ method }) => method)).toEqual(['sendMessage']);
    expect(await out.send(chatOf(lan), [message], soon(1_800))).toBe('sent');
    expect(lan.shown().map(({ text, document }) => document?.name ?? text)).toEqual(['Tệp', pdf.name]);
  });

  test('too many messages are no reason to pass a file over', async () => {
    open = () => Promise.resolve(pdf);
    fake.fail({ with: '429', method: 'sendDocument', times: 7, retryAfter: 1 });
    const message = say(1, 'Tệp', { files: [declaration] });
    for (let i = 0; i < 7; i++) {
      expect(await out.send(chatOf(lan), [message], soon())).toMatchObject({ later: { sentUpTo: 0 } });
      ahead += 1_001;
    }
    expect(await out.send(chatOf(lan), [message], soon())).toBe('sent');
    expect(lan.shown().map(({ document }) => document?.name)).toEqual([undefined, pdf.name]);
  });
});
