/** Who asks, as limits count them. One answer for every door of the house. */
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';
import type { RequestHandler } from 'express';

/** A network as in `10.0.0.0/8`. */
export interface Range {
  readonly address: string;
  readonly bits: number;
}

/**
 * The network address of whoever asks: of IPv4 the address, of IPv6 the /64 that one line has for itself (its owner may take
 * any of 2^64 addresses in it). Empty when the connection is gone.
 */
export type PeerOf = (request: {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}) => string;

interface Hop {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
}

const MAPPED = /^::ffff:(?=\d+\.)/;
/** Hops of one request: longer chains are somebody's play. */
const MAX_HOPS = 20;

/** Some proxies write `203.0.113.7:4711` or `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[(.+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/;

/** An address in its one spelling, IPv4 inside IPv6 as IPv4; null for anything else. */
function hopOf(text: string): Hop | null {
  const [, v6, v4] = WITH_PORT.exec(text.trim()) ?? [];
  const [address = ''] = (v6 ?? v4 ?? text.trim()).split('%', 1);
  const kind = isIP(address);
  if (kind === 0) return null;
  if (kind === 4) return { address, family: 'ipv4' };
  const plain = new SocketAddress({ address, family: 'ipv6' }).address.replace(MAPPED, '');
  return { address: plain, family: isIP(plain) === 4 ? 'ipv4' : 'ipv6' };
}

/** The first four of the eight groups. */
function networkOf({ address, family }: Hop): string {
  if (family === 'ipv4') return address;
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter((group) => group));
  const none = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...none, ...right].slice(0, 4).join(':')}::/64`;
}

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const { address, bits } of [
    ...ranges,
    { address: '127.0.0.0', bits: 8 },
    { address: '::1', bits: 128 },
  ])
    list.addSubnet(address, bits, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return list;
}

/**
 * Believes `X-Forwarded-For` from this machine and the machines of `trusted` only: read from its end, which the nearest one
 * wrote, past those that are trusted too, to the first that is not. What is not an address ends the walk: then the last hop
 * that said so counts, never its words.
 */
export function peers(trusted: readonly Range[]): PeerOf {
  const list = listOf(trusted);
  return ({ socket, headers }) => {
    let hop = hopOf(socket.remoteAddress ?? '');
    const named = String(headers['x-forwarded-for'] ?? '').split(',');
    for (let walked = 0; walked < MAX_HOPS && hop !== null; walked += 1) {
      const before = list.check(hop.address, hop.family) ? hopOf(named.pop() ?? '') : null;
      if (before === null) return networkOf(hop);
      hop = before;
    }
    return hop === null ? '' : networkOf(hop);
  };
}

/** `request.ip` of the doors behind: express by itself would believe whatever text stands in the header. */
export const knowsPeer =
  (peerOf: PeerOf): RequestHandler =>
  (request, _response, next) => {
    Object.defineProperty(request, 'ip', { value: peerOf(request) });
    next();
  };
