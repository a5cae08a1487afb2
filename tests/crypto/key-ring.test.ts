import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY_FILE, newKeys, openKeyRing, parseDataKeys } from '../../src/crypto/key-ring';

const key = (fill: number, size = 32) => Buffer.alloc(size, fill).toString('base64');

/** The message of the refusal; fails when nothing is refused. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'config-invalid' });
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('DATA_KEYS', () => {
  it('names the newest key first; older ones follow; the index key is apart', () => {
    const ring = parseDataKeys(` k2:${key(2)} , k1:${key(1)};index:${key(9)}\n`);
    expect(ring.current).toBe('k2');
    expect([...ring.keys.keys()]).toEqual(['k2', 'k1']);
    expect(ring.index.export()).toEqual(Buffer.alloc(32, 9));
  });

  it('may be written in base64url and without padding', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const ring = parseDataKeys(`k1:${bytes.toString('base64url')};index:${key(9)}`);
    expect(ring.keys.get('k1')?.export()).toEqual(bytes);
  });

  it.each([
    ['', 'data key 1 is not of the form kid:base64key; the index key is not of the form'],
    [`k1:${key(1)}`, 'the index key is not of the form'],
    [`k1:${key(1, 16)};index:${key(9)}`, 'data key 1 "k1" has 16 bytes, not 32'],
    [`K 1:${key(1)};index:${key(9)}`, 'data key 1: the id must be 1–16'],
    [`k1:n*t base64;index:${key(9)}`, 'data key 1 "k1" is not base64'],
    [`k1:${key(1)},k1:${key(2)};index:${key(9)}`, 'the id "k1" stands twice'],
    [`k1:${key(1)},k2:${key(1)};index:${key(9)}`, '"k2" repeats the bytes of another key'],
    [`k1:${key(1)};index:${key(1)}`, '"index" repeats the bytes of another key'],
    [`k1:${key(1)};other:${key(9)}`, 'what follows ";" must be index:base64key'],
    [`k1:${key(1)};index:${key(9)};x`, 'there is more than one ";"'],
  ])('refuses %j', (text, problem) => {
    expect(refusal(() => parseDataKeys(text))).toContain(problem);
  });

  it('are refused with every problem at once and without showing a key', () => {
    const message = refusal(() => parseDataKeys(`k1:${key(1, 8)},k2:${key(2, 9)};index:${key(3, 10)}`));
    for (const bytes of [8, 9, 10]) expect(message).toContain(`has ${bytes} bytes`);
    expect(message).not.toContain(key(1, 8));
  });
});

describe('the key file', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-keys-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const open = (more: { dataKeys?: string; mayCreate?: boolean } = {}) =>
    openKeyRing({ dataDir, mayCreate: true, random: randomBytes, ...more });

  it('is made at the first start, for its owner only, and is the same ever after', () => {
    const first = open();
    const file = join(dataDir, KEY_FILE);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual([KEY_FILE]);
    const again = open({ mayCreate: false });
    expect(again.index.equals(first.index)).toBe(true);
    expect(again.keys.get('k1')?.equals(first.keys.get('k1')!)).toBe(true);
  });

  it('is not made where it must not be: the refusal says what to set', () => {
    expect(refusal(() => open({ mayCreate: false }))).toContain(
      'DATA_KEYS is missing: set it to kid:base64key',
    );
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is not looked at when DATA_KEYS is given, and is refused when it is damaged', () => {
    writeFileSync(join(dataDir, KEY_FILE), 'k1:damaged');
    expect(open({ dataKeys: newKeys(randomBytes, 'given') }).current).toBe('given');
    expect(refusal(() => open())).toContain('DATA_KEYS must be');
    expect(readFileSync(join(dataDir, KEY_FILE), 'utf8')).toBe('k1:damaged');
  });
});
