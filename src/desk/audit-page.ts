/** `/desk/audit`: who saw and did what in this agency; rows can be added, never changed. */
import { Router } from 'express';
import { html } from '../http/html';
import type { AuditRow } from '../ports/documents';
import { showTime } from './dates';
import type { DeskDeps } from './deps';
import { deskPage, send } from './shell';
import { queryOf, visitOf } from './visit';
import type { T, Visit } from './visit';

const ROWS = 300;

export function auditRouter(deps: DeskDeps): Router {
  const router = Router();
  router.get('/audit', async (request, response) => {
    const visit = visitOf(response);
    await visit.audit('view-audit', null);
    const subject = queryOf(request, 'subject');
    const { audit, officers } = deps.store;
    const [rows, all] = await Promise.all([
      subject === '' ? audit.last(ROWS) : audit.ofSubject(subject, ROWS),
      officers.all(),
    ]);
    const names = new Map(all.map(({ doc }) => [doc.id, doc.name]));
    const own = rows
      .filter(({ agency }) => agency === visit.agency.id)
      .toSorted((one, other) => other.seq - one.seq);
    send(response, deskPage(visit, visit.t('nav.audit'), auditMain(visit, own, names)));
  });
  return router;
}

function auditMain({ t }: Visit, rows: readonly AuditRow[], names: ReadonlyMap<string, string>) {
  return html`<div class="wide">
    <h1>${t('nav.audit')}</h1>
    <p class="hint">${t('audit.lead')}</p>
    <table class="rows">
      <caption class="hidden">
        ${t('nav.audit')}
      </caption>
      <thead>
        <tr>
          ${['seq', 'at', 'who', 'what', 'subject'].map((head) => html`<th scope="col">${t(`audit.head.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ seq, at, who, what, subject }) =>
            html`<tr>
              <td>${seq}</td>
              <td>${showTime(at)}</td>
              <td>${names.get(who) ?? who}</td>
              <td>${wordsOf(t, what)} <code class="when">${what}</code></td>
              <td>
                ${subject !== null && html`<a href="/desk/audit?subject=${encodeURIComponent(subject)}"><code>${subject}</code></a>`}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What was done in words; acts and changes of officers have theirs already. '' for what has none. */
function wordsOf(t: T, what: string): string {
  const keys = [`audit.what.${what}`, `act.name.${what}`, `officers.change.${what.replace(/^officer-/, '')}`];
  return keys.map((key) => t(key)).find((said, n) => !said.endsWith(keys[n] ?? '')) ?? '';
}
