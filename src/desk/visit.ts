/** One request of a signed-in officer: who it is, of which agency, in which language; and how it is written down. */
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors';
import type { Lang, Params } from '../app/speech';
import type { SecretCookie } from '../http/sessions';
import type { Agency, Officer, Status } from '../ports/documents';
import { dayOf } from './dates';
import type { DeskDeps } from './deps';
import { fieldsOfBody } from './fields';
import type { Fields } from './fields';

/** Says a key below `desk`; events and statuses have their words with the dossiers (`track`). */
export interface T {
  (key: string, params?: Params): string;
  readonly event: (event: string) => string;
  readonly status: (status: Status) => string;
}

export interface Visit {
  readonly officer: Officer;
  /** The officer's own agency: what every query is bounded by. */
  readonly agency: Agency;
  readonly csrf: string;
  readonly token: string;
  readonly lang: Lang;
  readonly t: T;
  readonly now: number;
  /** Civil date in Vietnam. */
  readonly today: string;
  /** Durable before it resolves, so before anything is shown or done. */
  readonly audit: (what: string, subject: string | null) => Promise<void>;
}

const visits = new WeakMap<Response, Visit>();
const forms = new WeakMap<Request, Fields>();

/** @throws AppError `not-signed-in` on a route that is open to all */
export function visitOf(response: Response): Visit {
  const visit = visits.get(response);
  if (visit === undefined) throw new AppError('not-signed-in', 'no officer in this request');
  return visit;
}

export const hasVisit = (response: Response): boolean => visits.has(response);

export const setFields = (request: Request, fields: Fields): void => void forms.set(request, fields);

export const fieldsOf = (request: Request): Fields => forms.get(request) ?? fieldsOfBody(request.body);

/** A value of the query string; '' when absent or given twice. */
export function queryOf(request: Request, name: string): string {
  const value = request.query[name];
  return typeof value === 'string' ? value.slice(0, 300) : '';
}

/** A parameter of the path. */
export function paramOf(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

export function sayIn(deps: DeskDeps, lang: Lang): T {
  const say = (key: string, params: Params = {}) => deps.speech.say(key, params, lang);
  return Object.assign((key: string, params?: Params) => say(`desk.${key}`, params), {
    event: (event: string) => say(`track.event.${event}`),
    status: (status: Status) => say(`track.status.${status}`),
  });
}

/** Lets signed-in officers through, sends others to the sign-in page. */
export function signedInOnly(deps: DeskDeps, cookie: SecretCookie): RequestHandler {
  return async (request, response, next) => {
    const token = cookie.read(request);
    const signedIn = token === null ? null : await deps.officers.sessionOf(token);
    const agency = signedIn === null ? null : await deps.store.agencies.byId(signedIn.officer.agency);
    if (token === null || signedIn === null || agency === null) {
      if (request.method !== 'GET') throw new AppError('not-signed-in', 'session over');
      response.redirect(303, `/desk/sign-in?next=${encodeURIComponent(request.originalUrl)}`);
      return;
    }
    const { officer, csrf, lang } = signedIn;
    const now = deps.universe.now();
    const audit = (what: string, subject: string | null) =>
      deps.store.audit.append({
        at: deps.universe.now(),
        who: officer.id,
        agency: officer.agency,
        what,
        subject,
      });
    const t = sayIn(deps, lang);
    visits.set(response, {
      officer,
      agency: agency.doc,
      csrf,
      token,
      lang,
      t,
      now,
      today: dayOf(now),
      audit,
    });
    next();
  };
}

/** @throws AppError `forbidden` */
export const adminOnly: RequestHandler = (_request, response, next) => {
  if (visitOf(response).officer.role !== 'admin') throw new AppError('forbidden', 'administrators only');
  next();
};

/** An administrator of a demo agency runs the house: sets up agencies, and their officers. */
export const runsHouse = (visit: Visit): boolean => visit.officer.role === 'admin' && visit.agency.demo;
