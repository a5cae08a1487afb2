/** Plain text as Telegram's HTML: what a citizen or officer wrote stays text, the markup is ours alone. */

/**
 * Codes of dossiers (`XXXXX-XXXXX-C`, letters without I, L, O, U), standing alone. Addresses come first: a code within one
 * stays part of the link.
 */
const MARKED =
  /https?:\/\/\S+|(?<![\p{L}\p{N}-])(?:[0-9A-HJKMNP-TV-Z]{5}-){2}[0-9A-HJKMNP-TV-Z](?![\p{L}\p{N}-])/gu;

const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escaped = (text: string): string => text.replace(/[&<>]/g, (char) => NAMES[char] ?? char);

/**
 * The text as it can be sent at all: halves of surrogate pairs are no UTF-8, Telegram refuses a message for one.
 * Telegram itself cleans further: it drops `\r` and U+2028–202E, shows other control characters as blanks and trims both ends.
 */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD');

/** A tap on a code copies it. Stripped of its markup it is `wellFormed(text)`. */
export function htmlOf(text: string): string {
  const whole = wellFormed(text);
  const marks = [...whole.matchAll(MARKED)].filter(([found]) => !found.startsWith('http'));
  const ends = marks.map(({ 0: code, index }) => index + code.length);
  const pieces = marks.map(({ 0: code, index }, i) => {
    const before = whole.slice(ends[i - 1] ?? 0, index);
    return `${escaped(before)}<code>${code}</code>`;
  });
  return pieces.join('') + escaped(whole.slice(ends.at(-1) ?? 0));
}
