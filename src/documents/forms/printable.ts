/** Words of strangers made fit for paper: nothing that hides, turns around, or piles up. */

/** Zero-width, direction and other unseen characters, unpaired surrogates, and what XML cannot hold. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Co}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}\u{FFFE}\u{FFFF}]/gu;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu;
/** No letter of any language carries more marks than these. */
const PILES = /(\p{M}{3})\p{M}+/gu;

/** NFC, one line, single spaces, every character seen. */
export const printable = (text: string): string =>
  text.normalize('NFC').replace(UNSEEN, '').replace(PILES, '$1').replace(BREAKS, ' ').trim();

/** What stands for a character that no font at hand can draw. */
const UNKNOWN = '\u{FFFD}';
const DRAWN =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]+$/u;

/**
 * The text with what a font lacks spelled another way ("Ａ" is "A") or as a visible "�".
 * Writing from right to left is not drawn: a form has one direction.
 */
export function inFont(text: string, has: (codePoint: number) => boolean): string {
  const drawn = (piece: string): boolean =>
    DRAWN.test(piece) && Array.from(piece).every((one) => has(one.codePointAt(0) ?? 0));
  if (drawn(text)) return text;
  return lettersOf(text)
    .map((letter) => {
      if (drawn(letter)) return letter;
      const plain = letter.normalize('NFKC');
      return drawn(plain) ? plain : UNKNOWN;
    })
    .join('');
}

/** Letters as people see them, marks with their base. */
export const lettersOf = (text: string): readonly string[] => text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
