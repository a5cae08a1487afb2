/** How the house and an agency's system prove to each other who wrote a message. @see docs/agency-api.md */
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The value of `X-MotCua-Signature`: `v1=` and the hex HMAC-SHA256 over `<timestamp>.<body bytes>`.
 * @param timestamp seconds since 1970, exactly as written in `X-MotCua-Timestamp`
 */
export function signBody(secret: string, timestamp: string, body: Buffer): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** Compares in constant time; anything that is not such a signature is simply false. */
export function signatureMatches(secret: string, timestamp: string, body: Buffer, given: string): boolean {
  const expected = Buffer.from(signBody(secret, timestamp, body));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
