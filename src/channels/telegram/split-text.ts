/** Cuts a long text where a reader would pause. */

/** Telegram's bounds, in UTF-16 units of the text as it is read (markup not counted). */
export const MAX_TEXT = 4096;
export const MAX_CAPTION = 1024;

/** Where a part ends, and where the next begins: between them lies white space that both lose. */
interface Cut {
  readonly end: number;
  readonly next: number;
}

const graphemes = new Intl.Segmenter('vi', { granularity: 'grapheme' });

/**
 * Parts of at most `max` UTF-16 units: cut after a paragraph, else a line, a sentence, a word, a grapheme. Joined they are
 * the text but for white space at the cuts. Nothing to read gives no parts.
 */
export function splitText(text: string, max: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const { end, next } = cutOf(rest, max);
    parts.push(rest.slice(0, end));
    rest = rest.slice(next);
  }
  return [...parts, rest].filter((part) => part.trim() !== '');
}

/** A letter's last mark may lie behind the bound: a little more is looked at. */
const BEHIND = 8;

function cutOf(text: string, max: number): Cut {
  const borders = bordersIn(text.slice(0, max + BEHIND));
  const pauses = pausesIn(text.slice(0, max + BEHIND), borders).filter(({ end }) => end <= max);
  const best = RANKS.flatMap(({ is, from }) => {
    const found = pauses.findLast((pause) => pause.end >= max * from && is(pause));
    return found === undefined ? [] : [found];
  })[0];
  if (best !== undefined) return best;
  const last = Math.max(...[...borders].filter((border) => border <= max));
  const end = last > 0 ? last : insideOf(text, max);
  return { end, next: end };
}

const bordersIn = (text: string): ReadonlySet<number> =>
  new Set([...graphemes.segment(text)].map(({ index }) => index));

interface Pause extends Cut {
  readonly space: string;
  readonly before: string;
}

/** Runs of white space with words before them. A mark that stands on a space keeps that space. */
function pausesIn(text: string, borders: ReadonlySet<number>): readonly Pause[] {
  return [...text.matchAll(/\s+/gu)].flatMap(({ 0: run, index: end }) => {
    const after = end + run.length;
    const next = borders.has(after) || after === text.length ? after : after - 1;
    if (end === 0 || next <= end || !borders.has(end)) return [];
    return [{ end, next, space: text.slice(end, next), before: text.slice(Math.max(end - 4, 0), end) }];
  });
}

/** `from`: the least share of the bound that a part must fill; better a long sentence than a part of one line. */
const RANKS: readonly { readonly is: (pause: Pause) => boolean; readonly from: number }[] = [
  { is: ({ space }) => /\n[^\S\n]*\n/.test(space), from: 0.25 },
  { is: ({ space }) => space.includes('\n'), from: 0.25 },
  { is: ({ before }) => /[.!?…]["'”’»)\]]{0,3}$/u.test(before), from: 0.25 },
  { is: () => true, from: 0 },
];

/** One grapheme longer than a whole message: at least no surrogate pair is cut. */
const insideOf = (text: string, max: number): number =>
  /[\uDC00-\uDFFF]/.test(text.charAt(max)) && /[\uD800-\uDBFF]/.test(text.charAt(max - 1)) ? max - 1 : max;
