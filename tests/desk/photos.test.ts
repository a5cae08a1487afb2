/** Photos at the desk: seen by the own agency alone, turned and enlarged, and taken along as one file. */
import { randomBytes } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import JSZip from 'jszip';
import type { Browser as Chrome } from 'playwright-core';
import sharp from 'sharp';
import type { Dossier, DossierAnswer } from '../../src/ports/documents';
import { axeFindings as findings, inBrowser, openBrowser } from '../browser';
import { agencyDoc, ANSWERS, browser, NOON, openHouse, PASSWORD } from './house';
import type { Browser, House } from './house';

const HOME = agencyDoc('nha');
const AWAY = agencyDoc('xa');
const DAY_MS = 86_400_000;

const jpeg = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#f4e4c1' } })
    .jpeg()
    .toBuffer();

async function twoPages(): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage();
  document.addPage();
  return Buffer.from(await document.save());
}

let house: House;
let dossier: Dossier;
let mine: Browser;
let others: Browser;
const ids = { first: randomBytes(16).toString('base64url'), second: 'b'.repeat(22), pdf: 'c'.repeat(22) };

const paper = (): DossierAnswer => ({
  ...ANSWERS[0]!,
  step: 'birthPaper',
  label: 'Giấy chứng sinh <b>',
  display: '2 ảnh và 1 tệp PDF (2 trang)',
  value: {
    photos: [
      { id: ids.first, state: 'ok', print: 'p1', sort: 'photo', pages: 1, flags: [] },
      { id: ids.second, state: 'flagged', print: 'p2', sort: 'photo', pages: 1, flags: ['small'] },
      { id: ids.pdf, state: 'ok', print: 'p3', sort: 'pdf', pages: 2, flags: [] },
    ],
    done: true,
    bring: false,
  },
});

async function keep(id: string, bytes: Buffer, type: string, pages?: number): Promise<void> {
  const base = { id, owner: dossier.id, state: 'ok', name: 'x', type, at: NOON } as const;
  await house.files.put(id, bytes);
  await house.store.attachments.put({
    ...base,
    bytes: bytes.length,
    fileKey: id,
    ...(pages === undefined ? {} : { pages }),
  });
}

beforeAll(async () => {
  house = await openHouse();
  for (const agency of [HOME, AWAY]) await house.store.agencies.create(agency);
  await house.hire('lan', HOME);
  await house.hire('xa', AWAY);
  dossier = await house.send(HOME, { answers: [...ANSWERS, paper()] });
  await keep(ids.first, await jpeg(1200, 800), 'image/jpeg', 1);
  await keep(ids.second, await jpeg(600, 900), 'image/jpeg', 1);
  await keep(ids.pdf, await twoPages(), 'application/pdf', 2);
  mine = browser(house.url);
  await mine.signIn('lan');
  others = browser(house.url);
  await others.signIn('xa');
});
afterAll(() => house.close());

