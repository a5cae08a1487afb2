/** Reads a small `multipart/form-data` body that is wholly in memory (RFC 7578): text fields and files. */
import { AppError } from '../errors';

export interface FormFile {
  /** As the browser sent it: untrusted text. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Form {
  readonly texts: readonly (readonly [string, string])[];
  readonly files: ReadonlyMap<string, FormFile>;
}

const MAX_PARTS = 2_000;
const BOUNDARY = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
const LINE = Buffer.from('\r\n');
const BLANK = Buffer.from('\r\n\r\n');

const bad = (what: string): AppError => new AppError('bad-request', `form not readable: ${what}`);

/** @throws AppError `bad-request` for anything but a complete body of at most 2000 parts. */
export function readMultipart(body: Buffer, contentType: string): Form {
  const boundary = BOUNDARY.exec(contentType);
  const mark = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`);
  if (boundary === null || body.indexOf(mark) !== 0) throw bad('no boundary');
  const texts: [string, string][] = [];
  const files = new Map<string, FormFile>();
  for (const part of partsOf(body, mark)) {
    const head = headOf(part);
    if (head.file === null) texts.push([head.name, part.subarray(head.end).toString('utf8')]);
    else files.set(head.name, { name: head.file, bytes: part.subarray(head.end) });
  }
  return { texts, files };
}

/** The bytes between two boundaries, without the line ends that belong to them. */
function* partsOf(body: Buffer, mark: Buffer): Generator<Buffer> {
  const between = Buffer.concat([LINE, mark]);
  let at = mark.length;
  for (let count = 0; count <= MAX_PARTS; count += 1) {
    if (body.subarray(at, at + 2).toString('latin1') === '--') return;
    if (!body.subarray(at, at + 2).equals(LINE)) throw bad('broken boundary');
    const end = body.indexOf(between, at);
    if (end < 0) throw bad('cut short');
    yield body.subarray(at + 2, end);
    at = end + between.length;
  }
  throw bad('too many parts');
}

/** Name, file name (null: a text field), and where the content begins. */
function headOf(part: Buffer): { name: string; file: string | null; end: number } {
  const end = part.indexOf(BLANK);
  if (end < 0) throw bad('no headers');
  const head = part.subarray(0, end).toString('utf8');
  const name = /^content-disposition:[^\n]*?[;\s]name="([^"\n]{0,200})"/im.exec(head)?.[1];
  if (name === undefined) throw bad('no name');
  const file = /^content-disposition:[^\n]*?[;\s]filename="([^"\n]{0,500})"/im.exec(head)?.[1] ?? null;
  return { name: unquote(name), file: file === null ? null : unquote(file), end: end + BLANK.length };
}

/** Browsers write quotes and line ends inside names as %22, %0D, %0A. */
const unquote = (text: string): string =>
  text.replace(/%(22|0D|0A)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
