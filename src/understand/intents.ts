/** What a citizen wants besides a procedure, and only when sure. */
import type { Finder, Match } from './find';
import { INTENTS, isIntent } from './intent-names';
import type { Intent } from './intent-names';

export { INTENTS, isIntent } from './intent-names';
export type { Intent } from './intent-names';

/** Where the words were said: amid a flow they are an answer first, so an intent must be worded almost as we know it. */
export type Place = 'lobby' | 'mid-flow';

/** In the lobby a wrong guess costs one question, nothing is lost. */
const LOBBY_SURE = 0.3;
const NEARLY_SAME = 0.8;
/** Amid a flow a sentence of some length may be less close: said a second time it is taken as the answer all the same. */
const SENTENCE = { words: 4, score: 0.3, closeness: 0.53 };
/** Amid a flow one word ("rút", "lệ phí" is two) is always an answer; commands are another matter. */
const FEWEST_WORDS_MID_FLOW = 3;

const ALL: ReadonlySet<string> = new Set(INTENTS);

/** The intent of a message; null when it may be anything else. */
export function intentOf(finder: Finder, text: string, place: Place): Intent | null {
  // Most answers are a word or two: they are not even looked up.
  const words = text.trim().split(/\s+/u).length;
  if (place === 'mid-flow' && words < FEWEST_WORDS_MID_FLOW) return null;
  // Nor is what no wording comes near: the search itself is dear.
  if (place === 'mid-flow' && finder.nearest(text, ALL) < SENTENCE.closeness) return null;
  const [best] = finder.find(text);
  if (!best || !isIntent(best.procedure)) return null;
  return isSure(best, words, place) ? best.procedure : null;
}

function isSure({ score, closeness }: Match, words: number, place: Place): boolean {
  if (place === 'lobby') return score >= LOBBY_SURE;
  if (closeness >= NEARLY_SAME) return true;
  return words >= SENTENCE.words && score >= SENTENCE.score && closeness >= SENTENCE.closeness;
}
