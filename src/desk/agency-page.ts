/** `/desk/agency`: an administrator's settings of the own agency; whoever runs the house also sets up new ones. */
import { Router } from 'express';
import type { RequestHandler, Response } from 'express';
import { newAgency } from '../app/officers/new-agency';
import { AppError } from '../errors';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Agency } from '../ports/documents';
import type { CommuneName, DeskDeps } from './deps';
import type { Fields } from './fields';
import { csrfField, deskPage, hidden, lineField, notice, problemList, send, tick } from './shell';
import { fieldsOf, queryOf, runsHouse, visitOf } from './visit';
import type { T, Visit } from './visit';

const MIN_SECRET = 32;

export function agencyRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/agency', async (request, response) => {
    await visitOf(response).audit('view-agency', visitOf(response).agency.id);
    await showAgency(deps, response, { done: queryOf(request, 'done') });
  });
  router.post('/agency', checkForm, saveAgency(deps));
  router.post('/agencies', checkForm, createAgency(deps));
  return router;
}

interface Shown {
  readonly done?: string;
  readonly problems?: readonly string[];
  readonly typed?: Fields;
  /** Communes that what was typed may mean. */
  readonly communes?: readonly CommuneName[];
}

async function showAgency(deps: DeskDeps, response: Response, shown: Shown): Promise<void> {
  const visit = visitOf(response);
  const { t } = visit;
  const state = await deps.store.agencies.byId(visit.agency.id);
  if (state === null) throw new AppError('not-found', 'no such agency');
  const others = runsHouse(visit) ? (await deps.store.agencies.all()).map(({ doc }) => doc) : [];
  const main = html`<div class="narrow">
    ${shown.done === 'saved' && notice(t('agency.saved'))}
    ${shown.done === 'created' && notice(t('agency.created'))}
    <h1>${state.doc.name}</h1>
    ${problemList(
      t,
      (shown.problems ?? []).map((problem) => t(`agency.problem.${problem}`)),
    )}
    ${settingsForm(deps, visit, state.doc, state.revision)}
    ${runsHouse(visit) && newAgencyForm(visit, others, shown)}
  </div>`;
  send(response, deskPage(visit, t('nav.agency'), main), (shown.problems ?? []).length > 0 ? 422 : 200);
}

function settingsForm(deps: DeskDeps, { t, csrf }: Visit, agency: Agency, revision: number): Html {
  const { receiver } = agency;
  const on = new Set(agency.procedures);
  return html`<form method="post" action="/desk/agency">
    ${csrfField(csrf)} ${hidden('revision', revision)}
    ${(['name', 'address', 'hours', 'phone'] as const).map((name) => lineField({ name, label: t(`agency.${name}`), value: agency[name], required: name !== 'phone' }))}
    <fieldset>
      <legend>${t('agency.procedures')}</legend>
      ${deps.procedures().map(({ slug, code, name }) => tick('checkbox', 'procedure', slug, html`${name} <span class="when">${code}</span>`, on.has(slug)))}
    </fieldset>
    <fieldset>
      <legend>${t('agency.receiver')}</legend>
      ${tick('radio', 'receiver', 'desk', t('agency.receiverDesk'), receiver.type === 'desk')}
      ${tick('radio', 'receiver', 'http', t('agency.receiverHttp'), receiver.type === 'http')}
      ${lineField({ name: 'url', label: t('agency.url'), hint: t('agency.urlHint'), type: 'url', value: receiver.type === 'http' ? receiver.url : '' })}
      ${lineField({ name: 'secret', label: t('agency.secret'), hint: t(receiver.type === 'http' ? 'agency.secretKept' : 'agency.secretHint'), type: 'password', autocomplete: 'new-password' })}
    </fieldset>
    <button class="go">${t('agency.save')}</button>
  </form>`;
}

/** What the settings form means, or which fields are wrong (keys below `agency.problem`). */
function readSettings(
  deps: DeskDeps,
  before: Agency,
  fields: Fields,
): { agency: Agency; problems: readonly string[] } {
  const known = new Set(deps.procedures().map(({ slug }) => slug));
  const { receiver, problems } = readReceiver(deps, before, fields);
  const [name, address, hours] = [fields.get('name'), fields.get('address'), fields.get('hours')];
  const missing = Object.entries({ name, address, hours }).filter(([, text]) => text === '');
  const procedures = fields.all('procedure').filter((slug) => known.has(slug));
  return {
    agency: { ...before, name, address, hours, phone: fields.get('phone'), procedures, receiver },
    problems: [...missing.map(([field]) => field), ...problems],
  };
}

