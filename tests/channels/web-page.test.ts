/** The page itself, in a browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ChannelEvent, OutMessage } from '../../src/ports/channel';
import { axeFindings, inBrowser, openBrowser } from '../browser';
import { openHouse, somePages, type House, type HouseOptions } from './web-house';
import { someAudit, someDossier, someProcedures } from './web-samples';

const SHOTS = process.env['SHOTS'];

const welcome: OutMessage = {
  text: 'Dạ, em chào ông/bà, cô/chú, anh/chị.\nEm là trợ lý tự động của phường Mẫu.\n\nHôm nay cần làm việc gì ạ?',
  buttons: [
    { id: 'l|flow|khai-sinh', label: 'Đăng ký khai sinh' },
    { id: 'l|flow|trich-luc-ho-tich', label: 'Xin bản sao trích lục khai sinh, kết hôn, khai tử' },
    { id: 'l|status|', label: 'Hồ sơ của tôi đến đâu rồi?' },
    { id: 'l|person|', label: 'Gặp cán bộ' },
  ],
};

function script(event: ChannelEvent): readonly OutMessage[] {
  if (event.type === 'start') return [welcome];
  if (event.type === 'choice' && event.choice === 'l|status|') {
    const url = 'https://motcua.phuongmau.example.vn/tra-cuu?ma=K7M2Q9X4TRW';
    const text = 'Đã gửi cho cán bộ. Mã hồ sơ: K7M2-Q9X4-TRW.\nCán bộ sẽ xem trước ngày 12/03/2026.';
    return [{ text, buttons: [], links: [{ label: 'Tra cứu hồ sơ', url }], qr: url }];
  }
  if (event.type === 'choice')
    return [{ text: 'Dạ vâng. Họ và tên của cháu bé là gì ạ?\nVí dụ: Nguyễn Minh An', buttons: [] }];
  return [
    {
      text: event.type === 'text' ? `Em ghi: ${event.text}` : 'Dạ',
      buttons: [
        { id: 'yes', label: 'Đúng rồi' },
        { id: 'no', label: 'Sửa lại' },
      ],
    },
  ];
}

const dossier = someDossier({
  status: 9,
  dueOn: '2026-03-17',
  officialCode: 'H26.45.21-260310-0007',
  result: { kind: 'file', attachment: 'result-1' },
});

inBrowser('in a browser', () => {
  let browser: Browser;
  let house: House;
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await context.close();
    await house.close();
  });

  async function open(
    path: string,
    size: [number, number] = [360, 740],
    options: HouseOptions = {},
  ): Promise<Page> {
    const pages = somePages();
    const status = {
      ...pages.status,
      find: (code: string, four: string) =>
        Promise.resolve(code === dossier.code && four === '5678' ? dossier : null),
      byId: () => Promise.resolve(dossier),
      audit: () => Promise.resolve(someAudit),
      file: () =>
        Promise.resolve({ name: 'kết quả.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-') }),
    };
    house = await openHouse({
      answer: script,
      pages: { procedures: () => someProcedures, status },
      ...options,
    });
    context = await browser.newContext({ viewport: { width: size[0], height: size[1] }, locale: 'vi-VN' });
    page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto(house.url + path);
    return page;
  }
  const ready = () => page.getByRole('button', { name: 'Đăng ký khai sinh' }).waitFor();
  const write = async (words: string) => {
    await page.getByLabel('Viết tin nhắn').fill(words);
    await page.keyboard.press('Enter');
  };
  const said = (side: string) => page.locator(`.line.${side} .words`).allTextContents();
  const eventually = async (holds: () => Promise<boolean>) => {
    for (const end = Date.now() + 10_000; !(await holds());) {
      if (Date.now() > end)
        throw new Error(`waited in vain; the page says: ${await page.locator('#log').innerText()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const count = (side: string, n: number) =>
    eventually(async () => (await page.locator(`.line.${side}:not(.waiting)`).count()) === n);
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  };
  /** Code for the page goes as text: this program has no DOM. */
  const measure = (code: string) => page.evaluate<unknown>(code);
  const overflow = () =>
    measure('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it('welcomes, takes words and presses, and shows the same after a reload', async () => {
    await open('/');
    await ready();
    await shot('chat-360-start');
    await page.getByRole('button', { name: 'Đăng ký khai sinh' }).click();
    await count('citizen', 1);
    await write('Nguyễn Minh An');
    await count('bot', 3);
    // An old button still works.
    await page.getByRole('button', { name: 'Hồ sơ của tôi đến đâu rồi?' }).click();
    await count('bot', 4);
    await shot('chat-360-talk');
    const before = [await said('citizen'), await said('bot')];
    expect(before[0]).toEqual(['Đăng ký khai sinh', 'Nguyễn Minh An', 'Hồ sơ của tôi đến đâu rồi?']);
    await page.reload();
    await count('bot', 4);
    expect([await said('citizen'), await said('bot')]).toEqual(before);
    expect(house.events.filter((event) => event.type === 'start')).toHaveLength(1);
  });

  it('keeps what is written without a network, says so, and sends it once when it is back', async () => {
    await open('/');
    await ready();
    await context.setOffline(true);
    await write('câu viết lúc mất mạng');
    await page.getByText('Đang mất mạng').waitFor();
    await page.locator('.line.waiting .state').waitFor();
    await shot('chat-360-offline');
    expect(house.events).toHaveLength(1);
    await context.setOffline(false);
    await count('bot', 2);
    expect(await page.locator('.waiting').count()).toBe(0);
    expect(await said('citizen')).toEqual(['câu viết lúc mất mạng']);
    expect(await page.getByText('Đang mất mạng').isVisible()).toBe(false);
  });

  it('sends again with the same id when the answer was lost, also over a reload', async () => {
    let lose = false;
    await open('/', [360, 740], {
      before: (request, response, next) => {
        if (request.path === '/chat/say' && lose) response.end = () => (request.socket.destroy(), response);
        next();
      },
    });
    await ready();
    lose = true;
    await write('chỉ một lần');
    await count('citizen', 1);
    await page.reload();
    await count('citizen', 1);
    lose = false;
    await eventually(async () => (await measure("sessionStorage.getItem('chat-outbox')")) === '[]');
    expect(house.events.filter((event) => event.type === 'text')).toHaveLength(1);
    expect(await said('citizen')).toEqual(['chỉ một lần']);
  });

  it('shows hostile words as words', async () => {
    await open('/');
    await ready();
    await write('<img src=x onerror="document.title=1"><b>đậm</b>');
    await count('bot', 2);
    expect((await said('citizen'))[0]).toBe('<img src=x onerror="document.title=1"><b>đậm</b>');
    expect(await page.locator('#log img, #log b').count()).toBe(0);
  });

  it('has two tabs that show the same talk', async () => {
    await open('/');
    await ready();
    const other = await context.newPage();
    await other.goto(house.url);
    await other.getByRole('button', { name: 'Gặp cán bộ' }).waitFor();
    await write('hai cửa sổ');
    await other.getByText('Em ghi: hai cửa sổ').waitFor();
    expect(await other.locator('.line .words').allTextContents()).toEqual(
      await page.locator('.line .words').allTextContents(),
    );
  });

  it('carries a procedure from its page into the talk, once', async () => {
    await open('/?thu-tuc=khai-sinh&xa=phuong-mau');
    await ready();
    expect(house.events.map((event) => event.type === 'start' && event.link)).toEqual([
      'phuong-mau--khai-sinh',
    ]);
    expect(new URL(page.url()).search).toBe('');
  });

  it('forgets on a shared machine, after a plain question, in every tab', async () => {
    await open('/', [1366, 768]);
    await ready();
    await write('điều riêng tư');
    await count('bot', 2);
    await shot('chat-1366-talk');
    const other = await context.newPage();
    await other.goto(house.url);
    await other.getByText('Em ghi: điều riêng tư').waitFor();
    await page.getByRole('button', { name: 'Xong, xóa khỏi máy này' }).click();
    await shot('chat-1366-leave');
    await page.getByRole('button', { name: 'Xóa khỏi máy này', exact: true }).click();
    for (const tab of [page, other]) {
      await tab.getByText('Đã xóa khỏi máy này').waitFor();
      expect(await tab.getByText('điều riêng tư').count()).toBe(0);
    }
    expect(await context.cookies()).toEqual([]);
    await page.getByRole('button', { name: 'Bắt đầu cuộc trò chuyện mới' }).click();
    await ready();
    expect(await said('citizen')).toEqual([]);
  });

  it('grows its letters on A+, remembers it, and never scrolls sideways at 320 px', async () => {
    await open('/', [320, 640]);
    await ready();
    const size = () => measure("parseFloat(getComputedStyle(document.querySelector('.words')).fontSize)");
    expect(await size()).toBe(20);
    await page.getByRole('button', { name: 'chữ to hơn' }).click();
    expect(await size()).toBe(24);
    await page.getByRole('button', { name: 'chữ to hơn' }).click();
    await page.getByRole('button', { name: 'Hồ sơ của tôi đến đâu rồi?' }).click();
    await count('bot', 2);
    await page.reload();
    await count('bot', 2);
    expect(await size()).toBe(28);
    await shot('chat-320-large');
    expect(await overflow()).toBe(0);
    for (const path of ['/thu-tuc', '/thu-tuc/khai-sinh', '/tra-cuu', '/quyen-rieng-tu', '/khong-co']) {
      await page.goto(house.url + path);
      expect([path, await overflow()]).toEqual([path, 0]);
    }
  });

  it('can be used by keyboard alone', async () => {
    await open('/');
    await ready();
    await page.keyboard.press('Tab');
    expect(await measure('document.activeElement.className')).toBe('skip');
    await page.getByRole('log').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await count('bot', 2);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await measure('document.activeElement.id')).toBe('photo');
    await page.keyboard.press('Tab');
    expect(await measure('document.activeElement.id')).toBe('text');
  });

  it('looks up a dossier, and shows it without its code in the address', async () => {
    await open('/tra-cuu?ma=K7M2Q9X4TRW');
    await shot('status-360-form');
    await page.getByLabel('4 số cuối').fill('5678');
    await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
    await page.getByText('Đã có kết quả, chờ nhận').first().waitFor();
    expect(page.url()).toBe(`${house.url}/tra-cuu/ho-so`);
    if (SHOTS !== undefined)
      await page.screenshot({ path: `${SHOTS}/status-360-result.png`, fullPage: true });
    const file = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Tải kết quả' }).click();
    expect((await file).suggestedFilename()).toBe('kết quả.pdf');
    await page.getByRole('button', { name: 'Xong, đóng hồ sơ' }).click();
    await page.goto(`${house.url}/tra-cuu/ho-so`);
    expect(await page.getByText('Nguyễn T. B.').count()).toBe(0);
  });

  /** Contrast 7:1 among them. */
  const findings = () => axeFindings(page, ['wcag2aaa']);

  it.each([
    ['/', 'chat'],
    ['/tra-cuu', 'status'],
    ['/thu-tuc', 'procedures'],
    ['/thu-tuc/khai-sinh', 'procedure'],
    ['/quyen-rieng-tu', 'privacy'],
    ['/khong-co', 'missing'],
    ['/?lang=en', 'chat-en'],
  ])('%s has no fault that axe-core knows, contrast 7:1 among them', async (path, name) => {
    await open(path, [1366, 768]);
    if (name.startsWith('chat')) {
      await ready();
      await page.getByRole('button', { name: 'Hồ sơ của tôi đến đâu rồi?' }).click();
      await count('bot', 2);
    }
    await shot(`${name}-1366`);
    expect(await findings()).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await shot(`${name}-360`);
    expect(await findings()).toEqual([]);
  });

  it('the opened dossier and the open menu have no fault either', async () => {
    await open('/tra-cuu?ma=K7M2Q9X4TRW');
    await page.getByLabel('4 số cuối').fill('5678');
    await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
    await page.getByRole('heading', { name: 'Ai đã xem hồ sơ này' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: 'Thêm' }).click();
    await shot('menu-360');
    expect(await findings()).toEqual([]);
  });
});
