/** The keys of the house: data keys (newest first; older ones still open what they sealed) and one separate index key. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors';

export interface KeyRing {
  /** Id of the key that seals from now on. */
  readonly current: string;
  /** AES-256 keys by id, newest first. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** HMAC key of the blind indexes and the audit chain. It never rotates: what it made could no longer be found. */
  readonly index: KeyObject;
}

const KEY_BYTES = 32;
const KEY_ID = /^[a-z0-9-]{1,16}$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const SHAPE = 'kid:base64key[,kid:base64key…];index:base64key';
/** Name of the key file under DATA_DIR; it holds one line in the form of DATA_KEYS. */
export const KEY_FILE = 'keys';

interface Named {
  readonly id: string;
  readonly bytes: Buffer;
}

function parseKey(text: string, where: string, problems: string[]): Named | null {
  const at = text.indexOf(':');
  const id = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  if (at < 0) problems.push(`${where} is not of the form kid:base64key`);
  else if (!KEY_ID.test(id)) problems.push(`${where}: the id must be 1–16 of a-z, 0-9 and "-"`);
  else if (!BASE64.test(value)) problems.push(`${where} "${id}" is not base64`);
  else {
    const bytes = Buffer.from(value, 'base64');
    if (bytes.length === KEY_BYTES) return { id, bytes };
    problems.push(`${where} "${id}" has ${bytes.length} bytes, not ${KEY_BYTES}`);
  }
  return null;
}

function repeated(named: readonly Named[], problems: string[]): void {
  named.forEach((one, i) => {
    const earlier = named.slice(0, i);
    if (earlier.some((other) => other.id === one.id)) problems.push(`the id "${one.id}" stands twice`);
    if (earlier.some((other) => other.bytes.equals(one.bytes)))
      problems.push(`"${one.id}" repeats the bytes of another key`);
  });
}

/**
 * Reads DATA_KEYS: `kid:base64key[,kid:base64key…];index:base64key`, newest data key first, 32 bytes each.
 * @throws AppError `config-invalid` naming every problem at once, never a key.
 */
export function parseDataKeys(text: string): KeyRing {
  const problems: string[] = [];
  const [data = '', index = '', ...rest] = text.trim().split(';');
  const keys = data.split(',').map((part, i) => parseKey(part.trim(), `data key ${i + 1}`, problems));
  const indexKey = parseKey(index.trim(), 'the index key', problems);
  if (rest.length > 0) problems.push('there is more than one ";"');
  if (indexKey && indexKey.id !== 'index') problems.push('what follows ";" must be index:base64key');
  const good = keys.filter((key) => key !== null);
  repeated(indexKey ? [...good, indexKey] : good, problems);
  const [newest] = good;
  if (problems.length > 0 || !newest || !indexKey)
    throw new AppError('config-invalid', `DATA_KEYS must be ${SHAPE}: ${problems.join('; ')}.`);
  return {
    current: newest.id,
    keys: new Map(good.map((key) => [key.id, createSecretKey(key.bytes)])),
    index: createSecretKey(indexKey.bytes),
  };
}

/** A fresh line for DATA_KEYS; `random(n)` gives n bytes of a CSPRNG, `kid` names the data key. */
export function newKeys(random: (bytes: number) => Buffer, kid = 'k1'): string {
  return `${kid}:${random(KEY_BYTES).toString('base64')};index:${random(KEY_BYTES).toString('base64')}`;
}

/**
 * The same line with a fresh data key in front: it seals from now on, the ones before still open what they sealed.
 * @throws AppError `config-invalid` when the line cannot be read.
 */
export function withNewKey(line: string, random: (bytes: number) => Buffer): string {
  const numbers = [...parseDataKeys(line).keys.keys()].map((kid) =>
    Number(/^k(\d{1,9})$/.exec(kid)?.[1] ?? 0),
  );
  return `k${Math.max(...numbers) + 1}:${random(KEY_BYTES).toString('base64')},${line.trim()}`;
}

/** Creates the file whole or not at all; when another process was first, theirs stands. */
function createOnce(file: string, text: string, suffix: string): void {
  const temp = `${file}.${suffix}`;
  const fd = openSync(temp, 'wx', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(temp, file);
  } catch (cause) {
    if (!existsSync(file))
      throw new AppError('config-invalid', `The key file ${file} cannot be made.`, { cause });
  } finally {
    unlinkSync(temp);
  }
}

export interface KeyRingOptions {
  /** DATA_KEYS as given, if any: it wins over the key file. */
  readonly dataKeys?: string | undefined;
  readonly dataDir: string;
  /** May a first start make a key file? Only with everything embedded. */
  readonly mayCreate: boolean;
  /** CSPRNG. */
  readonly random: (bytes: number) => Buffer;
}

/**
 * The ring from DATA_KEYS, else from the key file under `dataDir` (mode 0600), which a first start may make.
 * @throws AppError `config-invalid`.
 */
export function openKeyRing({ dataKeys, dataDir, mayCreate, random }: KeyRingOptions): KeyRing {
  if (dataKeys) return parseDataKeys(dataKeys);
  const file = join(dataDir, KEY_FILE);
  if (!existsSync(file)) {
    if (!mayCreate)
      throw new AppError(
        'config-invalid',
        `DATA_KEYS is missing: set it to ${SHAPE}, each key 32 random bytes.`,
      );
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    createOnce(file, `${newKeys(random)}\n`, random(6).toString('hex'));
  }
  return parseDataKeys(readFileSync(file, 'utf8'));
}
