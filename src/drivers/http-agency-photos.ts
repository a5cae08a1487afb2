/** `POST /agency/photo`: an agency's own system takes the photos that a parcel names. @see docs/agency-api.md */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../errors';
import type { StoredFile } from '../ports/files';
import { answerErrors, jsonIn, prove, signedBody, type SecretOf } from './http-agency-edge';

export interface AgencyPhotosOptions {
  readonly secretOf: SecretOf;
  /** ms epoch */
  readonly clock: () => number;
  /** A clean photo or PDF of a dossier of this agency; null when there is none by that id. */
  readonly photo: (agencyId: string, id: string) => Promise<StoredFile | null>;
}

const MAX_BODY_BYTES = 1_024;
/** Unlike a report, a request for a photo must be fresh: whoever records one must not be able to ask again tomorrow. */
const FRESH_MS = 5 * 60_000;
const shape = z.strictObject({ photo: z.string().regex(/^[\w-]{16,64}$/) });

const MESSAGES = {
  'signature-invalid': 'The signature does not match this body, or is older than 5 minutes.',
  'bad-request': 'The request is not of the documented shape.',
  'not-found': 'No photo with this id in a dossier of this agency.',
};

/** Mount at the root. Answers the bytes, or JSON `{"error","message","details"}`. */
export function agencyPhotosRouter(options: AgencyPhotosOptions): Router {
  const router = Router();
  const give: RequestHandler = async (request, response) => {
    const { agency, signedAt, bytes } = await prove(request, options.secretOf);
    if (Math.abs(options.clock() - signedAt * 1_000) > FRESH_MS)
      throw new AppError('signature-invalid', 'signed too long ago');
    const wanted = shape.safeParse(jsonIn(bytes));
    if (!wanted.success) throw new AppError('bad-request', 'photo expected');
    const file = await options.photo(agency, wanted.data.photo);
    if (file === null) throw new AppError('not-found', 'no such photo at this agency');
    response.setHeader('Cache-Control', 'no-store');
    response.type(file.type).send(file.bytes);
  };
  router.post('/agency/photo', signedBody(MAX_BODY_BYTES), give, answerErrors(MESSAGES));
  return router;
}
