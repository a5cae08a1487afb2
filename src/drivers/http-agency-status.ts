/** `POST /agency/status`: an agency's own system tells what became of a dossier. @see docs/agency-api.md */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../errors';
import { OFFICIAL_CODE } from '../ports/receiver';
import type { AgencyReport } from '../ports/receiver';
import { answerErrors, jsonIn, prove, signedBody, type SecretOf } from './http-agency-edge';

export interface AgencyStatusOptions {
  readonly secretOf: SecretOf;
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

const MESSAGES = {
  'signature-invalid': 'The signature does not match this body.',
  'bad-request': 'The report is not of the documented shape.',
  'payload-too-large': 'The report is longer than 65536 bytes.',
  'not-found': 'No dossier with this key or code at this agency.',
  'move-not-allowed': 'The dossier cannot go to this status from the one it has.',
};

/** Mount at the root. Every answer is JSON: `{"result"}` or `{"error","message","details"}`. */
export function agencyStatusRouter(options: AgencyStatusOptions): Router {
  const router = Router();
  const take: RequestHandler = async (request, response) => {
    const { agency, bytes } = await prove(request, options.secretOf);
    const result = await options.report(agency, read(bytes));
    response.json({ result });
  };
  router.post('/agency/status', signedBody(MAX_BODY_BYTES), take, answerErrors(MESSAGES));
  return router;
}

function read(bytes: Buffer): AgencyReport {
  const report = reportShape.safeParse(jsonIn(bytes));
  if (report.success) return report.data as AgencyReport;
  const field = report.error.issues[0]?.path.join('.') ?? '';
  throw new AppError('bad-request', 'report has another shape', { details: { field: field.slice(0, 100) } });
}
