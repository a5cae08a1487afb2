/** What a bot sent with a call: fields and files, from JSON, urlencoded, multipart or the query. Bot API: "Making requests". */
import busboy from 'busboy';
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './wire';

export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

export interface Params {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, Upload>;
}

/** Bot API: C2 "Upload: photo 10 MB, other 50 MB". */
export const MAX_UPLOAD = 50 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readMultipart(request: IncomingMessage): Promise<Params> {
  return new Promise((done, failed) => {
    const fields: Record<string, unknown> = {};
    const files = new Map<string, Upload>();
    let tooLarge = false;
    const parser = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: MAX_UPLOAD + 1 },
    });
    parser.on('field', (name, value) => (fields[name] = value));
    parser.on('file', (field, stream, { filename, mimeType }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => (tooLarge = true));
      stream.on('end', () =>
        files.set(field, { name: filename || field, type: mimeType, bytes: Buffer.concat(chunks) }),
      );
    });
    parser.on('close', () => {
      if (tooLarge) failed(new ApiError(413, 'Request Entity Too Large'));
      else done({ fields, files });
    });
    parser.on('error', failed);
    request.pipe(parser);
  });
}

/** @throws ApiError 400 a broken body · 413 a file above 50 MB. */
export async function readParams(request: IncomingMessage, query: URLSearchParams): Promise<Params> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(request);
  const text = (await readBytes(request)).toString('utf8');
  const fromQuery = Object.fromEntries(query);
  if (type.startsWith('application/json')) {
    try {
      const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      return { fields: { ...fromQuery, ...parsed }, files: new Map() };
    } catch {
      throw badRequest("can't parse JSON object");
    }
  }
  return { fields: { ...fromQuery, ...Object.fromEntries(new URLSearchParams(text)) }, files: new Map() };
}

export const text = ({ fields }: Params, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

export const number = ({ fields }: Params, name: string): number | undefined => {
  const value = fields[name];
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};

export const flag = ({ fields }: Params, name: string): boolean =>
  [true, 'true', 'True', '1', 1].includes(fields[name] as string);

/** A field that is a structure: as it stands in a JSON body, as JSON text in the others. */
export function structure(params: Params, name: string): unknown {
  const value = params.fields[name];
  if (typeof value !== 'string' || value === '') return value === '' ? undefined : value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw badRequest(`can't parse ${name.replaceAll('_', ' ')} JSON object`);
  }
}

/** For the ledger: fields as sent, files as their name, type, size and SHA-256 (hex). */
export function payloadOf({ fields, files }: Params): Readonly<Record<string, unknown>> {
  if (files.size === 0) return fields;
  const told = [...files].map(([field, { name, type, bytes }]) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return [field, { name, type, bytes: bytes.length, sha256 }] as const;
  });
  return { ...fields, ...Object.fromEntries(told) };
}
