/** What goes wrong in real life: lost networks, reloads, changed minds, two officers at once, a shared machine. */
import type { Browser } from 'playwright-core';
import { inBrowser, openBrowser } from '../browser';
import { beginFiling, fileDossier, openCitizen, type Citizen } from './citizen';
import { firstOfficer, officerAt, type Officer } from './officer';
import { startServer, type Server } from './server';

inBrowser('when life gets in the way', () => {
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

  it('keeps the talk over a reload, loses and doubles nothing without a network', async () => {
    await beginFiling(citizen);
    const before = await citizen.talk();
    await citizen.page.reload();
    await citizen.page.getByText('Họ và tên đầy đủ').waitFor();
    expect(await citizen.talk()).toEqual(before);
    await citizen.context.setOffline(true);
    await citizen.say('lê văn tám');
    await citizen.page.getByText('Đang mất mạng').waitFor();
    await citizen.page.locator('.line.waiting .state').waitFor();
    await citizen.context.setOffline(false);
    await citizen.page.getByText('Số căn cước của').waitFor();
    const after = await citizen.talk();
    expect(after.filter((line) => line === 'lê văn tám')).toHaveLength(1);
    expect(after.filter((line) => line.includes('Số căn cước của'))).toHaveLength(1);
    await citizen.page.reload();
    await citizen.page.getByText('Số căn cước của').waitFor();
    expect(await citizen.talk()).toEqual(after);
  }, 60_000);

  it('puts a filing away, and goes on with it in a browser opened anew', async () => {
    await beginFiling(citizen);
    await citizen.say('nguyễn thị hoa');
    await citizen.hears('Số căn cước');
    await citizen.say('dừng');
    await citizen.hears('nhắn TIẾP TỤC');
    const state = await citizen.context.storageState();
    await citizen.context.close();
    citizen = await openCitizen(browser, server.url, state);
    await citizen.hears('nhắn TIẾP TỤC');
    await citizen.say('tiếp tục');
    await citizen.hears('Số căn cước của');
    await citizen.say('001185012345');
    await citizen.hears('giấy cũ');
  }, 60_000);

  it('is corrected, received by the faster of two officers, and withdrawn', async () => {
    const code = await fileDossier(citizen);
    await citizen.press('Sửa hồ sơ');
    await citizen.hears(/số (?:của )?dòng/);
    await citizen.say('sửa 4');
    await citizen.hears('Họ và tên đầy đủ');
    await citizen.say('nguyễn thị hoà');
    await citizen.hears('bấm Gửi cho cán bộ');
    await citizen.press('Gửi cho cán bộ');
    await citizen.hears('Đã gửi phần vừa sửa');
    await officer.open('Mới, chưa ai nhận', code);
    expect(await officer.page.locator('.answer.changed').innerText()).toMatch(
      /Nguyễn Thị Hoà[\s\S]*Trước đây: Nguyễn Thị Hoa/,
    );
    await lateOfficer(code);
    await citizen.say('rút hồ sơ');
    await citizen.hears('Vì sao');
    await citizen.say('tôi nộp nhầm');
    await citizen.hears('Đã nhận thì cán bộ cần xác nhận');
    await citizen.press('Rút hồ sơ này');
    await citizen.hears('cần xác nhận. Có tin');
    await officer.open('Xin rút', code);
    expect(await officer.page.locator('.acts').innerText()).toContain('tôi nộp nhầm');
    await officer.form('Xác nhận rút');
    await officer.preview();
    await officer.confirm();
    await citizen.hears('đã được rút');
  }, 60_000);

  /** Two tabs on one dossier: the first receives it, the second loses politely, with what changed and what was typed. */
  async function lateOfficer(code: string): Promise<void> {
    await officer.open('Mới, chưa ai nhận', code);
    const second = await officer.context.newPage();
    const late = officerAt(officer.context, second, [], server.url);
    await late.open('Mới, chưa ai nhận', code);
    await officer.form('Tiếp nhận');
    await officer.preview();
    await officer.confirm();
    await late.form('Yêu cầu bổ sung');
    await second.getByLabel('Giấy tờ 1').fill('Bản chính giấy khai sinh');
    await second.locator('.acts details[open] form.act > button').click();
    if ((await second.locator('button.go').count()) > 0) await second.locator('button.go').click();
    await second.getByRole('heading', { name: 'Hồ sơ vừa có thay đổi' }).waitFor();
    const page = await second.locator('main').innerText();
    for (const part of ['Tiếp nhận', 'Đã tiếp nhận', 'Chưa có gì được gửi']) expect(page).toContain(part);
    expect(await second.content()).toContain('Bản chính giấy khai sinh');
    await second.close();
    await citizen.hears('đã tiếp nhận');
    expect((await citizen.talk()).join()).not.toContain('Bản chính giấy khai sinh');
  }

  it('brings a person into the talk, and the assistant back', async () => {
    await beginFiling(citizen);
    await citizen.say('gặp cán bộ');
    await citizen.hears('đã báo cán bộ');
    const { page } = officer;
    await page.goto(`${server.url}/desk/people`);
    await officer.shot('people-1366');
    await page.getByRole('link', { name: 'Người chờ thứ 1' }).click();
    await page.getByLabel('Trả lời').fill('Chào bác, bác cần hỏi gì ạ?');
    await officer.shot('talk-1366', true);
    await page.getByRole('button', { name: 'Gửi cho dân' }).click();
    await page.getByText('Đã gửi.').waitFor();
    await citizen.hears('Chào bác, bác cần hỏi gì ạ?');
    await citizen.shot('person-360');
    await citizen.say('cháu ơi, tên bác ghi thế nào');
    await expectSoon(async () => {
      await page.reload();
      return (await page.locator('.talk').innerText()).includes('tên bác ghi thế nào');
    });
    await page.getByRole('button', { name: 'Trả lại cho trợ lý' }).click();
    await citizen.hears('Cán bộ đã trả lời xong');
    await page.getByText('Không có ai đang chờ.').waitFor();
    await citizen.say('nguyễn thị hoa');
    await citizen.hears('Số căn cước');
  }, 60_000);

  it('leaves nothing on a shared machine', async () => {
    await beginFiling(citizen);
    const { page } = citizen;
    await page.getByRole('button', { name: 'Thêm' }).click();
    await page.locator('#leave').click();
    await citizen.shot('leave-360');
    await page.locator('#leave-yes').click();
    await page.getByRole('button', { name: 'Bắt đầu cuộc trò chuyện mới' }).waitFor();
    expect(await citizen.context.cookies()).toEqual([]);
    await page.goBack();
    await page.goto(server.url);
    await page.getByText('cần làm việc gì').waitFor();
    expect((await citizen.talk()).join()).not.toContain('phuong mau');
  }, 60_000);
});

async function expectSoon(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) if (await holds()) return;
  throw new Error('waited in vain');
}
