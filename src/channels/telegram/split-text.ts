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
  const near = text.slice(0, max + BEHIND);
  const borderAt = borders(near);
  const pauses = pausesIn(near).filter(({ end }) => end <= max);
  for (const { is, from } of RANKS) {
    const best = pauses.findLast(
      (pause) => pause.end >= max * from && is(pause) && borderAt(pause.end) === pause.end,
    );
    if (best === undefined) continue;
    // A mark that stands on a space keeps that space.
    const next = borderAt(best.next);
    if (next > best.end) return { end: best.end, next };
  }
  const last = borderAt(max);
  const end = last > 0 ? last : insideOf(text, max);
  return { end, next: end };
}

/** The last border of graphemes at or before a place. Asked one by one: to list them all takes long. */
function borders(text: string): (at: number) => number {
  const segments = graphemes.segment(text);
  return (at) => segments.containing(at)?.index ?? text.length;
}

interface Pause extends Cut {
  readonly space: string;
  readonly before: string;
}

/** Runs of white space with words before them. */
const pausesIn = (text: string): readonly Pause[] =>
  [...text.matchAll(/\s+/gu)].flatMap(({ 0: space, index: end }) => {
    const before = text.slice(Math.max(end - 4, 0), end);
    return end === 0 ? [] : [{ end, next: end + space.length, space, before }];
  });

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
