/** Result files: PDF, JPEG or PNG by their first bytes, sealed through the files port, handed out only to the dossier's own agency. */
import { raw, Router } from 'express';
import type { RequestHandler } from 'express';
import { AppError } from '../errors';
import { readMultipart } from '../http/multipart';
import type { FormFile } from '../http/multipart';
import type { Attachment } from '../ports/documents';
import type { DeskDeps } from './deps';
import { cut, fieldsFrom, tidy } from './fields';
import { paramOf, setFields, visitOf } from './visit';
import type { Visit } from './visit';

export const MAX_UPLOAD = 20 * 1024 * 1024;
/** The other fields of the form beside the file. */
const FORM_ROOM = 512 * 1024;

const KINDS: readonly { readonly type: string; readonly ending: string; readonly start: Buffer }[] = [
  { type: 'application/pdf', ending: 'pdf', start: Buffer.from('%PDF-') },
  { type: 'image/jpeg', ending: 'jpg', start: Buffer.from([0xff, 0xd8, 0xff]) },
  { type: 'image/png', ending: 'png', start: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
];

const uploads = new WeakMap<object, FormFile>();

/** The file of this request's form, if one was chosen. */
export const uploadOf = (request: object): FormFile | null => uploads.get(request) ?? null;

/** Reads `multipart/form-data` into the fields and the file; other bodies pass by. */
export function multipart(): readonly RequestHandler[] {
  const bytes = raw({ type: 'multipart/form-data', limit: MAX_UPLOAD + FORM_ROOM });
  const parse: RequestHandler = (request, _response, next) => {
    if (Buffer.isBuffer(request.body)) {
      const form = readMultipart(request.body, request.headers['content-type'] ?? '');
      setFields(request, fieldsFrom(form.texts));
      const file = form.files.get('upload');
      if (file !== undefined && file.bytes.length > 0) uploads.set(request, file);
    }
    next();
  };
  return [bytes, parse];
}

/** A name as the browser sent it, fit to stand in a line. */
export const tidyName = (name: string): string =>
  cut(tidy(name).replace(/[\\/:*?"<>|\n\t]/g, ' '), 80).trim();

/** @throws AppError `file-refused` (another kind) · `payload-too-large` */
export async function keepUpload(deps: DeskDeps, dossierId: string, upload: FormFile): Promise<Attachment> {
  if (upload.bytes.length > MAX_UPLOAD) throw new AppError('payload-too-large', 'file over 20 MB');
  const kind = KINDS.find(({ start }) => upload.bytes.subarray(0, start.length).equals(start));
  if (kind === undefined) throw new AppError('file-refused', 'neither PDF, JPEG nor PNG');
  const fileKey = deps.universe.randomBytes(24).toString('base64url');
  const id = deps.universe.randomBytes(16).toString('base64url');
  const bare = tidyName(upload.name).replace(/\.[^.]*$/, '');
  const doc: Attachment = {
    id,
    owner: dossierId,
    state: 'ok',
    name: `${bare === '' ? 'ket-qua' : bare}.${kind.ending}`,
    type: kind.type,
    bytes: upload.bytes.length,
    fileKey,
    at: deps.universe.now(),
  };
  await deps.files.put(fileKey, upload.bytes);
  await deps.store.attachments.put(doc);
  return doc;
}

/** An attachment of a dossier of this agency. @throws AppError `not-found` */
export async function ownAttachment(deps: DeskDeps, visit: Visit, id: string): Promise<Attachment> {
  const found = await deps.store.attachments.get(id);
  const dossier = found === null ? null : await deps.store.dossiers.byId(found.owner);
  const own = dossier?.doc.parts.some((part) => part.agency === visit.agency.id) === true;
  if (found?.state !== 'ok' || !own) throw new AppError('not-found', 'no such attachment here');
  return found;
}

export function attachmentRouter(deps: DeskDeps): Router {
  const router = Router();
  router.get('/attachments/:id', async (request, response) => {
    const visit = visitOf(response);
    const attachment = await ownAttachment(deps, visit, paramOf(request, 'id'));
    await visit.audit('view-file', attachment.owner);
    const bytes = await deps.files.get(attachment.fileKey);
    // Never shown inside our own pages' origin: a file is saved, then opened.
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    response.attachment(attachment.name).type(attachment.type).send(bytes);
  });
  return router;
}
