/** One dossier on one screen: answers, acts, records. */
import { allowedActs } from '../app/dossier/track';
import type { DeskActType } from '../app/dossier/track';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Attachment, Consent, Dossier } from '../ports/documents';
import { actForm, openMatters } from './act-forms';
import type { Desk } from './act-forms';
import { answersZone } from './answers';
import { dayOf, showDay, showTime } from './dates';
import { demoMark, dueWords, flagsOf } from './list-page';
import { calledIn, recordsZone } from './records';
import { csrfField } from './shell';
import { voicesOf } from './voices';

/** Where an officer's hand is usually needed next: its form stands open. */
const OPEN: ReadonlySet<DeskActType> = new Set([
  'receive',
  'process',
  'paid',
  'confirm-withdrawal',
  'deliver',
]);

/** What stands around a dossier. */
export interface Around {
  readonly consents: readonly Consent[];
  readonly attachments: ReadonlyMap<string, Attachment>;
  /** Others of the same procedure for the same person, sent a short time apart. */
  readonly twins: readonly Dossier[];
  /** Links to its filled declaration. */
  readonly form: Html | false;
  /** The citizen left or blocked the chat (ms epoch); null while they can be told. */
  readonly silentSince: number | null;
}

export function dossierPage(desk: Desk, today: string, around: Around): Html {
  const { t, dossier, part } = desk;
  return html`<div class="dossier-head">
      <h1>${demoMark(t, dossier)} <span class="code">${dossier.code}</span> ${dossier.procedure.name}</h1>
      <p class="facts-line">
        <strong>${calledIn(t, dossier, dossier.people.subject)}</strong> ·
        <span>${t.status(part.status)}</span> · <span class="inline">${dueWords(t, part, today)}</span>
        ${part.officialCode !== null && html` · ${t('dossier.officialCode')} <span class="code">${part.officialCode}</span>`}
        ${flagsOf(t, dossier, part, today).map((flag) => html` <span class="flag">${flag}</span>`)}
      </p>
      <p class="moves">
        <a href="/desk">${t('dossier.back')}</a>
        <a class="button" href="/desk/next?after=${dossier.id}">${t('list.nextCase')}</a>
      </p>
    </div>
    ${silent(desk, around.silentSince)} ${around.form} ${twinsOf(desk, around.twins)}
    ${voicesOf(t, around.attachments)}
    <div class="zones">
      ${answersZone(t, dossier, part, around.attachments)} ${actsZone(desk)}
      ${recordsZone(t, dossier, part, around.consents)}
    </div>`;
}

/** What is done here does not reach the citizen: somebody should call. */
function silent({ t, dossier: { people } }: Desk, since: number | null): Html | false {
  if (since === null) return false;
  const phone = people.filer?.phone ?? people.applicant.phone;
  return html`<div class="problems" role="alert">
    <strong>${t('silent.since', { time: showTime(since) })}</strong>
    ${phone === undefined ? t('silent.noPhone') : html`${t('silent.call')} <span class="number">${phone}</span>`}
  </div>`;
}

/** Perhaps the same thing twice: both are shown; another agency's only by its name and day. */
function twinsOf({ t, agency }: Desk, twins: readonly Dossier[]): Html | false {
  if (twins.length === 0) return false;
  const rows = twins.map((twin) => {
    const own = twin.parts.find((part) => part.agency === agency.id);
    const params = { day: showDay(dayOf(twin.createdAt)), agency: twin.parts[0]?.agencyName ?? '' };
    if (own === undefined) return html`<li>${t('twin.elsewhere', params)}</li>`;
    return html`<li>
      <a href="/desk/dossiers/${twin.id}"><span class="code">${twin.code}</span></a>
      ${t('twin.here', params)} · ${t.status(own.status)}
    </li>`;
  });
  return html`<div class="warning">
    <strong>${t('twin.title')}</strong>
    <ul>
      ${rows}
    </ul>
  </div>`;
}

function actsZone(desk: Desk): Html {
  const { t, part } = desk;
  const acts = allowedActs(part);
  const [first] = acts;
  return html`<section class="zone acts" aria-labelledby="acts">
    <h2 id="acts">${t('dossier.acts')}</h2>
    ${openMatters(desk)} ${deliveryOf(desk)}
    ${acts.map(
      (type) =>
        html`<details name="act" ${type === first && OPEN.has(type) && html`open`}>
          <summary>${t(`act.name.${type}`)}</summary>
          ${actForm(desk, type, null)}
        </details>`,
    )}
  </section>`;
}

/** How the hand-over to the agency's own system goes, and one more try when it was given up. */
function deliveryOf({ t, csrf, agency, dossier, part }: Desk): Html | false {
  if (part.delivery === null) return false;
  const { state } = part.delivery;
  const again = state === 'needs-officer' || state === 'refused';
  if (agency.receiver.type === 'desk' && !again) return false;
  return html`<div class="${again ? 'warning' : 'hint'}">
    ${t(`delivery.${state}`)}
    ${again && html`<form method="post" action="/desk/dossiers/${dossier.id}/retry">${csrfField(csrf)}<input type="hidden" name="part" value="${part.id}" /><button>${t('delivery.again')}</button></form>`}
  </div>`;
}
