/** What must stay silent while people use a page: script errors, console errors, dialogs, violations of the content policy. */
import type { BrowserContext, Page } from 'playwright-core';

export async function watchFaults(context: BrowserContext): Promise<readonly string[]> {
  context.setDefaultTimeout(10_000);
  const faults: string[] = [];
  await context.exposeFunction('reportFault', (what: string) => void faults.push(what));
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (event) =>
      reportFault('policy: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  );
  context.on('page', (page) => watch(page, faults));
  return faults;
}

/** The browser's own words: about a lost network, a pace no hand has (429: the page waits and sends again), a lost race (409), too long a message (413). */
const NETWORK = /net::ERR_INTERNET_DISCONNECTED|net::ERR_NETWORK_CHANGED|status of (?:409|413|429)/;

function watch(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !NETWORK.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
}
