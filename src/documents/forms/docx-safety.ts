/**
 * An agency's DOCX is a stranger's ZIP until it was looked at: bounded in size before and while it is unpacked, and only what a
 * plain form needs is let in. No macros, nothing fetched from elsewhere, nothing embedded, no fields that act, no DTD.
 */
import JSZip from 'jszip';
import { AppError } from '../../errors';

/** Bounds of an uploaded DOCX. A ministry's form has some 20 parts and 300 KB unpacked. */
export const DOCX_LIMITS = {
  bytes: 5 * 1024 * 1024,
  parts: 200,
  /** Of one XML part, and of all together, unpacked: they are parsed on the main thread. */
  xmlBytes: 400 * 1024,
  allXmlBytes: 2 * 1024 * 1024,
  /** Opening braces in one part; a form has some fifty cells. */
  braces: 500,
  /** Of all parts, unpacked. */
  allBytes: 20 * 1024 * 1024,
} as const;

export type DocxProblem =
  'too-big' | 'not-docx' | 'too-much' | 'macros' | 'external' | 'embedded' | 'field' | 'doctype' | 'tags';

/** @throws AppError `file-refused` with `details.why`, and the part of the file at fault where there is one. */
export function refuse(why: DocxProblem, part = ''): never {
  const plain = part.replace(/[^\w./[\] -]/g, '?').slice(0, 80);
  throw new AppError('file-refused', `DOCX refused: ${why}`, { details: { why, part: plain } });
}

/** Kinds of relationship a plain form may have; the last word of their type. */
const RELATIONS = new Set(
  `officeDocument core-properties extended-properties custom-properties styles stylesWithEffects settings
  webSettings fontTable numbering theme header footer footnotes endnotes comments commentsExtended
  commentsIds commentsExtensible classificationlabels glossaryDocument people image customXml customXmlProps thumbnail`.split(
    /\s+/,
  ),
);
const MAIN_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
const PART =
  /^(\[Content_Types\]\.xml|(_rels|docProps|word|customXml|docMetadata)\/[\w .()/-]*\.(xml|rels|png|jpe?g|gif|emf|wmf))$/i;
/** Fields that print or ask nothing of the outside. */
const FIELDS =
  /^(PAGE|NUMPAGES|SECTIONPAGES|DATE|TIME|SAVEDATE|CREATEDATE|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|SYMBOL|SEQ|REF|TITLE)\b/i;

/** Unpacks one part, and stops as soon as there is too much of it. */
function unpack(entry: JSZip.JSZipObject, limit: number): Promise<Buffer> {
  return new Promise((done, failed) => {
    const parts: Uint8Array[] = [];
    let size = 0;
    const stream = entry.nodeStream('nodebuffer');
    stream.on('data', (part: Buffer) => {
      size += part.length;
      parts.push(part);
      if (size <= limit) return;
      stream.pause();
      stream.removeAllListeners();
      parts.length = 0;
      failed(
        new AppError('file-refused', 'DOCX refused: too-much', { details: { why: 'too-much', part: '' } }),
      );
    });
    stream.on('error', () =>
      failed(
        new AppError('file-refused', 'DOCX refused: not-docx', { details: { why: 'not-docx', part: '' } }),
      ),
    );
    stream.on('end', () => done(Buffer.concat(parts)));
  });
}

async function entriesOf(bytes: Buffer): Promise<readonly JSZip.JSZipObject[]> {
  if (bytes.length > DOCX_LIMITS.bytes) refuse('too-big');
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK') refuse('not-docx');
  const zip = await JSZip.loadAsync(bytes).catch(() => refuse('not-docx'));
  const entries = Object.values(zip.files).filter(({ dir }) => !dir);
  if (entries.length > DOCX_LIMITS.parts) refuse('too-much');
  return entries;
}

function checkName(name: string): void {
  if (/vba|macro|\.bin$/i.test(name)) refuse('macros', name);
  if (/embeddings|activeX|\.(html?|mht|rtf|docx?|xlsx?|ole)$/i.test(name)) refuse('embedded', name);
  if (!PART.test(name) || name.includes('..')) refuse('not-docx', name);
}

function checkRelations(name: string, xml: string): void {
  if (/TargetMode\s*=\s*["']\s*External/i.test(xml)) refuse('external', name);
  for (const [, type = ''] of xml.matchAll(/\bType\s*=\s*["']([^"']*)["']/g))
    if (!RELATIONS.has(type.slice(type.lastIndexOf('/') + 1))) refuse('embedded', name);
  if (/&#/.test(xml)) refuse('external', name);
}

/** Instructions may be cut into runs: those between a begin and its end are one. */
function checkFields(name: string, xml: string): void {
  const said = [...xml.matchAll(/<\w+:fldSimple\b[^>]*\binstr\s*=\s*["']([^"']*)["']/g)].map(
    ([, one = '']) => one,
  );
  const cut = xml
    .split(/fldCharType\s*=\s*["']begin["']/)
    .slice(1)
    .map((part) =>
      [...part.matchAll(/<\w+:(?:instrText|delInstrText)\b[^>]*>([^<]*)</g)].map(([, one]) => one).join(''),
    );
  for (const field of [...said, ...cut])
    if (!FIELDS.test(field.trim()) && field.trim() !== '') refuse('field', name);
  if (/<\w+:(?:altChunk|object|OLEObject|control|subDoc|movie|applet|script)\b/i.test(xml))
    refuse('embedded', name);
}

function checkXml(name: string, bytes: Buffer): void {
  const xml = bytes.toString('utf8');
  // Other encodings would hide from what is looked for below.
  if (xml.split('{').length > DOCX_LIMITS.braces) refuse('too-much', name);
  if (xml.includes('\0') || xml.includes('\u{FFFD}')) refuse('not-docx', name);
  if (/<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])/i.test(xml)) refuse('not-docx', name);
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)/i.test(xml)) refuse('doctype', name);
  if (/macroEnabled|vbaProject/i.test(xml) && name === '[Content_Types].xml') refuse('macros', name);
  if (name === '[Content_Types].xml' && !xml.includes(MAIN_TYPE)) refuse('not-docx', name);
  if (name.endsWith('.rels')) checkRelations(name, xml);
  else checkFields(name, xml);
}

/** Looks through the whole file. @throws AppError `file-refused` (`details.why`: DocxProblem, `details.part`) */
export async function checkDocx(bytes: Buffer): Promise<void> {
  const entries = await entriesOf(bytes);
  let left: number = DOCX_LIMITS.allBytes;
  let leftXml: number = DOCX_LIMITS.allXmlBytes;
  for (const entry of entries) {
    checkName(entry.name);
    const xml = /\.(xml|rels)$/i.test(entry.name);
    const part = await unpack(entry, xml ? Math.min(leftXml, DOCX_LIMITS.xmlBytes) : left);
    left -= part.length;
    if (!xml) continue;
    leftXml -= part.length;
    checkXml(entry.name, part);
  }
  if (left < 0) refuse('too-much');
  const names = new Set(entries.map(({ name }) => name));
  if (!names.has('[Content_Types].xml') || !names.has('word/document.xml')) refuse('not-docx');
}
