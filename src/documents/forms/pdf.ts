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
import { DEMO, markOf } from './layout';
import { linesOf, measureOf, type Line, type Mark, type Measure, type Type } from './pdf-lines';
import { LOOKS, PAGE, setForm, WIDTH, type Strip } from './pdf-rows';

const MM = 72 / 25.4;
const FACES: readonly Face[] = ['regular', 'bold', 'italic'];
const SMALL: Type = { face: 'italic', size: 9.5 };

interface Pen {
  readonly doc: PDFKit.PDFDocument;
  readonly values: ReadonlyMap<string, CellValue>;
  readonly measure: (type: Type) => Measure;
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

function drawLine(pen: Pen, line: Line, type: Type, left: number, top: number): void {
  const base = top + type.size;
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

/** One block's rows on this page: each of its paragraphs is one element of the document's structure. */
function drawStrip(pen: Pen, { look, rows }: Strip, owner: Content): void {
  const tag = look === 'sign' ? 'P' : LOOKS[look].tag;
  const paragraphs = new Map<number, Content>();
  const paragraphOf = (n: number): Content => {
    const before = paragraphs.get(n);
    if (before !== undefined) return before;
    const made = pen.doc.struct(tag);
    owner.add(made);
    paragraphs.set(n, made);
    return made;
  };
  for (const { y, placed } of rows)
    for (const { line, type, left, top, paragraph } of placed) {
      const content = pen.doc.markStructureContent(tag);
      drawLine(pen, line, type, left, y + top);
      pen.doc.endMarkedContent();
      paragraphOf(paragraph).add(content);
    }
  for (const one of paragraphs.values()) one.end();
  const last = rows.at(-1);
  if (look === 'motto' && last !== undefined) drawRule(pen, last.y + last.height);
}

/** The line below the nation's motto is as long as its words (Decree 30/2020). */
function drawRule({ doc, measure }: Pen, y: number): void {
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
      if (line !== undefined) drawLine(pen, line, type, (PAGE.width - line.width) / 2, y);
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
  };
  const root = doc.struct('Document');
  doc.addStructure(root);
  setForm(form, pen.values, pen.measure).forEach((page, n) => {
    if (n > 0) doc.addPage();
    for (const strip of page) drawStrip(pen, strip, root);
  });
  root.end();
  drawEdges(pen, form, dossier);
  return ended(doc);
}
