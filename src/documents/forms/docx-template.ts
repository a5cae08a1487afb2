/**
 * A form as an empty DOCX with its `{cells}` in place: what an agency's own file looks like too, so both are filled the same
 * way. Plain WordprocessingML (ECMA-376), no macros, no fields but page numbers, no links. Times New Roman 13 pt, A4.
 */
import JSZip from 'jszip';
import type { Form } from './form';
import { layoutOf, markOf, pledgeAt, type Block, type Look, type Piece } from './layout';

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Twentieths of a point of one millimetre. */
const MM = 56.7;
const twips = (mm: number): number => Math.round(mm * MM);
/** Between the margins of 30 and 15 mm. */
const WIDTH = twips(165);

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

interface Style {
  readonly bold?: true;
  readonly italic?: true;
  /** Half points. */
  readonly size?: number;
  readonly align?: 'center' | 'right' | 'both';
  /** `w:ind`. */
  readonly indent?: string;
  /** `w:pBdr`. */
  readonly border?: string;
  /** Points after. */
  readonly after: number;
  /** Stays on the page of what follows. */
  readonly keep?: true;
}
const RULE = `<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>`;
const LOOKS: Readonly<Record<Look, Style>> = {
  nation: { bold: true, align: 'center', after: 0 },
  // The rule is as long as the motto: both sides are drawn in.
  motto: {
    bold: true,
    align: 'center',
    after: 14,
    border: RULE,
    indent: '<w:ind w:left="3000" w:right="3000"/>',
  },
  title: { bold: true, size: 30, align: 'center', after: 8 },
  line: { after: 2 },
  heading: { bold: true, after: 4, keep: true },
  center: { align: 'center', after: 8 },
  text: { align: 'both', indent: '<w:ind w:firstLine="567"/>', after: 4 },
  right: { italic: true, align: 'right', after: 6, keep: true },
};

const words = (text: string): string => `<w:t xml:space="preserve">${escapeXml(text)}</w:t>`;
const piece = (one: Piece): string => words('cell' in one ? `{${one.cell}}` : one.text);

function run(style: Style, inner: string): string {
  const size = style.size ?? 26;
  const looks = `${style.bold ? '<w:b/>' : ''}${style.italic ? '<w:i/>' : ''}`;
  return `<w:r><w:rPr>${looks}<w:sz w:val="${size}"/><w:szCs w:val="${size}"/></w:rPr>${inner}</w:r>`;
}

/** Children of w:pPr stand in the order of the schema: keepNext, pBdr, tabs, spacing, ind, jc. */
function paragraph(style: Style, inner: string, { tabs = '', keep = style.keep === true } = {}): string {
  const align = style.align === undefined ? '' : `<w:jc w:val="${style.align}"/>`;
  const spacing = `<w:spacing w:before="0" w:after="${style.after * 20}" w:line="252" w:lineRule="auto"/>`;
  const together = keep ? '<w:keepNext/><w:keepLines/>' : '';
  return `<w:p><w:pPr>${together}${style.border ?? ''}${tabs}${spacing}${style.indent ?? ''}${align}</w:pPr>${inner}</w:p>`;
}

function columns(style: Style, parts: readonly (readonly Piece[])[], keep: boolean): string {
  const stops = parts
    .slice(1)
    .map((_, n) => `<w:tab w:val="left" w:pos="${Math.round(((n + 1) * WIDTH) / parts.length)}"/>`);
  const inner = parts
    .map(
      (pieces, n) =>
        (n === 0 ? '' : run(style, '<w:tab/>')) + pieces.map((one) => run(style, piece(one))).join(''),
    )
    .join('');
  return paragraph(style, inner, {
    tabs: stops.length === 0 ? '' : `<w:tabs>${stops.join('')}</w:tabs>`,
    keep: keep || style.keep === true,
  });
}

const EDGES = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV']
  .map((side) => `<w:${side} w:val="nil"/>`)
  .join('');

/** One signer's lines, with room to sign below the second. */
const signerXml = (lines: readonly (readonly Piece[])[], indent: string, kept: number): string =>
  lines
    .map((pieces, row) => {
      const style: Style = {
        align: 'center',
        after: row === 1 ? 48 : 0,
        indent,
        ...(row === 0 ? { bold: true } : row === 1 ? { italic: true } : {}),
      };
      const inner = pieces.map((one) => run(style, piece(one))).join('');
      return paragraph(style, inner, { keep: row < kept });
    })
    .join('');

/** After a table Word wants one more paragraph: as low as can be, so that it takes no page of its own. */
const AFTER_TABLE =
  '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:vanish/><w:sz w:val="2"/></w:rPr></w:pPr></w:p>';

