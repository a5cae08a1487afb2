/** One key ring, ready for use: what drivers get to seal with and to index by. */
import { blindToken } from './blind-index';
import type { KeyRing } from './key-ring';
import { open, openParts, openText, seal, sealParts, sealText, type Place, type ReadAt } from './seal';

export interface Vault {
  /** Id of the key that seals now. */
  readonly kid: string;
  seal(place: Place, plain: Uint8Array): Buffer;
  /** @throws AppError `key-unknown` · `document-unreadable`. */
  open(place: Place, sealed: Uint8Array): Buffer;
  /** The same form as `seal`, in parts, for what is big. */
  sealParts(place: Place, plain: Uint8Array): Iterable<Buffer>;
  /** Opens what has `size` bytes, read part by part. @throws AppError `key-unknown` · `document-unreadable`. */
  openParts(place: Place, size: number, read: ReadAt): Promise<Buffer>;
  sealText(place: Place, plain: string): string;
  /** @throws AppError `key-unknown` · `document-unreadable`. */
  openText(place: Place, sealed: string): string;
  /** Blind token of a value for one purpose. */
  blind(purpose: string, value: string): string;
}

export function openVault(ring: KeyRing): Vault {
  return {
    kid: ring.current,
    seal: (place, plain) => seal(ring, place, plain),
    open: (place, sealed) => open(ring, place, sealed),
    sealParts: (place, plain) => sealParts(ring, place, plain),
    openParts: (place, size, read) => openParts(ring, place, size, read),
    sealText: (place, plain) => sealText(ring, place, plain),
    openText: (place, sealed) => openText(ring, place, sealed),
    blind: (purpose, value) => blindToken(ring.index, purpose, value),
  };
}
