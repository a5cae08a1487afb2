/** What a file is by its first bytes, and whether it moves. Names and media types people send are never looked at. */

/** Sorts with a name of their own in the answer; everything else is no photo. */
export type Sort = 'jpeg' | 'png' | 'webp' | 'heic' | 'heic-sequence' | 'gif' | 'pdf';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEIC_BRANDS = new Set(['heic', 'heix']);
const SEQUENCE_BRANDS = new Set(['hevc', 'hevx', 'msf1']);
/** Readers find a PDF's header within this many bytes (ISO 32000-1, annex H.3.4.1). */
const PDF_HEADER_WITHIN = 1024;

/** Null: none of the sorts. */
export function sortOf(bytes: Buffer): Sort | null {
  if (bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'png';
  if (textAt(bytes, 0) === 'RIFF' && textAt(bytes, 8) === 'WEBP') return 'webp';
  if (textAt(bytes, 0) === 'GIF8') return 'gif';
  if (textAt(bytes, 4) === 'ftyp') return heicSort(bytes);
  return bytes.subarray(0, PDF_HEADER_WITHIN).includes('%PDF-') ? 'pdf' : null;
}

/** `mif1` says only "an HEIF picture"; which coding it has stands among the compatible brands (AVIF is not read here). */
function heicSort(bytes: Buffer): Sort | null {
  const major = textAt(bytes, 8);
  if (HEIC_BRANDS.has(major)) return 'heic';
  if (SEQUENCE_BRANDS.has(major)) return 'heic-sequence';
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  for (let at = 16; major === 'mif1' && at + 4 <= end; at += 4)
    if (HEIC_BRANDS.has(textAt(bytes, at))) return 'heic';
  return null;
}

/** Is it a PNG with more than one frame? APNG says so before its picture data; decoders of plain PNG do not look. */
export function isMovingPng(bytes: Buffer): boolean {
  for (let at = PNG.length; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const chunk = textAt(bytes, at + 4);
    if (chunk === 'acTL') return bytes.readUInt32BE(at + 8) > 1;
    if (chunk === 'IDAT') return false;
  }
  return false;
}

const GIF_IMAGE = 0x2c;
const GIF_EXTENSION = 0x21;

/** Has a GIF more than one frame? Walks its blocks; decodes nothing. */
export function isMovingGif(bytes: Buffer): boolean {
  let at = 13 + colourTable(bytes[10]);
  for (let frames = 0; at < bytes.length;) {
    const block = bytes[at];
    if (block === GIF_IMAGE) {
      frames += 1;
      if (frames > 1) return true;
      at = afterSubBlocks(bytes, at + 11 + colourTable(bytes[at + 9]));
    } else if (block === GIF_EXTENSION) at = afterSubBlocks(bytes, at + 2);
    else return false;
  }
  return false;
}

/** Bytes of the colour table a packed field announces. */
const colourTable = (packed = 0): number => ((packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1));

function afterSubBlocks(bytes: Buffer, from: number): number {
  let at = from;
  for (let size = bytes[at] ?? 0; size > 0; size = bytes[at] ?? 0) at += 1 + size;
  return at + 1;
}

const textAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, at + 4);
