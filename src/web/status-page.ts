/** `/tra-cuu`: the form, and the dossier in plain words. */
import type { PublicNext, PublicPart, PublicStatus, PublicView } from '../app/dossier/public-status';
import { html, type Html } from '../http/html';
import { civilDay, moment } from './days';
import { offices, shell, type Frame } from './shell';

/** Why the form is shown again. */
export type FormProblem = 'wrong' | 'incomplete' | 'tooMany' | 'expired' | 'closed';

export function statusForm(frame: Frame, code: string, problem: FormProblem | null): string {
  const { t } = frame;
  const main = html`<h1>${t('status.title')}</h1>
    ${problem && html`<p class="${problem === 'closed' ? 'note' : 'problem'}" role="alert">${t(`status.${problem}`)}</p>`}
    <p>${t('status.intro')}</p>
    <form method="post" action="/tra-cuu" class="form">
      <label for="code">${t('status.code')}</label>
      <p class="small" id="code-hint">${t('status.codeHint')}</p>
      <input
        id="code"
        name="code"
        value="${code}"
        required
        maxlength="40"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        aria-describedby="code-hint"
      />
      <label for="last-four">${t('status.lastFour')}</label>
      <p class="small" id="last-four-hint">${t('status.lastFourHint')}</p>
      <input
        id="last-four"
        name="lastFour"
        required
        inputmode="numeric"
        pattern="[0-9]{4}"
        maxlength="4"
        autocomplete="off"
        aria-describedby="last-four-hint"
      />
      <button type="submit" class="act main">${t('status.submit')}</button>
    </form>
    ${(problem === 'wrong' || problem === 'tooMany') && offices(frame)}`;
  return shell(frame, { title: t('status.title'), main, path: '/tra-cuu', listed: true });
}

export function statusPage(frame: Frame, dossier: PublicStatus): string {
  const { t } = frame;
  const title = t('status.of', { code: dossier.code });
  const [before = '', after = ''] = t('status.of', { code: '|' }).split('|');
  const main = html`<h1>
      ${before}<span class="whole">${dossier.code}</span>${after}
      ${dossier.demo && html`<span class="tag demo">${t('demo')}</span>`}
    </h1>
    <p><strong>${dossier.procedure}</strong><br />${t('status.for', { name: dossier.person })}</p>
    ${dossier.parts.map((part) => partView(frame, part))} ${steps(frame, dossier)}
    <form method="post" action="/tra-cuu/xong">
      <button type="submit" class="act">${t('status.close')}</button>
    </form>
    ${views(frame, dossier)}`;
  return shell(frame, { title, main, path: '/tra-cuu/ho-so', listed: false });
}

function partView(frame: Frame, part: PublicPart): Html {
  const { t, lang } = frame;
  return html`<section class="part">
    <h2 class="word s${part.status}">${t(`status.word.${part.status}`)}</h2>
    <h3>${t('status.nextTitle')}</h3>
    ${part.withdrawAsked && html`<p>${t('status.next.withdrawAsked')}</p>`} ${next(frame, part.next)}
    <dl class="facts">
      <div>
        <dt>${t('status.at')}</dt>
        <dd>${part.agency}</dd>
      </div>
      <div>
        <dt>${t('status.due')}</dt>
        <dd>${part.dueOn === null ? t('status.noDue') : civilDay(part.dueOn, lang)}</dd>
      </div>
      <div>
        <dt>${t('status.officialCode')}</dt>
        <dd>${part.officialCode ?? t('status.noOfficialCode')}</dd>
      </div>
    </dl>
  </section>`;
}

function next({ t, lang }: Frame, todo: PublicNext): Html {
  switch (todo.type) {
    case 'wait':
      return html`<p>${t('status.next.wait', { day: civilDay(todo.day, lang) })}</p>`;
    case 'supplement':
      return html`<p>${t('status.next.supplement')}</p>
        <ol>
          ${todo.items.map((item) => html`<li>${item}</li>`)}
        </ol>
        ${todo.untilOn !== null && html`<p>${t('status.next.supplementBy', { day: civilDay(todo.untilOn, lang) })}</p>`}`;
    case 'pay':
      return html`<p>
        ${t('status.next.pay', { amount: todo.amount.toLocaleString('vi-VN'), how: todo.how })}
      </p>`;
    case 'refused':
      return html`<p>
        ${t('status.next.refused', { reason: todo.reason, law: todo.law, next: todo.next })}
      </p>`;
    case 'collect':
      return html`<p>${t('status.next.collect')}</p>
        ${todo.place !== null && html`<p>${t('status.place')}: <strong>${todo.place}</strong></p>`}
        ${todo.hours !== null && html`<p>${t('status.hours')}: <strong>${todo.hours}</strong></p>`}`;
    case 'download':
      return html`<p>${t('status.next.download')}</p>
        <p>
          <a class="act main" href="/tra-cuu/tep/${todo.attachment}" download>${t('status.download')}</a>
        </p>`;
    default:
      return html`<p>${t(`status.next.${todo.type}`)}</p>`;
  }
}

function steps({ t, lang }: Frame, dossier: PublicStatus): Html {
  return html`<section>
    <h2>${t('status.stepsTitle')}</h2>
    <ol class="steps">
      ${dossier.steps.map(
        ({ at, status, event, agency }) =>
          html`<li>
            <span>${event === null ? t(`status.word.${status}`) : t(`status.step.${event}`)}</span>
            ${agency !== null && html`<span class="small">${agency}</span>`}
            <time class="small" datetime="${new Date(at).toISOString()}">${moment(at, lang)}</time>
          </li>`,
      )}
    </ol>
  </section>`;
}

function views(frame: Frame, { views: all, moreViews }: PublicStatus): Html {
  const { t } = frame;
  const list = html`<ul class="steps">
    ${all.map((view) => viewRow(frame, view))}
  </ul>`;
  return html`<section>
    <h2>${t('status.viewsTitle')}</h2>
    ${all.length === 0 ? html`<p>${t('status.viewsNone')}</p>` : list}
    ${moreViews && html`<p class="small">${t('status.viewsMore', { n: all.length })}</p>`}
  </section>`;
}

function viewRow({ t, lang }: Frame, { at, role, agency, act }: PublicView): Html {
  return html`<li>
    <span>${t(`status.role.${role}`, { agency: agency ?? '' })}</span>
    <span>${t(`status.act.${act}`)}</span>
    <time class="small" datetime="${new Date(at).toISOString()}">${moment(at, lang)}</time>
  </li>`;
}
