/** The shell of every page: language, title, skip link, one main landmark. */
import { html } from './html';
import type { Html } from './html';

export interface Page {
  readonly lang: 'vi' | 'en';
  readonly title: string;
  /** Words of the link that jumps over the header. */
  readonly skip: string;
  /** Content of `<header>`, if any. */
  readonly header?: Html;
  readonly main: Html;
  readonly footer?: Html;
  /** Paths of stylesheets and scripts of our own; scripts are deferred. */
  readonly styles: readonly string[];
  readonly scripts?: readonly string[];
  /** Class of `<body>`. */
  readonly look?: string;
}

/** A whole HTML document. Nothing inline, so the strict CSP holds. */
export function layout(page: Page): string {
  return html`<!doctype html>
    <html lang="${page.lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        ${page.styles.map((path) => html`<link rel="stylesheet" href="${path}" />`)}
        ${page.scripts?.map((path) => html`<script src="${path}" defer></script>`)}
      </head>
      <body class="${page.look}">
        <a class="skip" href="#main">${page.skip}</a>
        ${page.header && html`<header>${page.header}</header>`}
        <main id="main" tabindex="-1">${page.main}</main>
        ${page.footer && html`<footer>${page.footer}</footer>`}
      </body>
    </html>`.html;
}
