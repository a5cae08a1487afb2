import { randomBytes } from 'node:crypto';
import { foldedWords, foldName } from '../../src/crypto/blind-index';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';

const key = () => randomBytes(32).toString('base64');
const index = key();
const [oldKey, newKey] = [key(), key()];
const vaultOf = (...keys: string[]) => openVault(parseDataKeys(`${keys.join(',')};index:${index}`));
const PLACE = { record: 'dossiers/d1', field: 'body' };
const plain = 'Đặng Thị Ví Dụ, 001190000123 👵🏽';

const readFrom = (bytes: Buffer) => (at: number, length: number) =>
  Promise.resolve(bytes.subarray(at, at + length));

describe('a sealed value', () => {
  const vault = vaultOf(`k1:${oldKey}`);

  it('opens where it was sealed, in both forms, and shows nothing of what it holds', () => {
    const text = vault.sealText(PLACE, plain);
    const binary = vault.seal(PLACE, Buffer.from(plain));
    expect(text).toMatch(/^v1\.k1\.[A-Za-z0-9_-]+$/);
    expect(vault.openText(PLACE, text)).toBe(plain);
    expect(vault.open(PLACE, binary).toString()).toBe(plain);
    expect(vault.open(PLACE, vault.seal(PLACE, Buffer.alloc(0)))).toHaveLength(0);
    expect(binary.includes('001190')).toBe(false);
  });

  it('is never the same twice', () => {
    const sealed = Array.from({ length: 2_000 }, () => vault.sealText(PLACE, plain));
    expect(new Set(sealed.map((text) => text.slice(6, 22))).size).toBe(2_000);
  });

  it.each([
    ['another record', { ...PLACE, record: 'dossiers/d2' }],
    ['another field', { ...PLACE, field: 'notes' }],
    ['a record and field cut elsewhere', { record: 'dossiers/d1\0bo', field: 'dy' }],
  ])('does not open in %s', (_, place) => {
    const unreadable = expect.objectContaining({ code: 'document-unreadable' }) as Error;
    expect(() => vault.openText(place, vault.sealText(PLACE, plain))).toThrow(unreadable);
    expect(() => vault.open(place, vault.seal(PLACE, Buffer.from(plain)))).toThrow(unreadable);
  });

  it('does not open when any byte changed or is missing', () => {
    const sealed = vault.seal(PLACE, Buffer.from('abc'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => vault.open(PLACE, changed)).toThrow();
      expect(() => vault.open(PLACE, sealed.subarray(0, at))).toThrow();
    }
  });

  it.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 2_500_000])(
    'of %i bytes is the same form in parts',
    async (size) => {
      const bytes = randomBytes(size);
      const parts = Buffer.concat([...vault.sealParts(PLACE, bytes)]);
      expect(vault.open(PLACE, parts).equals(bytes)).toBe(true);
      const whole = vault.seal(PLACE, bytes);
      expect((await vault.openParts(PLACE, whole.length, readFrom(whole))).equals(bytes)).toBe(true);
    },
  );

  it('in parts does not open when any byte changed or is missing, nor when it ends early', async () => {
    const sealed = vault.seal(PLACE, Buffer.from('abc'));
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      const cut = sealed.subarray(0, at);
      await expect(vault.openParts(PLACE, changed.length, readFrom(changed))).rejects.toThrow();
      await expect(vault.openParts(PLACE, cut.length, readFrom(cut))).rejects.toThrow();
      await expect(vault.openParts(PLACE, sealed.length, readFrom(cut))).rejects.toThrow();
    }
  });

  it.each(['', 'v1', 'v1.k1', 'v1.k1.', 'v2.k1.AAAA', 'v1.k1.AAAA', 'v1.k1.AAAA.B', 'nothing'])(
    'is not just any text: %j',
    (text) => {
      expect(() => vault.openText(PLACE, text)).toThrow(
        expect.objectContaining({ code: 'document-unreadable' }) as Error,
      );
    },
  );

  it('opens after rotation while its key is kept; new ones are under the newest', () => {
    const sealed = vault.sealText(PLACE, plain);
    const rotated = vaultOf(`k2:${newKey}`, `k1:${oldKey}`);
    expect(rotated.openText(PLACE, sealed)).toBe(plain);
    expect(rotated.sealText(PLACE, plain)).toMatch(/^v1\.k2\./);
    expect(rotated.blind('phone', '0912345678')).toBe(vault.blind('phone', '0912345678'));
  });

  it('names the key that is missing, and tells another key of the same name from it', () => {
    const sealed = vault.seal(PLACE, Buffer.from(plain));
    expect(() => vaultOf(`k2:${newKey}`).open(PLACE, sealed)).toThrow(
      expect.objectContaining({ code: 'key-unknown', details: { kid: 'k1' } }) as Error,
    );
    expect(() => vaultOf(`k1:${newKey}`).open(PLACE, sealed)).toThrow(
      expect.objectContaining({ code: 'document-unreadable' }) as Error,
    );
  });
});

describe('a blind index', () => {
  const vault = vaultOf(`k1:${oldKey}`);

  it('is the same for the same value and purpose, and for nothing else', () => {
    expect(vault.blind('phone', '0912345678')).toBe(vault.blind('phone', '0912345678'));
    const others = [
      vault.blind('phone', '0912345679'),
      vault.blind('number', '0912345678'),
      vault.blind('phon', 'e0912345678'),
    ];
    expect(new Set([...others, vault.blind('phone', '0912345678')]).size).toBe(4);
  });

  it('changes with the index key and not with the data keys', () => {
    const other = openVault(parseDataKeys(newKeys(randomBytes)));
    expect(other.blind('a', 'b')).not.toBe(vault.blind('a', 'b'));
    expect(vaultOf(`k9:${newKey}`).blind('a', 'b')).toBe(vault.blind('a', 'b'));
  });

  it.each([
    ['Nguyễn Thị  Ví Dụ', ['nguyen', 'thi', 'vi', 'du']],
    ['ĐẶNG VĂN ĐỨC', ['dang', 'van', 'duc']],
    ["Y Bhok, K'Lú - Mlô", ['y', 'bhok', 'k', 'lu', 'mlo']],
    ['Đặng'.normalize('NFD'), ['dang']],
    [' \n', []],
  ])('sees %j as words', (text, words) => {
    expect(foldedWords(text)).toEqual(words);
    expect(foldName(foldName(text))).toBe(foldName(text));
  });
});
