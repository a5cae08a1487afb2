/** `POST /agency/status`: an agency's own system tells what became of a dossier. @see docs/agency-api.md */
import { randomBytes } from 'node:crypto';
import { raw, Router } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { signatureMatches } from '../crypto/agency-signature';
import { AppError, codeOf, ERRORS } from '../errors';
import type { ErrorCode } from '../errors';
import { OFFICIAL_CODE } from '../ports/receiver';
import type { AgencyReport } from '../ports/receiver';

export interface AgencyStatusOptions {
  /** The shared secret of an agency that has its own system; null for any other id. */
  readonly secretOf: (agencyId: string) => Promise<string | null>;
  /**
   * Applies the report once per `id`; `seen` when it was applied before. Resolves when durable.
   * @throws AppError `not-found` (no such dossier at this agency) · `move-not-allowed` · `store-unavailable` · `stopping`
   */
  readonly report: (agencyId: string, report: AgencyReport) => Promise<'applied' | 'seen'>;
}

const MAX_BODY_BYTES = 64 * 1024;

const line = z.string().min(1).max(200);
const reportShape = z
  .strictObject({
    id: z.string().regex(/^[\w.:/-]{1,128}$/),
    key: line.optional(),
    code: line.optional(),
    status: z.number().int().min(2).max(10),
    officialCode: z.string().regex(OFFICIAL_CODE).optional(),
    dueOn: z.iso.date().optional(),
    text: z.string().trim().min(1).max(1_000).optional(),
  })
  .refine((report) => (report.key === undefined) !== (report.code === undefined), {
    message: 'exactly one of key and code',
  });

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  'signature-invalid': 'The signature does not match this body.',
  'bad-request': 'The report is not of the documented shape.',
  'payload-too-large': 'The report is longer than 65536 bytes.',
  'not-found': 'No dossier with this key or code at this agency.',
  'move-not-allowed': 'The dossier cannot go to this status from the one it has.',
};

/** Mount at the root. Every answer is JSON: `{"result"}` or `{"error","message","details"}`. */
export function agencyStatusRouter(options: AgencyStatusOptions): Router {
  const router = Router();
  const body = raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });
  const take: RequestHandler = async (request, response) => {
    const { agency, bytes } = await prove(request, options);
    const result = await options.report(agency, read(bytes));
    response.json({ result });
  };
  router.post('/agency/status', body, take, answerError);
  return router;
}

/** Who wrote these bytes. The time is signed but not judged: a report redelivered hours later is still true, its `id` makes it harmless. */
async function prove(
  request: Request,
  options: AgencyStatusOptions,
): Promise<{ agency: string; bytes: Buffer }> {
  const agency = request.get('x-motcua-agency') ?? '';
  const timestamp = request.get('x-motcua-timestamp') ?? '';
  const bytes: unknown = request.body;
  const secret = agency === '' || agency.length > 128 ? null : await options.secretOf(agency);
  const known = secret !== null && secret !== '' && /^\d{1,12}$/.test(timestamp);
  const content = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
  // An unknown agency costs the same work and gets the same answer as a bad signature.
  const key = known ? secret : randomBytes(32).toString('hex');
  const matches = signatureMatches(key, timestamp, content, request.get('x-motcua-signature') ?? '');
  if (!known || !matches) throw new AppError('signature-invalid', 'report not signed by its agency');
  return { agency, bytes: content };
}

function read(bytes: Buffer): AgencyReport {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('bad-request', 'report is not JSON in UTF-8', { cause });
  }
  const report = reportShape.safeParse(json);
  if (report.success) return report.data as AgencyReport;
  const field = report.error.issues[0]?.path.join('.') ?? '';
  throw new AppError('bad-request', 'report has another shape', { details: { field: field.slice(0, 100) } });
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response: Response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const code = isTooLarge(error) ? 'payload-too-large' : isClientFault(error) ? 'bad-request' : codeOf(error);
  const { status, retryable, ours } = ERRORS[code];
  if (retryable) response.setHeader('Retry-After', '30');
  const details = error instanceof AppError && !ours ? error.details : {};
  response.status(status).json({ error: code, message: MESSAGES[code] ?? 'Try again later.', details });
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
