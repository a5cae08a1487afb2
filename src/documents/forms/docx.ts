/** A form filled from a dossier as an editable DOCX: our own layout, or an agency's official file with the same `{cells}`. */
import { TemplateHandler, TemplateHandlerOptions, TextPlugin } from 'easy-template-x';
import JSZip from 'jszip';
import { AppError } from '../../errors';
import type { Dossier } from '../../ports/dossier';
import { cellsOf, fill, type CellValue, type Office } from './cells';
import { checkDocx, refuse } from './docx-safety';
import { blanksOf, CODE_CELL, docxTemplate, escapeXml } from './docx-template';
import type { Form } from './form';
import { DEMO } from './layout';

/** Room to write by hand where the form says nothing of it. */
const BLANK = '………………';

/** Cells written with letters only, no loops, links or pictures: a file cannot ask for more than words. */
const handlerOf = (values: ReadonlyMap<string, string>): TemplateHandler =>
  new TemplateHandler(
    new TemplateHandlerOptions({
      plugins: [new TextPlugin()],
      maxXmlDepth: 100,
      // Names have dots, so they are looked up whole. One that is not the form's stays a blank.
      scopeDataResolver: ({ strPath }) => values.get(String(strPath.at(-1))) ?? BLANK,
    }),
  );

const written = (value: CellValue, blank: string): string => {
  if (typeof value === 'boolean') return value ? '☒' : '☐';
  return value === '' ? blank : value;
};

/** A template that cannot be read is the file's fault, not ours. */
const asRefused = (error: unknown): never => {
  if (error instanceof AppError) throw error;
  return refuse('tags');
};

/** `THỬ` above everything, whatever the namespace prefix of the file. */
async function marked(docx: Buffer): Promise<Buffer> {
  const zip = await JSZip.loadAsync(docx);
  const name = 'word/document.xml';
  const xml = (await zip.file(name)?.async('string')) ?? '';
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const line = `<w:p ${w}><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>${escapeXml(DEMO)}</w:t></w:r></w:p>`;
  zip.file(
    name,
    xml.replace(/<(?:\w+:)?body\b[^>]*>/, (body) => body + line),
  );
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

/**
 * The form filled. `officialDocx`: the agency's own file, checked again. Blanks stay dotted, a tick box is ☒ or ☐.
 * @throws AppError `file-refused` (`details.why`) for a file that is not a plain form
 */
export async function fillDocx(
  form: Form,
  dossier: Dossier,
  office: Office,
  officialDocx?: Buffer,
): Promise<Buffer> {
  if (officialDocx !== undefined) await checkDocx(officialDocx);
  const template = officialDocx ?? (await docxTemplate(form));
  const blanks = blanksOf(form);
  const values = new Map([[CODE_CELL, dossier.code]]);
  for (const [name, value] of fill(form, dossier, office))
    values.set(name, written(value, blanks.get(name) ?? BLANK));
  const filled = await handlerOf(values).process(template, {}).catch(asRefused);
  return dossier.demo ? marked(filled) : filled;
}

/** How an agency's file and the form's cells agree. */
export interface CellMatch {
  readonly matched: readonly string[];
  /** Cells of the form that the file does not have: what they hold will not be printed. */
  readonly missing: readonly string[];
  /** Cells of the file that the form does not know: they stay blank. */
  readonly unknown: readonly string[];
}

/** Looks at an official DOCX before it is kept. @throws AppError `file-refused` (`details.why`, `details.part`) */
export async function checkOfficialDocx(form: Form, bytes: Buffer): Promise<CellMatch> {
  await checkDocx(bytes);
  const tags = await handlerOf(new Map()).parseTags(bytes).catch(asRefused);
  // Filling once shows that it can be filled.
  await handlerOf(new Map()).process(bytes, {}).catch(asRefused);
  const found = new Set(tags.map(({ name }) => name));
  const known = [...cellsOf(form).map(({ name }) => name), CODE_CELL];
  return {
    matched: known.filter((name) => found.has(name)),
    missing: known.filter((name) => !found.has(name) && name !== CODE_CELL),
    unknown: [...found].filter((name) => !known.includes(name)),
  };
}
