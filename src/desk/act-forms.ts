/** The forms of the acts. The same form stands on the dossier, and after a refusal with what was typed. */
import type { DeskActType } from '../app/dossier/track';
import { amountIn } from '../app/dossier/dossier-tell';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Agency, Dossier, Part } from '../ports/documents';
import { showDay } from './dates';
import type { Proposal } from './deps';
import type { Fields } from './fields';
import { csrfField, hidden, lineField, textField, tick } from './shell';
import type { T } from './visit';

/** Everything the forms of one part need. */
export interface Desk {
  readonly t: T;
  readonly csrf: string;
  readonly agency: Agency;
  readonly dossier: Dossier;
  readonly part: Part;
  readonly revision: number;
  readonly proposal: Proposal | null;
  /** The fee by the facts, đồng; null where it is not known. */
  readonly fee: number | null;
}

/** What was typed before; null on a fresh form. */
export type Typed = Fields | null;

/** Lines offered for papers and for questions in one go. */
const LINES = [1, 2, 3];

export function actForm(desk: Desk, type: DeskActType, typed: Typed): Html {
  const { t, dossier } = desk;
  const files = type === 'result' && html`enctype="multipart/form-data"`;
  return html`<form
    method="post"
    action="/desk/dossiers/${dossier.id}/preview"
    ${files}
    class="act"
    autocomplete="off"
  >
    ${hiddenFields(desk, type)} ${inputs(desk, type, typed)}
    <button>${t('act.preview')}</button>
  </form>`;
}

/** What ties a form to what the officer saw. */
export function hiddenFields({ csrf, part, revision, dossier }: Desk, type: DeskActType): Html {
  return html`${csrfField(csrf)} ${hidden('act', type)} ${hidden('part', part.id)}
  ${hidden('revision', revision)} ${hidden('seen', dossier.history.length)}`;
}

function inputs(desk: Desk, type: DeskActType, typed: Typed): Html | false {
  switch (type) {
    case 'receive':
      return receiveInputs(desk, typed);
    case 'supplement':
      return supplementInputs(desk, typed);
    case 'ask-payment':
      return paymentInputs(desk, typed);
    case 'result':
      return resultInputs(desk, typed);
    case 'refuse':
    case 'stop':
      return html`${['reason', 'law', 'next'].map((name) => textField({ ...field(desk, `end.${name}`, name, typed), required: true }))}`;
    case 'keep':
      return textField({ ...field(desk, 'keep.reason', 'reason', typed), required: true });
    case 'note':
      return textField({ ...field(desk, 'note.text', 'text', typed), required: true });
    default:
      return html`<p class="hint">${desk.t(`act.about.${type}`)}</p>`;
  }
}

function field({ t }: Desk, key: string, name: string, typed: Typed, value = '') {
  const label = t(`act.${key}`);
  const hint = t(`act.${key}Hint`);
  return { name, label, hint, value: typed?.get(name) ?? value };
}

function receiveInputs(desk: Desk, typed: Typed): Html {
  const { t, proposal, part } = desk;
  const code = field(desk, 'receive.code', 'officialCode', typed, part.officialCode ?? '');
  const why =
    proposal === null
      ? t('act.receive.noRule')
      : t(proposal.confirmed ? 'act.receive.why' : 'act.receive.whyUnsure', {
          day: showDay(proposal.dueOn),
          why: proposal.why,
        });
  const due = { name: 'dueOn', type: 'date', label: t('act.receive.due'), hint: why };
  return html`${lineField(code)} ${lineField({ ...due, value: typed?.get('dueOn') ?? proposal?.dueOn ?? '' })}`;
}

function supplementInputs(desk: Desk, typed: Typed): Html {
  const { t, dossier } = desk;
  const picked = new Set(typed?.all('step') ?? []);
  return html`<p class="hint">${t('act.supplement.once')}</p>
    <fieldset>
      <legend>${t('act.supplement.answers')}</legend>
      <div class="picks">
        ${dossier.answers.filter(mayBeAsked).map(
          ({ step, label, display }) =>
            html`<div class="pick">
              ${tick('checkbox', 'step', step, html`${label}: <span class="when">${display}</span>`, picked.has(step))}
              <input
                name="why:${step}"
                value="${typed?.get(`why:${step}`) ?? ''}"
                list="whys"
                maxlength="300"
                autocomplete="off"
                aria-label="${t('act.supplement.why', { label })}"
                placeholder="${t('act.supplement.whyShort')}"
              />
            </div>`,
        )}
      </div>
    </fieldset>
    <datalist id="whys">
      ${[1, 2, 3, 4, 5].map((n) => html`<option value="${t(`act.supplement.common${n}`)}"></option>`)}
    </datalist>
    ${(['paper', 'question'] as const).map((sort) => linesOf(desk, sort, typed))}
    ${lineField({ ...field(desk, 'supplement.until', 'untilOn', typed), type: 'date' })}`;
}

