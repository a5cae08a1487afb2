/** `/desk`: the officers' inbox. Mount at `/desk`, behind the security headers. */
import { Router, urlencoded } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { codeOf, ERRORS } from '../errors';
import type { ErrorCode } from '../errors';
import { checkToken, sameSiteOnly } from '../http/csrf';
import { noStore } from '../http/headers';
import { html } from '../http/html';
import type { Html } from '../http/html';
import { secretCookie } from '../http/sessions';
import type { SecretCookie } from '../http/sessions';
import { dossierRouter } from './acts';
import { agencyRouter } from './agency-page';
import { auditRouter } from './audit-page';
import type { DeskDeps } from './deps';
import { formsRouter } from './forms';
import { listRouter } from './list';
import { officersRouter } from './officers-page';
import { peopleRouter } from './people';
import { photoRouter } from './photos';
import { deskPage, openPage, send } from './shell';
import { signInRouter } from './sign-in';
import { attachmentRouter } from './upload';
import { adminOnly, fieldsOf, hasVisit, sayIn, signedInOnly, visitOf } from './visit';
import type { T } from './visit';

/** Every page is kept out of caches; every form carries the session's secret; every query is bounded by the officer's agency. */
export function deskRouter(deps: DeskDeps): Router {
  const router = Router();
  const cookie = secretCookie('desk', deps.secure);
  const forms = urlencoded({ extended: false, limit: '512kb', parameterLimit: 2_000 });
  router.use(noStore, sameSiteOnly, forms);
  router.use(signInRouter(deps, cookie));
  router.use(signedInOnly(deps, cookie));
  router.use(listRouter(deps, checkForm), attachmentRouter(deps), peopleRouter(deps, checkForm));
  router.use(photoRouter(deps));
  router.use('/dossiers', dossierRouter(deps, checkForm));
  router.post('/sign-out', checkForm, signOut(deps, cookie));
  router.post('/lang', checkForm, changeLang(deps));
  router.use(['/officers', '/agency', '/agencies', '/audit', '/forms'], adminOnly);
  router.use(
    formsRouter(deps, checkForm),
    officersRouter(deps, checkForm),
    agencyRouter(deps, checkForm),
    auditRouter(deps),
  );
  router.use(answerError(deps));
  return router;
}

/** @throws AppError `forbidden` */
const checkForm: RequestHandler = (request, response, next) => {
  checkToken(fieldsOf(request).get('csrf'), visitOf(response).csrf);
  next();
};

function signOut(deps: DeskDeps, cookie: SecretCookie): RequestHandler {
  return async (_request, response) => {
    const visit = visitOf(response);
    await visit.audit('sign-out', null);
    await deps.officers.signOut(visit.token);
    cookie.clear(response);
    response.redirect(303, '/desk/sign-in');
  };
}

function changeLang(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const lang = fieldsOf(request).get('lang') === 'en' ? 'en' : 'vi';
    await deps.officers.setLang(visitOf(response).token, lang);
    response.redirect(303, '/desk');
  };
}

/** Errors as a page: what happened and the way back, never a stack. */
function answerError(deps: DeskDeps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const code = codeAt(error);
    if (ERRORS[code].ours) deps.log.error('desk-failed', error);
    const t = hasVisit(response) ? visitOf(response).t : sayIn(deps, 'vi');
    const title = t(`error.${code in KNOWN ? code : 'internal'}`);
    const main = html`<div class="narrow">
      <h1>${title}</h1>
      <p>${t(`error.${code in KNOWN ? code : 'internal'}Next`)}</p>
      <p><a href="/desk">${t('error.back')}</a></p>
      ${code === 'not-signed-in' && wordsTyped(t, request)}
    </div>`;
    const page = hasVisit(response)
      ? deskPage(visitOf(response), title, main)
      : openPage(t, 'vi', title, main);
    send(response, page, ERRORS[code].status);
  };
}

/** Fields of long typing. */
const LONG = ['reason', 'law', 'next', 'text', 'paper', 'question', 'detail'];

/** A session that ran out must not cost an officer their words: they are shown to be taken along. */
function wordsTyped(t: T, request: Request): Html {
  const texts = LONG.flatMap((name) => fieldsOf(request).all(name));
  return html`${texts.length > 0 && html`<h2>${t('stale.kept')}</h2>`}
  ${texts.map((text) => html`<p class="message">${text}</p>`)}`;
}

/** Codes with words of their own below `desk.error`. */
const KNOWN: Partial<Record<ErrorCode, true>> = {
  'not-found': true,
  forbidden: true,
  'not-signed-in': true,
  'too-many-requests': true,
  'payload-too-large': true,
  'move-not-allowed': true,
  'bad-request': true,
  conflict: true,
  'store-unavailable': true,
};

/** What the body reader throws has a status of its own. */
function codeAt(error: unknown): ErrorCode {
  const code = codeOf(error);
  if (code !== 'internal' || !(error instanceof Error) || !('status' in error)) return code;
  if (error.status === 413) return 'payload-too-large';
  return typeof error.status === 'number' && error.status < 500 ? 'bad-request' : 'internal';
}
