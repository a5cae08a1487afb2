/** The digits of a number that people read out or copy: identity and telephone numbers. */
import { spokenDigits } from '../reading/number-words';
import { fold, plainDigits } from '../text';

const AROUND = new Set(
  (
    'so can cuoc cong dan cccd cc cmnd cmt dinh danh ca nhan ma dien thoai dt sdt tel phone zalo di dong may ban cua la ' +
    'chau em con toi tui minh me ma bo ba cha ong anh chi co chu bac vo chong da thua a nhe nha day do xin moi cu goi ' +
    'duoc qua lien he my id number is mobile'
  ).split(' '),
);

/**
 * Only the digits (a leading + stays), or null where something else stands among them. "số của cháu là O912 345.678 ạ"
 * → "0912345678"; numbers read out in words too. The letter o is a zero: old eyes and old keyboards.
 */
export function digitsIn(text: string): string | null {
  const spoken = spokenDigits(text);
  if (spoken !== null && spoken.length >= 6) return spoken;
  const words = fold(plainDigits(text))
    .split(/[ :,;()]+/)
    .filter((word) => word !== '');
  const first = words.findIndex((word) => !AROUND.has(word));
  const last = words.findLastIndex((word) => !AROUND.has(word));
  const rest = words.slice(Math.max(first, 0), last + 1).join('');
  const digits = rest.replace(/[.\-–—/()]/g, '').replace(/o/g, '0');
  return /^\+?\d+$/.test(digits) && /\d/.test(rest) ? digits : null;
}
