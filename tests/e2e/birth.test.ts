/** A birth from the grandmother's phone to the result: photos taken, thrown out, taken again, seen at the desk. */
import { PDFDocument } from '@cantoo/pdf-lib';
import { readFile } from 'node:fs/promises';
import JSZip from 'jszip';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { axeFindings, inBrowser, openBrowser } from '../browser';
import { pdfText } from '../documents/form-dossier';
import { tracesIn } from '../documents/samples';
import { BAND, brokenPhoto, emptyFile, heavyFile, phonePhoto, smallPhoto, type Picked } from './birth-papers';
import { openCitizen, send, walk, type Citizen, type Turn } from './citizen';
import { firstOfficer, type Officer } from './officer';
import { startServer, type Server } from './server';
import { shoot } from './shots';

const RESULT = Buffer.from('%PDF-1.4\n% giấy khai sinh, bản thử\n%%EOF\n');
const CHILD = 'Nguyễn Minh An';

/** From the greeting to the question of who the applicant is to the child. */
const OPENING: readonly Turn[] = [
  ['say', 'làm khai sinh cho cháu', 'một trong các việc này'],
  ['say', '1', 'phường, xã nào'],
  ['say', 'phường mẫu', 'người đi khai sinh cho bé'],
  ['press', 'Tôi đi khai cho bé', 'Có đồng ý không'],
  ['press', 'Đồng ý', 'là gì của bé'],
];
const CHILD_TURNS = (name: string): readonly Turn[] => [
  ['press', 'Người Việt Nam, đã đăng ký kết hôn', 'tên của bé là gì'],
  ['say', name, 'sinh ngày nào'],
  ['say', '1/11/2026', 'nam hay nữ'],
  ['press', 'Nữ', 'Bé sinh ở đâu'],
  ['say', 'Bệnh viện Phụ sản, phường Mẫu', 'dân tộc gì'],
  ['press', 'Kinh', 'Lấy theo ai'],
  ['press', 'Theo quê cha', 'ảnh giấy chứng sinh'],
];
const ENDING: readonly Turn[] = [
  ['press', 'Bỏ qua', 'xin bản sao'],
  ['press', 'Không', 'bằng cách nào'],
  ['press', 'Nhận tại quầy', 'Gọi số nào'],
];

