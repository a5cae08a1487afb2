/** JPEG pictures inside a PDF keep what the camera wrote about place and owner; this leaves the picture alone and drops that. */
import { PDFName, PDFRawStream, type PDFObject } from '@cantoo/pdf-lib';

const [APP1, APP13, COMMENT, START_OF_SCAN] = [0xe1, 0xed, 0xfe, 0xda];
/** EXIF and XMP, Photoshop's, comments. Colour (APP2) and transform (APP14) segments belong to the picture. */
const DROPPED: ReadonlySet<number> = new Set([APP1, APP13, COMMENT]);

/** Is it a stream that is a JPEG file as it stands? */
export function isPlainJpegStream(object: PDFObject): object is PDFRawStream {
  return object instanceof PDFRawStream && object.dict.get(PDFName.of('Filter')) === PDFName.of('DCTDecode');
}

export function withoutJpegMetadata(stream: PDFRawStream): PDFRawStream {
  return PDFRawStream.of(stream.dict, dropSegments(Buffer.from(stream.contents)));
}

/** Copies segments up to the picture data, then the rest. What is not a chain of segments stays as it is. */
export function dropSegments(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN) {
    const next = at + 2 + bytes.readUInt16BE(at + 2);
    if (!DROPPED.has(bytes[at + 1] ?? 0)) kept.push(bytes.subarray(at, next));
    at = next;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
}
