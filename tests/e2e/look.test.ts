/** No page of the way has a fault that axe-core knows, and none is cut off, on a small phone and on an office screen. */
import type { Browser, Page } from 'playwright-core';
import { axeFindings, inBrowser, openBrowser } from '../browser';
import { answerAll, beginFiling, openCitizen, send, type Citizen } from './citizen';
import { firstOfficer, type Officer } from './officer';
import { startServer, type Server } from './server';
import { shoot } from './shots';

inBrowser('the look of the way', () => {
  let server: Server;
  let browser: Browser;
  let officer: Officer;
  let citizen: Citizen;
  let code = '';

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer();
    citizen = await openCitizen(browser, server.url);
    officer = await firstOfficer(browser, server);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** At both sizes: axe is silent, nothing is wider than the window. */
  async function fine(page: Page, name: string): Promise<void> {
    for (const [width, height] of [
      [1366, 768],
      [360, 740],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(100);
      await shoot(page, `${name}-${width}`);
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
      expect([name, width, wide, await axeFindings(page)]).toEqual([name, width, false, []]);
    }
  }

  it('of the chat: the greeting, mid-flow, the review, what was sent', async () => {
    const { page } = citizen;
    await page.getByText('cần làm việc gì').waitFor();
    await fine(page, 'first');
    await beginFiling(citizen);
    await fine(page, 'mid-flow');
    await answerAll(citizen);
    await fine(page, 'review');
    code = await send(citizen);
    await page.getByRole('img', { name: 'Mã QR' }).scrollIntoViewIfNeeded();
    await fine(page, 'sent');
  }, 60_000);

  it('of the public pages', async () => {
    const page = await citizen.context.newPage();
    await page.goto(`${server.url}/tra-cuu?ma=${code}`);
    await fine(page, 'status-form');
    await page.getByLabel('4 số cuối').fill('5678');
    await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
    await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor();
    await fine(page, 'status');
    for (const path of ['/thu-tuc', '/thu-tuc/trich-luc-ho-tich', '/quyen-rieng-tu']) {
      await page.goto(server.url + path);
      await fine(page, path.split('/').at(-1)!);
    }
    await page.close();
  }, 60_000);

  it('of the desk: the list, a dossier, a form, its preview, signing in', async () => {
    const { page } = officer;
    await page.goto(`${server.url}/desk`);
    await fine(page, 'desk-list');
    await officer.open('Mới, chưa ai nhận', code);
    await fine(page, 'desk-dossier');
    await officer.form('Yêu cầu bổ sung');
    await page.getByLabel('Giấy tờ 1').fill('Giấy khai sinh cũ');
    await fine(page, 'supplement-form');
    await officer.preview();
    await fine(page, 'supplement-preview');
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('heading', { name: 'Đăng nhập' }).waitFor();
    await fine(page, 'sign-in');
  }, 60_000);
});
