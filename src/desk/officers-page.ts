/** `/desk/officers`: an administrator creates officers by one-time links, disables them, changes roles. Asks for the own password again. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { AppError, codeOf } from '../errors';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Agency, Officer } from '../ports/documents';
import type { DeskDeps } from './deps';
import { csrfField, deskPage, lineField, problemList, send, tick } from './shell';
import { fieldsOf, paramOf, runsHouse, visitOf } from './visit';
import type { Visit } from './visit';

export function officersRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/officers', async (_request, response) => {
    await visitOf(response).audit('list-officers', null);
    await showOfficers(deps, response, {});
  });
  router.post('/officers', checkForm, confirmed(deps, create));
  router.post('/officers/:id/:change', checkForm, confirmed(deps, change));
  return router;
}

interface Shown {
  readonly problem?: string;
  readonly typed?: { readonly login: string; readonly name: string };
  /** A one-time link just made, shown once. */
  readonly link?: { readonly url: string; readonly name: string };
}

/** Officers this administrator looks after: the own agency's; of all agencies for whoever runs the house. */
async function ownOfficers(deps: DeskDeps, visit: Visit): Promise<readonly Officer[]> {
  const all = (await deps.store.officers.all()).map(({ doc }) => doc);
  return runsHouse(visit) ? all : all.filter(({ agency }) => agency === visit.agency.id);
}

async function showOfficers(deps: DeskDeps, response: Response, shown: Shown): Promise<void> {
  const visit = visitOf(response);
  const agencies = runsHouse(visit)
    ? (await deps.store.agencies.all()).map(({ doc }) => doc)
    : [visit.agency];
  const main = officersMain(visit, await ownOfficers(deps, visit), agencies, shown);
  send(response, deskPage(visit, visit.t('nav.officers'), main), shown.problem === undefined ? 200 : 422);
}

function officersMain(
  visit: Visit,
  officers: readonly Officer[],
  agencies: readonly Agency[],
  shown: Shown,
): Html {
  const { t } = visit;
  const nameOf = new Map(agencies.map(({ id, name }) => [id, name]));
  return html`<div class="wide">
    <h1>${t('nav.officers')}</h1>
    ${problemList(t, shown.problem === undefined ? [] : [shown.problem])}
    ${
      shown.link &&
      html`<div class="notice" role="status">
        <p>${t('officers.link', { name: shown.link.name })}</p>
        <p><code>${shown.link.url}</code></p>
      </div>`
    }
    <table class="rows">
      <caption class="hidden">
        ${t('nav.officers')}
      </caption>
      <thead>
        <tr>
          ${['name', 'login', 'agency', 'role', 'state', 'change'].map((head) => html`<th scope="col">${t(`officers.head.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${officers.map((officer) => oneOfficer(visit, officer, nameOf.get(officer.agency) ?? ''))}
      </tbody>
    </table>
    ${createForm(visit, agencies, shown)}
  </div>`;
}

function oneOfficer({ t, csrf, officer: me }: Visit, officer: Officer, agency: string): Html {
  const state = officer.active ? (officer.passwordHash === '' ? 'invited' : 'active') : 'disabled';
  const changes = [
    officer.active ? 'disable' : 'enable',
    officer.role === 'admin' ? 'to-officer' : 'to-admin',
    'invite',
  ];
  return html`<tr>
    <td>${officer.name}</td>
    <td>${officer.login}</td>
    <td>${agency}</td>
    <td>${t(`officers.role.${officer.role}`)}</td>
    <td>${t(`officers.state.${state}`)}</td>
    <td>
      ${
        officer.id === me.id
          ? t('officers.you')
          : html`<details>
              <summary>${t('officers.changeOf', { name: officer.name })}</summary>
              ${changes.map(
                (name) =>
                  html`<form method="post" action="/desk/officers/${officer.id}/${name}" class="small">
                    ${csrfField(csrf)} ${passwordField(t('officers.own'))}
                    <button>${t(`officers.change.${name}`)}</button>
                  </form>`,
              )}
            </details>`
      }
    </td>
  </tr>`;
}

const passwordField = (label: string): Html =>
  lineField({ name: 'own', type: 'password', label, autocomplete: 'current-password', required: true });

function createForm({ t, csrf, agency }: Visit, agencies: readonly Agency[], { typed }: Shown): Html {
  return html`<section aria-labelledby="new" class="narrow">
    <h2 id="new">${t('officers.new')}</h2>
    <form method="post" action="/desk/officers">
      ${csrfField(csrf)}
      ${lineField({ name: 'name', label: t('officers.name'), value: typed?.name ?? '', required: true })}
      ${lineField({ name: 'login', label: t('officers.login'), hint: t('officers.loginHint'), value: typed?.login ?? '', required: true })}
      <div class="field">
        <label for="agency">${t('officers.agency')}</label>
        <select id="agency" name="agency">
          ${agencies.map(({ id, name }) => html`<option value="${id}" ${id === agency.id && html`selected`}>${name}</option>`)}
        </select>
      </div>
      <fieldset>
        <legend>${t('officers.role.label')}</legend>
        ${tick('radio', 'role', 'officer', t('officers.role.officer'), true)}
        ${tick('radio', 'role', 'admin', t('officers.role.admin'), false)}
      </fieldset>
      ${passwordField(t('officers.own'))}
      <button class="go">${t('officers.create')}</button>
    </form>
  </section>`;
}

type Deed = (deps: DeskDeps, request: Request, response: Response) => Promise<void>;

/** The own password again, before accounts change. */
function confirmed(deps: DeskDeps, deed: Deed): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const body = request.body as Record<string, unknown>;
    const own = typeof body['own'] === 'string' ? body['own'] : '';
    if (await deps.officers.confirm(visit.officer, own, request.ip ?? '')) {
      await deed(deps, request, response);
      await deps.agenciesChanged();
      return;
    }
    const fields = fieldsOf(request);
    const typed = { login: fields.get('login'), name: fields.get('name') };
    await showOfficers(deps, response, { problem: visit.t('officers.wrongPassword'), typed });
  };
}

