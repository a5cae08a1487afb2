/** The body of a request, whole, with a cap on its bytes and its time. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors';

const SLOW_BODY_MS = 10_000;

/** @throws AppError `payload-too-large` over the cap, `bad-request` when cut off or slower than `withinMs`. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  withinMs = SLOW_BODY_MS,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let settled = false;
    const settle = (end: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      end();
    };
    const fail = (code: 'bad-request' | 'payload-too-large', why: string) =>
      settle(() => reject(new AppError(code, why)));
    const timer = setTimeout(() => fail('bad-request', 'body too slow'), withinMs);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) fail('payload-too-large', 'body over the cap');
      else chunks.push(chunk);
    });
    request.on('end', () => settle(() => resolve(Buffer.concat(chunks))));
    request.on('error', () => fail('bad-request', 'body cut off'));
    request.on('close', () => fail('bad-request', 'body cut off'));
  });
}
