/** `/quyen-rieng-tu`: what is kept, who sees it, how long, and how to use one's rights. @see Law 91/2025/QH15, art. 4; Decree 356/2025, art. 5 */
import { html } from '../http/html';
import { shell, type Frame } from './shell';

/** Sections and how many lines each has in the locale file. */
const SECTIONS = [
  ['never', 3],
  ['what', 3],
  ['who', 3],
  ['long', 5],
  ['safe', 2],
  ['rights', 5],
] as const;

export function privacyPage(frame: Frame): string {
  const { t, service } = frame;
  const line = (section: string, index: number) =>
    html`<li>${t(`privacy.${section}.${index + 1}`, { draftDays: service.draftDays })}</li>`;
  const main = html`<h1>${t('privacy.title')}</h1>
    <p>${t('privacy.intro')}</p>
    ${SECTIONS.map(
      ([section, lines]) =>
        html`<h2>${t(`privacy.${section}.title`)}</h2>
          <ul>
            ${Array.from({ length: lines }, (_, index) => line(section, index))}
          </ul>`,
    )}`;
  return shell(frame, { title: t('privacy.title'), main, path: '/quyen-rieng-tu', listed: true });
}
