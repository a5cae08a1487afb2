/** `/thu-tuc`: the facts of each procedure, as of today, and the way into the chat. */
import { html, type Html } from '../http/html';
import { shell, type Frame } from './shell';
import { civilDay } from './days';

/** A procedure as a page shows it. Lines are whole sentences in the page's language, unescaped. */
export interface ProcedurePage {
  readonly slug: string;
  /** National code, e.g. "2.000635"; empty when it has none. */
  readonly code: string;
  readonly name: string;
  /** Heading it is listed under. */
  readonly group: string;
  readonly handover: 'file' | 'prepare' | 'guide';
  readonly papers: readonly string[];
  readonly fee: string;
  readonly waivers: readonly string[];
  readonly time: string;
  readonly authority: string;
  readonly law: readonly string[];
  /** yyyy-mm-dd: the oldest day on which one of these facts was checked. */
  readonly verifiedOn: string;
}

export function procedureList(frame: Frame, procedures: readonly ProcedurePage[]): string {
  const { t } = frame;
  const groups = new Map<string, ProcedurePage[]>();
  for (const one of procedures) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const main = html`<h1>${t('procedures.title')}</h1>
    <p>${t('procedures.intro')}</p>
    ${[...groups].map(
      ([group, members]) =>
        html`<h2>${group}</h2>
          <ul class="cards">
            ${members.map((one) => card(frame, one))}
          </ul>`,
    )}
    <p><a class="act" href="/">${t('procedures.notFound')}</a></p>`;
  return shell(frame, { title: t('procedures.title'), main, path: '/thu-tuc', listed: true });
}

function card({ t }: Frame, { slug, name, handover }: ProcedurePage): Html {
  const label = t(`procedures.${handover === 'file' ? 'here' : handover}`);
  return html`<li><a href="/thu-tuc/${slug}">${name}</a><span class="tag">${label}</span></li>`;
}

export function procedurePage(frame: Frame, one: ProcedurePage): string {
  const { t, lang } = frame;
  const start = t(one.handover === 'guide' ? 'procedure.ask' : 'procedure.start');
  const main = html`<p><a href="/thu-tuc">← ${t('procedure.back')}</a></p>
    <h1>${one.name}</h1>
    <p>${t(`procedure.handover.${one.handover}`)}</p>
    <p><a class="act main" href="/?thu-tuc=${one.slug}">${start}</a></p>
    <dl class="facts">
      ${fact(t('procedure.papers'), one.papers)} ${fact(t('procedure.fee'), [one.fee])}
      ${fact(t('procedure.waivers'), one.waivers)} ${fact(t('procedure.time'), [one.time])}
      ${fact(t('procedure.authority'), [one.authority])} ${fact(t('procedure.law'), one.law)}
    </dl>
    <p class="small">
      ${one.code !== '' && t('procedure.code', { code: one.code })}
      ${t('procedure.verified', { day: civilDay(one.verifiedOn, lang) })}
    </p>`;
  return shell(frame, {
    title: one.name,
    description: t(`procedure.handover.${one.handover}`),
    main,
    path: `/thu-tuc/${one.slug}`,
    listed: true,
  });
}

function fact(label: string, lines: readonly string[]): Html | null {
  if (lines.length === 0) return null;
  const [only] = lines;
  const value =
    lines.length === 1
      ? html`${only}`
      : html`<ul>
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>`;
  return html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;
}