function readReceiver(
  deps: Pick<DeskDeps, 'mayReceive'>,
  before: Agency,
  fields: Fields,
): { receiver: Agency['receiver']; problems: readonly string[] } {
  if (fields.get('receiver') !== 'http') return { receiver: { type: 'desk' }, problems: [] };
  const url = fields.get('url');
  const kept = before.receiver.type === 'http' ? before.receiver.secret : '';
  const secret = fields.get('secret') === '' ? kept : fields.get('secret');
  const problems = [
    ...(deps.mayReceive(url) ? [] : ['url']),
    ...(secret.length >= MIN_SECRET ? [] : ['secret']),
  ];
  return { receiver: { type: 'http', url, secret }, problems };
}

function saveAgency(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const fields = fieldsOf(request);
    const { agency, problems } = readSettings(deps, visit.agency, fields);
    if (problems.length > 0) return showAgency(deps, response, { problems });
    await visit.audit('save-agency', agency.id);
    if (!(await deps.store.agencies.save(agency, Number(fields.get('revision'))))) {
      return showAgency(deps, response, { problems: ['stale'] });
    }
    await deps.agenciesChanged();
    response.redirect(303, '/desk/agency?done=saved');
  };
}

// ---------------------------------------------------------------- new agencies

function newAgencyForm({ t, csrf }: Visit, agencies: readonly Agency[], { typed, communes }: Shown): Html {
  return html`<section aria-labelledby="new">
    <h2 id="new">${t('agency.new')}</h2>
    <p>
      ${t('agency.all')} ${agencies.map(({ name, communeCode }) => `${name} (${communeCode})`).join(' · ')}
    </p>
    <form method="post" action="/desk/agencies">
      ${csrfField(csrf)}
      ${lineField({ name: 'commune', label: t('agency.commune'), hint: t('agency.communeHint'), value: typed?.get('commune') ?? '', required: true })}
      ${communes !== undefined && communes.length > 1 && communeChoices(t, communes)}
      ${(['name', 'address', 'hours', 'phone'] as const).map((name) => lineField({ name, label: t(`agency.${name}`), value: typed?.get(name) ?? '', required: name !== 'phone' }))}
      <button class="go">${t('agency.create')}</button>
    </form>
  </section>`;
}

const communeChoices = (t: T, communes: readonly CommuneName[]): Html =>
  html`<fieldset>
    <legend>${t('agency.which')}</legend>
    ${communes.map(({ code, name, provinceName }) => tick('radio', 'communeCode', code, `${name}, ${provinceName} (${code})`, false))}
  </fieldset>`;

function createAgency(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    if (!runsHouse(visit)) throw new AppError('forbidden', 'only whoever runs the house');
    const typed = fieldsOf(request);
    const found = deps.findCommunes(typed.get('commune')).slice(0, 10);
    const commune =
      found.find(({ code }) => code === typed.get('communeCode')) ??
      (found.length === 1 ? found[0] : undefined);
    const problems = await newProblems(deps, typed, commune);
    if (problems.length > 0 || commune === undefined) {
      return showAgency(deps, response, { problems, typed, communes: found });
    }
    const [name, address, hours, phone] = [
      typed.get('name'),
      typed.get('address'),
      typed.get('hours'),
      typed.get('phone'),
    ];
    const agency = newAgency({ name, address, hours, phone }, commune);
    await visit.audit('create-agency', agency.id);
    if (!(await deps.store.agencies.create(agency)))
      return showAgency(deps, response, { problems: ['taken'], typed });
    await deps.agenciesChanged();
    response.redirect(303, '/desk/agency?done=created');
  };
}

async function newProblems(
  deps: DeskDeps,
  typed: Fields,
  commune: CommuneName | undefined,
): Promise<string[]> {
  const missing = ['name', 'address', 'hours'].filter((name) => typed.get(name) === '');
  if (commune === undefined) return ['commune', ...missing];
  const taken = (await deps.store.agencies.all()).some(({ doc }) => doc.communeCode === commune.code);
  return taken ? ['taken', ...missing] : missing;
}
