/** Short answers of the doors that need no framework. */
import type { ServerResponse } from 'node:http';

export function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

/** The same may succeed in `waitMs`. What is left of the body is read and dropped, so that the connection stays. */
export function later(response: ServerResponse, status: number, code: string, waitMs: number): void {
  response.setHeader('Retry-After', Math.ceil(waitMs / 1000));
  if (!response.req.complete) response.req.resume();
  answer(response, status, JSON.stringify({ error: code }));
}
