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

/** Ends the button's spinning. Never rejects: what is too old or gone is fine. */
export async function answerTap(api: BotApi, { id }: Tap): Promise<void> {
  await api.call('answerCallbackQuery', { callback_query_id: id }, { withinMs: WITHIN_MS });
}

/** The pressed deed was worn out: it did nothing, and neither would the others beside it. What was done before stays. */
export function wornKeyboard({ inline_keyboard: rows }: InlineKeyboard): InlineKeyboard {
  const kept = rows.map((row) => row.filter(({ text }) => text.startsWith(DONE)));
  return { inline_keyboard: kept.filter((row) => row.length > 0) };
}

/** Which button was pressed; null: none of these. Deeds work once, so the other buttons beside one go; answers can still be changed by a press. */
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
  return { inline_keyboard: once ? [[marked]] : others };
}
