/** A dossier's pages: see it, prepare an act, read the exact message, confirm. Stale forms lose politely. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { forgetDone } from '../app/dossier/dossier-moves';
import type { Move } from '../app/dossier/dossier-moves';
import { voiceOf } from '../app/dossier/dossier-tell';
import { actOnDossier, allowedActs, previewOf } from '../app/dossier/track';
import type { DeskAct, DeskActType } from '../app/dossier/track';
import { subjectOf, twinsOf } from '../app/dossier/twins';
import { AppError } from '../errors';
import type { Dossier, Part } from '../ports/documents';
import type { Desk } from './act-forms';
import { formPage, previewPage, stalePage } from './act-pages';
import { readAct } from './act-read';
import type { DeskDeps } from './deps';
import { dossierPage } from './dossier-page';
import { fieldsFrom } from './fields';
import type { Fields } from './fields';
import { formLinks } from './forms';
import { attachmentsOf } from './photos';
import { deskPage, notice, send } from './shell';
import { keepUpload, multipart, uploadOf } from './upload';
import { fieldsOf, paramOf, queryOf, visitOf } from './visit';
import type { Visit } from './visit';
import { html } from '../http/html';

const GRACE_MS = 5_000;

/** Everything one request about a dossier works with. */
interface Case {
  readonly deps: DeskDeps;
  readonly visit: Visit;
  readonly desk: Desk;
  readonly dossier: Dossier;
  readonly part: Part;
  readonly move: Move;
  /** The citizen cannot be told since then (ms epoch). */
  readonly silentSince: number | null;
}

/** `checkForm` proves that a posted form is ours. */
export function dossierRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/:id', show(deps));
  router.post('/:id/preview', ...multipart(), checkForm, preview(deps));
  router.post('/:id/edit', checkForm, edit(deps));
  router.post('/:id/act', checkForm, act(deps));
  router.post('/:id/retry', checkForm, retry(deps));
  return router;
}

/** The dossier as this officer may see it: only through a part of their agency. @throws AppError `not-found` */
async function openCase(deps: DeskDeps, request: Request, response: Response, partId = ''): Promise<Case> {
  const visit = visitOf(response);
  const state = await deps.store.dossiers.byId(paramOf(request, 'id'));
  const own = state?.doc.parts.filter(({ agency }) => agency === visit.agency.id) ?? [];
  const part = partId === '' ? own[0] : own.find(({ id }) => id === partId);
  if (state === null || part === undefined) throw new AppError('not-found', 'no such dossier at this agency');
  const dossier = forgetDone(state.doc, state.doneUpTo);
  const talk = await deps.store.conversations.byId(dossier.conversation);
  const redue = (paused: Part) => dueAgain(deps, visit, paused);
  const voice = voiceOf(deps.speech, talk?.doc ?? null);
  const move: Move = { at: visit.now, revision: state.revision, voice, redue };
  const proposal = deps.proposeDueOn(part.procedure, visit.agency, visit.now, []);
  const desk = {
    t: visit.t,
    csrf: visit.csrf,
    agency: visit.agency,
    dossier,
    part,
    revision: state.revision,
    proposal,
    fee: deps.proposeFee(dossier, visit.agency),
  };
  return { deps, visit, desk, dossier, part, move, silentSince: talk?.doc.unreachableSince ?? null };
}

/** The promised date of a part whose pause ended, by the rules; null where no rule is known. */
function dueAgain(deps: DeskDeps, visit: Visit, part: Part): string | null {
  if (part.receivedAt === null) return null;
  return deps.proposeDueOn(part.procedure, visit.agency, part.receivedAt, part.pauses)?.dueOn ?? null;
}

function show(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, desk, dossier, silentSince } = await openCase(
      deps,
      request,
      response,
      queryOf(request, 'part'),
    );
    await visit.audit('view-dossier', dossier.id);
    const all = await deps.store.consents.ofConversation(dossier.conversation);
    const consents = all.filter(
      ({ agency, procedure }) => agency === visit.agency.id && procedure === dossier.procedure.id,
    );
    const done = queryOf(request, 'done');
    const said =
      /^[a-z-]{1,30}$/.test(done) && notice(visit.t('act.done', { act: visit.t(`act.name.${done}`) }));
    const { id, createdAt: at } = dossier;
    const about = { procedure: dossier.procedure.id, subject: subjectOf(dossier), at };
    const twins = await twinsOf(deps.store, about, id);
    const form = formLinks(visit.t, deps, dossier);
    const attachments = await attachmentsOf(deps, dossier);
    const around = { consents, twins, form, attachments, silentSince };
    send(response, deskPage(visit, dossier.code, html`${said} ${dossierPage(desk, visit.today, around)}`));
  };
}

const actType = (fields: Fields, part: Part): DeskActType => {
  const type = allowedActs(part).find((one) => one === fields.get('act'));
  if (type === undefined) throw new AppError('move-not-allowed', 'act not offered now');
  return type;
};

