/** What both doors for agencies' own systems share: who signed a request, and how a failure is answered. @see docs/agency-api.md */
import { randomBytes } from 'node:crypto';
import { raw } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { signatureMatches } from '../crypto/agency-signature';
import { AppError, codeOf, ERRORS } from '../errors';
import type { ErrorCode } from '../errors';

/** The shared secret of an agency that has its own system; null for any other id. */
export type SecretOf = (agencyId: string) => Promise<string | null>;

export interface Signed {
  readonly agency: string;
  /** Seconds since 1970, as signed. */
  readonly signedAt: number;
  readonly bytes: Buffer;
}

/** The body as sent, before any parsing. */
export const signedBody = (maxBytes: number): RequestHandler =>
  raw({ type: () => true, limit: maxBytes, inflate: false });

/** Who wrote these bytes. The time is signed but not judged here. @throws AppError `signature-invalid` */
export async function prove(request: Request, secretOf: SecretOf): Promise<Signed> {
  const agency = request.get('x-motcua-agency') ?? '';
  const timestamp = request.get('x-motcua-timestamp') ?? '';
  const bytes: unknown = request.body;
  const secret = agency === '' || agency.length > 128 ? null : await secretOf(agency);
  const known = secret !== null && secret !== '' && /^\d{1,12}$/.test(timestamp);
  const content = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  // An unknown agency costs the same work and gets the same answer as a bad signature.
  const key = known ? secret : randomBytes(32).toString('hex');
  const matches = signatureMatches(key, timestamp, content, request.get('x-motcua-signature') ?? '');
  if (!known || !matches) throw new AppError('signature-invalid', 'not signed by its agency');
  return { agency, signedAt: Number(timestamp), bytes: content };
}

/** @throws AppError `bad-request` */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('bad-request', 'body is not JSON in UTF-8', { cause });
  }
}

/** Failures as JSON; `messages` say in English what the reader can do. */
export const answerErrors =
  (messages: Partial<Record<ErrorCode, string>>): ErrorRequestHandler =>
  (error: unknown, _request, response: Response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const code = isTooLarge(error)
      ? 'payload-too-large'
      : isClientFault(error)
        ? 'bad-request'
        : codeOf(error);
    const { status, retryable, ours } = ERRORS[code];
    if (retryable) response.setHeader('Retry-After', '30');
    const details = error instanceof AppError && !ours ? error.details : {};
    response.status(status).json({ error: code, message: messages[code] ?? 'Try again later.', details });
  };

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'entity.too.large';
}

/** What the body reader found wrong (length that does not match, compression): their request, not our failure. */
function isClientFault(error: unknown): boolean {
  return (
    error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
  );
}
