/** Declarations at the desk: filled from a dossier as PDF and DOCX, and an agency's own official DOCX with the same cells. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { AppError, codeOf } from '../errors';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { FormFile } from '../http/multipart';
import type { Agency, Dossier } from '../ports/documents';
import { showTime } from './dates';
import type { DeskDeps, FormOfDesk } from './deps';
import { ownDossier, sendFile } from './photos';
import { csrfField, deskPage, hidden, notice, problemList, send } from './shell';
import { multipart, tidyName, uploadOf } from './upload';
import { fieldsOf, paramOf, queryOf, visitOf } from './visit';
import type { T, Visit } from './visit';

/** `checkForm` proves that a posted form is ours. Pages below `/forms` are for administrators. */
export function formsRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/dossiers/:id/form.pdf', fill(deps, 'pdf'));
  router.get('/dossiers/:id/form.docx', fill(deps, 'docx'));
  router.get('/forms', show(deps));
  router.get('/forms/:procedure/template.docx', template(deps));
  router.post('/forms/upload', ...multipart(), checkForm, keep(deps));
  router.post('/forms/remove', checkForm, remove(deps));
  return router;
}

/** Links to the filled declaration of a dossier; none where its procedure has no form. */
export function formLinks(t: T, deps: DeskDeps, dossier: Dossier): Html | false {
  const form = deps.forms.of(dossier.procedure.id);
  if (form === null) return false;
  const base = `/desk/dossiers/${dossier.id}/form`;
  return html`<p class="moves">
    ${t('forms.filled')} <a class="button" href="${base}.pdf">${t('forms.pdf')}</a>
    <a class="button" href="${base}.docx">${t('forms.docx')}</a>
  </p>`;
}

function fill(deps: DeskDeps, sort: 'pdf' | 'docx'): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const { dossier } = await ownDossier(deps, visit, paramOf(request, 'id'));
    const form = deps.forms.of(dossier.procedure.id);
    if (form === null) throw new AppError('not-found', 'no form for this procedure');
    await visit.audit('view-form', dossier.id);
    const bytes =
      sort === 'pdf'
        ? await form.pdf(dossier, visit.agency)
        : await form.docx(dossier, visit.agency, await officialOf(deps, visit.agency, dossier.procedure.id));
    sendFile(response, `${dossier.code}.${sort}`, bytes);
  };
}

async function officialOf(deps: DeskDeps, { forms }: Agency, procedure: string): Promise<Buffer | undefined> {
  const kept = forms?.[procedure];
  return kept === undefined ? undefined : deps.files.get(kept.fileKey);
}

// ---------------------------------------------------------------- administrators

function template(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const procedure = paramOf(request, 'procedure');
    const form = deps.forms.of(procedure);
    if (form === null) throw new AppError('not-found', 'no form for this procedure');
    sendFile(response, `${procedure}.docx`, await form.template());
  };
}

function show(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    await visit.audit('view-forms', visit.agency.id);
    const done = queryOf(request, 'done');
    await showForms(deps, visit, response, { done: done === 'kept' || done === 'removed' ? done : '' });
  };
}

interface Told {
  readonly done?: string;
  readonly problems?: readonly string[];
}

async function showForms(deps: DeskDeps, visit: Visit, response: Response, told: Told): Promise<void> {
  const { t } = visit;
  const agency = (await deps.store.agencies.byId(visit.agency.id))?.doc ?? visit.agency;
  const known = deps.procedures().flatMap(({ slug, name }) => {
    const form = deps.forms.of(slug);
    return form === null ? [] : [{ slug, name, form }];
  });
  const cards = known.map(({ slug, name, form }) => formCard(visit, agency, { slug, name, form }));
  const main = html`<div class="narrow">
    ${told.done !== undefined && told.done !== '' && notice(t(`forms.${told.done}`))}
    <h1>${t('forms.title')}</h1>
    ${problemList(t, told.problems ?? [])}
    <p>${t('forms.intro')}</p>
    ${cards}
  </div>`;
  send(response, deskPage(visit, t('forms.title'), main), (told.problems ?? []).length > 0 ? 422 : 200);
}

interface Card {
  readonly slug: string;
  readonly name: string;
  readonly form: FormOfDesk;
}

