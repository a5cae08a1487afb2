/** The way to a dossier: code and second factor once, then a short slip in a cookie, so that neither stands in an address. */
import { urlencoded, Router } from 'express';
import type { Request, Response } from 'express';
import { publicStatus } from '../app/dossier/public-status';
import { AppError } from '../errors';
import { sameSiteOnly } from '../http/csrf';
import { noStore } from '../http/headers';
import { secretCookie } from '../http/sessions';
import type { AuditRow, Dossier } from '../ports/documents';
import { openedDossier, type OpenedDeps } from './opened-dossier';
import type { Frame } from './shell';
import { statusForm, statusPage, type FormProblem } from './status-page';
import { openTries, type Tries, type TryKeys } from '../app/tries';

export interface StatusDeps extends OpenedDeps {
  /** Both must fit; null tells nothing of which did not. The code comes as typed. */
  readonly find: (code: string, lastFour: string) => Promise<Dossier | null>;
  /** Rows about this dossier. */
  readonly audit: (dossierId: string) => Promise<readonly AuditRow[]>;
  /** Records that a citizen opened the dossier, or took its result. */
  readonly record: (dossierId: string, what: 'view-status' | 'download-result') => Promise<void>;
  /** The bytes of an attachment that is still kept. */
  readonly file: (attachmentId: string) => Promise<ResultFile | null>;
  readonly tries?: Tries;
}

export interface ResultFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** Types a browser may be told; anything else is bytes. */
const SAFE_TYPES = new Set(['application/pdf', 'image/jpeg', 'image/png']);

export function statusRoutes(deps: StatusDeps, frameOf: (request: Request) => Promise<Frame>): Router {
  const opened = openedDossier(deps);
  const machine = secretCookie('may', deps.secure);
  const tries = deps.tries ?? openTries();
  const router = Router();
  router.use('/tra-cuu', noStore, sameSiteOnly);

  async function form(
    request: Request,
    response: Response,
    code: string,
    problem: FormProblem | null,
  ): Promise<void> {
    if (machine.read(request) === null) machine.set(response, deps.ids());
    if (problem === 'tooMany') response.status(429);
    response.type('html').send(statusForm(await frameOf(request), code, problem));
  }

  async function lookUp(request: Request, response: Response): Promise<void> {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const code = field(body['code']);
    const lastFour = field(body['lastFour']);
    if (code === '' || !/^\d{4}$/.test(lastFour)) return form(request, response, code, 'incomplete');
    const keys: TryKeys = {
      ip: request.ip ?? '',
      machine: machine.read(request) ?? '',
      code: code.toUpperCase(),
    };
    if (!(await tries.begin(keys))) return form(request, response, code, 'tooMany');
    const dossier = await deps.find(code, lastFour);
    if (dossier === null) return form(request, response, code, 'wrong');
    await Promise.all([tries.forgive(keys), deps.record(dossier.id, 'view-status')]);
    await opened.open(response, dossier.id);
    response.redirect(303, '/tra-cuu/ho-so');
  }

  async function show(request: Request, response: Response): Promise<void> {
    const dossier = await opened.read(request);
    if (dossier === null) return form(request, response, '', 'expired');
    const view = publicStatus(dossier, await deps.audit(dossier.id));
    response.type('html').send(statusPage(await frameOf(request), view));
  }

  async function download(request: Request, response: Response): Promise<void> {
    const dossier = await opened.read(request);
    if (dossier === null) return form(request, response, '', 'expired');
    const file = await resultOf(dossier, request.params['id'], deps);
    await deps.record(dossier.id, 'download-result');
    sendFile(response, file);
  }

  router.get('/tra-cuu', (request, response) =>
    form(request, response, field(request.query['ma']), request.query['xong'] === '1' ? 'closed' : null),
  );
  router.post('/tra-cuu', urlencoded({ extended: false, limit: '2kb' }), lookUp);
  router.get('/tra-cuu/ho-so', show);
  router.get('/tra-cuu/tep/:id', download);
  router.post('/tra-cuu/xong', async (request, response) => {
    await opened.close(request, response);
    response.redirect(303, '/tra-cuu?xong=1');
  });
  return router;
}

const field = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 40) : '');

/** @throws AppError `not-found` for anything that is not a result of this dossier. */
async function resultOf(dossier: Dossier, asked: unknown, { file }: StatusDeps): Promise<ResultFile> {
  const id = dossier.parts.map((part) => part.result?.attachment).find((one) => one === asked);
  const found = id === undefined ? null : await file(id);
  if (found === null) throw new AppError('not-found', 'no such result file');
  return found;
}

/** Saved, never shown: whatever the bytes are, they cannot act as a page of ours. */
function sendFile(response: Response, { name, type, bytes }: ResultFile): void {
  response.attachment(name);
  response.setHeader('Content-Type', SAFE_TYPES.has(type) ? type : 'application/octet-stream');
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  response.send(bytes);
}
