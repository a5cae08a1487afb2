/** Words that mean harm are words like any others: in the chat, at the desk, on the status page. */
import type { Browser } from 'playwright-core';
import { inBrowser, openBrowser } from '../browser';
import { answerAll, beginFiling, fileDossier, openCitizen, type Citizen } from './citizen';
import { firstOfficer, type Officer } from './officer';
import { startServer, type Server } from './server';

const SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
/** Turned around by an override, with letters that cannot be seen. */
const MIRROR = '\u202Eđảo ngược\u202C 🙏 x\u200By';
const FORMULA = `=cmd|'/c calc'!A0`;

inBrowser('hostile words', () => {
  let server: Server;
  let browser: Browser;
  let officer: Officer;
  let citizen: Citizen;

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer();
    officer = await firstOfficer(browser, server);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  beforeEach(async () => {
    citizen = await openCitizen(browser, server.url);
  });
  afterEach(async () => {
    await citizen.context.close();
    expect([...citizen.faults, ...officer.faults]).toEqual([]);
  });

  it('are refused as a name, kindly, with the way to a person', async () => {
    await beginFiling(citizen);
    const letters = 'a'.repeat(3_990);
    for (const words of [SCRIPT, FORMULA, '\u202Egnp.exe\u202C', '🙏🙏🙏', '\u200B\u200D\u2060', letters]) {
      await citizen.say(words);
      await expectAnswer(citizen);
    }
    expect((await citizen.talk()).at(-1)).toMatch(/Họ và tên đầy đủ/);
    expect(await citizen.page.locator('#log script, #log .words img').count()).toBe(0);
    await citizen.shot('hostile-360');
    // Invisible letters inside a good name are dropped, nothing more.
    await answerAll(citizen, { name: 'Nguyễn\u200B Thị\u202E Hoa' });
    expect((await citizen.talk()).join('\n')).toContain('Họ và tên: Nguyễn Thị Hoa');
  }, 60_000);

  it('in answers stay words everywhere', async () => {
    const code = await fileDossier(citizen, {
      registeredAt: SCRIPT,
      registerNumber: FORMULA,
      registerBook: MIRROR,
    });
    const shown = [SCRIPT, FORMULA, 'đảo ngược 🙏 xy'];
    const talk = (await citizen.talk()).join('\n');
    for (const words of shown) expect(talk).toContain(`: ${words}`);
    await officer.open('Mới, chưa ai nhận', code);
    expect(await officer.page.locator('.answers .value').allTextContents()).toEqual(
      expect.arrayContaining(shown),
    );
    await officer.form('Ghi chú cho đồng nghiệp');
    await officer.page.getByLabel('Ghi chú', { exact: true }).fill(shown.join(' '));
    expect(await officer.preview()).toContain(shown.join(' '));
    await officer.confirm();
    expect(await officer.page.locator('main script, main img').count()).toBe(0);
    const { page } = citizen;
    await page.goto(`${server.url}/tra-cuu?ma=${encodeURIComponent(`"><script>alert(3)</script>${code}`)}`);
    await page.getByLabel('Mã hồ sơ').fill(code);
    await page.getByLabel('4 số cuối').fill('5678');
    await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
    await page.getByText('Nguyễn T. H.').waitFor();
    expect(await page.locator('main script, main img').count()).toBe(0);
  }, 60_000);

  it('of ten thousand letters cannot be typed whole, and do no harm', async () => {
    await beginFiling(citizen);
    const { page } = citizen;
    await page.getByLabel('Viết tin nhắn').evaluate((field: HTMLTextAreaElement) => {
      field.value = 'ă'.repeat(10_000);
    });
    await page.getByLabel('Viết tin nhắn').press('Enter');
    await page.getByText('Tin này dài quá').waitFor();
    await citizen.say('nguyễn thị hoa');
    await citizen.hears('Số căn cước');
  }, 60_000);
});

/** Each message gets an answer of its own that ends with the same question. */
async function expectAnswer(citizen: Citizen): Promise<void> {
  await citizen.hears('Họ và tên đầy đủ');
}
