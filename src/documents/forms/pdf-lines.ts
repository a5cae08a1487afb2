/** Breaks pieces into lines of a given width: words, tick boxes, dotted blanks. Knows fonts' widths, draws nothing. */
import type { CellValue } from './cells';
import type { Face, Fonts } from './fonts';
import type { Piece } from './layout';
import { inFont, lettersOf } from './printable';

export interface Type {
  readonly face: Face;
  /** Points. */
  readonly size: number;
}
/** Something drawn in one go; `width` in points. */
export type Mark =
  | { readonly sort: 'words'; readonly text: string; readonly width: number }
  | { readonly sort: 'box'; readonly ticked: boolean; readonly width: number }
  | { readonly sort: 'blank'; readonly width: number };

export interface Line {
  readonly marks: readonly Mark[];
  readonly width: number;
}

/** The least room to write by hand. */
const BLANK = 48;

export interface Measure {
  readonly width: (text: string) => number;
  readonly has: (codePoint: number) => boolean;
}

export const measureOf = (fonts: Fonts, { face, size }: Type): Measure => ({
  width: (text) => fonts[face].width(text) * size,
  has: fonts[face].has,
});

/** A word too wide for a line, in parts that fit. */
function cut(word: string, { width }: Measure, room: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const letter of lettersOf(word)) {
    const wide = width(letter);
    if (part !== '' && used + wide > room) {
      parts.push(part);
      [part, used] = ['', 0];
    }
    part += letter;
    used += wide;
  }
  return [...parts, part];
}

function wordsOf(text: string, measure: Measure, room: number): readonly Mark[] {
  const words = inFont(text, measure.has).split(/(?<= )(?=[^ ])/);
  return words
    .flatMap((word) => (measure.width(word.trimEnd()) > room ? cut(word, measure, room) : [word]))
    .map((word) => ({ sort: 'words', text: word, width: measure.width(word) }));
}

function marksOf(
  piece: Piece,
  values: ReadonlyMap<string, CellValue>,
  measure: Measure,
  room: number,
): readonly Mark[] {
  if ('text' in piece) return wordsOf(piece.text, measure, room);
  const value = values.get(piece.cell) ?? '';
  if (typeof value === 'boolean') return [{ sort: 'box', ticked: value, width: measure.width('M') }];
  return value === '' ? [{ sort: 'blank', width: BLANK }] : wordsOf(value, measure, room);
}

/** Does no line break before this mark? Punctuation stays with what it follows. */
const clings = (mark: Mark, last: Mark | undefined): boolean =>
  last !== undefined &&
  mark.sort === 'words' &&
  (last.sort === 'words' ? !/\s$/.test(last.text) : /^[.,;:)]/.test(mark.text));

/** Marks that stay together, with their width. */
function clusters(marks: readonly Mark[], room: number): readonly Line[] {
  const found: Line[] = [];
  for (const mark of marks) {
    const last = found.at(-1);
    if (last !== undefined && clings(mark, last.marks.at(-1)) && last.width + mark.width <= room)
      found[found.length - 1] = { marks: [...last.marks, mark], width: last.width + mark.width };
    else found.push({ marks: [mark], width: mark.width });
  }
  return found;
}

const spaceAtEnd = (line: Line, measure: Measure): number => {
  const last = line.marks.at(-1);
  return last?.sort === 'words' && last.text.endsWith(' ') ? measure.width(' ') : 0;
};

/** The blanks of a line share what room is left. */
function stretched(line: Line, room: number): Line {
  const blanks = line.marks.filter(({ sort }) => sort === 'blank').length;
  const more = blanks === 0 ? 0 : Math.max(0, room - line.width) / blanks;
  if (more === 0) return line;
  const marks = line.marks.map((mark) =>
    mark.sort === 'blank' ? { ...mark, width: mark.width + more } : mark,
  );
  return { marks, width: room };
}

/** Pieces as lines no wider than `room` points. `indent`: of the first line, points. */
export function linesOf(
  pieces: readonly Piece[],
  values: ReadonlyMap<string, CellValue>,
  measure: Measure,
  { room, indent = 0, stretch = true }: { room: number; indent?: number; stretch?: boolean },
): readonly Line[] {
  const marks = pieces.flatMap((piece) => marksOf(piece, values, measure, room));
  const lines: { marks: Mark[]; width: number }[] = [];
  for (const cluster of clusters(marks, room)) {
    const line = lines.at(-1);
    const space = room - (lines.length <= 1 ? indent : 0);
    if (line === undefined || line.width + cluster.width - spaceAtEnd(cluster, measure) > space + 0.01)
      lines.push({ marks: [...cluster.marks], width: cluster.width });
    else {
      line.marks.push(...cluster.marks);
      line.width += cluster.width;
    }
  }
  return stretch ? lines.map((line, n) => stretched(line, room - (n === 0 ? indent : 0))) : lines;
}
