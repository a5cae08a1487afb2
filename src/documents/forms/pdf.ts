/**
 * A form filled from a dossier as a PDF to print and sign: A4 with the margins of state documents (Decree 30/2020, annex I:
 * 20 mm above and below, 30 mm left, 15 mm right), Tinos 13 pt, tagged, in Vietnamese. Tick boxes are drawn. Runs on the
 * caller's thread: about 20 ms a form once the fonts are open.
 */
import PDFDocument from 'pdfkit';
import type { Dossier } from '../../ports/dossier';
import { fill, type CellValue, type Office } from './cells';
import type { Form } from './form';
import { openFonts, type Face, type Fonts } from './fonts';
import { DEMO, layoutOf, markOf, type Block, type Look, type Piece } from './layout';
import { linesOf, measureOf, type Line, type Mark, type Measure, type Type } from './pdf-lines';

const MM = 72 / 25.4;
const PAGE = { width: 595.28, height: 841.89, top: 24 * MM, bottom: 20 * MM, left: 30 * MM, right: 15 * MM };
const WIDTH = PAGE.width - PAGE.left - PAGE.right;
const FACES: readonly Face[] = ['regular', 'bold', 'italic'];
/** Room to sign, points. */
const SIGN = 48;

interface Style extends Type {
  readonly align: 'left' | 'center' | 'right';
  readonly indent?: number;
  /** Points after the block. */
  readonly after: number;
  readonly tag: 'P' | 'H1' | 'H2';
}
const LOOKS: Readonly<Record<Look, Style>> = {
  nation: { face: 'bold', size: 13, align: 'center', after: 0, tag: 'P' },
  motto: { face: 'bold', size: 13, align: 'center', after: 16, tag: 'P' },
  title: { face: 'bold', size: 15, align: 'center', after: 8, tag: 'H1' },
  line: { face: 'regular', size: 13, align: 'left', after: 2.5, tag: 'P' },
  heading: { face: 'bold', size: 13, align: 'left', after: 4, tag: 'H2' },
  center: { face: 'regular', size: 13, align: 'center', after: 8, tag: 'P' },
  text: { face: 'regular', size: 13, align: 'left', indent: 28, after: 4, tag: 'P' },
  right: { face: 'italic', size: 13, align: 'right', after: 6, tag: 'P' },
};
const SMALL: Type = { face: 'italic', size: 9.5 };
const LEADING = 1.27;
/** A place and date are never the last line of a page: the signers follow. */
const SIGNED = 4 * 13 * LEADING + 6 + SIGN;

interface Pen {
  readonly doc: PDFKit.PDFDocument;
  readonly values: ReadonlyMap<string, CellValue>;
  readonly measure: (type: Type) => Measure;
  y: number;
}

type Content = ReturnType<PDFKit.PDFDocument['struct']>;
/** pdfkit 0.20 keeps these out of its types: nested marked content, and the drawn glyphs' own text. */
const marked = (doc: PDFKit.PDFDocument, actual: string, draw: () => void): void => {
  doc.markContent('Span', { actual });
  draw();
  doc.endMarkedContent();
};

function drawBox({ doc }: Pen, x: number, base: number, ticked: boolean): void {
  const side = 9;
  marked(doc, ticked ? '☒ ' : '☐ ', () => {
    doc
      .lineWidth(0.8)
      .rect(x + 1, base - side, side, side)
      .stroke();
    if (!ticked) return;
    doc
      .lineWidth(1.1)
      .moveTo(x + 2.5, base - side + 1.5)
      .lineTo(x + side - 0.5, base - 1.5)
      .stroke();
    doc
      .moveTo(x + side - 0.5, base - side + 1.5)
      .lineTo(x + 2.5, base - 1.5)
      .stroke();
  });
}

function drawBlank({ doc }: Pen, x: number, base: number, width: number): void {
  marked(doc, ' …… ', () => {
    doc.save().lineWidth(0.9).dash(0.9, { space: 2.2 });
    doc
      .moveTo(x + 1, base)
      .lineTo(x + Math.max(2, width - 3), base)
      .stroke();
    doc.undash().restore();
  });
}

