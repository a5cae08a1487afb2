/** The desk in a real browser: no axe findings at 1366×768, keys, copying, and everything without scripts. */
import type { Browser as Chrome, Page as Tab } from 'playwright-core';
import { axeFindings as findings, inBrowser, openBrowser } from '../browser';
import { agencyDoc, NOON, openHouse, PASSWORD } from './house';
import type { House } from './house';

inBrowser('in a browser', () => {
  const home = agencyDoc('thu', { demo: true });
  let house: House;
  let chrome: Chrome;

  beforeAll(async () => {
    chrome = await openBrowser();
    house = await openHouse();
    await house.store.agencies.create(home);
    await house.hire('sep', home, 'admin');
    for (let n = 0; n < 3; n += 1) await house.send(home, { at: NOON + n });
  }, 60_000);
  afterAll(async () => {
    await chrome.close();
    await house.close();
  });

  async function signedIn(javaScriptEnabled = true): Promise<Tab> {
    const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, javaScriptEnabled });
    const tab = await context.newPage();
    await tab.goto(`${house.url}/desk`);
    await tab.fill('[name=login]', 'sep');
    await tab.fill('[name=password]', PASSWORD);
    await tab.click('button.go');
    await tab.waitForURL(/\/desk$/);
    return tab;
  }

  const isWide = (tab: Tab) => tab.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');

  it('has no accessibility findings and nothing cut off on any page', async () => {
    const tab = await signedIn();
    const dossier = (await tab.locator('[data-row]').first().getAttribute('href')) ?? '';
    for (const path of ['/desk', dossier, '/desk/people', '/desk/officers', '/desk/agency', '/desk/audit']) {
      await tab.goto(house.url + path);
      expect([path, await findings(tab), await isWide(tab)]).toEqual([path, [], false]);
    }
    await tab.goto(house.url + dossier);
    for (const form of await tab.locator('.acts summary').all()) {
      await form.click();
      expect(await findings(tab)).toEqual([]);
    }
  }, 60_000);

  it('moves by J and K, opens by Enter, copies one answer', async () => {
    const tab = await signedIn();
    const codes = await tab.locator('[data-row]').allTextContents();
    const focused = () => tab.evaluate<string>('document.activeElement.textContent');
    await tab.keyboard.press('j');
    await tab.keyboard.press('j');
    expect(await focused()).toBe(codes[1]);
    await tab.keyboard.press('k');
    expect(await focused()).toBe(codes[0]);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(/dossiers/);
    await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.getByRole('button', { name: 'Chép: Số định danh' }).click();
    await tab.getByText('✓').waitFor();
    expect(await tab.evaluate<string>('navigator.clipboard.readText()')).toBe('001190000123');
  }, 60_000);

  it('receives a dossier without scripts', async () => {
    const tab = await signedIn(false);
    await tab.locator('[data-row]').first().click();
    expect(await tab.locator('.copy:visible').count()).toBe(0);
    await tab.locator('details[open] form.act button').click();
    expect(await tab.locator('.message').textContent()).toContain('26/11/2026');
    await tab.click('button.go');
    expect(await tab.locator('[role=status]').textContent()).toContain('Đã ghi: Tiếp nhận.');
  }, 60_000);
});
