/** TRUSTED_PROXIES: which machines are believed when they say for whom they ask. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** The first `bits` bits of the address: a network, or with all bits one machine. */
export interface ProxyRange {
  readonly address: string;
  readonly bits: number;
}

/** Networks that nobody on the internet has an address in. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Null: not an address and not a network. A network of everybody would believe everybody. */
function rangeOf(word: string): ProxyRange | null {
  const [, address = '', size] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(word) ?? [];
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const bits = size === undefined ? most : Number(size);
  return bits < 1 || bits > most || /^::ffff:/i.test(address) ? null : { address, bits };
}

const rangesOf = (word: string): readonly (ProxyRange | null)[] =>
  (word === 'private' ? PRIVATE : [word]).map(rangeOf);

/** Addresses, networks and the word `private`, with commas; empty: this machine alone, which is always believed. */
export const TRUSTED_PROXIES = z
  .string()
  .default('')
  .transform((text, context): readonly ProxyRange[] => {
    const words = text.split(',').map((word) => word.trim());
    return words
      .filter((word) => word !== '')
      .flatMap((word) => rangesOf(word).map((range) => ({ word, range })))
      .flatMap(({ word, range }) => {
        if (range !== null) return [range];
        context.addIssue(
          `must be "private", or addresses and networks with commas such as 10.0.0.5,172.20.0.0/16,fd00::/8; "${word}" is neither`,
        );
        return [];
      });
  });
