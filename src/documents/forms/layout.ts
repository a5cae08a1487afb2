/** A form as an ordered list of blocks with pieces of text and cells: what both renderers, PDF and DOCX, draw. */
import type { Form, FormBlock } from './form';

export type Piece = { readonly text: string } | { readonly cell: string };
export type Look = 'nation' | 'motto' | 'title' | 'line' | 'heading' | 'center' | 'text' | 'right';

export type Block =
  /** One column is a paragraph; more stand side by side where they fit. */
  | { readonly look: Look; readonly columns: readonly (readonly Piece[])[] }
  /** Per signer the lines above the room to sign. */
  | { readonly look: 'sign'; readonly columns: readonly (readonly (readonly Piece[])[])[] };

/** Text with `{cells}` in pieces; a brace that names no cell stays text. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{([a-z][\w.]*)\}/gi)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ cell: match[1] ?? '' });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function blockOf(block: FormBlock): Block {
  if (typeof block === 'string') return { look: 'line', columns: [piecesOf(block)] };
  if (Array.isArray(block)) return { look: 'line', columns: block.map(piecesOf) };
  if ('sign' in block) return { look: 'sign', columns: block.sign.map((lines) => lines.map(piecesOf)) };
  const [look, text] = Object.entries(block)[0] as [Look, string];
  return { look, columns: [piecesOf(text)] };
}

/** The head that every state form begins with, its title, and its body. */
export function layoutOf(form: Form): readonly Block[] {
  const plain = (look: Look, text: string): Block => ({ look, columns: [[{ text }]] });
  return [
    plain('nation', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'),
    plain('motto', 'Độc lập - Tự do - Hạnh phúc'),
    plain('title', form.title),
    ...form.body.map(blockOf),
  ];
}

/** Where the pledge begins: it and all that follows to the signers stay on one page, so that nobody signs an empty one. */
export function pledgeAt(blocks: readonly Block[]): number {
  const last = blocks.findLastIndex(({ look }) => look === 'text');
  const before = blocks.slice(0, last + 1).findLastIndex(({ look }) => look !== 'text');
  return last === -1 ? blocks.findIndex(({ look }) => look === 'right' || look === 'sign') : before + 1;
}

/** Names of the cells of a body, in its order, each once. */
export function cellsIn(blocks: readonly Block[]): readonly string[] {
  const pieces = blocks.flatMap((block): readonly Piece[] =>
    block.look === 'sign' ? block.columns.flat(2) : block.columns.flat(),
  );
  return [...new Set(pieces.flatMap((piece) => ('cell' in piece ? [piece.cell] : [])))];
}

/** What every page says of itself, in two lines. */
export const markOf = (form: Form): readonly [string, string] => [
  'Bản điền sẵn để đối chiếu, chưa phải biểu mẫu gốc',
  form.number === undefined ? form.under : `Mẫu số ${form.number}, ${form.under}`,
];

/** What stands above all of a demo dossier. */
export const DEMO = 'THỬ – KHÔNG CÓ GIÁ TRỊ';