/** A lone signer stands in the right half; several in a table without lines, whose cells keep their lines together. */
function signers(parts: readonly (readonly (readonly Piece[])[])[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined)
    return signerXml(only, `<w:ind w:left="${Math.round(WIDTH / 2)}"/>`, only.length - 1);
  const width = Math.round(WIDTH / parts.length);
  const cells = parts.map(
    (lines) =>
      `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/></w:tcPr>${signerXml(lines, '', lines.length)}</w:tc>`,
  );
  const grid = `<w:tblGrid>${`<w:gridCol w:w="${width}"/>`.repeat(parts.length)}</w:tblGrid>`;
  const looks = `<w:tblPr><w:tblW w:w="${WIDTH}" w:type="dxa"/><w:tblBorders>${EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>`;
  return `<w:tbl>${looks}${grid}<w:tr><w:trPr><w:cantSplit/></w:trPr>${cells.join('')}</w:tr></w:tbl>${AFTER_TABLE}`;
}

/** The pledge stays on the page of its signers. */
function bodyXml(blocks: readonly Block[]): string {
  const pledge = pledgeAt(blocks);
  return blocks
    .map((block, n) =>
      block.look === 'sign'
        ? signers(block.columns)
        : columns(LOOKS[block.look], block.columns, n >= pledge && pledge !== -1),
    )
    .join('');
}

const SMALL: Style = { italic: true, size: 19, align: 'center', after: 0 };
const field = (name: string): string =>
  `<w:fldSimple w:instr=" ${name} ">${run(SMALL, words('1'))}</w:fldSimple>`;

function documentXml(form: Form): string {
  const page = `<w:pgSz w:w="${twips(210)}" w:h="${twips(297)}"/><w:pgMar w:top="${twips(24)}" w:right="${twips(15)}" w:bottom="${twips(20)}" w:left="${twips(30)}" w:header="${twips(11)}" w:footer="${twips(10)}" w:gutter="0"/>`;
  const edges = `<w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>`;
  const body = bodyXml(layoutOf(form));
  return `${HEAD}<w:document xmlns:w="${W}" xmlns:r="${R}"><w:body>${body}<w:sectPr>${edges}${page}</w:sectPr></w:body></w:document>`;
}

const STYLES = `${HEAD}<w:styles xmlns:w="${W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="26"/><w:szCs w:val="26"/><w:lang w:val="vi-VN"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`;

const MAIN = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const TYPES = `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${MAIN}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${MAIN}.styles+xml"/><Override PartName="/word/header1.xml" ContentType="${MAIN}.header+xml"/><Override PartName="/word/footer1.xml" ContentType="${MAIN}.footer+xml"/></Types>`;

const relations = (rows: readonly (readonly [string, string])[]): string =>
  `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows
    .map(([type, target], n) => `<Relationship Id="rId${n + 1}" Type="${R}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** Dots per blank, as many as the line takes: an ellipsis is 13 pt wide, a letter some 6. */
export function blanksOf(form: Form): ReadonlyMap<string, string> {
  const blanks = layoutOf(form).flatMap((block) => {
    if (block.look === 'sign') return [];
    return block.columns.flatMap((pieces): (readonly [string, string])[] => {
      const cells = pieces.flatMap((one) => ('cell' in one ? [one.cell] : []));
      const letters = pieces.reduce((sum, one) => sum + ('text' in one ? one.text.length : 0), 0);
      const room = 460 / block.columns.length - letters * 6.2;
      const dots = Math.max(3, Math.floor(room / 13 / Math.max(1, cells.length)) - 1);
      return cells.map((cell) => [cell, '…'.repeat(dots)]);
    });
  });
  return new Map(blanks);
}

/** Name of the cell in the footer that holds the dossier's code. */
export const CODE_CELL = 'dossier.code';

/** The form's empty DOCX, the same bytes every time. */
export function docxTemplate(form: Form): Promise<Buffer> {
  const header = markOf(form)
    .map((text) => paragraph(SMALL, run(SMALL, words(text))))
    .join('');
  const footer = paragraph(
    SMALL,
    `${run(SMALL, words(`Hồ sơ {${CODE_CELL}} – Trang `))}${field('PAGE')}${run(SMALL, words('/'))}${field('NUMPAGES')}`,
  );
  const parts: Readonly<Record<string, string>> = {
    '[Content_Types].xml': TYPES,
    '_rels/.rels': relations([['officeDocument', 'word/document.xml']]),
    'word/document.xml': documentXml(form),
    'word/_rels/document.xml.rels': relations([
      ['styles', 'styles.xml'],
      ['header', 'header1.xml'],
      ['footer', 'footer1.xml'],
    ]),
    'word/styles.xml': STYLES,
    'word/header1.xml': `${HEAD}<w:hdr xmlns:w="${W}">${header}</w:hdr>`,
    'word/footer1.xml': `${HEAD}<w:ftr xmlns:w="${W}">${footer}</w:ftr>`,
  };
  const zip = new JSZip();
  for (const [name, text] of Object.entries(parts)) zip.file(name, text, { date: new Date(0) });
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}
