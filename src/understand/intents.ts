/** What a citizen wants besides a procedure, and only when sure. */
import type { Finder } from './find';
import { isIntent } from './intent-names';
import type { Intent } from './intent-names';

export { INTENTS, isIntent } from './intent-names';
export type { Intent } from './intent-names';

/** Where the words were said: amid a flow they are an answer first, so an intent must be worded almost as we know it. */
export type Place = 'lobby' | 'mid-flow';

/** In the lobby a wrong guess costs one question, nothing is lost. */
const LOBBY_SURE = 0.3;
const NEARLY_SAME = 0.8;
/** Amid a flow one word ("rút", "lệ phí" is two) is always an answer; commands are another matter. */
const FEWEST_WORDS_MID_FLOW = 3;

/** The intent of a message; null when it may be anything else. */
export function intentOf(finder: Finder, text: string, place: Place): Intent | null {
  // Most answers are a word or two: they are not even looked up.
  if (place === 'mid-flow' && text.trim().split(/\s+/u).length < FEWEST_WORDS_MID_FLOW) return null;
  const [best] = finder.find(text);
  if (!best || !isIntent(best.procedure)) return null;
  const sure = place === 'lobby' ? best.score >= LOBBY_SURE : best.closeness >= NEARLY_SAME;
  return sure ? best.procedure : null;
}
