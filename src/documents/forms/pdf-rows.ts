/** Sets the blocks of a form on pages: lines broken, heights known, what belongs together kept together. Draws nothing. */
import type { CellValue } from './cells';
import { layoutOf, pledgeAt, type Block, type Look, type Piece } from './layout';
import type { Form } from './form';
import { linesOf, type Line, type Measure, type Type } from './pdf-lines';

const MM = 72 / 25.4;
export const PAGE = {
  width: 595.28,
  height: 841.89,
  top: 24 * MM,
  bottom: 20 * MM,
  left: 30 * MM,
  right: 15 * MM,
};
export const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const ROOM = PAGE.height - PAGE.top - PAGE.bottom;

type Align = 'left' | 'center' | 'right';
interface Style extends Type {
  readonly align: Align;
  readonly indent?: number;
  /** Points after the block. */
  readonly after: number;
  readonly tag: 'P' | 'H1' | 'H2';
}
export const LOOKS: Readonly<Record<Look, Style>> = {
  nation: { face: 'bold', size: 13, align: 'center', after: 0, tag: 'P' },
  motto: { face: 'bold', size: 13, align: 'center', after: 16, tag: 'P' },
  title: { face: 'bold', size: 15, align: 'center', after: 8, tag: 'H1' },
  line: { face: 'regular', size: 13, align: 'left', after: 2.5, tag: 'P' },
  heading: { face: 'bold', size: 13, align: 'left', after: 4, tag: 'H2' },
  center: { face: 'regular', size: 13, align: 'center', after: 8, tag: 'P' },
  text: { face: 'regular', size: 13, align: 'left', indent: 28, after: 4, tag: 'P' },
  right: { face: 'italic', size: 13, align: 'right', after: 6, tag: 'P' },
};

/** How loosely a form is set. */
interface Spacing {
  /** Of the type's size; a font's own line is 1.15. */
  readonly leading: number;
  /** Of the points after a block. */
  readonly after: number;
  /** Room to sign, points. */
  readonly sign: number;
}
/** A form that spills a little is set tighter before it takes another page. */
const SPACINGS: readonly [Spacing, ...Spacing[]] = [
  { leading: 1.27, after: 1, sign: 48 },
  { leading: 1.2, after: 0.8, sign: 44 },
  { leading: 1.15, after: 0.5, sign: 40 },
];

/** One line in its place; `top` in points below its row's. */
export interface Placed {
  readonly line: Line;
  readonly type: Type;
  readonly left: number;
  readonly top: number;
  /** Which paragraph of its block it belongs to. */
  readonly paragraph: number;
}
/** Never torn apart. */
interface Row {
  readonly height: number;
  readonly placed: readonly Placed[];
}
interface SetBlock {
  readonly look: Block['look'];
  readonly rows: readonly Row[];
  readonly after: number;
  /** No page begins after it. */
  readonly keep: boolean;
}
/** Rows of one block on one page; `y` in points from the top of the page. */
export interface Strip {
  readonly look: Block['look'];
  readonly rows: readonly (Row & { readonly y: number })[];
}
export type Page = readonly Strip[];

interface Setting {
  readonly values: ReadonlyMap<string, CellValue>;
  readonly measure: (type: Type) => Measure;
  readonly spacing: Spacing;
}

/** Where a line of this width starts in a box. */
export const startOf = (align: Align, { width }: Line, left: number, room: number): number =>
  left + (align === 'left' ? 0 : Math.max(0, room - width) / (align === 'center' ? 2 : 1));

function paragraphRows(pieces: readonly Piece[], look: Look, paragraph: number, setting: Setting): Row[] {
  const { values, measure, spacing } = setting;
  const type = LOOKS[look];
  const { indent = 0, align, size } = type;
  return linesOf(pieces, values, measure(type), { room: WIDTH, indent }).map((line, n) => {
    const left = startOf(align, line, PAGE.left + (n === 0 ? indent : 0), WIDTH);
    return { height: size * spacing.leading, placed: [{ line, type, left, top: 0, paragraph }] };
  });
}

