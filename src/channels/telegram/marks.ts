/** Buttons of messages that stand: in each message one edit after another, and what was pressed last is what stays. */
import type { BotApi } from './bot-api';
import type { InlineKeyboard } from './keyboard';
import { rest } from './rest';
import type { Silences } from './silences';

export interface MarksDeps {
  readonly api: BotApi;
  readonly silences: Silences;
  /** What waits is forgotten. */
  readonly ending: AbortSignal;
}

/** A message, and its buttons as they stood when they were pressed. */
export interface Place {
  readonly chat: string;
  readonly messageId: number;
  readonly keyboard: InlineKeyboard | null;
}

/** Shows these buttons, unless others are asked for meanwhile. Resolves when the message is at rest; never rejects. */
export type Marks = (place: Place, keyboard: InlineKeyboard) => Promise<void>;

interface Lane {
  /** Asked for, and not begun. */
  next: { readonly keyboard: InlineKeyboard; readonly before: InlineKeyboard | null } | null;
  /** What we set last; null: nobody knows what became of it. */
  last: string | null | undefined;
  work: Promise<void> | null;
}

const WITHIN_MS = 5_000;
const MOST_TRIES = 3;
const AGAIN_MS = 1_000;
/** Later than this nobody looks at it. */
const LATEST_MS = 5 * 60_000;
const MAX_LANES = 1_000;

export function openMarks(deps: MarksDeps): Marks {
  const lanes = new Map<string, Lane>();
  return (place, keyboard) => {
    const name = `${place.chat} ${place.messageId}`;
    const lane = lanes.get(name) ?? { next: null, last: undefined, work: null };
    // The one unused longest goes first.
    lanes.delete(name);
    lanes.set(name, lane);
    const [oldest] = lanes.keys();
    if (lanes.size > MAX_LANES && oldest !== undefined) lanes.delete(oldest);
    lane.next = { keyboard, before: place.keyboard };
    return (lane.work ??= work(deps, place, lane).finally(() => (lane.work = null)));
  };
}

async function work(deps: MarksDeps, place: Place, lane: Lane): Promise<void> {
  for (let one = lane.next; one !== null; one = lane.next) {
    lane.next = null;
    const wanted = JSON.stringify(one.keyboard);
    // Another process may have set the message otherwise: what was pressed tells more than what we remember.
    const stands = wanted === JSON.stringify(one.before) && (lane.last ?? wanted) === wanted;
    if (stands && lane.last !== null) continue;
    lane.last = (await shown(deps, place, lane, one.keyboard)) ? wanted : null;
  }
}

/** False: it is not known to be there. */
async function shown(
  { api, silences, ending }: MarksDeps,
  { chat, messageId }: Place,
  lane: Lane,
  keyboard: InlineKeyboard,
): Promise<boolean> {
  const payload = { chat_id: chat, message_id: messageId, reply_markup: keyboard };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const waitMs = Math.max(silences.left(chat), tries === 0 ? 0 : AGAIN_MS);
    if (waitMs > LATEST_MS) return false;
    if (waitMs > 0) await rest(waitMs, ending);
    if (ending.aborted || lane.next !== null) return false;
    const answer = await api.call('editMessageReplyMarkup', payload, { withinMs: WITHIN_MS });
    if (answer.ok) return true;
    if (answer.sort === 'wait') silences.keep(chat, answer.waitMs);
    else if (answer.sort !== 'unknown' && answer.sort !== 'unsent') return false;
  }
  return false;
}
