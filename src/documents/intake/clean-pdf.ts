/**
 * Builds a PDF anew from the pages of one that somebody sent: what is drawn stays; scripts, actions, links, forms,
 * attachments, thumbnails and metadata do not come along. Runs in the reading process only.
 */
import {
  EncryptedPDFError,
  ParseSpeeds,
  PDFDocument,
  PDFName,
  PDFStream,
  type PDFPage,
} from '@cantoo/pdf-lib';
import { INTAKE, type IntakeResult } from '../../ports/intake';
import { isPlainJpegStream, withoutJpegMetadata } from './jpeg-metadata';

/** Keys of a page that say what is drawn and where (ISO 32000-1, table 30). Annotations, actions and the rest are left behind. */
const PAGE_KEYS = new Set(
  ['Type', 'Parent', 'Resources', 'MediaBox', 'CropBox', 'Rotate', 'Contents', 'Group', 'UserUnit'].map(
    slash,
  ),
);
/** Keys of a stream that carry data about it or point out of the file. */
const STREAM_KEYS = [
  'Metadata',
  'PieceInfo',
  'AF',
  'OPI',
  'Ref',
  'LastModified',
  'F',
  'FFilter',
  'FDecodeParms',
];

/** @throws what the parser throws: the file is broken. */
export async function cleanPdf(bytes: Buffer): Promise<IntakeResult> {
  const source = await load(bytes);
  if (source === 'pdf-locked') return { ok: false, problem: 'pdf-locked' };
  const pages = source.getPages();
  if (pages.length === 0) return { ok: false, problem: 'broken' };
  if (pages.length > INTAKE.pdfPages)
    return { ok: false, problem: 'too-many-pages', params: { max: INTAKE.pdfPages, pages: pages.length } };
  strip(source, pages);
  const clean = await rebuilt(source);
  if (clean.length > INTAKE.bytes)
    return { ok: false, problem: 'too-big', params: { max: INTAKE.bytes / 2 ** 20 } };
  return { ok: true, file: { bytes: clean, type: 'application/pdf', pages: pages.length, flags: [] } };
}

/** Some locked files fail to parse before the parser notices the lock. */
async function load(bytes: Buffer): Promise<PDFDocument | 'pdf-locked'> {
  try {
    return await PDFDocument.load(bytes, {
      parseSpeed: ParseSpeeds.Fastest,
      updateMetadata: false,
      capNumbers: true,
    });
  } catch (error) {
    if (error instanceof EncryptedPDFError || bytes.includes('/Encrypt')) return 'pdf-locked';
    throw error;
  }
}

/** In the source, before copying: a copy takes along everything that can be reached from a page. */
function strip(source: PDFDocument, pages: readonly PDFPage[]): void {
  for (const { node } of pages)
    for (const key of node.keys()) if (!PAGE_KEYS.has(key.asString())) node.delete(key);
  for (const [ref, object] of source.context.enumerateIndirectObjects()) {
    if (!(object instanceof PDFStream)) continue;
    for (const key of STREAM_KEYS) object.dict.delete(PDFName.of(key));
    if (isPlainJpegStream(object)) source.context.assign(ref, withoutJpegMetadata(object));
  }
}

async function rebuilt(source: PDFDocument): Promise<Buffer> {
  const target = await PDFDocument.create({ updateMetadata: false });
  for (const page of await target.copyPages(source, source.getPageIndices())) target.addPage(page);
  return Buffer.from(
    await target.save({ addDefaultPage: false, updateFieldAppearances: false, objectsPerTick: Infinity }),
  );
}

function slash(key: string): string {
  return `/${key}`;
}