/** Did the dossier move on since the officer saw it? */
const isStale = ({ move }: Case, fields: Fields): boolean => fields.get('revision') !== String(move.revision);

async function showStale(one: Case, response: Response, fields: Fields): Promise<void> {
  await one.visit.audit('view-dossier', one.dossier.id);
  send(response, deskPage(one.visit, one.visit.t('stale.title'), stalePage(one.desk, fields)), 409);
}

function preview(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const typed = fieldsOf(request);
    const one = await openCase(deps, request, response, typed.get('part'));
    if (isStale(one, typed)) return showStale(one, response, typed);
    const type = actType(typed, one.part);
    const { fields, problems: refused } = await withUpload(one, request, typed);
    const read = readAct(type, {
      dossier: one.dossier,
      fields,
      today: one.visit.today,
      voice: one.move.voice,
    });
    await one.visit.audit('view-dossier', one.dossier.id);
    if (refused.length > 0 || 'problems' in read) {
      const problems = refused.length > 0 ? refused : 'problems' in read ? read.problems : [];
      showForm(one, response, { type, fields, problems });
      return;
    }
    const text = previewOf(one.dossier, one.part.id, read.act, by(one.visit), one.move);
    const page = previewPage(one.desk, { type, fields, text });
    send(response, deskPage(one.visit, one.visit.t(`act.name.${type}`), page));
  };
}

interface Refused {
  readonly type: DeskActType;
  readonly fields: Fields;
  readonly problems: readonly string[];
}

function showForm({ visit, desk }: Case, response: Response, refused: Refused): void {
  const status = refused.problems.length > 0 ? 422 : 200;
  send(response, deskPage(visit, visit.t(`act.name.${refused.type}`), formPage(desk, refused)), status);
}

/** Keeps a chosen file at once, so that the confirmation need only name it. */
async function withUpload(one: Case, request: Request, fields: Fields) {
  const upload = uploadOf(request);
  const wanted = fields.get('act') === 'result' && fields.get('kind') === 'file';
  if (upload === null || !wanted) return { fields, problems: [] };
  try {
    const kept = await keepUpload(one.deps, one.dossier.id, upload);
    const others = fields.pairs.filter(([name]) => name !== 'attachment');
    return { fields: fieldsFrom([...others, ['attachment', kept.id]]), problems: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'store-unavailable') throw error;
    return { fields, problems: [error.code] };
  }
}

/** Back from the preview to the form, with what was typed. */
function edit(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const fields = fieldsOf(request);
    const one = await openCase(deps, request, response, fields.get('part'));
    if (isStale(one, fields)) return showStale(one, response, fields);
    await one.visit.audit('view-dossier', one.dossier.id);
    showForm(one, response, { type: actType(fields, one.part), fields, problems: [] });
  };
}

const by = ({ officer }: Visit) => ({ role: 'officer', id: officer.id, name: officer.name }) as const;

function act(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const fields = fieldsOf(request);
    const one = await openCase(deps, request, response, fields.get('part'));
    if (isStale(one, fields)) return showStale(one, response, fields);
    const type = actType(fields, one.part);
    const read = readAct(type, {
      dossier: one.dossier,
      fields,
      today: one.visit.today,
      voice: one.move.voice,
    });
    if ('problems' in read) {
      showForm(one, response, { type, fields, problems: read.problems });
      return;
    }
    await ownFile(deps, one.dossier, read.act);
    if (await save(one, read.act)) {
      response.redirect(303, `/desk/dossiers/${one.dossier.id}?done=${type}`);
      return;
    }
    return showStale(await openCase(deps, request, response, fields.get('part')), response, fields);
  };
}

/** A result must be a file of this very dossier. @throws AppError `not-found` */
async function ownFile({ store }: DeskDeps, dossier: Dossier, done: DeskAct): Promise<void> {
  if (done.type !== 'result' || done.result.attachment === undefined) return;
  const found = await store.attachments.get(done.result.attachment);
  if (found?.owner !== dossier.id) throw new AppError('not-found', 'no such file of this dossier');
}

/** One durable write; false when somebody else was faster. The audit row comes first. */
async function save({ deps, visit, dossier, part, move }: Case, done: DeskAct): Promise<boolean> {
  const after = actOnDossier(dossier, part.id, done, by(visit), move);
  await visit.audit(done.type, dossier.id);
  const dueAt = after.acts.length > 0 ? deps.universe.now() + GRACE_MS : null;
  const saved = await deps.store.dossiers.save(after, move.revision, dueAt);
  if (saved) deps.queue.ring({ document: 'dossier', id: dossier.id, revision: move.revision + 1 });
  return saved;
}

function retry(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, dossier, part } = await openCase(deps, request, response, fieldsOf(request).get('part'));
    await visit.audit('retry-delivery', dossier.id);
    if (part.delivery !== null) await deps.retryDelivery(part.delivery.key);
    response.redirect(303, `/desk/dossiers/${dossier.id}?done=retry`);
  };
}
