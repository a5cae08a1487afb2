/** The body of `POST /chat/photo`: the raw bytes of one file, and what its headers say. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../errors';
import { INTAKE } from '../../ports/intake';
import { sameOrigin } from './edge';
import { MESSAGE_ID, clean } from './say-body';

export interface PhotoHead {
  readonly id: string;
  /** As the citizen's machine names it; ≤ 200 characters, may be empty. */
  readonly name: string;
  /** As the sender says; the body is held to it. */
  readonly bytes: number;
}

export interface PhotoBody {
  readonly bytes: Buffer;
  /** SHA-256, base64url. */
  readonly print: string;
  readonly pdf: boolean;
}

/** A body that stands still for so long is given up. */
const SILENCE_MS = 20_000;
/** The weakest network a photo still comes over, and what a connection may need besides: 4 MB have 5 minutes. */
const BYTES_PER_MS = 16;
const START_MS = 30_000;
/** The longest any photo may take. */
export const SLOWEST_PHOTO_MS = 600_000;
const MAX_NAME = 200;
const PDF = Buffer.from('%PDF-');

/**
 * Reads what stands before the body.
 * @throws AppError `forbidden` for another site's page, `bad-request`, `file-refused` when empty, `payload-too-large`.
 */
export function readPhotoHead(request: IncomingMessage): PhotoHead {
  sameOrigin(request);
  const { headers } = request;
  const id = headers['x-message-id'];
  const length = headers['content-length'] ?? '';
  if (headers['content-type'] !== 'application/octet-stream') throw wrong('bytes');
  if (typeof id !== 'string' || !MESSAGE_ID.test(id)) throw wrong('id');
  if (!/^\d{1,12}$/.test(length)) throw wrong('length');
  const bytes = Number(length);
  if (bytes === 0) throw new AppError('file-refused', 'an empty file');
  if (bytes > INTAKE.bytes) throw new AppError('payload-too-large', 'file over the cap');
  return { id, name: readName(headers['x-file-name']), bytes };
}

/** A name that does not read is no reason to refuse a photo. */
function readName(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return '';
  try {
    return clean(decodeURIComponent(header).slice(0, MAX_NAME)).replace(/\p{Cc}/gu, '');
  } catch {
    return '';
  }
}

/** Reads exactly `length` bytes, hashing as they come. @throws AppError `bad-request` when cut off or too slow. */
export function readPhoto(request: IncomingMessage, length: number): Promise<PhotoBody> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.allocUnsafeSlow(length);
    const hash = createHash('sha256');
    let at = 0;
    const stop = () => [silence, whole].forEach((timer) => clearTimeout(timer));
    const fail = (why: string) => () => {
      stop();
      reject(new AppError('bad-request', why));
    };
    const silence = setTimeout(fail('photo stands still'), SILENCE_MS);
    const whole = setTimeout(
      fail('photo too slow'),
      Math.min(SLOWEST_PHOTO_MS, START_MS + length / BYTES_PER_MS),
    );
    request.on('data', (chunk: Buffer) => {
      silence.refresh();
      hash.update(chunk);
      at += chunk.copy(bytes, at);
    });
    request.on('end', () => {
      stop();
      const pdf = bytes.subarray(0, PDF.length).equals(PDF);
      if (at === length) resolve({ bytes, print: hash.digest('base64url'), pdf });
      else fail('photo cut off')();
    });
    request.on('error', fail('photo cut off'));
    request.on('close', fail('photo cut off'));
  });
}

const wrong = (what: string): AppError => new AppError('bad-request', `photo: ${what} expected`);
