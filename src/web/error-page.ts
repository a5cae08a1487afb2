/** Pages for what went wrong: what to do, never what broke. */
import { html } from '../http/html';
import { offices, shell, type Frame } from './shell';

export function errorPage(frame: Frame, status: number): string {
  const { t } = frame;
  const key = `error.${errorWords(status)}`;
  const main = html`<h1>${t(`${key}.title`)}</h1>
    <p>${t(`${key}.body`)}</p>
    <ul class="cards">
      <li><a href="/">${t('nav.chat')}</a></li>
      <li><a href="/thu-tuc">${t('nav.procedures')}</a></li>
      <li><a href="/tra-cuu">${t('nav.status')}</a></li>
    </ul>
    ${status >= 500 && offices(frame)}`;
  return shell(frame, { title: t(`${key}.title`), main, path: '/', listed: false });
}

/** Which words below `pages.error` this status has. */
export function errorWords(status: number): string {
  if (status === 404) return 'notFound';
  if (status === 403 || status === 401) return 'forbidden';
  if (status === 429) return 'tooMany';
  if (status === 503) return 'tryLater';
  return status >= 500 ? 'internal' : 'badRequest';
}