function formCard({ t, csrf }: Visit, agency: Agency, { slug, name, form }: Card): Html {
  const kept = agency.forms?.[slug];
  return html`<section aria-labelledby="f-${slug}">
    <h2 id="f-${slug}">${name}</h2>
    <p>${form.title}${form.number !== null && ` · ${form.number}`}</p>
    ${kept === undefined ? html`<p class="hint">${t('forms.ours')}</p>` : keptLines(t, kept)}
    <p><a href="/desk/forms/${slug}/template.docx">${t('forms.template')}</a></p>
    <details>
      <summary>${t('forms.cells', { n: form.cells.length })}</summary>
      <p class="number">${form.cells.map((cell) => `{${cell}} `)}</p>
    </details>
    <form method="post" action="/desk/forms/upload" enctype="multipart/form-data">
      ${csrfField(csrf)} ${hidden('procedure', slug)}
      <p>
        <label for="u-${slug}">${t('forms.upload')}</label>
        <input id="u-${slug}" type="file" name="upload" accept=".docx" required />
      </p>
      <button>${t('forms.check')}</button>
    </form>
    ${kept !== undefined && html`<form method="post" action="/desk/forms/remove">${csrfField(csrf)} ${hidden('procedure', slug)}<button class="plain">${t('forms.remove')}</button></form>`}
  </section>`;
}

/** What is in use, and which cells do not agree either way. */
function keptLines(t: T, kept: NonNullable<Agency['forms']>[string]): Html {
  const listed = (key: string, cells: readonly string[]) =>
    cells.length > 0 &&
    html`<p class="warning">
      ${t(`forms.${key}`, { n: cells.length })}
      <span class="number">${cells.map((cell) => `{${cell}} `)}</span>
    </p>`;
  return html`<p><strong>${t('forms.official', { name: kept.name, time: showTime(kept.at) })}</strong></p>
    ${listed('missing', kept.missing)} ${listed('unknown', kept.unknown)}`;
}

function keep(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const procedure = fieldsOf(request).get('procedure');
    const form = deps.forms.of(procedure);
    if (form === null) throw new AppError('not-found', 'no form for this procedure');
    const upload = uploadOf(request);
    if (upload === null)
      return showForms(deps, visit, response, { problems: [visit.t('forms.problem.none')] });
    const match = await form.check(upload.bytes).catch(refused);
    if ('why' in match) {
      const problems = [visit.t(`forms.problem.${match.why}`, { part: match.part })];
      return showForms(deps, visit, response, { problems });
    }
    await keepOfficial(deps, visit, { procedure, upload, match });
    response.redirect(303, '/desk/forms?done=kept');
  };
}

/** Why a file is not taken: a fault of the file, to be told; anything else is not. */
function refused(error: unknown): { why: string; part: string } {
  if (codeOf(error) !== 'file-refused' || !(error instanceof AppError)) throw error;
  return { why: String(error.details['why'] ?? 'not-docx'), part: String(error.details['part'] ?? '') };
}

interface Official {
  readonly procedure: string;
  readonly upload: FormFile;
  readonly match: { readonly missing: readonly string[]; readonly unknown: readonly string[] };
}

async function keepOfficial(deps: DeskDeps, visit: Visit, official: Official): Promise<void> {
  const fileKey = deps.universe.randomBytes(24).toString('base64url');
  await deps.files.put(fileKey, official.upload.bytes);
  const { missing, unknown } = official.match;
  const kept = { fileKey, name: tidyName(official.upload.name), at: visit.now, missing, unknown };
  await visit.audit('save-form', visit.agency.id);
  await changeForms(deps, visit, official.procedure, kept);
}

function remove(deps: DeskDeps): RequestHandler {
  return async (request: Request, response) => {
    const visit = visitOf(response);
    await visit.audit('remove-form', visit.agency.id);
    await changeForms(deps, visit, fieldsOf(request).get('procedure'), null);
    response.redirect(303, '/desk/forms?done=removed');
  };
}

type Kept = NonNullable<Agency['forms']>[string];

/** The file before goes when nothing names it any more. @throws AppError `conflict` when somebody else saved the agency meanwhile */
async function changeForms(
  deps: DeskDeps,
  visit: Visit,
  procedure: string,
  kept: Kept | null,
): Promise<void> {
  const state = await deps.store.agencies.byId(visit.agency.id);
  if (state === null) throw new AppError('not-found', 'no such agency');
  const before = state.doc.forms ?? {};
  const others = Object.entries(before).filter(([slug]) => slug !== procedure);
  const forms = Object.fromEntries(kept === null ? others : [...others, [procedure, kept]]);
  const saved = await deps.store.agencies.save({ ...state.doc, forms }, state.revision);
  const gone = saved ? before[procedure] : kept;
  if (gone !== undefined && gone !== null) await deps.files.remove(gone.fileKey);
  if (!saved) throw new AppError('conflict', 'the agency was saved meanwhile');
  await deps.agenciesChanged();
}
