/** What a pressed button looks like afterwards. */
import type { BotApi } from './bot-api';
import type { InlineKeyboard } from './keyboard';

export interface Tap {
  /** Of the callback query. */
  readonly id: string;
  readonly chat: string;
  readonly messageId: number;
  /** The buttons of its message as they stood; null when Telegram did not tell. */
  readonly keyboard: InlineKeyboard | null;
  /** Id of the pressed button. */
  readonly data: string;
}

const DONE = '✅ ';
const WITHIN_MS = 5_000;

/** Ends the button's spinning, then shows which was pressed. Never rejects: what is too old or gone is fine. */
export async function markTap(api: BotApi, { id, chat, messageId, keyboard, data }: Tap): Promise<void> {
  const within = { withinMs: WITHIN_MS };
  await api.call('answerCallbackQuery', { callback_query_id: id }, within);
  const marked = keyboard === null ? null : markedKeyboard(keyboard, data);
  if (marked === null) return;
  const place = { chat_id: chat, message_id: messageId };
  await api.call('editMessageReplyMarkup', { ...place, reply_markup: marked }, within);
}

/** Null: nothing changes. Deeds work once, so the other buttons beside one go; answers can still be changed by a press. */
export function markedKeyboard(
  { inline_keyboard: rows }: InlineKeyboard,
  data: string,
): InlineKeyboard | null {
  const pressed = rows.flat().find((button) => button.callback_data === data);
  if (pressed === undefined) return null;
  const bare = (text: string) => (text.startsWith(DONE) ? text.slice(DONE.length) : text);
  const marked = { ...pressed, text: DONE + bare(pressed.text) };
  const once = data.startsWith('d|');
  const others = rows.map((row) =>
    row.map((one) => (one === pressed ? marked : { ...one, text: bare(one.text) })),
  );
  const next = { inline_keyboard: once ? [[marked]] : others };
  return JSON.stringify(next.inline_keyboard) === JSON.stringify(rows) ? null : next;
}