inBrowser('a birth, from the first word to the result', () => {
  let server: Server;
  let browser: Browser;
  let citizen: Citizen;
  let officer: Officer;
  let front: Picked;
  let back: Picked;
  let code = '';

  beforeAll(async () => {
    browser = await openBrowser();
    server = await startServer();
    citizen = await openCitizen(browser, server.url);
    officer = await firstOfficer(browser, server);
    front = await phonePhoto('IMG_20261102_081530.jpg', 'GIẤY CHỨNG SINH');
    back = await phonePhoto('IMG_20261102_081544.jpg', 'MẶT SAU');
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  afterEach(() => {
    expect([...citizen.faults, ...officer.faults]).toEqual([]);
  });

  const choose = (who: Citizen, ...files: readonly Picked[]) =>
    who.page.locator('#photo-files').setInputFiles([...files]);

  /** At both sizes: axe is silent, nothing is wider than the window. Leaves the page at the first. */
  async function fine(
    page: Page,
    name: string,
    sizes: readonly (readonly [number, number])[],
  ): Promise<void> {
    for (const [width, height] of [...sizes, sizes[0]!]) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(150);
      await shoot(page, `${name}-${width}`);
      const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
      expect([name, width, wide, await axeFindings(page)]).toEqual([name, width, false, []]);
    }
  }
  const PHONE_FIRST = [
    [360, 740],
    [1366, 768],
  ] as const;
  const SCREEN_FIRST = [
    [1366, 768],
    [360, 740],
  ] as const;

  /** What a link of the desk gives. */
  async function load(name: string): Promise<Buffer> {
    const loading = officer.page.waitForEvent('download');
    await officer.page.getByRole('link', { name }).click();
    return readFile(await (await loading).path());
  }

  it('is told by a grandmother, up to the paper', async () => {
    await citizen.hears('cần làm việc gì');
    await walk(citizen, OPENING);
    await walk(citizen, [
      ['press', 'Bà nội hoặc bà ngoại', 'đồng ý. Đã hỏi cha mẹ bé chưa'],
      ['press', 'Đã hỏi, cha mẹ đồng ý', 'trường hợp nào'],
      ...CHILD_TURNS('nguyễn minh anh'),
    ]);
    await fine(citizen.page, 'birth-ask', PHONE_FIRST);
  }, 90_000);

  it('takes photos, throws one out, takes one again, and says kindly what cannot be used', async () => {
    const { page } = citizen;
    await choose(citizen, front);
    await citizen.hears('đã có 1 ảnh');
    await choose(citizen, await smallPhoto('nho.jpg', 'MẶT SAU'));
    await citizen.press('Chụp lại ảnh 2');
    await citizen.hears('đã bỏ ảnh số 2');
    await choose(citizen, await phonePhoto('nham.jpg', 'ẢNH CON MÈO'));
    await citizen.hears('đã có 2 ảnh');
    await citizen.press('Bỏ ảnh cuối');
    await citizen.hears('đã bỏ ảnh số 2');
    await choose(citizen, await brokenPhoto('hong.jpg'));
    await citizen.hears('bị hỏng nên không mở được. Xin gửi lại giúp em');
    await shoot(page, 'birth-broken-360');
    await choose(citizen, emptyFile('rong.jpg'), heavyFile('nang.jpg'));
    await page.getByText('Tệp này trống hoặc không mở được').first().waitFor();
    await page.getByText('Tệp này lớn hơn 20 MB nên không gửi được').first().waitFor();
    await choose(citizen, back);
    await citizen.hears('đã có 2 ảnh');
    // What could not be sent stays where it was: the newest question is the last thing on the page.
    expect(await page.locator('#log .line').last().innerText()).toContain('đã có 2 ảnh');
    await fine(page, 'birth-photos', PHONE_FIRST);
    await citizen.press('Đủ rồi');
    await citizen.hears('người đang nhắn');
  }, 90_000);

  it('is reviewed, mended and sent', async () => {
    await walk(citizen, [
      ['say', 'trần thị lan', 'Số căn cước'],
      ['say', '001155000111', 'tên đầy đủ của mẹ bé'],
      ['say', 'lê thị mai', 'của mẹ bé là gì'],
      ['say', '001195000112', 'tên đầy đủ của cha bé'],
      ['say', 'nguyễn văn bình', 'của cha bé là gì'],
      ['say', '001092000222', 'Số giấy kết hôn'],
      ...ENDING,
      ['say', '0912345678', 'Giấy chứng sinh: 2 ảnh'],
    ]);
    await citizen.hears('bấm Gửi cho cán bộ');
    await citizen.shot('birth-review-360');
    await walk(citizen, [
      ['say', 'sửa 6', 'tên của bé là gì'],
      ['say', 'nguyễn minh an', 'bấm Gửi cho cán bộ'],
    ]);
    code = await send(citizen);
  }, 60_000);

  it('stands at the desk with its photos, upright, turned and enlarged', async () => {
    const { page } = officer;
    await officer.open('Mới, chưa ai nhận', code);
    const people = await page.locator('.people').innerText();
    expect(people).toContain('Ông/Bà Trần Thị Lan');
    expect(people).not.toContain(`Ông/Bà ${CHILD}`);
    const small = page.locator('.strip img');
    expect(await small.count()).toBe(2);
    await small.first().scrollIntoViewIfNeeded();
    await fine(page, 'birth-dossier', SCREEN_FIRST);
    await officer.shot('birth-dossier-whole-1366', true);
    await small.first().click();
    await page.getByRole('heading', { name: 'Ảnh giấy tờ' }).waitFor();
    const style = () =>
      page
        .locator('.stage img')
        .first()
        .evaluate((image: HTMLImageElement) => image.style.transform);
    await page.getByRole('button', { name: 'Xoay phải' }).first().click();
    expect(await style()).toBe('rotate(90deg)');
    await page.locator('.stage').first().focus();
    for (const key of ['+', '+']) await page.keyboard.press(key);
    await officer.shot('birth-turned-1366');
    await page.keyboard.press('0');
    expect(await style()).toBe('rotate(0deg)');
    await fine(page, 'birth-desk-photos', SCREEN_FIRST);
  }, 60_000);

  it('is served clean: no trace of phone or place, the right way up, whatever way it is taken along', async () => {
    const { page } = officer;
    const sources = await page
      .locator('.stage img')
      .evaluateAll((all) => all.map((one) => one.getAttribute('src') ?? ''));
    const shown = await Promise.all(
      sources.map(async (src) => (await officer.context.request.get(server.url + src)).body()),
    );
    const zip = await JSZip.loadAsync(await load('Tải tất cả (ZIP)'));
    const zipped = await Promise.all(Object.values(zip.files).map((file) => file.async('nodebuffer')));
    expect(zipped).toEqual(shown);
    for (const bytes of shown) {
      expect(tracesIn(bytes)).toEqual([]);
      const { width, height, orientation, exif } = await sharp(bytes).metadata();
      expect([width, height, orientation ?? 1, exif]).toEqual([1200, 1600, 1, undefined]);
      expect(await colourAt(bytes, 60, 60)).toBeLessThan(40);
    }
    const pdf = await load('Tất cả thành một PDF');
    expect(tracesIn(pdf)).toEqual([]);
    const pages = (await PDFDocument.load(pdf)).getPages();
    expect(pages.map((one) => one.getHeight() > one.getWidth())).toEqual([true, true]);
  }, 60_000);

  it('fills the declaration as PDF and as DOCX', async () => {
    await officer.page.getByRole('link', { name: 'Về hồ sơ' }).click();
    const pdf = await pdfText(await load('PDF để in'));
    const docx = await JSZip.loadAsync(await load('DOCX để sửa'));
    const words = (await docx.file('word/document.xml')!.async('string')).replace(/<[^>]+>/g, '');
    for (const part of [CHILD, 'Lê Thị Mai', 'Nguyễn Văn Bình', 'Trần Thị Lan', '01/11/2026'])
      for (const [form, text] of [
        ['PDF', pdf],
        ['DOCX', words],
      ] as const)
        expect([form, part, upper(text).includes(upper(part))]).toEqual([form, part, true]);
  }, 30_000);

  it('is completed with one more photo from the chat', async () => {
    await officer.form('Yêu cầu bổ sung');
    await officer.page.getByLabel('Giấy tờ 1').fill('Giấy chứng sinh, chụp rõ con dấu');
    const words = await officer.preview();
    await officer.confirm();
    expect(await citizen.hears('cần bổ sung')).toBe(words);
    await citizen.press('Gửi bổ sung');
    await citizen.hears('Cán bộ cần thêm giấy: Giấy chứng sinh, chụp rõ con dấu');
    await choose(citizen, await phonePhoto('con dau.jpg', 'CON DẤU'));
    await citizen.hears('có 1 ảnh');
    await citizen.shot('birth-supplement-360');
    await citizen.press('Đủ rồi');
    await citizen.hears('bấm Gửi cho cán bộ');
    await citizen.press('Gửi cho cán bộ');
    await citizen.hears('Đã gửi phần bổ sung');
    await officer.open('Dân vừa trả lời', code);
    expect(await officer.page.locator('.strip img').count()).toBe(3);
    await officer.shot('birth-completed-1366', true);
  }, 60_000);

  it('is received and has a result, which the grandmother hears of', async () => {
    const { page } = officer;
    await officer.form('Tiếp nhận');
    await page.getByLabel('Mã tiếp nhận').fill('000.21.45.H26-261123-0008');
    await officer.preview();
    await officer.confirm();
    expect(await citizen.hears('đã tiếp nhận')).toContain('000.21.45.H26-261123-0008');
    await officer.form('Giải quyết tiếp');
    await officer.preview();
    await officer.confirm();
    await citizen.hears('đang giải quyết');
    await officer.form('Có kết quả');
    await page
      .getByLabel('Tệp kết quả', { exact: true })
      .setInputFiles({ name: 'khai sinh.pdf', mimeType: 'application/pdf', buffer: RESULT });
    await officer.preview();
    await officer.confirm();
    await citizen.hears('đã có kết quả');
    await citizen.shot('birth-result-360');
  }, 60_000);

  it('filed again by the mother, from her phone, is asked about; the desk shows both', async () => {
    const mother = await openCitizen(browser, server.url);
    await mother.hears('cần làm việc gì');
    await walk(mother, [
      ...OPENING,
      ['press', 'Mẹ', 'trường hợp nào'],
      ...CHILD_TURNS('Nguyễn Minh An'),
      ['press', 'Tôi sẽ mang giấy đến quầy', 'người đang nhắn'],
      ['say', 'Lê Thị Mai', 'Số căn cước'],
      ['say', '001195000112', 'tên đầy đủ của cha bé'],
      ['say', 'Nguyễn Văn Bình', 'của cha bé là gì'],
      ['say', '001092000222', 'Số giấy kết hôn'],
      ...ENDING,
      ['say', '0987654321', 'đã có một hồ sơ giống như vậy cho cùng người này'],
    ]);
    await mother.shot('birth-twin-360');
    expect((await mother.talk()).join()).not.toContain(code);
    await mother.press('Vẫn gửi hồ sơ mới');
    const second = /Mã hồ sơ: ([\w-]+)/.exec(await mother.hears('Mã hồ sơ:'))![1]!;
    await officer.open('Mới, chưa ai nhận', second);
    await officer.shot('birth-twin-1366');
    await officer.page.getByRole('link', { name: code }).click();
    await officer.page.getByRole('link', { name: second }).waitFor();
    expect(mother.faults).toEqual([]);
    await mother.context.close();
  }, 90_000);
});

/** Names stand in capitals on a declaration. */
const upper = (text: string): string => text.normalize('NFC').toLocaleUpperCase('vi');

/** How far a pixel is from the red of the band. */
async function colourAt(bytes: Buffer, left: number, top: number): Promise<number> {
  const [r = 0, g = 0, b = 0] = await sharp(bytes)
    .extract({ left, top, width: 1, height: 1 })
    .raw()
    .toBuffer();
  return Math.abs(r - BAND.r) + Math.abs(g - BAND.g) + Math.abs(b - BAND.b);
}
