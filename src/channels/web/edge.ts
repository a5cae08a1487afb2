/** What every door of the chat checks and how it answers. Plain HTTP, so that the way of a message is short. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, ERRORS, codeOf } from '../../errors';
import { answer, later } from '../../http/json-answer';

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** @throws AppError `forbidden` for another site's page, `bad-request` for what is not JSON, `payload-too-large`. */
export function checkSender(request: IncomingMessage, maxBytes: number): void {
  sameOrigin(request);
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new AppError('bad-request', 'content type must be JSON');
  }
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw new AppError('payload-too-large', 'body over the cap');
  }
}

/** What the browser says of the page that asks; both headers are out of a page's own reach. @throws AppError `forbidden` */
export function sameOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  const { origin, host } = headers;
  const elsewhere =
    site === undefined ? origin !== undefined && hostOf(origin) !== host : site !== 'same-origin';
  if (elsewhere) throw new AppError('forbidden', 'asked by another site');
}

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/** What may succeed later is a 503, and the page sends the same again; all else it shows as refused. */
export function refuse(response: ServerResponse, error: unknown, onError?: (error: unknown) => void): void {
  const code = codeOf(error);
  const { status, retryable, ours } = ERRORS[code];
  if (ours) onError?.(error);
  if (response.headersSent) return;
  if (retryable) {
    later(response, 503, code, 2_000);
    return;
  }
  // The rest of a body nobody reads must not be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  answer(response, status, JSON.stringify({ error: code }));
}
