/** Hostile words in every free field of every flow: words and nothing else in the chat, at the desk, on the status page and on paper. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { clean } from '../../src/flow/text';
import type { Dossier } from '../../src/ports/documents';
import { officerActs } from '../app/rig';
import { inBrowser, openBrowser } from '../browser';
import { inOffice, officeTexts, pdfPicture } from '../documents/form-dossier';
import { watchFaults } from './faults';
import { filerOf, openWholeHouse, type Filer, type OpenHouse } from './hostile-house';

const HTML = '</textarea></title><img src=x onerror=alert(1)><script>alert(2)</script>';
const FORMULA = `=cmd|' /C calc'!A0`;
const MIRROR = '\u202Eđảo ngược\u202C 🙏 x\u200By \u2067z\u2069';
const TAGS = '{child.name} {{you}} {{value}} $t(bot.hello) ${1} $& {#agency}{/agency}';
const ENTITIES = `&#x202e;&lt;b&gt; "x" 'y' ]]> <!-- \\u0000`;
const SCRIPTS = 'مرحبا שלום 阮文安 นาย กี่ 👨‍👩‍👧';
const PILE = `Z${'\u0335\u0321\u0336\u0322'.repeat(20)}ạ`;
const LONG = `${'W'.repeat(60)} ${'Ắ'.repeat(120)}`;
const NAME = `N\u200Bguyễn O'Đặng-Ñ \u202EThị Hoa`;

const DOSSIERS: Readonly<Record<string, { wish: string; answers: Readonly<Record<string, string>> }>> = {
  'trich-luc-ho-tich': {
    wish: 'xin trích lục khai sinh',
    answers: {
      'opening.forWhom': 'Giấy của tôi',
      record: 'giấy khác',
      recordOther: HTML,
      'applicant.name': NAME,
      oldCopy: 'bỏ qua',
      registeredAt: TAGS,
      registerNumber: FORMULA,
      registerBook: MIRROR,
      delivery: 'bưu điện',
      postAddress: `${ENTITIES} ${SCRIPTS}`,
    },
  },
  'xac-nhan-hon-nhan': {
    wish: 'xin giấy xác nhận tình trạng hôn nhân',
    answers: {
      'opening.forWhom': 'cho mình',
      purpose: 'kết hôn',
      wedding: '1',
      'applicant.name': NAME,
      'applicant.nationalId': '001190000777',
      status: 'đã ly hôn',
      divorceNumber: FORMULA,
      divorceCourt: HTML,
      divorcePhoto: 'bỏ qua',
      'partner.name': "D'Arc “Ñ”-Ößi".replace(/[“”]/g, ''),
      'partner.sex': 'nam',
      'partner.nationality': 'Nhật',
      'partner.paper': TAGS.slice(0, 90),
      weddingPlace: `${MIRROR} ${PILE}`,
      elsewhere: 'trong nước',
      'homes.i1.address': `${ENTITIES} ${SCRIPTS}`,
      proof: 'bỏ qua',
      oldPaper: 'mất rồi',
      oldPaperLost: LONG,
      delivery: 'tại quầy',
    },
  },
  'khai-sinh': {
    wish: 'đăng ký khai sinh',
    answers: {
      'opening.forWhom': '1',
      relation: 'bà nội',
      parents: 'đã kết hôn',
      'child.name': NAME,
      'child.birthPlace': `${HTML} ${MIRROR}`,
      'child.hometown': 'nơi khác',
      'child.hometownOther': TAGS,
      'applicant.name': "K'Brêu ß Ŵ",
      'applicant.nationalId': '001150012345',
      'mother.nationalId': 'bỏ qua',
      'mother.name': "H'Hen Ê-Ñuôl",
      'mother.birth': '1998',
      'mother.residence': `${ENTITIES} ${PILE} ${SCRIPTS}`,
      'father.name': 'Nguyễn Văn Bình',
      'father.nationalId': '001092000222',
      marriageNumber: FORMULA,
      marriedOn: '2/3/2020',
      wantsCopies: 'không',
      delivery: 'bưu điện',
      postAddress: LONG,
    },
  },
};

/** The words a step was given, as the house keeps them. */
const kept = (words: string): string => clean(words);

