/** The list: views with counts, search, one row a dossier. */
import { isNotTold } from '../app/dossier/not-told';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Dossier, Part } from '../ports/documents';
import { dueOf, showDay, showTime } from './dates';
import type { Search } from './search';
import { csrfField } from './shell';
import { VIEWS } from './views';
import type { View } from './views';
import type { T, Visit } from './visit';

export interface Listing {
  readonly view: View;
  /** Instead of the view, when not null. */
  readonly search: Search | null;
  readonly counts: Readonly<Record<View, number>>;
  readonly people: number;
  readonly rows: readonly { readonly dossier: Dossier; readonly part: Part }[];
  /** Cursor of the next page. */
  readonly next: string | null;
  readonly firstPage: boolean;
}

export function listPage(visit: Visit, listing: Listing): Html {
  const { t } = visit;
  const { view, search } = listing;
  const title = search === null ? t(`view.${view}`) : t('list.found', { find: search.find });
  return html`<div class="list">
    ${sideNav(visit, listing)}
    <section aria-labelledby="title">
      <div class="list-head">
        <h1 id="title">${title}</h1>
        <p><a class="button" href="/desk/next">${t('list.nextCase')}</a></p>
      </div>
      ${listing.rows.length === 0 ? html`<p class="empty">${t(search === null ? 'list.empty' : 'list.nothingFound')}</p>` : table(visit, listing, title)}
      ${pager(t, listing)}
    </section>
  </div>`;
}

function sideNav({ t, csrf }: Visit, { view, search, counts, people }: Listing): Html {
  const here = (name: View) => search === null && name === view && html`aria-current="page"`;
  return html`<div class="side">
    <form method="post" action="/desk" role="search" class="search">
      ${csrfField(csrf)}
      <label for="find">${t('list.search')}</label>
      <div>
        <input
          id="find"
          name="find"
          type="search"
          value="${search?.find ?? ''}"
          maxlength="100"
          autocomplete="off"
          aria-describedby="findh"
        />
        <button>${t('list.searchGo')}</button>
      </div>
      <p class="hint" id="findh">${t('list.searchHint')}</p>
    </form>
    <nav aria-label="${t('list.views')}">
      <ul class="views">
        ${VIEWS.map(
          (name) =>
            html`<li>
              <a href="/desk?view=${name}" ${here(name)}
                ><span>${t(`view.${name}`)}</span> ${count(counts[name], name)}</a
              >
            </li>`,
        )}
        <li>
          <a href="/desk/people"><span>${t('view.people')}</span> ${count(people, 'people')}</a>
        </li>
      </ul>
    </nav>
  </div>`;
}

const URGENT = new Set(['overdue', 'today', 'replied', 'withdraw', 'trouble', 'people']);

const count = (number: number, view: string): Html =>
  html`<strong class="count ${number > 0 && URGENT.has(view) ? 'urgent' : ''}">${number}</strong>`;

function table({ t, today }: Visit, { rows }: Listing, title: string): Html {
  const heads = ['code', 'who', 'procedure', 'due', 'flags', 'last'];
  return html`<table class="rows">
    <caption class="hidden">
      ${title}
    </caption>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${t(`list.head.${head}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => oneRow(t, today, row))}
    </tbody>
  </table>`;
}

function oneRow(t: T, today: string, { dossier, part }: Listing['rows'][number]): Html {
  // That the hand-over worked is no news at the desk it was handed to.
  const last = dossier.history.findLast(({ event }) => event !== 'deliveryAccepted');
  return html`<tr>
    <td>
      ${demoMark(t, dossier)} <a class="code" data-row href="/desk/dossiers/${dossier.id}">${dossier.code}</a>
    </td>
    <td>${whoOf(t, dossier)}</td>
    <td>${dossier.procedure.name}</td>
    <td>${dueWords(t, part, today)}</td>
    <td>${flagsOf(t, dossier, part, today).map((flag) => html`<span class="flag">${flag}</span> `)}</td>
    <td>${last && html`${t.event(last.event)}<br /><span class="when">${showTime(last.at)}</span>`}</td>
  </tr>`;
}

export const demoMark = (t: T, dossier: { readonly demo: boolean }): Html | false =>
  dossier.demo && html`<strong class="demo">${t('demo')}</strong>`;

function whoOf(t: T, { people }: Dossier): Html {
  const other = people.filer !== null && people.filer.name !== people.subject.name;
  return html`<strong>${people.subject.name}</strong
    >${other && html`<br /><span class="when">${t('list.filedBy', { name: people.filer.name })}</span>`}`;
}

const SIGNS: Readonly<Record<string, string>> = {
  late: '▲',
  lookLate: '▲',
  today: '●',
  tomorrow: '◐',
  paused: '❚❚',
};

/** The date as words, a sign and the day itself: never colour alone. */
export function dueWords(t: T, part: Part, today: string): Html {
  const due = dueOf(part, today);
  const sign = SIGNS[due.key];
  return html`<span class="due ${due.key}"
      >${sign !== undefined && html`<span aria-hidden="true">${sign}</span> `}${t(`due.${due.key}`, { days: due.days })}</span
    >${due.day !== null && html`<br /><span class="when">${showDay(due.day)}</span>`}`;
}

/** What an officer should know before opening it. */
export function flagsOf(t: T, dossier: Dossier, part: Part, today: string): readonly string[] {
  const odd = dossier.answers.reduce((sum, answer) => sum + answer.flags.length, 0);
  const { filer, subject } = dossier.people;
  const flags: readonly (readonly [boolean, string])[] = [
    [part.withdrawAsked !== null && part.status !== 7, t('flag.withdraw')],
    [['needs-officer', 'refused', 'unknown'].includes(part.delivery?.state ?? ''), t('flag.delivery')],
    [isNotTold(dossier), t('flag.notTold')],
    [part.status === 6, t('flag.payment')],
    [part.rounds.length > 1, t('flag.rounds', { n: part.rounds.length })],
    [odd > 0, t('flag.odd', { n: odd })],
    [filer !== null && filer.name !== subject.name, t('flag.helped')],
    [part.status === 1 && part.lookBy < today, t('flag.lookLate')],
  ];
  return flags.filter(([on]) => on).map(([, text]) => text);
}

function pager(t: T, { view, search, next, firstPage }: Listing): Html | false {
  if (next === null && firstPage) return false;
  const base = search === null ? `view=${view}` : `tim=${search.id}`;
  return html`<nav class="pager" aria-label="${t('list.pages')}">
    ${!firstPage && html`<a href="/desk?${base}">${t('list.first')}</a>`}
    ${next !== null && html`<a href="/desk?${base}&after=${encodeURIComponent(next)}">${t('list.more')}</a>`}
  </nav>`;
}