/** Words beside each other are one run: a reader copies whole sentences. */
function runs(marks: readonly Mark[]): readonly Mark[] {
  const found: Mark[] = [];
  for (const mark of marks) {
    const last = found.at(-1);
    if (mark.sort === 'words' && last?.sort === 'words')
      found[found.length - 1] = {
        sort: 'words',
        text: last.text + mark.text,
        width: last.width + mark.width,
      };
    else found.push(mark);
  }
  return found;
}

function drawLine(pen: Pen, line: Line, type: Type, left: number): void {
  const base = pen.y + type.size;
  let x = left;
  for (const mark of runs(line.marks)) {
    if (mark.sort === 'box') drawBox(pen, x, base, mark.ticked);
    else if (mark.sort === 'blank') drawBlank(pen, x, base, mark.width);
    else
      pen.doc
        .font(type.face, type.size)
        .text(mark.text, x, base, { lineBreak: false, baseline: 'alphabetic' });
    x += mark.width;
  }
}

/** Where a line of this width starts in a box. */
const startOf = (align: Style['align'], line: Line, left: number, room: number): number =>
  left +
  (align === 'center'
    ? Math.max(0, (room - line.width) / 2)
    : align === 'right'
      ? Math.max(0, room - line.width)
      : 0);

/** A new page when `height` points no longer fit. */
function need(pen: Pen, height: number): void {
  if (pen.y + height <= PAGE.height - PAGE.bottom) return;
  pen.doc.addPage();
  pen.y = PAGE.top;
}

/** Draws within one piece of tagged content. */
function tagged(pen: Pen, owner: Content, tag: string, draw: () => void): void {
  const content = pen.doc.markStructureContent(tag);
  draw();
  pen.doc.endMarkedContent();
  owner.add(content);
}

function drawParagraph(pen: Pen, pieces: readonly Piece[], style: Style, owner: Content): void {
  const { indent = 0, align, size } = style;
  const lines = linesOf(pieces, pen.values, pen.measure(style), { room: WIDTH, indent });
  const paragraph = pen.doc.struct(style.tag);
  owner.add(paragraph);
  lines.forEach((line, n) => {
    need(pen, size * LEADING);
    const left = startOf(align, line, PAGE.left + (n === 0 ? indent : 0), WIDTH);
    tagged(pen, paragraph, style.tag, () => drawLine(pen, line, style, left));
    pen.y += size * LEADING;
  });
  paragraph.end();
}

/** Columns stand side by side when each fits in its share; else one below the other. */
function drawColumns(pen: Pen, columns: readonly (readonly Piece[])[], style: Style, owner: Content): void {
  const room = WIDTH / columns.length;
  const each = columns.map((pieces) => linesOf(pieces, pen.values, pen.measure(style), { room: room - 8 }));
  if (each.some((lines) => lines.length > 1)) {
    for (const pieces of columns) drawParagraph(pen, pieces, style, owner);
    return;
  }
  need(pen, style.size * LEADING);
  const paragraph = pen.doc.struct(style.tag);
  owner.add(paragraph);
  each.forEach(([line], n) => {
    if (line !== undefined)
      tagged(pen, paragraph, style.tag, () => drawLine(pen, line, style, PAGE.left + n * room));
  });
  paragraph.end();
  pen.y += style.size * LEADING;
}

/** Signers in the right place of the page, with room to sign above a name. Never torn apart. */
function drawSigners(pen: Pen, columns: readonly (readonly (readonly Piece[])[])[], owner: Content): void {
  const count = Math.max(2, columns.length);
  const room = WIDTH / count;
  const first = PAGE.left + (count - columns.length) * room;
  const rows = Math.max(...columns.map((lines) => lines.length));
  need(pen, rows * 13 * LEADING + SIGN);
  const top = pen.y;
  columns.forEach((lines, n) => {
    const paragraph = pen.doc.struct('P');
    owner.add(paragraph);
    pen.y = top;
    lines.forEach((pieces, row) => {
      const type: Type = { face: row === 0 ? 'bold' : row === 1 ? 'italic' : 'regular', size: 13 };
      if (row === 2) pen.y += SIGN;
      for (const line of linesOf(pieces, pen.values, pen.measure(type), { room, stretch: false })) {
        tagged(pen, paragraph, 'P', () =>
          drawLine(pen, line, type, startOf('center', line, first + n * room, room)),
        );
        pen.y += 13 * LEADING;
      }
    });
    paragraph.end();
  });
  pen.y = top + rows * 13 * LEADING + SIGN;
}