const bytesOf = async (path: string) => {
  const cookie = [...mine.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(house.url + path, { headers: { cookie } });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};

it('stand small beside their answer, with what is odd about them, their label as text', async () => {
  const { text } = await mine.get(`/desk/dossiers/${dossier.id}`);
  expect(text).toContain(`src="/desk/photos/${ids.first}"`);
  expect(text).toContain('Giấy chứng sinh &lt;b&gt;, ảnh 2');
  expect(text).toContain('ảnh nhỏ, có thể khó đọc');
  expect(text).toContain(`href="/desk/attachments/${ids.pdf}"`);
  expect(text).not.toContain('<b>,');
});

it('are shown as pictures and nothing else, and each look is written down', async () => {
  const { response, bytes } = await bytesOf(`/desk/photos/${ids.first}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toContain('sandbox');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect((await sharp(bytes).metadata()).width).toBe(1200);
  const seen = await house.store.audit.ofSubject(dossier.id, 50);
  expect(seen.map(({ what }) => what)).toContain('view-file');
});

it('a PDF, or what an officer uploaded, is never shown in place of a picture', async () => {
  await keep('d'.repeat(22), await jpeg(10, 10), 'image/jpeg');
  expect((await mine.get(`/desk/photos/${ids.pdf}`)).status).toBe(404);
  expect((await mine.get(`/desk/photos/${'d'.repeat(22)}`)).status).toBe(404);
});

it('are nobody else’s: another agency finds nothing', async () => {
  for (const path of [
    `/desk/photos/${ids.first}`,
    `/desk/attachments/${ids.pdf}`,
    ...['', '.pdf', '.zip'].map((ending) => `/desk/dossiers/${dossier.id}/photos${ending}`),
  ])
    expect([path, (await others.get(path)).status]).toEqual([path, 404]);
});

it('are one PDF: a page a photo and the pages of PDFs, landscape on landscape', async () => {
  const { response, bytes } = await bytesOf(`/desk/dossiers/${dossier.id}/photos.pdf`);
  expect(response.headers.get('content-disposition')).toContain(`${dossier.code}.pdf`);
  const document = await PDFDocument.load(bytes);
  const lies = document.getPages().map((page) => page.getWidth() > page.getHeight());
  expect(lies).toEqual([true, false, false, false]);
});

it('taken along as one file are written down, too', async () => {
  const before = (await house.store.audit.ofSubject(dossier.id, 200)).length;
  await bytesOf(`/desk/dossiers/${dossier.id}/photos.zip`);
  const seen = await house.store.audit.ofSubject(dossier.id, 200);
  expect(seen.slice(0, 1).map(({ what }) => what)).toEqual(['view-file']);
  expect(seen).toHaveLength(before + 1);
});

it('are one ZIP, named after their answers', async () => {
  const { bytes } = await bytesOf(`/desk/dossiers/${dossier.id}/photos.zip`);
  const zip = await JSZip.loadAsync(bytes);
  expect(Object.keys(zip.files)).toEqual([
    '01-Giấy chứng sinh  b , ảnh 1.jpg',
    '02-Giấy chứng sinh  b , ảnh 2.jpg',
    '03-Giấy chứng sinh  b , PDF 3 (2 trang).pdf',
  ]);
  const [first] = Object.values(zip.files);
  expect(await first?.async('nodebuffer')).toEqual(await house.files.get(ids.first));
});

it('of a dossier without photos say so', async () => {
  const bare = await house.send(HOME, {
    answers: ANSWERS,
    people: { ...dossier.people, subject: { name: 'Ai Khác', birth: '1950' } },
  });
  expect((await mine.get(`/desk/dossiers/${bare.id}/photos`)).text).toContain('Hồ sơ này không có ảnh');
  expect((await mine.get(`/desk/dossiers/${bare.id}/photos.pdf`)).status).toBe(404);
});

describe('the same procedure for the same person', () => {
  const subject = { name: 'Trần Minh An', birth: '2026-10-01' };
  const about = (at: number) => ({ at, people: { ...dossier.people, subject } });

  it('shows both: the own with its code, another agency’s by name and day; not those 90 days apart', async () => {
    const here = await house.send(HOME, about(NOON));
    const before = await house.send(HOME, about(NOON - 3 * DAY_MS));
    const there = await house.send(AWAY, about(NOON - 5 * DAY_MS));
    const long = await house.send(HOME, about(NOON - 91 * DAY_MS));
    const { text } = await mine.get(`/desk/dossiers/${here.id}`);
    expect(text).toContain(`/desk/dossiers/${before.id}`);
    expect(text).toContain(`gửi ngày 17/11/2026 đến ${AWAY.name}`);
    for (const hidden of [there.code, long.code]) expect(text).not.toContain(hidden);
    expect((await mine.get(`/desk/dossiers/${before.id}`)).text).toContain(`/desk/dossiers/${here.id}`);
    expect((await mine.get(`/desk/dossiers/${dossier.id}`)).text).not.toContain('Trong 90 ngày có hồ sơ');
  });
});

inBrowser('in a browser', () => {
  let chrome: Chrome;
  beforeAll(async () => void (chrome = await openBrowser()), 60_000);
  afterAll(() => chrome.close());

  it('are turned and enlarged by buttons and keys, without findings', async () => {
    const context = await chrome.newContext({ viewport: { width: 1366, height: 768 } });
    const tab = await context.newPage();
    await tab.goto(`${house.url}/desk`);
    await tab.fill('[name=login]', 'lan');
    await tab.fill('[name=password]', PASSWORD);
    await tab.click('button.go');
    await tab.waitForURL(/\/desk$/);
    await tab.goto(`${house.url}/desk/dossiers/${dossier.id}/photos`);
    const turned = () => tab.evaluate<string>("document.querySelector('.stage img').style.transform");
    const size = () =>
      tab.evaluate<number>(
        "document.querySelector('.stage img').clientWidth / document.querySelector('.stage').clientWidth",
      );
    await tab.getByRole('button', { name: 'Xoay phải' }).first().click();
    expect(await turned()).toBe('rotate(90deg)');
    await tab.locator('.stage').first().focus();
    await tab.keyboard.press('r');
    await tab.keyboard.press('+');
    expect(await turned()).toBe('rotate(180deg)');
    expect(await size()).toBeCloseTo(1.4, 1);
    await tab.keyboard.press('0');
    expect(await turned()).toBe('rotate(0deg)');
    expect(await findings(tab)).toEqual([]);
    if (process.env['SHOTS'] !== undefined) {
      await tab.screenshot({ path: `${process.env['SHOTS']}/desk-photos.png` });
      await tab.goto(`${house.url}/desk/dossiers/${dossier.id}`);
      await tab.screenshot({ path: `${process.env['SHOTS']}/desk-photo-strip.png`, fullPage: true });
    }
  }, 60_000);
});
