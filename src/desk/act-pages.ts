/** The pages between an act's form and its doing: the form again, the exact message, and "somebody was faster". */
import { allowedActs } from '../app/dossier/track';
import type { DeskActType } from '../app/dossier/track';
import { html } from '../http/html';
import type { Html } from '../http/html';
import { actForm, hiddenFields } from './act-forms';
import type { Desk } from './act-forms';
import type { Fields } from './fields';
import { calledIn, historyList } from './records';
import { hidden, problemList } from './shell';

export interface Prepared {
  readonly type: DeskActType;
  readonly fields: Fields;
}

function head({ t, dossier }: Desk, title: string): Html {
  return html`<h1>${title}</h1>
    <p>
      <a href="/desk/dossiers/${dossier.id}"><span class="code">${dossier.code}</span></a>
      ${dossier.procedure.name} · ${calledIn(t, dossier, dossier.people.subject)}
    </p>`;
}

/** The form with what was typed and what is wrong with it. */
export function formPage(
  desk: Desk,
  { type, fields, problems }: Prepared & { problems: readonly string[] },
): Html {
  const { t } = desk;
  const list = problemList(
    t,
    problems.map((problem) => t(`problem.${problem}`)),
  );
  return html`<div class="narrow">
    ${head(desk, t(`act.name.${type}`))} ${list} ${actForm(desk, type, fields)}
  </div>`;
}

/** Names that belong to the form itself, not to what was typed. */
const OWN = new Set(['csrf', 'act', 'part', 'revision', 'seen']);

/** `text`: what the citizen will read, word for word; null when nothing is said. */
export function previewPage(desk: Desk, { type, fields, text }: Prepared & { text: string | null }): Html {
  const { t, dossier } = desk;
  const typed = fields.pairs.filter(([name, value]) => !OWN.has(name) && value !== '');
  return html`<div class="narrow">
    ${head(desk, t('preview.title', { act: t(`act.name.${type}`) }))}
    ${
      text === null
        ? html`<p>${t('preview.silent')}</p>
            <p class="message">${fields.get('text')}</p>`
        : html`<h2>${t('preview.reads')}</h2>
            <p class="message">${text}</p>`
    }
    <form method="post" action="/desk/dossiers/${dossier.id}/act">
      ${hiddenFields(desk, type)} ${typed.map(([name, value]) => hidden(name, value))}
      <p class="moves">
        <button class="go">${t(text === null ? 'preview.goSilent' : 'preview.go')}</button>
        <button class="plain" formaction="/desk/dossiers/${dossier.id}/edit">${t('preview.edit')}</button>
        <a href="/desk/dossiers/${dossier.id}">${t('preview.cancel')}</a>
      </p>
    </form>
  </div>`;
}

/** What changed since the officer saw the dossier; the act again if it still is possible, else the words to take along. */
export function stalePage(desk: Desk, fields: Fields): Html {
  const { t, dossier, part } = desk;
  const seen = Number(fields.get('seen'));
  const since = dossier.history.slice(Number.isSafeInteger(seen) && seen >= 0 ? seen : 0);
  const news = since.filter((entry) => entry.part === null || entry.part === part.id);
  const type = allowedActs(part).find((one) => one === fields.get('act'));
  const typed = fields.pairs.filter(([name, value]) => !OWN.has(name) && value !== '');
  return html`<div class="narrow">
    ${head(desk, t('stale.title'))}
    <p class="warning" role="alert">${t('stale.lead')}</p>
    <h2>${t('stale.since')}</h2>
    ${news.length === 0 ? html`<p>${t('stale.small')}</p>` : historyList(t, news)}
    <p>${t('stale.now')} <strong>${t.status(part.status)}</strong></p>
    ${
      type === undefined
        ? html`<h2>${t('stale.kept')}</h2>
            ${typed.map(([, value]) => html`<p class="message">${value}</p>`)}`
        : html`<h2>${t(`act.name.${type}`)}</h2>
            ${actForm(desk, type, fields)}`
    }
  </div>`;
}
