/**
 * Sealing: AES-256-GCM under a named key, bound to the place it stands in, so that a value moved to another record or
 * field does not open. Text form `v1.<kid>.<b64url(iv|ct|tag)>`; binary form `1, length of kid, kid, iv, ct, tag`.
 * IVs are random: raise a new key before 2^32 seals under one (NIST SP 800-38D §8.3).
 */
import {
  createCipheriv,
  createDecipheriv,
  randomFillSync,
  type CipherGCM,
  type DecipherGCM,
  type KeyObject,
} from 'node:crypto';
import { AppError } from '../errors';
import type { KeyRing } from './key-ring';

/** Where a sealed value stands: it opens nowhere else. */
export interface Place {
  /** Collection and id, e.g. `conversations/4f…`. */
  readonly record: string;
  readonly field: string;
}

const FORMAT = 1;
const IV = 12;
const TAG = 16;
const POOL = IV * 256;
/** Bytes sealed in one go: under a millisecond. */
const PART = 1024 * 1024;
/** Format, length of the kid, the longest kid, IV. */
const LONGEST_HEAD = 2 + 255 + IV;

/** Draws IVs from a pool: one call to the system for 256 of them. */
function ivSource(): () => Buffer {
  const pool = Buffer.alloc(POOL);
  let next = POOL;
  return () => {
    if (next === POOL) {
      randomFillSync(pool);
      next = 0;
    }
    next += IV;
    return pool.subarray(next - IV, next);
  };
}
const nextIv = ivSource();

const aad = ({ record, field }: Place) => Buffer.from(`${record}\0${field}`);

function keyOf(ring: KeyRing, kid: string): KeyObject {
  const key = ring.keys.get(kid);
  if (key) return key;
  throw new AppError('key-unknown', `No key "${kid}" in DATA_KEYS: put it back to read what it sealed.`, {
    details: { kid },
  });
}

function unreadable(place: Place, cause?: unknown): AppError {
  return new AppError('document-unreadable', 'A sealed value does not open: it was changed or moved.', {
    cause,
    details: { record: place.record, field: place.field },
  });
}

function cipherOf(key: KeyObject, place: Place, iv: Buffer): CipherGCM {
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(aad(place));
  return cipher;
}

function decipherOf(key: KeyObject, place: Place, iv: Buffer, tag: Buffer): DecipherGCM {
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG });
  decipher.setAAD(aad(place));
  decipher.setAuthTag(tag);
  return decipher;
}

/** Only now is anything that was deciphered to be believed. */
function finish(decipher: DecipherGCM, place: Place): void {
  try {
    decipher.final();
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

function sealWith(key: KeyObject, place: Place, plain: Uint8Array, head: Buffer): Buffer {
  const iv = nextIv();
  const cipher = cipherOf(key, place, iv);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([head, iv, body, cipher.getAuthTag()]);
}

function openWith(key: KeyObject, place: Place, sealed: Buffer): Buffer {
  const end = sealed.length - TAG;
  if (end < IV) throw unreadable(place);
  const decipher = decipherOf(key, place, sealed.subarray(0, IV), sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(IV, end));
  finish(decipher, place);
  return plain;
}

const headOf = (kid: string): Buffer => Buffer.from(`${String.fromCharCode(FORMAT, kid.length)}${kid}`);

/** Seals bytes for one place under the ring's current key: the binary form. */
export function seal(ring: KeyRing, place: Place, plain: Uint8Array): Buffer {
  const kid = ring.current;
  return sealWith(keyOf(ring, kid), place, plain, headOf(kid));
}

/** The binary form in parts, to be written one after another: sealing a whole photo in one go holds up everything else. */
export function* sealParts(ring: KeyRing, place: Place, plain: Uint8Array): Generator<Buffer> {
  const kid = ring.current;
  const iv = Buffer.from(nextIv());
  const cipher = cipherOf(keyOf(ring, kid), place, iv);
  yield Buffer.concat([headOf(kid), iv]);
  for (let at = 0; at < plain.length; at += PART) yield cipher.update(plain.subarray(at, at + PART));
  cipher.final();
  yield cipher.getAuthTag();
}

/** Opens the binary form. @throws AppError `key-unknown` · `document-unreadable` (changed, cut, or sealed for another place). */
export function open(ring: KeyRing, place: Place, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = 2 + (bytes[1] ?? 0);
  if (bytes[0] !== FORMAT || bytes.length < start) throw unreadable(place);
  return openWith(keyOf(ring, bytes.toString('latin1', 2, start)), place, bytes.subarray(start));
}

/** Id of the key that sealed the binary form; nothing is opened. */
export const kidOf = (sealed: Buffer): string => sealed.toString('latin1', 2, 2 + (sealed[1] ?? 0));

/** Gives `length` bytes of something sealed from `at` on; fewer where it ends. */
export type ReadAt = (at: number, length: number) => Promise<Buffer>;

/** Opens the binary form of `size` bytes part by part; gives nothing before the last part proved the whole. Errors as `open`. */
export async function openParts(ring: KeyRing, place: Place, size: number, read: ReadAt): Promise<Buffer> {
  const start = await read(0, LONGEST_HEAD);
  const from = 2 + (start[1] ?? 0);
  const [body, end] = [from + IV, size - TAG];
  if (start[0] !== FORMAT || end < body) throw unreadable(place);
  const key = keyOf(ring, start.toString('latin1', 2, from));
  const decipher = decipherOf(key, place, start.subarray(from, body), await read(end, TAG));
  const plain = Buffer.allocUnsafeSlow(end - body);
  for (let at = body; at < end; at += PART)
    decipher.update(await read(at, Math.min(PART, end - at))).copy(plain, at - body);
  finish(decipher, place);
  return plain;
}

/** Seals words for one place: the text form. */
export function sealText(ring: KeyRing, place: Place, plain: string): string {
  const key = keyOf(ring, ring.current);
  const sealed = sealWith(key, place, Buffer.from(plain), Buffer.alloc(0));
  return `v${FORMAT}.${ring.current}.${sealed.toString('base64url')}`;
}

/** Opens the text form. Errors as `open`. */
export function openText(ring: KeyRing, place: Place, sealed: string): string {
  const [format, kid, body, ...rest] = sealed.split('.');
  if (format !== `v${FORMAT}` || kid === undefined || body === undefined || rest.length > 0)
    throw unreadable(place);
  return openWith(keyOf(ring, kid), place, Buffer.from(body, 'base64url')).toString('utf8');
}
