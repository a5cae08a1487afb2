/** One dossier from the first word to the result in hand, in two browsers, against the server as it is started. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { inBrowser, openBrowser } from '../browser';
import { answerAll, beginFiling, openCitizen, send, type Citizen } from './citizen';
import { firstOfficer, type Officer } from './officer';
import { startServer, type Server } from './server';
import { shoot } from './shots';

const RESULT = Buffer.from('%PDF-1.4\n% bản sao trích lục, bản thử\n%%EOF\n');

inBrowser('a dossier, from the first word to the result', () => {
  let server: Server;
  let browser: Browser;
  let citizen: Citizen;
  let officer: Officer;
  let status: Page;
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
  afterEach(() => {
    expect([...citizen.faults, ...officer.faults]).toEqual([]);
  });

  /** Previews the act whose form is open, does it, and returns what the citizen was to read. */
  async function act(name: string): Promise<string> {
    const words = await officer.preview();
    await officer.confirm();
    await officer.page.getByText(`Đã ghi: ${name}.`).waitFor();
    return words;
  }

  it('is filed by typing and pressing, and gets a code and a QR to keep', async () => {
    await citizen.shot('first-360');
    await beginFiling(citizen);
    await citizen.shot('mid-flow-360');
    await answerAll(citizen);
    await citizen.shot('review-360');
    code = await send(citizen);
    expect(code).toMatch(/^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]$/);
    const [sent] = (await citizen.talk()).slice(-1);
    expect(sent).toContain('THỬ');
    expect(sent).toContain('Đã gửi cho cán bộ');
    const qr = citizen.page.getByRole('img', { name: 'Mã QR' });
    await qr.scrollIntoViewIfNeeded();
    expect(await qr.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    const link = citizen.page.getByRole('link', { name: /tra-cuu/ });
    expect(await link.getAttribute('href')).toBe(`${server.url}/tra-cuu?ma=${code}`);
    await citizen.shot('sent-360');
  }, 60_000);

  it('stands in the list of what nobody has taken yet, marked as a trial', async () => {
    await officer.page.reload();
    const row = officer.page.getByRole('row', { name: code });
    expect(await row.innerText()).toMatch(/THỬ[\s\S]*Nguyễn Thị Hoa/);
    await officer.shot('desk-list-1366');
    await officer.open('Mới, chưa ai nhận', code);
    await officer.shot('desk-dossier-1366', true);
  });

  it('is asked to be completed: an answer, a paper and a question', async () => {
    await officer.form('Yêu cầu bổ sung');
    const { page } = officer;
    await page.locator('input[name=step][value=copies]').check();
    await page.getByLabel('Lý do: Số bản').fill('Chưa rõ, xin ghi cụ thể hơn');
    await page.getByLabel('Giấy tờ 1').fill('Giấy khai sinh cũ, nếu còn');
    await page.getByLabel('Câu hỏi 1').fill('Trước đây có đổi tên lần nào không?');
    await officer.shot('supplement-form-1366', true);
    const words = await officer.preview();
    for (const part of ['Số bản', 'Giấy khai sinh cũ', 'đổi tên lần nào']) expect(words).toContain(part);
    await officer.shot('supplement-preview-1366');
    await officer.confirm();
    // The citizen reads the same words, without a reload.
    expect(await citizen.hears('cần bổ sung')).toBe(words);
    await citizen.shot('supplement-360');
  });

  it('is completed in the chat, one thing at a time', async () => {
    await citizen.press('Gửi bổ sung');
    await citizen.hears('Cần xin mấy bản');
    await citizen.shot('supplement-question-360');
    await citizen.say('3');
    await citizen.hears('Giấy khai sinh cũ');
    await citizen.say('nhà bị lụt, không còn giấy');
    await citizen.hears('đổi tên');
    await citizen.say('chưa đổi bao giờ');
    await citizen.hears('bấm Gửi cho cán bộ');
    await citizen.press('Gửi cho cán bộ');
    await citizen.hears('Đã gửi phần bổ sung');
  }, 60_000);

  it('shows the officer what is new, and is received with a code and a date', async () => {
    await officer.open('Dân vừa trả lời', code);
    const changed = await officer.page.locator('.answer.changed').innerText();
    expect(changed).toMatch(/Số bản[\s\S]*3[\s\S]*Trước đây: 2/);
    expect(await officer.page.locator('.answers').innerText()).toContain('chưa đổi bao giờ');
    await officer.shot('desk-changes-1366', true);
    await officer.form('Tiếp nhận');
    await officer.page.getByLabel('Mã tiếp nhận').fill('000.21.45.H26-261123-0007');
    const due = await officer.page.getByLabel('Ngày hẹn trả kết quả').inputValue();
    expect(due).toMatch(/^\d{4}-\d\d-\d\d$/);
    await act('Tiếp nhận');
    const told = await citizen.hears('đã tiếp nhận');
    expect(told).toContain('000.21.45.H26-261123-0007');
    expect(told).toContain(due.split('-').reverse().join('/'));
  });

  it('has a result, which the citizen loads from the status page, byte for byte', async () => {
    await officer.form('Giải quyết tiếp');
    await act('Giải quyết tiếp');
    await citizen.hears('đang giải quyết');
    await officer.form('Có kết quả');
    await officer.page.getByLabel('Cho tải bản điện tử').check();
    await officer.page
      .getByLabel('Tệp kết quả', { exact: true })
      .setInputFiles({ name: 'trích lục.pdf', mimeType: 'application/pdf', buffer: RESULT });
    await officer.shot('result-form-1366', true);
    await act('Có kết quả');
    await citizen.hears('đã có kết quả');

    status = await citizen.context.newPage();
    await status.goto(`${server.url}/tra-cuu?ma=${code}`);
    await shoot(status, 'status-form-360');
    await status.getByLabel('4 số cuối').fill('5678');
    await status.getByRole('button', { name: 'Xem hồ sơ' }).click();
    await status.getByRole('heading', { name: 'Đã có kết quả' }).waitFor();
    const steps = await status.locator('ol.steps').innerText();
    for (const step of ['Đã gửi', 'Cần bổ sung', 'đã bổ sung đủ', 'Đã tiếp nhận'])
      expect(steps).toContain(step);
    const views = await status.locator('ul.steps').innerText();
    expect(views).toContain('Cán bộ UBND Phường Mẫu');
    await shoot(status, 'status-360', true);
    const loading = status.waitForEvent('download');
    await status.getByRole('link', { name: 'Tải kết quả' }).click();
    const file = await loading;
    expect(file.suggestedFilename()).toBe('trích lục.pdf');
    expect(await readFile(await file.path())).toEqual(RESULT);
  });

  it('is delivered, and every view of it is written down', async () => {
    await officer.open('Có kết quả, chờ trả', code);
    await officer.form('Đã trả kết quả');
    await act('Đã trả kết quả');
    await citizen.hears('đã được trả');
    await status.reload();
    await status.getByRole('heading', { name: 'Đã trả kết quả' }).waitFor();
    await officer.page.goto(`${server.url}/desk/audit`);
    await officer.shot('audit-1366');
    const audit = await officer.page.locator('table').innerText();
    expect(audit.match(/view-dossier/g)!.length).toBeGreaterThanOrEqual(3);
  });
});
