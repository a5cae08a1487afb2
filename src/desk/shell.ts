/** What all desk pages share: header, navigation, messages, small pieces of forms. */
import type { Response } from 'express';
import { html } from '../http/html';
import type { Html } from '../http/html';
import { layout } from '../http/layout';
import type { T, Visit } from './visit';

const STYLES = ['/assets/desk.css'];
const SCRIPTS = ['/assets/desk.js'];

/** A page of a signed-in officer. `title` is the heading's text. */
export function deskPage(visit: Visit, title: string, main: Html): string {
  const { t, lang } = visit;
  return layout({
    lang,
    title: `${title} – ${t('name')}`,
    skip: t('skip'),
    header: header(visit),
    main: html`${visit.agency.demo && html`<p class="demo-note"><strong class="demo">${t('demo')}</strong> ${t('demoNote')}</p>`}
    ${main}`,
    footer: footer(visit),
    styles: STYLES,
    scripts: SCRIPTS,
    look: 'desk',
  });
}

function header({ t, agency, officer, csrf }: Visit): Html {
  return html`<div class="bar">
    <p class="brand"><a href="/desk">${t('name')}</a> <span>${agency.name}</span></p>
    <nav aria-label="${t('nav.label')}">
      <a href="/desk">${t('nav.dossiers')}</a>
      <a href="/desk/people">${t('nav.people')}</a>
      ${officer.role === 'admin' && html`<a href="/desk/officers">${t('nav.officers')}</a> <a href="/desk/agency">${t('nav.agency')}</a> <a href="/desk/forms">${t('nav.forms')}</a> <a href="/desk/audit">${t('nav.audit')}</a>`}
    </nav>
    <form method="post" action="/desk/sign-out" class="who">
      ${csrfField(csrf)} <span>${officer.name}</span> <button class="plain">${t('signOut')}</button>
    </form>
  </div>`;
}

function footer({ t, lang, csrf }: Visit): Html {
  const other = lang === 'vi' ? 'en' : 'vi';
  return html`<form method="post" action="/desk/lang">
    ${csrfField(csrf)}
    <p>
      ${t('keys')}
      <button class="plain" name="lang" value="${other}" lang="${other}">${t(`lang.${other}`)}</button>
    </p>
  </form>`;
}

/** A page for somebody who is not signed in. */
export function openPage(t: T, lang: 'vi' | 'en', title: string, main: Html): string {
  return layout({
    lang,
    title: `${title} – ${t('name')}`,
    skip: t('skip'),
    header: html`<div class="bar">
      <p class="brand"><a href="/desk">${t('name')}</a></p>
    </div>`,
    main: html`<div class="narrow">${main}</div>`,
    styles: STYLES,
    look: 'desk',
  });
}

export const send = (response: Response, page: string, status = 200): void =>
  void response.status(status).type('html').send(page);

export const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`;

export const hidden = (name: string, value: string | number): Html =>
  html`<input type="hidden" name="${name}" value="${value}" />`;

/** A message above the page, read out at once. */
export const notice = (text: string): Html => html`<p class="notice" role="status">${text}</p>`;

/** What is wrong with a form. */
export function problemList(t: T, problems: readonly string[]): Html | false {
  if (problems.length === 0) return false;
  return html`<div class="problems" role="alert">
    <p>${t('problems')}</p>
    <ul>
      ${problems.map((text) => html`<li>${text}</li>`)}
    </ul>
  </div>`;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly hint?: string | undefined;
  readonly type?: string;
  readonly required?: boolean;
  readonly autocomplete?: string;
  /** Id of a datalist. */
  readonly list?: string;
}

let made = 0;
/** Ids only tie labels to fields within one page. */
const nextId = (): string => `f${(made = (made + 1) % 1_000_000)}`;

/** One line with its label and hint. */
export function lineField(field: Field): Html {
  const id = nextId();
  return html`<div class="field">
    <label for="${id}">${field.label}</label>
    ${field.hint !== undefined && html`<p class="hint" id="${id}h">${field.hint}</p>`}
    <input
      id="${id}"
      name="${field.name}"
      type="${field.type ?? 'text'}"
      value="${field.value ?? ''}"
      maxlength="1000"
      autocomplete="${field.autocomplete ?? 'off'}"
      ${field.hint !== undefined && html`aria-describedby="${id}h"`}
      ${field.required === true && html`required`}
      ${field.list !== undefined && html`list="${field.list}"`}
    />
  </div>`;
}

/** Several lines with their label and hint. */
export function textField(field: Field): Html {
  const id = nextId();
  return html`<div class="field">
    <label for="${id}">${field.label}</label>
    ${field.hint !== undefined && html`<p class="hint" id="${id}h">${field.hint}</p>`}
    <textarea
      id="${id}"
      name="${field.name}"
      rows="3"
      maxlength="2000"
      ${field.hint !== undefined && html`aria-describedby="${id}h"`}
      ${field.required === true && html`required`}
    >
${field.value ?? ''}</textarea>
  </div>`;
}

/** A tick box or one of several choices, with its words. */
export function tick(
  type: 'checkbox' | 'radio',
  name: string,
  value: string,
  label: string | Html,
  on: boolean,
): Html {
  return html`<label class="tick"
    ><input type="${type}" name="${name}" value="${value}" ${on && html`checked`} />
    <span>${label}</span></label
  >`;
}