function linesOf({ t }: Desk, sort: 'paper' | 'question', typed: Typed): Html {
  const given = typed?.all(sort) ?? [];
  return html`<fieldset>
    <legend>${t(`act.supplement.${sort}`)}</legend>
    ${LINES.map(
      (n) =>
        html`<input
          name="${sort}"
          value="${given[n - 1] ?? ''}"
          maxlength="300"
          autocomplete="off"
          aria-label="${t(`act.supplement.${sort}Line`, { n })}"
          placeholder="${t(`act.supplement.${sort}Hint`)}"
        />`,
    )}
  </fieldset>`;
}

function paymentInputs(desk: Desk, typed: Typed): Html {
  const { t, fee } = desk;
  const way = typed?.get('way') ?? 'counter';
  return html`<p class="warning">${t('act.payment.warning')}</p>
    ${lineField({ ...field(desk, 'payment.amount', 'amount', typed, fee === null ? '' : String(fee)), required: true })}
    <fieldset>
      <legend>${t('act.payment.how')}</legend>
      ${['counter', 'portal'].map((value) => tick('radio', 'way', value, t(`act.payment.${value}`), way === value))}
    </fieldset>
    ${lineField(field(desk, 'payment.detail', 'detail', typed))}`;
}

function resultInputs(desk: Desk, typed: Typed): Html {
  const { t, agency } = desk;
  const kind = typed?.get('kind') ?? 'pick-up';
  const kept = typed?.get('attachment') ?? '';
  return html`<fieldset>
      <legend>${t('act.result.kind')}</legend>
      ${tick('radio', 'kind', 'pick-up', t('act.result.pickUp'), kind === 'pick-up')}
      ${tick('radio', 'kind', 'file', t('act.result.file'), kind === 'file')}
    </fieldset>
    ${lineField(field(desk, 'result.place', 'place', typed, `${agency.name}, ${agency.address}`))}
    ${lineField(field(desk, 'result.hours', 'hours', typed, agency.hours))}
    ${
      kept !== '' &&
      html`${hidden('attachment', kept)}
        <p class="notice">${t('act.result.kept')}</p>`
    }
    <div class="field">
      <label for="upload">${t('act.result.upload')}</label>
      <p class="hint" id="uploadh">${t('act.result.uploadHint')}</p>
      <input
        id="upload"
        name="upload"
        type="file"
        accept="application/pdf,image/jpeg,image/png"
        aria-describedby="uploadh"
      />
    </div>`;
}

/** What is open on the citizen's side now, above the acts. */
export function openMatters({ t, part }: Desk): Html {
  const { supplement, payment, withdrawAsked, refusal, result } = part;
  return html`${withdrawAsked !== null && html`<div class="warning"><strong>${t('dossier.withdrawAsked')}</strong> ${withdrawAsked.reason}</div>`}
  ${
    supplement !== null &&
    html`<div class="matter">
      <strong>${t('dossier.asked')}</strong
      >${supplement.untilOn !== null && html` ${t('dossier.until', { day: showDay(supplement.untilOn) })}`}
      <ul>
        ${supplement.items.map((item) => html`<li>${item.done ? '☑' : '☐'} ${item.text} <span class="when">${t(item.done ? 'dossier.itemDone' : 'dossier.itemOpen')}</span></li>`)}
      </ul>
    </div>`
  }
  ${payment !== null && html`<p class="matter"><strong>${t('dossier.payment', { amount: amountIn(payment.amount, 'vi') })}</strong> ${payment.how}</p>`}
  ${refusal !== null && html`<p class="matter">${refusal.reason}<br />${refusal.law}<br />${refusal.next}</p>`}
  ${result?.kind === 'file' && html`<p class="matter"><a href="/desk/attachments/${result.attachment}">${t('dossier.resultFile')}</a></p>`}
  ${result?.kind === 'pick-up' && html`<p class="matter">${t('dossier.resultPickUp')} ${result.place}, ${result.hours}</p>`}`;
}

/** Where it goes, for whom, and the consent are not an officer's to ask again. */
const mayBeAsked = ({ step }: { readonly step: string }): boolean => !step.startsWith('opening.');
