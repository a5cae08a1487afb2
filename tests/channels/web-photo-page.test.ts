/** Photos on the chat page, in a browser. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RequestHandler } from 'express';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import type { ChannelEvent, IncomingFile, OutMessage } from '../../src/ports/channel';
import { axeFindings, inBrowser, openBrowser } from '../browser';
import { keyOf, openHouse, type House, type HouseOptions } from './web-house';

const SHOTS = process.env['SHOTS'];

const answer = (event: ChannelEvent): readonly OutMessage[] => {
  if (event.type === 'start') return [{ text: 'Dạ, chụp giúp em giấy chứng sinh ạ.', buttons: [] }];
  if (event.type === 'text') return [{ text: `Em ghi: ${event.text}`, buttons: [] }];
  return [
    {
      text: 'Em đã nhận ảnh, đang xem ạ. Còn ảnh nào nữa không?',
      buttons: [
        { id: 'a|x|more', label: 'Gửi thêm ảnh' },
        { id: 'a|x|done', label: 'Đủ rồi' },
      ],
    },
  ];
};

interface Pick {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

inBrowser('photos in a browser', () => {
  let browser: Browser;
  let house: House;
  let context: BrowserContext;
  let page: Page;
  let picks: readonly Pick[];
  beforeAll(async () => {
    browser = await openBrowser();
    const colours = ['#7d1313', '#0a3f7d', '#1d6b3a'];
    picks = await Promise.all(
      colours.map(async (background, n) => ({
        name: `giấy tờ số ${n + 1}.jpg`,
        mimeType: 'image/jpeg',
        buffer: await sharp({
          create: {
            width: 1600,
            height: 1200,
            channels: 3,
            background,
            noise: { type: 'gaussian', sigma: 40, mean: 128 },
          },
        })
          .tint(background)
          .jpeg()
          .toBuffer(),
      })),
    );
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await context.close();
    await house.close();
  });

  async function open(size: [number, number] = [360, 740], options: HouseOptions = {}): Promise<void> {
    house = await openHouse({ answer, ...options });
    context = await browser.newContext({ viewport: { width: size[0], height: size[1] }, locale: 'vi-VN' });
    context.setDefaultTimeout(8_000);
    page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    page.on('console', (line) => {
      // A policy that blocks a preview says so here.
      if (/Content Security Policy/.test(line.text())) throw new Error(line.text());
    });
    await page.goto(house.url);
    await page.getByText('chụp giúp em').waitFor();
  }
  const choose = (files: readonly Pick[]) => page.locator('#photo-files').setInputFiles([...files]);
  const eventually = async (holds: () => Promise<boolean> | boolean) => {
    for (const end = Date.now() + 10_000; !(await holds());) {
      if (Date.now() > end)
        throw new Error(`waited in vain; the page says: ${await page.locator('#log').innerText()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const count = (selector: string, n: number) =>
    eventually(async () => (await page.locator(selector).count()) === n);
  const sent = (): readonly IncomingFile[] =>
    house.events.flatMap((event) => (event.type === 'photos' ? event.files : []));
  const names = () => sent().map(({ name }) => name);
  const mine = () => page.locator('.line.citizen:not(.waiting) .words').allTextContents();
  const shot = async (name: string) => {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
  };
  const slow = async (bytesPerSecond: number) => {
    const cdp = await context.newCDPSession(page);
    const rest = { offline: false, latency: 0, downloadThroughput: -1 };
    await cdp.send('Network.emulateNetworkConditions', { ...rest, uploadThroughput: bytesPerSecond });
  };
  const overflow = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  const focused = () => page.evaluate<string>('document.activeElement.id');

  it('go up one after another in their order with a picture and a bar each, and are shown once after a reload', async () => {
    await open();
    const size = picks[0]!.buffer.length;
    await slow(size);
    await choose(picks);
    await count('.line.photo.waiting img.preview', 3);
    expect(await page.locator('.line.photo .name').allTextContents()).toEqual(picks.map(({ name }) => name));
    const bar = page.getByRole('progressbar', { name: 'giấy tờ số 1.jpg' });
    const value = () => bar.evaluate((element) => (element as unknown as { value: number }).value);
    await eventually(async () => (await value()) > 0.2 && (await value()) < 1);
    expect(await page.locator('.line.photo .state').allTextContents()).toEqual([
      expect.stringMatching(/^đang gửi \d+%$/) as string,
      'chờ gửi',
      'chờ gửi',
    ]);
    await shot('photo-360-sending');
    // Words go on meanwhile.
    await page.getByLabel('Viết tin nhắn').fill('ảnh đây');
    await page.keyboard.press('Enter');
    await page.getByText('Em ghi: ảnh đây').waitFor();
    expect(sent().length).toBeLessThan(3);
    await slow(-1);
    await count('.line.citizen:not(.waiting)', 4);
    await count('.waiting', 0);
    expect(names()).toEqual(picks.map(({ name }) => name));
    expect(sent().map((file) => house.kept.get(keyOf(file))?.length)).toEqual(
      picks.map((one) => one.buffer.length),
    );
    expect(await page.locator('.line.photo.citizen .name').allTextContents()).toEqual(names());
    expect(await page.locator('#photo-said').textContent()).toBe('Đã gửi xong: giấy tờ số 3.jpg');
    await shot('photo-360-sent');
    expect(await axeFindings(page, ['wcag2aaa'])).toEqual([]);
    expect(await overflow()).toBe(0);
    const before = await mine();
    await page.reload();
    await count('.line.citizen', 4);
    expect(await mine()).toEqual(before);
    expect(before.filter((words) => words === '📷 Đã gửi 1 ảnh')).toHaveLength(3);
  });

  it.each([
    [360, 740],
    [1366, 768],
  ])(
    'have no fault that axe-core knows while they go up, wait and are refused, at %i px',
    async (...size) => {
      let go = () => {};
      const held = new Promise<void>((resolve) => (go = resolve));
      const before: RequestHandler = (request, _response, next) =>
        request.path === '/chat/photo' ? void held.then(() => next()) : next();
      await open(size, { before });
      await choose([...picks, { name: 'bài hát.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('x') }]);
      await page.locator('.state.bad').waitFor();
      await eventually(
        async () => (await page.locator('.line.photo .state').first().innerText()) === 'sắp xong…',
      );
      await shot(`photo-${size[0]}-going`);
      expect(await axeFindings(page, ['wcag2aaa'])).toEqual([]);
      expect(await overflow()).toBe(0);
      go();
      await count('.line.citizen:not(.waiting)', 3);
    },
  );

  /** Fails the first tries of the second file, as `how` says. */
  const failing = (tries: number, how: RequestHandler) => {
    let left = tries;
    const before: RequestHandler = (request, response, next) => {
      const second = request.path === '/chat/photo' && /2\.jpg$/.test(String(request.headers['x-file-name']));
      if (second && left > 0) {
        left -= 1;
        how(request, response, next);
      } else next();
    };
    return { before };
  };

  /** The browser by itself tries a broken connection once more, on each it holds. */
  const BROKEN = 4;
  const faults: readonly [string, number, RequestHandler][] = [
    [
      'a connection that breaks',
      BROKEN,
      (request) => void request.once('data', () => request.socket.destroy()),
    ],
    [
      'a house that is busy',
      2,
      (request, response) => {
        request.resume();
        response.status(503).set('Retry-After', '1').json({ error: 'store-unavailable' });
      },
    ],
    [
      'an answer that is lost',
      BROKEN,
      (request, response, next) => {
        response.end = () => (request.socket.destroy(), response);
        next();
      },
    ],
  ];
  it.each(faults)(
    'are sent again by themselves after %s: none lost, none twice, in order',
    async (_, tries, how) => {
      await open([360, 740], failing(tries, how));
      await choose(picks);
      await page.getByText('đang thử lại').waitFor();
      expect(await page.getByRole('button', { name: 'Thử lại ngay: giấy tờ số 2.jpg' }).isVisible()).toBe(
        true,
      );
      await shot('photo-360-retry');
      await count('.line.citizen:not(.waiting)', 3);
      await count('.waiting', 0);
      expect(names()).toEqual(picks.map(({ name }) => name));
      expect(house.kept.size).toBe(3);
      expect(await page.locator('.line.photo.citizen .name').allTextContents()).toEqual(names());
    },
  );

  it('wait for the network, and go at once on the button', async () => {
    await open();
    await context.setOffline(true);
    await choose([picks[0]!]);
    await page.getByText('Đang mất mạng').waitFor();
    await context.setOffline(false);
    await count('.line.citizen:not(.waiting)', 1);
    expect(await page.getByText('Đang mất mạng').isVisible()).toBe(false);

    house.down = true;
    const again = page.getByRole('button', { name: 'Thử lại ngay' });
    // The third pause lasts 4 s: the button is quicker.
    const tries: number[] = [];
    page.on('request', (request) => /photo$/.test(request.url()) && tries.push(Date.now()));
    await choose([picks[1]!]);
    await eventually(() => tries.length === 3);
    await again.press('Enter');
    await eventually(() => tries.length === 4);
    expect(tries[3]! - tries[2]!).toBeLessThan(3_000);
    await again.waitFor();
    house.down = false;
    // The page may have tried by itself in the meantime.
    await again.click({ timeout: 2_000 }).catch(() => undefined);
    await count('.line.citizen:not(.waiting)', 2);
    expect(sent()).toHaveLength(2);
  });

  it('can be stopped while going up; the next ones go on', async () => {
    await open();
    await slow(picks[0]!.buffer.length / 2);
    await choose(picks);
    await eventually(async () =>
      /đang gửi [1-9]/.test(await page.locator('.line.photo').first().innerText()),
    );
    await page.getByRole('button', { name: 'Thôi, không gửi: giấy tờ số 1.jpg' }).press('Enter');
    expect(await focused()).toBe('photo');
    await slow(-1);
    await count('.line.citizen:not(.waiting)', 2);
    expect(names()).toEqual(['giấy tờ số 2.jpg', 'giấy tờ số 3.jpg']);
  });

  it('that cannot be sent say why before anything is uploaded, and can be put away', async () => {
    await open([1366, 768]);
    const hostile = '<img src=x onerror="document.title=1">\u202Egpj.jpg';
    const big = join(await mkdtemp(join(tmpdir(), 'photo-')), 'to quá.jpg');
    await writeFile(big, '');
    await truncate(big, 20 * 1024 * 1024 + 1);
    await page.locator('#photo-files').setInputFiles(big);
    await choose([
      { name: 'trống.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
      { name: 'bài hát.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('x') },
      { name: hostile, mimeType: 'image/jpeg', buffer: Buffer.from('không phải ảnh') },
      { name: 'giấy.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
    ]);
    await count('.line.citizen:not(.waiting)', 2);
    const why = await page.locator('.line .state.bad').allTextContents();
    expect(why.map((words) => words.split(/[,.(]/)[0])).toEqual([
      'Tệp này lớn hơn 20 MB nên không gửi được',
      'Tệp này trống hoặc không mở được',
      'Chỉ gửi được ảnh hoặc tệp PDF',
    ]);
    expect(sent().map(({ name, pdf }) => [name, pdf])).toEqual([
      [hostile, false],
      ['giấy.pdf', true],
    ]);
    expect(await page.locator('#log .name img').count()).toBe(0);
    expect(await page.title()).not.toBe('1');
    await shot('photo-1366-refused');
    expect(await axeFindings(page, ['wcag2aaa'])).toEqual([]);
    await page.getByRole('button', { name: 'Bỏ tệp này: to quá.jpg' }).click();
    await count('.line.waiting', 2);
    await rm(dirname(big), { recursive: true });
  });

  it('may be chosen by keyboard, dropped, or pasted', async () => {
    await open([1366, 768]);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Gửi ảnh' }).focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles([picks[0]!]);
    await count('.line.citizen:not(.waiting)', 1);
    const box = await page.getByRole('button', { name: 'Gửi ảnh' }).boundingBox();
    expect(Math.min(box!.width, box!.height)).toBeGreaterThanOrEqual(48);

    const hand = (type: string, target: string, kind: string, key: string) => `{
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array([255, 216, 255, 0])], '${type}.jpg', { type: 'image/jpeg' }));
      document.querySelector('${target}').dispatchEvent(
        new ${kind}('${type}', { ${key}: data, bubbles: true, cancelable: true }));
    }`;
    await page.evaluate(hand('dragover', '#log', 'DragEvent', 'dataTransfer'));
    expect(await page.getByText('Thả ảnh vào đây').isVisible()).toBe(true);
    await shot('photo-1366-drop');
    await page.evaluate(hand('drop', '#log', 'DragEvent', 'dataTransfer'));
    await count('.line.citizen:not(.waiting)', 2);
    expect(await page.getByText('Thả ảnh vào đây').isVisible()).toBe(false);
    await page.evaluate(hand('paste', '#text', 'ClipboardEvent', 'clipboardData'));
    await count('.line.citizen:not(.waiting)', 3);
    expect(names()).toEqual(['giấy tờ số 1.jpg', 'drop.jpg', 'paste.jpg']);
  });

  it('go with the talk when the machine is handed on', async () => {
    await open();
    await slow(20_000);
    await choose(picks);
    await count('.line.photo.waiting', 3);
    await page.getByRole('button', { name: 'Thêm' }).click();
    await page.getByRole('button', { name: 'Xong, xóa khỏi máy này' }).click();
    await page.getByRole('button', { name: 'Xóa khỏi máy này', exact: true }).click();
    await page.getByText('Đã xóa khỏi máy này').waitFor();
    await count('.line', 0);
    expect(await page.getByRole('button', { name: 'Gửi ảnh' }).isVisible()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([sent().length, house.kept.size]).toEqual([0, 0]);
  });

  it('have room at 320 px and with the largest letters', async () => {
    await open([320, 640]);
    await page.getByRole('button', { name: 'chữ to hơn' }).click();
    await page.getByRole('button', { name: 'chữ to hơn' }).click();
    await slow(20_000);
    await choose([{ ...picks[0]!, name: `${'tên-rất-dài-'.repeat(20)}.jpg` }, picks[1]!]);
    await count('.line.photo.waiting', 2);
    await shot('photo-320-large');
    expect(await overflow()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('only the chat page may show pictures of its own making', async () => {
    await open();
    const policy = async (path: string) =>
      (await fetch(house.url + path)).headers.get('content-security-policy');
    expect(await policy('/')).toContain("img-src 'self' data: blob:;");
    expect(await policy('/?thu-tuc=khai-sinh')).toContain('blob:');
    expect(await policy('/tra-cuu')).not.toContain('blob:');
    expect(await policy('/desk')).not.toContain('blob:');
  });
});
