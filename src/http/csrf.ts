/**
 * Writes come from our own pages only. Two guards: a secret in each form that equals the one in the session
 * (synchronizer token), and what the browser says of where the form stood.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Equal, in a time that tells nothing of where they differ. An empty secret equals nothing. */
export function sameSecret(given: unknown, expected: string | null): boolean {
  if (typeof given !== 'string' || expected === null || expected === '') return false;
  return timingSafeEqual(digest(given), digest(expected));
}

/** @throws AppError `forbidden` when the form's token is not the session's. */
export function checkToken(given: unknown, expected: string | null): void {
  if (!sameSecret(given, expected)) throw new AppError('forbidden', 'form token missing or wrong');
}

/** With `Referrer-Policy: no-referrer` browsers send `Origin: null`, which says nothing. */
function fromElsewhere(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const origin = request.headers.origin;
  if (origin === undefined || origin === 'null') return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host;
}

/** Refuses writes whose form stood on another site. @throws AppError `forbidden` */
export const sameSiteOnly: RequestHandler = (request, _response, next) => {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads && fromElsewhere(request)) throw new AppError('forbidden', 'form sent from another site');
  next();
};