/** Everything of a page that hostile words could have made: elements outside of ours, handlers, foreign addresses. */
const strange = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('*')].filter((one) =>
    [...one.attributes].some(({ name, value }) => /^on/i.test(name) || /javascript:|^x$/i.test(value)) ||
    (one.localName === 'script' && !/^\\/assets\\//.test(one.getAttribute('src') ?? '')) ||
    ['iframe', 'object', 'embed', 'base'].includes(one.localName)).map((one) => one.outerHTML.slice(0, 200))`);

inBrowser('hostile words in every field', () => {
  let house: OpenHouse;
  let browser: Browser;
  let desk: { context: BrowserContext; page: Page; faults: readonly string[] };
  const sent = new Map<string, { filer: Filer; dossier: Dossier }>();

  async function openPage() {
    const context = await browser.newContext({ locale: 'vi-VN' });
    const faults = await watchFaults(context);
    return { context, page: await context.newPage(), faults };
  }
  async function bytesOf(path: string): Promise<Buffer> {
    const response = await desk.context.request.get(house.url + path);
    expect([path, response.status()]).toEqual([path, 200]);
    return response.body();
  }

  beforeAll(async () => {
    [browser, house] = await Promise.all([openBrowser(), openWholeHouse()]);
    for (const [procedure, { wish, answers }] of Object.entries(DOSSIERS)) {
      const filer = filerOf(house);
      sent.set(procedure, { filer, dossier: await filer.file(procedure, wish, answers) });
    }
    desk = await openPage();
    await desk.page.goto(`${house.url}/desk/sign-in`);
    await desk.page.getByLabel('Tên đăng nhập').fill(house.login);
    await desk.page.getByLabel('Mật khẩu').fill(house.password);
    await desk.page.getByRole('button', { name: 'Đăng nhập' }).click();
    await desk.page.getByRole('heading', { name: 'Mới, chưa ai nhận' }).waitFor();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await house.close();
  });
  afterEach(() => expect(desk.faults).toEqual([]));

  describe.each(Object.keys(DOSSIERS))('%s', (procedure) => {
    const { answers } = DOSSIERS[procedure]!;
    /** Steps that keep words as they are. */
    const words = Object.entries(answers).filter(([, text]) =>
      [HTML, FORMULA, MIRROR, TAGS, ENTITIES, PILE, LONG].some((one) => text.includes(one.slice(0, 15))),
    );

    it('are kept whole, and nothing set aside', () => {
      const { dossier } = sent.get(procedure)!;
      const display = new Map(dossier.answers.map((one) => [one.step, one.display]));
      for (const [step, text] of words) expect([step, display.get(step)]).toEqual([step, kept(text)]);
      expect(house.rig.logged.filter(({ event }) => event !== 'photo-reader-started')).toEqual([]);
    });

    it('are words at the desk, in its list and in the box that copies all', async () => {
      const { dossier } = sent.get(procedure)!;
      const { page } = desk;
      await page.goto(`${house.url}/desk/dossiers/${dossier.id}`);
      const values = await page.locator('.answers .value').allTextContents();
      for (const [, text] of words) expect(values).toContain(kept(text));
      const all = await page.locator('textarea#all').inputValue();
      for (const [, text] of words) expect(all).toContain(`: ${kept(text)}`);
      expect(await strange(page)).toEqual([]);
      for (const path of ['/desk', '/desk/audit', `/desk/dossiers/${dossier.id}/photos`]) {
        await page.goto(house.url + path);
        expect([path, await strange(page)]).toEqual([path, []]);
      }
    });

    it('are words in the chat when its page is opened again', async () => {
      const { filer } = sent.get(procedure)!;
      const { context, page, faults } = await openPage();
      await context.addCookies([{ name: 'chat', value: filer.chat, url: house.url }]);
      await page.goto(house.url);
      await page.getByText('Mã hồ sơ:').last().waitFor();
      const shown = (await page.locator('#log .line .words').allTextContents()).join('\n');
      for (const [, text] of words) expect(shown).toContain(`: ${kept(text)}`);
      expect(await strange(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    });

    it('are words on the status page', async () => {
      const { dossier } = sent.get(procedure)!;
      const { context, page, faults } = await openPage();
      await page.goto(`${house.url}/tra-cuu`);
      await page.getByLabel('Mã hồ sơ').fill(dossier.code);
      await page.getByLabel('4 số cuối').fill('5678');
      await page.getByRole('button', { name: 'Xem hồ sơ' }).click();
      await page.getByText('UBND Phường Mẫu').first().waitFor();
      expect(await strange(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    });

    it('stand on paper: the DOCX is well-formed and holds them, the PDF is drawn', async () => {
      const { dossier } = sent.get(procedure)!;
      const path = `/desk/dossiers/${dossier.id}/form`;
      const zip = await JSZip.loadAsync(await bytesOf(`${path}.docx`));
      const xml = (await zip.file('word/document.xml')?.async('string')) ?? '';
      const [broken, text] = await desk.page.evaluate<[number, string]>(
        `(() => { const read = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml');
          return [read.querySelectorAll('parsererror').length, read.documentElement.textContent]; })()`,
      );
      expect(broken).toBe(0);
      expect(text).toContain("O'ĐẶNG-Ñ THỊ HOA");
      expect(xml).not.toMatch(/<(?:img|script|w:fldChar|w:hyperlink)/);
      const picture = await pdfPicture(await bytesOf(`${path}.pdf`));
      expect((await sharp(picture).stats()).isOpaque).toBe(true);
      const folder = process.env['HOSTILE_SHOTS'];
      if (folder !== undefined) writeFileSync(join(folder, `${procedure}.png`), picture);
    });
  });

  it('are words as an officer’s request and as its answer', async () => {
    const { filer, dossier } = sent.get('khai-sinh')!;
    const items = [
      { sort: 'question', text: `${HTML} ${TAGS}` },
      { sort: 'paper', text: `${FORMULA} {{text}}` },
    ] as const;
    await officerActs(house.rig, dossier.code, { type: 'supplement', items, untilOn: null });
    await house.rig.quiet();
    const asked = (await filer.talk()).map(({ text }) => text).join('\n');
    for (const { text } of items) expect(asked).toContain(text);
    const button = (await filer.talk())
      .flatMap(({ buttons }) => buttons)
      .findLast(({ label }) => label === 'Gửi bổ sung');
    await filer.take({ type: 'choice', choice: button!.id, label: button!.label });
    await filer.say(`${TAGS} ${MIRROR}`);
    await filer.say(`${HTML} {{reply}}`);
    await filer.say('gửi');
    const after = (await house.rig.house.store.dossiers.byId(dossier.id))!.doc;
    expect(after.extra.map(({ text, reply }) => [text, reply])).toEqual([
      [items[0].text, kept(`${TAGS} ${MIRROR}`)],
      [items[1].text, `${HTML} {{reply}}`],
    ]);
    await desk.page.goto(`${house.url}/desk/dossiers/${dossier.id}`);
    const values = await desk.page.locator('.answers .value').allTextContents();
    for (const { reply } of after.extra) expect(values).toContain(reply);
    expect(await desk.page.locator('.answers dt').allTextContents()).toEqual(
      expect.arrayContaining(items.map(({ text }) => text)),
    );
    expect(await strange(desk.page)).toEqual([]);
  });

  inOffice('in LibreOffice', () => {
    it('are the same words', async () => {
      const filed = [...sent.values()].map(({ dossier }) => dossier);
      const files = await Promise.all(filed.map(({ id }) => bytesOf(`/desk/dossiers/${id}/form.docx`)));
      for (const text of await officeTexts(files)) {
        expect(text).toContain("O'ĐẶNG-Ñ THỊ HOA");
        expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
      }
    }, 120_000);
  });
});