/** Columns stand side by side when each fits in its share; else one below the other. */
function columnRows(columns: readonly (readonly Piece[])[], look: Look, setting: Setting): Row[] {
  if (columns.length > 1) {
    const type = LOOKS[look];
    const room = WIDTH / columns.length;
    const each = columns.map((pieces) =>
      linesOf(pieces, setting.values, setting.measure(type), { room: room - 8 }),
    );
    if (each.every((lines) => lines.length <= 1)) {
      const placed = each.flatMap((lines, n) =>
        lines.map((line) => ({ line, type, left: PAGE.left + n * room, top: 0, paragraph: 0 })),
      );
      return [{ height: type.size * setting.spacing.leading, placed }];
    }
  }
  return columns.flatMap((pieces, n) => paragraphRows(pieces, look, n, setting));
}

/** One signer's lines, centred, with room to sign above the third. */
function signerLines(
  lines: readonly (readonly Piece[])[],
  [left, room]: readonly [number, number],
  setting: Setting,
  paragraph: number,
): { readonly placed: readonly Placed[]; readonly height: number } {
  const placed: Placed[] = [];
  let top = 0;
  lines.forEach((pieces, row) => {
    const type: Type = { face: row === 0 ? 'bold' : row === 1 ? 'italic' : 'regular', size: 13 };
    if (row === 2) top += setting.spacing.sign;
    for (const line of linesOf(pieces, setting.values, setting.measure(type), { room, stretch: false })) {
      placed.push({ line, type, left: startOf('center', line, left, room), top, paragraph });
      top += type.size * setting.spacing.leading;
    }
  });
  return { placed, height: lines.length < 3 ? top + setting.spacing.sign : top };
}

/** Signers stand side by side in the right of the page. */
function signerRow(columns: readonly (readonly (readonly Piece[])[])[], setting: Setting): Row {
  const count = Math.max(2, columns.length);
  const room = WIDTH / count;
  const first = PAGE.left + (count - columns.length) * room;
  const each = columns.map((lines, n) => signerLines(lines, [first + n * room, room], setting, n));
  return {
    height: Math.max(...each.map(({ height }) => height)),
    placed: each.flatMap(({ placed }) => placed),
  };
}

function setBlocks(form: Form, setting: Setting): readonly SetBlock[] {
  const blocks = layoutOf(form);
  const pledge = pledgeAt(blocks);
  return blocks.map((block, n): SetBlock => {
    const keep = (n >= pledge && n < blocks.length - 1) || block.look === 'heading';
    if (block.look === 'sign')
      return { look: 'sign', rows: [signerRow(block.columns, setting)], after: 0, keep };
    const rows = columnRows(block.columns, block.look, setting);
    return { look: block.look, rows, after: LOOKS[block.look].after * setting.spacing.after, keep };
  });
}

const heightOf = ({ rows }: SetBlock): number => rows.reduce((sum, { height }) => sum + height, 0);

/** What must follow a block on its page: all that is kept, and the first row after. */
function keptHeight(blocks: readonly SetBlock[], from: number): number {
  let height = 0;
  for (const block of blocks.slice(from)) {
    if (!block.keep) return height + (block.rows[0]?.height ?? 0);
    height += heightOf(block) + block.after;
  }
  return height;
}

function pagesOf(blocks: readonly SetBlock[]): readonly Page[] {
  const pages: Strip[][] = [[]];
  let y = 0;
  let kept = false;
  blocks.forEach((block, n) => {
    const together = block.keep && !kept ? keptHeight(blocks, n) : 0;
    // What is higher than a page is torn apart all the same.
    if (together <= ROOM && y + together > ROOM) [y] = [0, pages.push([])];
    let rows: (Row & { readonly y: number })[] = [];
    const strip = (): void => {
      if (rows.length > 0) pages.at(-1)?.push({ look: block.look, rows });
      rows = [];
    };
    for (const row of block.rows) {
      if (y > 0 && y + row.height > ROOM + 0.01) {
        strip();
        [y] = [0, pages.push([])];
      }
      rows.push({ ...row, y: PAGE.top + y });
      y += row.height;
    }
    strip();
    y += block.after;
    kept = block.keep;
  });
  return pages;
}

/** The pages of a form: the loosest setting of those that take the fewest. */
export function setForm(
  form: Form,
  values: ReadonlyMap<string, CellValue>,
  measure: (type: Type) => Measure,
): readonly Page[] {
  const [loosest, ...tighter] = SPACINGS;
  let best = pagesOf(setBlocks(form, { values, measure, spacing: loosest }));
  for (const spacing of tighter) {
    if (best.length === 1) return best;
    const pages = pagesOf(setBlocks(form, { values, measure, spacing }));
    if (pages.length < best.length) best = pages;
  }
  return best;
}
