/** Tests in a real browser: Debian's Chromium. Without one they are skipped by name; on CI (`CI=true`) they fail. */
import { existsSync } from 'node:fs';
import { source as axeSource } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** `describe` where there is a browser, or where one must be; else `describe.skip`. */
const present = existsSync(CHROMIUM) || process.env['CI'] === 'true';
export const inBrowser = present ? describe : describe.skip;
if (!present) console.warn(`browser tests skipped: no Chromium at ${CHROMIUM} (set CHROMIUM to its path)`);

/** @throws Error when there is no browser */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong: one line a rule, with the first element. `tags`: rules beside WCAG A, AA and best practice. */
export function axeFindings(page: Page, tags: readonly string[] = []): Promise<readonly string[]> {
  const runOnly = JSON.stringify([...TAGS, ...tags]);
  return page.evaluate<readonly string[]>(`${axeSource};
    axe.run(document, { runOnly: ${runOnly} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`);
}
