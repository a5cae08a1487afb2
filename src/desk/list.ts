/** `/desk`: the agency's dossiers by due date, a search, and the next one to take up. */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Part } from '../ports/documents';
import type { DossierRow } from '../ports/store';
import type { DeskDeps } from './deps';
import { listPage } from './list-page';
import type { Listing } from './list-page';
import { deskPage, notice, send } from './shell';
import { html } from '../http/html';
import { searchOf, startSearch } from './search';
import type { Search } from './search';
import { filterOf, TO_DO, viewOf, VIEWS } from './views';
import type { View } from './views';
import { queryOf, visitOf } from './visit';
import type { Visit } from './visit';

const PAGE = 25;
/** How far "next dossier" looks for the one after the present one. */
const AHEAD = 200;
const PEOPLE = 100;

export function listRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/', showList(deps));
  router.post('/', checkForm, startSearch(deps));
  router.get('/next', goToNext(deps));
  return router;
}

function showList(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const found = await searchOf(deps, visit, queryOf(request, 'tim'));
    const search = found === 'over' ? null : found;
    // A cursor belongs to the list it was made for.
    const after = found === 'over' ? '' : queryOf(request, 'after');
    await visit.audit(search === null ? 'list' : 'search', null);
    const listing = await listingOf(deps, visit, { view: viewOf(queryOf(request, 'view')), search, after });
    const title = listing.search === null ? visit.t(`view.${listing.view}`) : visit.t('list.searched');
    const over = found === 'over' && notice(visit.t('list.searchOver'));
    const nothing = queryOf(request, 'nothing') !== '' && notice(visit.t('list.noNext'));
    send(response, deskPage(visit, title, html`${over} ${nothing} ${listPage(visit, listing)}`));
  };
}

interface Wanted {
  readonly view: View;
  readonly search: Search | null;
  readonly after: string;
}

async function listingOf(deps: DeskDeps, visit: Visit, { view, search, after }: Wanted): Promise<Listing> {
  const filter = search === null ? filterOf(view, visit.today) : { find: search.find };
  const query = { ...filter, agency: visit.agency.id, limit: PAGE + 1, ...(after === '' ? {} : { after }) };
  const [rows, counts, people] = await Promise.all([
    deps.store.dossiers.list(query),
    countsOf(deps, visit),
    deps.store.conversations.waitingForPerson(visit.agency.id, PEOPLE),
  ]);
  const shown = rows.slice(0, PAGE);
  return {
    view,
    search,
    counts,
    people: people.length,
    rows: shown.flatMap((row) => withPart(row, visit.agency.id)),
    next: rows.length > PAGE ? (shown.at(-1)?.cursor ?? null) : null,
    firstPage: after === '',
  };
}

/** The part that brought the dossier into this agency's list. */
function withPart({ state }: DossierRow, agency: string): Listing['rows'] {
  const part = partFor(state.doc.parts, agency);
  return part === undefined ? [] : [{ dossier: state.doc, part }];
}

const partFor = (parts: readonly Part[], agency: string): Part | undefined =>
  parts.find((part) => part.agency === agency);

async function countsOf(deps: DeskDeps, visit: Visit): Promise<Record<View, number>> {
  const { dossiers } = deps.store;
  const pairs = VIEWS.map(async (view) => {
    const query = { ...filterOf(view, visit.today), agency: visit.agency.id };
    return [view, await dossiers.count(query)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs)) as Record<View, number>;
}

/** By due date instead of picking: the first one to do, or the one after `?after=<dossier>`. */
function goToNext(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    await visit.audit('next', null);
    const rows = await deps.store.dossiers.list({ ...TO_DO, agency: visit.agency.id, limit: AHEAD });
    const ids = rows.map(({ state }) => state.doc.id);
    const present = ids.indexOf(queryOf(request, 'after'));
    const next = ids[present + 1] ?? ids.find((_, index) => index !== present);
    response.redirect(303, next === undefined ? '/desk?nothing=1' : `/desk/dossiers/${next}`);
  };
}
