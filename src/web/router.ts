/** The public pages. Mount after the web chat and `securityHeaders`; `pageNotFound` and `pageFailed` come last of all. */
import { Router } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ERRORS, codeOf } from '../errors';
import type { Assets } from '../http/assets';
import { errorPage } from './error-page';
import { homePage } from './home-page';
import { privacyPage } from './privacy-page';
import { procedureList, procedurePage, type ProcedurePage } from './procedure-pages';
import type { Frame, Lang, Say, ServiceView } from './shell';
import { statusRoutes, type StatusDeps } from './status-routes';

export interface PublicDeps {
  readonly say: Say;
  readonly assets: Assets;
  readonly service: () => Promise<ServiceView>;
  readonly procedures: (lang: Lang) => readonly ProcedurePage[];
  readonly status: StatusDeps;
  /** Hears of failures that are ours. */
  readonly onError?: (error: unknown) => void;
}

export interface PublicPages {
  readonly router: Router;
  readonly pageNotFound: RequestHandler;
  readonly pageFailed: ErrorRequestHandler;
}

const ROBOTS =
  'User-agent: *\nDisallow: /tra-cuu\nDisallow: /chat\nDisallow: /desk\nDisallow: /webhooks\nDisallow: /agency\n';

const NOBODY: ServiceView = { name: '', offices: [], demo: false, draftDays: 30 };

export function publicRouter(deps: PublicDeps): PublicPages {
  const { say, assets, service, procedures } = deps;
  const frameWith = (request: Request, view: ServiceView): Frame => {
    const lang = langOf(request);
    return { lang, assets, service: view, t: (key, params) => say(`pages.${key}`, params, lang) };
  };
  const frameOf = async (request: Request) => frameWith(request, await service());
  /** A page made of nothing but the frame. */
  const page = (make: (frame: Frame) => string) => async (request: Request, response: Response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html').send(make(await frameOf(request)));
  };

  const router = Router();
  router.use('/assets', assets.serve);
  router.get('/favicon.ico', (_request, response) => {
    response.redirect(302, assets.url('favicon.svg'));
  });
  router.get('/robots.txt', (_request, response) => void response.type('text/plain').send(ROBOTS));
  router.use(rememberLang(deps.status.secure));
  router.get('/', page(homePage));
  router.get(
    '/thu-tuc',
    page((frame) => procedureList(frame, procedures(frame.lang))),
  );
  router.get('/thu-tuc/:slug', (request, response, next) => {
    const one = procedures(langOf(request)).find(({ slug }) => slug === request.params.slug);
    if (one !== undefined) return page((frame) => procedurePage(frame, one))(request, response);
    next();
    return undefined;
  });
  router.get('/quyen-rieng-tu', page(privacyPage));
  router.use(statusRoutes(deps.status, frameOf));

  const fail = async (request: Request, response: Response, status: number) => {
    // The store may be what failed: a page that says so needs none.
    const text = errorPage(frameWith(request, await service().catch(() => NOBODY)), status);
    response.status(status).setHeader('Cache-Control', 'no-store');
    response.type('html').send(text);
  };
  return {
    router,
    pageNotFound: (request, response) => fail(request, response, 404),
    pageFailed: (error: unknown, request, response, next) => {
      const status = statusOf(error);
      if (status >= 500) deps.onError?.(error);
      if (!response.headersSent) return fail(request, response, status);
      next(error);
      return undefined;
    },
  };
}

/** Our own errors by the table; what express itself refuses (a broken address, an oversize form) by its status. */
function statusOf(error: unknown): number {
  const code = codeOf(error);
  const given = (error as { status?: unknown } | null)?.status;
  return code === 'internal' && typeof given === 'number' && given >= 400 && given < 500
    ? given
    : ERRORS[code].status;
}

const isLang = (value: unknown): value is Lang => value === 'vi' || value === 'en';

/** Vietnamese unless somebody chose otherwise here. */
function langOf(request: Request): Lang {
  const asked = request.query['lang'];
  if (isLang(asked)) return asked;
  return /(?:^|;\s*)lang=en(?:;|$)/.test(request.headers.cookie ?? '') ? 'en' : 'vi';
}

function rememberLang(secure: boolean): RequestHandler {
  return (request, response, next) => {
    const asked = request.query['lang'];
    const year = 365 * 86_400_000;
    if (isLang(asked))
      response.cookie('lang', asked, { sameSite: 'lax', httpOnly: true, secure, maxAge: year });
    next();
  };
}