function drawBlock(pen: Pen, block: Block, owner: Content): void {
  if (block.look === 'sign') {
    drawSigners(pen, block.columns, owner);
    return;
  }
  const style = LOOKS[block.look];
  if (block.look === 'right') need(pen, SIGNED);
  const [only] = block.columns;
  if (block.columns.length === 1 && only !== undefined) drawParagraph(pen, only, style, owner);
  else drawColumns(pen, block.columns, style, owner);
  if (block.look === 'motto') drawRule(pen);
  pen.y += style.after;
}

/** The line below the nation's motto is as long as its words (Decree 30/2020). */
function drawRule({ doc, y, measure }: Pen): void {
  const half = measure(LOOKS.motto).width('Độc lập - Tự do - Hạnh phúc') / 2;
  const middle = PAGE.left + WIDTH / 2;
  doc.markContent('Artifact', { type: 'Layout' });
  doc
    .lineWidth(0.8)
    .moveTo(middle - half, y + 2)
    .lineTo(middle + half, y + 2)
    .stroke();
  doc.endMarkedContent();
}

/** Mark above and page number below every page; not read aloud with the text. */
function drawEdges(pen: Pen, form: Form, dossier: Dossier): void {
  const { doc } = pen;
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    doc.page.margins = { top: 0, bottom: 0, left: 0, right: 0 };
    doc.markContent('Artifact', { type: 'Pagination' });
    const edge = (text: string, y: number, type: Type): void => {
      const [line] = linesOf([{ text }], pen.values, pen.measure(type), { room: PAGE.width });
      pen.y = y;
      if (line !== undefined) drawLine(pen, line, type, (PAGE.width - line.width) / 2);
    };
    if (dossier.demo) edge(DEMO, 7 * MM, { face: 'bold', size: 13 });
    markOf(form).forEach((text, n) => edge(text, (13 + n * 4.2) * MM, SMALL));
    edge(`Hồ sơ ${dossier.code} – Trang ${page + 1}/${count}`, PAGE.height - 13 * MM, SMALL);
    doc.endMarkedContent();
  }
}

function newDocument(form: Form, dossier: Dossier, fonts: Fonts): PDFKit.PDFDocument {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    font: '',
    lang: 'vi',
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    bufferPages: true,
    info: {
      Title: form.title,
      CreationDate: new Date(dossier.createdAt),
      Producer: 'Một Cửa',
      Creator: 'Một Cửa',
    },
  });
  // pdfkit takes an open font too (PDFFontFactory.open); only its types do not say so.
  for (const face of FACES) doc.registerFont(face, fonts[face].pdf as Buffer);
  return doc;
}

function ended(doc: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((done, failed) => {
    const parts: Buffer[] = [];
    doc.on('data', (part: Buffer) => parts.push(part));
    doc.on('end', () => done(Buffer.concat(parts)));
    doc.on('error', failed);
    doc.end();
  });
}

/** The form filled from the dossier. Never throws for what an answer holds. */
export function fillPdf(form: Form, dossier: Dossier, office: Office): Promise<Buffer> {
  const fonts = openFonts();
  const doc = newDocument(form, dossier, fonts);
  const pen: Pen = {
    doc,
    values: fill(form, dossier, office),
    measure: (type) => measureOf(fonts, type),
    y: PAGE.top,
  };
  const root = doc.struct('Document');
  doc.addStructure(root);
  for (const block of layoutOf(form)) drawBlock(pen, block, root);
  root.end();
  drawEdges(pen, form, dossier);
  return ended(doc);
}
