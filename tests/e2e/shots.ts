/** Pictures of pages for people to look at: written only when `SHOTS` names a folder. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const folder = process.env['SHOTS'];

export async function shoot(page: Page, name: string, fullPage = false): Promise<void> {
  if (folder === undefined) return;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
