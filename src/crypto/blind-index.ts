/** Blind indexes: what can be found without being readable. Exact matches only, under a key of their own. */
import { createHmac, type KeyObject } from 'node:crypto';

/** 128 bits: no two values of a store meet by chance. */
const TOKEN_BYTES = 16;

/** HMAC-SHA256 of a value for one purpose (`phone`, `word`, …): the same value under two purposes gives unrelated tokens. */
export function blindToken(index: KeyObject, purpose: string, value: string): string {
  const mac = createHmac('sha256', index).update(`${purpose}\0${value}`).digest();
  return mac.toString('base64url', 0, TOKEN_BYTES);
}

/** One spelling for search: NFC, lower case, tone and vowel marks off, đ → d. "Đặng" → "dang". */
export function foldName(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
}

/** The folded words of a name or a search: "Trần Thị  B'Lú" → ["tran", "thi", "b", "lu"]. */
export function foldedWords(text: string): readonly string[] {
  return foldName(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
