/** Signing in, and setting a password through a one-time link: the only desk pages for strangers. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { checkToken } from '../http/csrf';
import { html } from '../http/html';
import type { Html } from '../http/html';
import { limitBy } from '../http/limits';
import { secretCookie } from '../http/sessions';
import type { SecretCookie } from '../http/sessions';
import type { DeskDeps } from './deps';
import { csrfField, hidden, lineField, notice, openPage, problemList, send } from './shell';
import { fieldsOf, paramOf, queryOf, sayIn } from './visit';

/** Ways back after signing in: our own pages only. */
const NEXT = /^(?!.*\.\.)\/desk(?:[/?][\w\-./?=&%]*)?$/;

export function signInRouter(deps: DeskDeps, session: SecretCookie): Router {
  const router = Router();
  // No session yet: the form's secret stands in a cookie of its own.
  const form = secretCookie('desk-form', deps.secure);
  const links = limitBy({ points: 30, durationS: 900, key: (request) => request.ip ?? null });
  const checkForm: RequestHandler = (request, _response, next) => {
    checkToken(fieldsOf(request).get('csrf'), form.read(request));
    next();
  };
  router.get('/sign-in', (request, response) => showSignIn(deps, form, request, response, {}));
  router.post('/sign-in', checkForm, signIn(deps, session, form));
  router.get('/set-password/:token', links, showSetPassword(deps, form));
  router.post('/set-password/:token', links, checkForm, setPassword(deps, form));
  return router;
}

/** The browser's secret for forms before signing in, made when it has none; two tabs share it. */
function formSecret(deps: DeskDeps, form: SecretCookie, request: Request, response: Response): string {
  const known = form.read(request);
  if (known !== null) return known;
  const secret = deps.universe.randomBytes(24).toString('base64url');
  form.set(response, secret);
  return secret;
}

interface Told {
  readonly login?: string;
  readonly problem?: string;
  readonly status?: number;
}

function showSignIn(
  deps: DeskDeps,
  form: SecretCookie,
  request: Request,
  response: Response,
  told: Told,
): void {
  const t = sayIn(deps, 'vi');
  const next = request.method === 'GET' ? queryOf(request, 'next') : fieldsOf(request).get('next');
  const main = html`<h1>${t('signIn.title')}</h1>
    ${queryOf(request, 'done') === 'password' && notice(t('signIn.passwordSet'))}
    ${problemList(t, told.problem === undefined ? [] : [told.problem])}
    <form method="post" action="/desk/sign-in">
      ${csrfField(formSecret(deps, form, request, response))} ${hidden('next', next)}
      ${lineField({ name: 'login', label: t('signIn.login'), value: told.login ?? '', autocomplete: 'username', required: true })}
      ${lineField({ name: 'password', label: t('signIn.password'), type: 'password', autocomplete: 'current-password', required: true })}
      <button class="go">${t('signIn.go')}</button>
    </form>
    <p class="hint">${t('signIn.help')}</p>`;
  send(response, openPage(t, 'vi', t('signIn.title'), main), told.status ?? 200);
}

function signIn(deps: DeskDeps, session: SecretCookie, form: SecretCookie): RequestHandler {
  return async (request, response) => {
    const fields = fieldsOf(request);
    const login = fields.get('login');
    const result = await deps.officers.signIn(login, passwordIn(request, 'password'), request.ip ?? '');
    if (!result.ok) {
      const t = sayIn(deps, 'vi');
      await log(deps, 'nobody', null, 'sign-in-refused');
      if (result.problem === 'slow-down') response.setHeader('Retry-After', result.retryAfterS);
      const minutes = result.problem === 'slow-down' ? Math.ceil(result.retryAfterS / 60) : 0;
      const problem = t(`signIn.${result.problem}`, { minutes });
      showSignIn(deps, form, request, response, {
        login,
        problem,
        status: result.problem === 'wrong' ? 401 : 429,
      });
      return;
    }
    await log(deps, result.officer.id, result.officer.agency, 'sign-in');
    session.set(response, result.token);
    form.clear(response);
    const next = fields.get('next');
    response.redirect(303, NEXT.test(next) ? next : '/desk');
  };
}

const log = (deps: DeskDeps, who: string, agency: string | null, what: string) =>
  deps.store.audit.append({ at: deps.universe.now(), who, agency, what, subject: null });

/** Passwords as typed: never trimmed. */
function passwordIn(request: Request, name: string): string {
  const body: unknown = request.body;
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : '';
  return typeof value === 'string' ? value : '';
}

function showSetPassword(deps: DeskDeps, form: SecretCookie): RequestHandler {
  return async (request, response) => {
    const t = sayIn(deps, 'vi');
    const officer = await deps.officers.invited(paramOf(request, 'token'));
    if (officer === null) {
      showGone(deps, response);
      return;
    }
    const main = passwordForm(deps, {
      csrf: formSecret(deps, form, request, response),
      login: officer.login,
      problems: [],
    });
    send(response, openPage(t, 'vi', t('setPassword.title'), main));
  };
}

function showGone(deps: DeskDeps, response: Response): void {
  const t = sayIn(deps, 'vi');
  const main = html`<h1>${t('setPassword.goneTitle')}</h1>
    <p>${t('setPassword.gone')}</p>`;
  send(response, openPage(t, 'vi', t('setPassword.goneTitle'), main), 404);
}

/** Posts to its own address, which holds the token. */
function passwordForm(
  deps: DeskDeps,
  shown: { csrf: string; login: string; problems: readonly string[] },
): Html {
  const t = sayIn(deps, 'vi');
  const field = { type: 'password', autocomplete: 'new-password', required: true };
  return html`<h1>${t('setPassword.title')}</h1>
    <p>${t('setPassword.lead', { login: shown.login })}</p>
    ${problemList(t, shown.problems)}
    <form method="post">
      ${csrfField(shown.csrf)}
      <input
        type="text"
        name="login"
        value="${shown.login}"
        autocomplete="username"
        readonly
        aria-label="${t('signIn.login')}"
      />
      ${lineField({ ...field, name: 'password', label: t('setPassword.new'), hint: t('setPassword.rule') })}
      ${lineField({ ...field, name: 'again', label: t('setPassword.again') })}
      <button class="go">${t('setPassword.go')}</button>
    </form>`;
}

function setPassword(deps: DeskDeps, form: SecretCookie): RequestHandler {
  return async (request, response) => {
    const t = sayIn(deps, 'vi');
    const token = paramOf(request, 'token');
    const officer = await deps.officers.invited(token);
    if (officer === null) {
      showGone(deps, response);
      return;
    }
    const password = passwordIn(request, 'password');
    const same = password === passwordIn(request, 'again');
    const result = same ? await deps.officers.setPassword(token, password) : 'differ';
    if (result === 'gone') {
      showGone(deps, response);
      return;
    }
    if (result === 'done') {
      await log(deps, officer.id, officer.agency, 'set-password');
      await deps.agenciesChanged();
      response.redirect(303, '/desk/sign-in?done=password');
      return;
    }
    const shown = {
      csrf: formSecret(deps, form, request, response),
      login: officer.login,
      problems: [t(`setPassword.problem.${result}`)],
    };
    send(response, openPage(t, 'vi', t('setPassword.title'), passwordForm(deps, shown)), 422);
  };
}
