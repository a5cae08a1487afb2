/** Papers are between one citizen and the counter: in a group the bot says so and leaves. */
import type { BotApi } from './bot-api';

/** Telegram tells of a new group twice at once. */
const ONCE_MS = 60_000;
const MAX_KNOWN = 1_000;

/** Never rejects. */
export function groupLeaver(
  api: BotApi,
  clock: () => number,
  words: string,
): (group: string) => Promise<void> {
  const left = new Map<string, number>();
  return async (group) => {
    const now = clock();
    if (now - (left.get(group) ?? -Infinity) < ONCE_MS) return;
    if (left.size >= MAX_KNOWN) left.clear();
    left.set(group, now);
    // The chat id as Telegram writes it: of a group it is a negative number.
    const chat = Number(group);
    await api.call('sendMessage', { chat_id: chat, text: words }).catch(() => undefined);
    await api.call('leaveChat', { chat_id: chat }).catch(() => undefined);
  };
}
