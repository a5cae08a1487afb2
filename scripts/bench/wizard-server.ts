/**
 * The same filing as telegraf's own pieces make it: a WizardScene of the same questions, its session in SQLite with our
 * settings. Prints `ready <port>`. Environment: TELEGRAM_API_ROOT, TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET; argument: folder.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Markup, Scenes, session, Telegraf } from 'telegraf';
import { answersOf } from './filing';

type Context = Scenes.WizardContext;
const { env } = process;
/** The answers, and the review that is sent. */
const QUESTIONS = answersOf(0).length + 1;
const ASK = 'Xin cho biết câu trả lời tiếp theo, ví dụ: Nguyễn Thị Hoa, 15/6/1985 hoặc 0912 345 678 ạ?';

const db = new DatabaseSync(join(process.argv[2] ?? '', 'wizard.sqlite'));
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000');
db.exec('CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, body TEXT NOT NULL)');
const read = db.prepare('SELECT body FROM sessions WHERE id = ?');
const write = db.prepare('INSERT OR REPLACE INTO sessions (id, body) VALUES (?, ?)');
const erase = db.prepare('DELETE FROM sessions WHERE id = ?');
const store = {
  get(id: string) {
    const row = read.get(id) as { body: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.body) as Scenes.WizardSession);
  },
  set: (id: string, value: Scenes.WizardSession) => void write.run(id, JSON.stringify(value)),
  delete: (id: string) => void erase.run(id),
};

const textOf = ({ message }: Context): string =>
  message !== undefined && 'text' in message ? message.text : '';
const buttons = Markup.inlineKeyboard([
  [Markup.button.callback('1 · Bỏ qua', 'c|skip'), Markup.button.callback('2 · Quay lại', 'c|back')],
]);

/** Keeps the answer of question `n` and asks the next one; the last says that it is sent. */
const step = (n: number) => async (ctx: Context) => {
  const state = ctx.wizard.state as Record<string, string>;
  state[`answer${n}`] = textOf(ctx);
  if (n < QUESTIONS) {
    await ctx.reply(`Câu ${n + 1} trong khoảng ${QUESTIONS}\n\n${ASK}`, buttons);
    return ctx.wizard.next();
  }
  await ctx.reply('Mã hồ sơ: 00000-00000-0');
  return ctx.scene.leave();
};

const steps = Array.from({ length: QUESTIONS + 1 }, (_, n) => step(n));
const wizard = new Scenes.WizardScene<Context>('extract', ...steps);
const bot = new Telegraf<Context>(env['TELEGRAM_BOT_TOKEN'] ?? '', {
  telegram: { apiRoot: env['TELEGRAM_API_ROOT'] ?? '', webhookReply: false },
});
// Spares it a question to Telegram at the first update.
bot.botInfo = { id: 1, is_bot: true, first_name: 'b', username: 'b' } as NonNullable<typeof bot.botInfo>;
bot.use(session({ store }));
bot.use(new Scenes.Stage<Context>([wizard]).middleware());
bot.start((ctx) => ctx.scene.enter('extract'));

const webhook = bot.webhookCallback('/webhooks/telegram', {
  secretToken: env['TELEGRAM_WEBHOOK_SECRET'] ?? '',
});
const server = createServer((request, response) => void webhook(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => {
  db.close();
  process.exit(0);
});
