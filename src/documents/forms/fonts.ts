/**
 * Tinos, metric-compatible with Times New Roman, opened once per process: reading three font files anew for every
 * document would block the loop for 100 ms. NFC Vietnamese is one glyph a letter, so a line is laid out glyph by glyph,
 * as Word does; the font's shaping rules (kerning, ligatures) would cost five times the rest of the page.
 */
import { openSync, type Font, type Glyph } from 'fontkit';

export type Face = 'regular' | 'bold' | 'italic';
export interface OpenFont {
  /** In em, of text in NFC. */
  readonly width: (text: string) => number;
  readonly has: (codePoint: number) => boolean;
  /** What pdfkit takes as a font: fontkit's own, laying out glyph by glyph. */
  readonly pdf: object;
}
export type Fonts = Readonly<Record<Face, OpenFont>>;

interface Position {
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

function openFont(file: string): OpenFont {
  const font: Font = openSync(require.resolve(`@expo-google-fonts/tinos/${file}`));
  // A glyph that was first met as part of another one knows no letter, and could not be copied from the page.
  const known = new Map<number, Glyph>();
  const glyphOf = (codePoint: number): Glyph => {
    const before = known.get(codePoint);
    if (before !== undefined) return before;
    const own = { codePoints: { value: [codePoint] } };
    const glyph = Object.create(font.glyphForCodePoint(codePoint), own) as Glyph;
    known.set(codePoint, glyph);
    return glyph;
  };
  const glyphsOf = (text: string): Glyph[] =>
    Array.from(text, (letter) => glyphOf(letter.codePointAt(0) ?? 0));
  const advance = (glyphs: readonly Glyph[]): number =>
    glyphs.reduce((sum, one) => sum + one.advanceWidth, 0);
  const layout = (text: string) => {
    const glyphs = glyphsOf(text);
    const positions = glyphs.map(({ advanceWidth }): Position => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
    return { glyphs, positions, advanceWidth: advance(glyphs) };
  };
  return {
    width: (text) => advance(glyphsOf(text)) / font.unitsPerEm,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    pdf: Object.create(font, { layout: { value: layout } }) as object,
  };
}

let opened: Fonts | null = null;

/** Opens the fonts; later calls cost nothing. */
export function openFonts(): Fonts {
  opened ??= {
    regular: openFont('400Regular/Tinos_400Regular.ttf'),
    bold: openFont('700Bold/Tinos_700Bold.ttf'),
    italic: openFont('400Regular_Italic/Tinos_400Regular_Italic.ttf'),
  };
  return opened;
}
