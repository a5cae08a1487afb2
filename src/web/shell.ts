/** The frame of every public page: who speaks, what is never asked, where else to go. */
import type { Assets } from '../http/assets';
import { html, type Html } from '../http/html';

export type Lang = 'vi' | 'en';
export type Say = (key: string, params?: Readonly<Record<string, string | number>>, lang?: Lang) => string;

/** An office as people reach it without this service; what is empty is left out. */
export interface Office {
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly hours: string;
}

export interface ServiceView {
  /** The commune or province that publishes the channel; empty when it serves many. */
  readonly name: string;
  /** At most a few: shown where the chat cannot help. */
  readonly offices: readonly Office[];
  /** All offices are for trying out: `THỬ` stands on every page. */
  readonly demo: boolean;
  /** Days after which an unfinished filing is erased. */
  readonly draftDays: number;
}

/** All that any page needs besides its own content. */
export interface Frame {
  readonly lang: Lang;
  readonly service: ServiceView;
  readonly assets: Assets;
  /** Key below `pages.`, in the page's language. */
  readonly t: (key: string, params?: Readonly<Record<string, string | number>>) => string;
}

export interface Page {
  readonly title: string;
  readonly description?: string;
  readonly main: Html;
  /** Path of the page, for the language switch and the current item of the menu. */
  readonly path: string;
  /** May search engines show it? */
  readonly listed: boolean;
  /** `chat` fills the window; all else is a page that scrolls. */
  readonly look?: 'chat';
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  /** Words and settings for the page's script, as JSON in an attribute. */
  readonly data?: string;
}

const NAV = [
  ['/', 'chat'],
  ['/tra-cuu', 'status'],
  ['/thu-tuc', 'procedures'],
  ['/quyen-rieng-tu', 'privacy'],
] as const;

export function shell(frame: Frame, page: Page): string {
  const { lang, assets, t } = frame;
  const styles = ['page.css', ...(page.styles ?? [])];
  // page.js sets the remembered size before anything is painted, so it is not deferred.
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="theme-color" content="#7d1313" />
        <title>${page.title} – ${brandOf(frame)}</title>
        ${page.description && html`<meta name="description" content="${page.description}" />`}
        ${!page.listed && html`<meta name="robots" content="noindex" />`}
        <link rel="icon" href="${assets.url('favicon.svg')}" type="image/svg+xml" />
        ${styles.map((name) => html`<link rel="stylesheet" href="${assets.url(name)}" />`)}
        <script src="${assets.url('page.js')}"></script>
        ${page.scripts?.map((name) => html`<script src="${assets.url(name)}" defer></script>`)}
      </head>
      <body class="${page.look ?? 'page'}" data-page="${page.data}">
        <a class="skip" href="#main">${t('skip')}</a>
        ${header(frame, page)}
        <main id="main" tabindex="-1">${page.main}</main>
        ${page.look !== 'chat' && footer(frame)}
      </body>
    </html>`.html;
}

const brandOf = ({ service, t }: Frame): string =>
  service.name === '' ? t('brand') : t('brandOf', { name: service.name });

function header(frame: Frame, page: Page): Html {
  const { t, service } = frame;
  return html`<header class="top">
    <div class="bar">
      <a class="brand" href="/"
        ><span class="seal" aria-hidden="true"></span
        ><span><b>${t('brand')}</b> ${service.name !== '' && html`<b>${service.name}</b>`}</span></a
      >
      <div class="tools">
        <button type="button" class="tool" id="size" hidden>
          <span class="grow">A+<span class="hear">, ${t('size.larger')}</span></span>
          <span class="shrink">A<span class="hear">, ${t('size.normal')}</span></span>
        </button>
        <span class="hear" role="status" data-size-now="${t('size.now', { n: '%' })}"></span>
        <button type="button" class="tool menu" hidden aria-expanded="false" aria-controls="nav">
          ${t('menu')}
        </button>
      </div>
    </div>
    <p class="promise">${t('tagline')}. <strong>${t('never')}</strong></p>
    ${service.demo && html`<p class="demo">${t('demoBanner')}</p>`} ${nav(frame, page)}
  </header>`;
}

function nav({ t, lang }: Frame, page: Page): Html {
  const other = lang === 'vi' ? 'en' : 'vi';
  return html`<nav id="nav" aria-label="${t('nav.label')}">
    <ul>
      ${NAV.map(
        ([path, key]) =>
          html`<li>
            <a href="${path}" ${path === page.path && html`aria-current="page"`}>${t(`nav.${key}`)}</a>
          </li>`,
      )}
      <li><a href="${page.path}?lang=${other}" lang="${other}">${t('lang.other')}</a></li>
      ${page.look === 'chat' && html`<li><button type="button" id="leave" hidden>${t('home.leave')}</button></li>`}
    </ul>
  </nav>`;
}

function footer(frame: Frame): Html {
  return html`<footer>
    ${offices(frame)}
    <p>${frame.t('footer')}</p>
  </footer>`;
}

/** Where people are, for whoever the chat cannot help. */
export function offices({ service, t }: Frame): Html | null {
  if (service.offices.length === 0) return null;
  return html`<section class="offices">
    <h2>${t('office.title')}</h2>
    ${service.offices.map(
      ({ name, phone, address, hours }) =>
        html`<p>
          <strong>${name}</strong>
          ${
            phone !== '' &&
            html`<br />${t('office.phone')}: <a href="tel:${phone.replace(/[^\d+]/g, '')}">${phone}</a>`
          }
          ${address !== '' && html`<br />${t('office.address')}: ${address}`}
          ${hours !== '' && html`<br />${t('office.hours')}: ${hours}`}
        </p>`,
    )}
  </section>`;
}
