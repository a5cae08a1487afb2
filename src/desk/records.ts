/** The right-hand zone of a dossier: what happened, who the people are, what was shown and agreed to. */
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Consent, Dossier, HistoryEntry, Part, Person } from '../ports/documents';
import { dayOf, showDay, showTime } from './dates';
import type { T } from './visit';

export function recordsZone(t: T, dossier: Dossier, part: Part, consents: readonly Consent[]): Html {
  return html`<section class="zone records" aria-labelledby="records">
    <h2 id="records">${t('dossier.records')}</h2>
    <details open>
      <summary>${t('dossier.people')}</summary>
      ${peopleOf(t, dossier)}
    </details>
    <details open>
      <summary>${t('dossier.history')}</summary>
      ${historyList(t, dossier.history.filter(concerns(part)).toReversed())}
    </details>
    <details>
      <summary>${t('dossier.facts')}</summary>
      ${factsOf(t, dossier)}
    </details>
    <details>
      <summary>${t('dossier.consents')}</summary>
      ${consentsOf(t, consents)}
    </details>
  </section>`;
}

/** What other offices did with their parts is theirs. */
const concerns =
  (part: Part) =>
  (entry: HistoryEntry): boolean =>
    entry.part === null || entry.part === part.id;

export function historyList(t: T, entries: readonly HistoryEntry[]): Html {
  return html`<ol class="history">
    ${entries.map(
      (entry) =>
        html`<li>
          <strong>${t.event(entry.event)}</strong>
          <span class="when">${showTime(entry.at)} · ${entry.by.name ?? t(`by.${entry.by.role}`)}</span>
          ${wordsOf(t, entry)}
        </li>`,
    )}
  </ol>`;
}

/** Notes stand open; what the citizen was told is behind a line, so that the history stays short. */
function wordsOf(t: T, { event, text }: HistoryEntry): Html | false {
  if (text === null) return false;
  if (event === 'note') return html`<p class="told note">${text}</p>`;
  return html`<details>
    <summary>${t(event === 'notTold' ? 'dossier.notTold' : 'dossier.told')}</summary>
    <p class="told">${text}</p>
  </details>`;
}

/** Before a child's name there is no "Ông/Bà". */
const GROWN = 16;

/** How a person of a dossier is called, as old as at its sending. */
export function calledIn(t: T, { createdAt }: Dossier, { name, birth }: Person): string {
  const years =
    birth === undefined ? GROWN : Number(dayOf(createdAt).slice(0, 4)) - Number(birth.slice(0, 4));
  return years < GROWN ? name : t('people.formal', { name });
}

function peopleOf(t: T, dossier: Dossier): Html {
  const { people } = dossier;
  const roles = (['subject', 'applicant', 'filer'] as const).map((role) => ({ role, person: people[role] }));
  const known = roles.filter((one): one is { role: typeof one.role; person: Person } => one.person !== null);
  return html`<dl class="people">
    ${known.map(
      ({ role, person }) =>
        html`<div>
          <dt>${t(`people.${role}`)}</dt>
          <dd>${personLines(t, dossier, person)}</dd>
        </div>`,
    )}
  </dl>`;
}

function personLines(t: T, dossier: Dossier, person: Person): Html {
  const { birth, nationalId, phone } = person;
  return html`<strong>${calledIn(t, dossier, person)}</strong>
    ${birth !== undefined && html`<br />${t('people.birth')} ${showDay(birth)}`}
    ${nationalId !== undefined && html`<br />${t('people.nationalId')} <span class="number">${nationalId}</span>`}
    ${phone !== undefined && html`<br />${t('people.phone')} <span class="number">${phone}</span>`}`;
}

function factsOf(t: T, { facts }: Dossier): Html {
  if (facts.length === 0) return html`<p class="empty">${t('dossier.noFacts')}</p>`;
  return html`<ul class="facts">
    ${facts.map((fact) => html`<li>${fact.text}<br /><span class="when">${t('dossier.factSource', { source: fact.source, day: showDay(fact.verifiedOn) })}</span></li>`)}
  </ul>`;
}

function consentsOf(t: T, consents: readonly Consent[]): Html {
  if (consents.length === 0) return html`<p class="empty">${t('dossier.noConsents')}</p>`;
  return html`<ul class="facts">
    ${consents.map(
      (consent) =>
        html`<li>
          ${t(consent.agreed ? 'dossier.agreed' : 'dossier.notAgreed')} ${showTime(consent.at)}
          ${consent.by === 'filer' && html`<br />${t('dossier.throughFiler')}`}
          <br /><span class="when"
            >${consent.purpose} · ${consent.textKey} · ${consent.textHash.slice(0, 12)}</span
          >
          ${consent.withdrawnAt !== null && html`<br /><strong>${t('dossier.consentWithdrawn')} ${showTime(consent.withdrawnAt)}</strong>`}
        </li>`,
    )}
  </ul>`;
}
