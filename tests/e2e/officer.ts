/** An officer at the desk, on an office screen. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { watchFaults } from './faults';
import type { Server } from './server';
import { shoot } from './shots';

export interface Officer {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly faults: readonly string[];
  /** Opens a dossier from the list of a view. */
  open(view: string, code: string): Promise<void>;
  /** Opens the form of an act. */
  form(act: string): Promise<void>;
  /** The form that is open goes to its preview; returns the message as the citizen will read it. */
  preview(): Promise<string>;
  confirm(): Promise<void>;
  shot(name: string, fullPage?: boolean): Promise<void>;
}

const SCREEN = { width: 1366, height: 768 };
const PASSWORD = 'con trau di truoc cai cay';

/** Opens the one-time link, sets a password, signs in. */
export async function firstOfficer(browser: Browser, server: Server): Promise<Officer> {
  const context = await browser.newContext({ viewport: SCREEN, locale: 'vi-VN' });
  const faults = await watchFaults(context);
  const page = await context.newPage();
  await page.goto(server.adminLink);
  await shoot(page, 'set-password-1366');
  const login = await page.getByLabel('Tên đăng nhập').inputValue();
  await page.getByLabel('Mật khẩu mới').fill(PASSWORD);
  await page.getByLabel('Gõ lại mật khẩu').fill(PASSWORD);
  await page.getByRole('button', { name: 'Đặt mật khẩu' }).click();
  await page.getByText('Đã đặt mật khẩu. Xin đăng nhập.').waitFor();
  await page.getByLabel('Tên đăng nhập').fill(login);
  await page.getByLabel('Mật khẩu').fill(PASSWORD);
  await shoot(page, 'sign-in-1366');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('heading', { name: 'Mới, chưa ai nhận' }).waitFor();
  return officerAt(context, page, faults, server.url);
}

export function officerAt(
  context: BrowserContext,
  page: Page,
  faults: readonly string[],
  url: string,
): Officer {
  return {
    context,
    page,
    faults,
    async open(view, code) {
      await page.goto(`${url}/desk`);
      await page.getByRole('navigation', { name: 'Các nhóm hồ sơ' }).getByText(view, { exact: true }).click();
      await page.getByRole('link', { name: code }).click();
      await page.getByRole('heading', { name: 'Nội dung hồ sơ' }).waitFor();
    },
    async form(act) {
      const name = page.locator('.acts summary', { hasText: new RegExp(`^\\s*${act}\\s*$`) });
      if ((await name.locator('..').getAttribute('open')) === null) await name.click();
    },
    async preview() {
      await page.locator('.acts details[open] form.act > button').click();
      return (await page.locator('.message').textContent()) ?? '';
    },
    async confirm() {
      await page.locator('button.go').click();
      await page.getByText(/^Đã ghi: /).waitFor();
    },
    shot: (name, fullPage) => shoot(page, name, fullPage),
  };
}