const linkOf = (deps: DeskDeps, token: string): string => `${deps.publicUrl}/desk/set-password/${token}`;

async function create(deps: DeskDeps, request: Request, response: Response): Promise<void> {
  const visit = visitOf(response);
  const fields = fieldsOf(request);
  const typed = { login: fields.get('login'), name: fields.get('name') };
  const wanted = runsHouse(visit) ? fields.get('agency') : visit.agency.id;
  const agency = await deps.store.agencies.byId(wanted);
  if (agency === null) throw new AppError('bad-request', 'no such agency');
  const role = fields.get('role') === 'admin' ? 'admin' : 'officer';
  try {
    const { officer, token } = await deps.officers.create({ ...typed, agency: agency.doc.id, role });
    await visit.audit('create-officer', officer.id);
    await showOfficers(deps, response, { link: { url: linkOf(deps, token), name: officer.name } });
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'conflict' && code !== 'bad-request') throw error;
    await showOfficers(deps, response, { problem: visit.t(`officers.problem.${code}`), typed });
  }
}

async function change(deps: DeskDeps, request: Request, response: Response): Promise<void> {
  const visit = visitOf(response);
  const officer = (await ownOfficers(deps, visit)).find(({ id }) => id === paramOf(request, 'id'));
  // Nobody changes themselves: an agency must not lose its last administrator by a slip.
  if (officer === undefined || officer.id === visit.officer.id)
    throw new AppError('not-found', 'no such officer here');
  const name = paramOf(request, 'change');
  await visit.audit(
    `officer-${['disable', 'enable', 'to-officer', 'to-admin', 'invite'].includes(name) ? name : 'unknown'}`,
    officer.id,
  );
  switch (name) {
    case 'disable':
    case 'enable':
      await deps.officers.change(officer.id, { active: name === 'enable' });
      break;
    case 'to-officer':
    case 'to-admin':
      await deps.officers.change(officer.id, { role: name === 'to-admin' ? 'admin' : 'officer' });
      break;
    case 'invite': {
      const token = await deps.officers.invite(officer.id);
      return showOfficers(deps, response, { link: { url: linkOf(deps, token), name: officer.name } });
    }
    default:
      throw new AppError('not-found', 'no such change');
  }
  response.redirect(303, '/desk/officers');
}
