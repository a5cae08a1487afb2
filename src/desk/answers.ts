/** The dossier's answers in the order of the form, by section, each to be copied; what the citizen changed stands out. */
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Attachment, Dossier, DossierAnswer, Part } from '../ports/documents';
import { freshChanges } from './changes';
import { photosOfAnswer, photosOfReply, photoStrip } from './photos';
import type { T } from './visit';

export function answersZone(t: T, dossier: Dossier, part: Part, kept: ReadonlyMap<string, Attachment>): Html {
  const changes = freshChanges(dossier, part);
  const changed = dossier.answers.filter((answer) => changes.has(answer.step)).length;
  return html`<section class="zone answers" aria-labelledby="answers">
    <h2 id="answers">${t('dossier.answers')}</h2>
    ${changed > 0 && html`<p class="notice">${t('dossier.changed', { n: changed })}</p>`}
    ${sectionsOf(dossier.answers).map(({ name, answers }) => sectionOf(t, dossier, { name, answers }, changes))}
    ${gone(t, dossier, changes)} ${extraOf(t, dossier, kept)} ${copyAll(t, dossier)}
  </section>`;
}

interface Section {
  readonly name: string;
  readonly answers: DossierAnswer[];
}

/** Neighbours of one section stand together; the order of the form stays. */
function sectionsOf(answers: readonly DossierAnswer[]): readonly Section[] {
  const sections: Section[] = [];
  for (const answer of answers) {
    const last = sections.at(-1);
    if (last?.name === answer.section) last.answers.push(answer);
    else sections.push({ name: answer.section, answers: [answer] });
  }
  return sections;
}

function sectionOf(
  t: T,
  dossier: Dossier,
  { name, answers }: Section,
  changes: ReadonlyMap<string, string | null>,
): Html {
  return html`${name !== '' && html`<h3>${name}</h3>`}
    <dl>${answers.map((answer) => oneAnswer(t, dossier, answer, changes))}</dl>`;
}

function oneAnswer(
  t: T,
  dossier: Dossier,
  answer: DossierAnswer,
  changes: ReadonlyMap<string, string | null>,
): Html {
  const before = changes.get(answer.step);
  const other = before !== undefined;
  return html`<div class="answer ${other ? 'changed' : ''}">
    <dt>${answer.label}</dt>
    <dd>
      <span class="value" data-value>${answer.display}</span> ${copyButton(t, answer.label)}
      ${other && html`<br /><span class="before"><strong>${t('dossier.new')}</strong> ${before === null ? t('dossier.added') : html`${t('dossier.before')} <del>${before}</del>`}</span>`}
      ${answer.flags.length > 0 && html`<br /><span class="flag">${t('dossier.odd')} ${(answer.warnings ?? answer.flags).join(' ')}</span>`}
      ${photoStrip(t, dossier, photosOfAnswer(answer))}
      ${answer.source === 'officer' && html`<span class="flag">${t('dossier.byOfficer')}</span>`}
    </dd>
  </div>`;
}

/** Shown only where scripts run; the words can be selected without. */
const copyButton = (t: T, label: string): Html =>
  html`<button type="button" class="copy" data-copy hidden aria-label="${t('dossier.copyOne', { label })}">
    ${t('dossier.copy')}
  </button>`;

/** Answers that were there before and do not belong any more. */
function gone(t: T, dossier: Dossier, changes: ReadonlyMap<string, string | null>): Html | false {
  const present = new Set(dossier.answers.map((answer) => answer.step));
  const texts = [...changes].filter(([step]) => !present.has(step)).map(([, before]) => before ?? '');
  if (texts.length === 0) return false;
  return html`<p class="before">${t('dossier.gone')} ${texts.map((text) => html`<del>${text}</del> `)}</p>`;
}

/** Replies to what officers asked in their own words. */
function extraOf(t: T, dossier: Dossier, kept: ReadonlyMap<string, Attachment>): Html | false {
  if (dossier.extra.length === 0) return false;
  const rows = dossier.extra.map(
    (reply) =>
      html`<div class="answer">
        <dt>${reply.text}</dt>
        <dd>
          <span class="value" data-value>${reply.reply}</span> ${copyButton(t, reply.text)}
          ${photoStrip(t, dossier, photosOfReply(reply, kept))}
        </dd>
      </div>`,
  );
  return html`<h3>${t('dossier.extra')}</h3>
    <dl>${rows}</dl>`;
}

/** All at once, one line an answer; without scripts the box can be selected whole. */
function copyAll(t: T, dossier: Dossier): Html {
  const lines = dossier.answers.map(({ label, display }) => `${label}: ${display}`);
  return html`<details class="copy-all">
    <summary>${t('dossier.copyAll')}</summary>
    <p><button type="button" class="copy" data-copy-all hidden>${t('dossier.copyAllGo')}</button></p>
    <label for="all" class="hidden">${t('dossier.copyAll')}</label>
    <textarea id="all" rows="8" readonly>${lines.join('\n')}</textarea>
  </details>`;
}
