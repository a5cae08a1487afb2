/** Declarations at the desk: filled for the own agency, and an administrator's own DOCX with its unmatched cells told. */
import JSZip from 'jszip';
import type { Dossier } from '../../src/ports/documents';
import { agencyDoc, browser, openHouse } from './house';
import type { Browser, House } from './house';

const HOME = agencyDoc('nha');
const AWAY = agencyDoc('xa');

let house: House;
let dossier: Dossier;
let boss: Browser;
let others: Browser;

beforeAll(async () => {
  house = await openHouse();
  for (const agency of [HOME, AWAY]) await house.store.agencies.create(agency);
  await house.hire('sep', HOME, 'admin');
  await house.hire('xa', AWAY);
  dossier = await house.send(HOME);
  boss = browser(house.url);
  await boss.signIn('sep');
  others = browser(house.url);
  await others.signIn('xa');
});
afterAll(() => house.close());

async function bytesOf(path: string): Promise<{ status: number; bytes: Buffer; name: string }> {
  const cookie = [...boss.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(house.url + path, { headers: { cookie } });
  const name = response.headers.get('content-disposition') ?? '';
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), name };
}

const xmlOf = async (docx: Buffer) =>
  (await (await JSZip.loadAsync(docx)).file('word/document.xml')?.async('string')) ?? '';
const form = (ending: string) => `/desk/dossiers/${dossier.id}/form.${ending}`;

/** The layout of ours with other words in its body: what an agency would make of it. */
async function changed(change: (xml: string) => string, extra: Record<string, string> = {}): Promise<Buffer> {
  const zip = await JSZip.loadAsync((await bytesOf('/desk/forms/trich-luc-ho-tich/template.docx')).bytes);
  const xml = (await zip.file('word/document.xml')?.async('string')) ?? '';
  zip.file('word/document.xml', change(xml));
  for (const [name, text] of Object.entries(extra)) zip.file(name, text);
  return zip.generateAsync({ type: 'nodebuffer' });
}

async function upload(bytes: Buffer, name = 'mẫu của xã.docx') {
  const page = await boss.get('/desk/forms');
  const body = new FormData();
  body.set('csrf', page.field('csrf'));
  body.set('procedure', 'trich-luc-ho-tich');
  body.set('upload', new Blob([new Uint8Array(bytes)]), name);
  return boss.post('/desk/forms/upload', body);
}

it('is filled from the dossier, as PDF and as DOCX, and each look is written down', async () => {
  const { text } = await boss.get(`/desk/dossiers/${dossier.id}`);
  expect(text).toContain(form('pdf'));
  const pdf = await bytesOf(form('pdf'));
  expect([pdf.status, pdf.bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
  expect(pdf.name).toContain(`${dossier.code}.pdf`);
  const xml = await xmlOf((await bytesOf(form('docx'))).bytes);
  expect(xml.replace(/<[^>]+>/g, '')).toMatch(/nguyễn thị ví dụ/i);
  expect(xml).not.toMatch(/\{[a-z]/);
  const seen = await house.store.audit.ofSubject(dossier.id, 50);
  expect(seen.filter(({ what }) => what === 'view-form')).toHaveLength(2);
});

it('of another agency is not found, and its administration is for administrators', async () => {
  expect((await others.get(form('pdf'))).status).toBe(404);
  expect((await others.get('/desk/forms')).status).toBe(403);
});

it('an own DOCX is used once it is checked; cells that do not agree are listed both ways; and it can be taken back', async () => {
  const bytes = await changed((xml) => xml.replace(/\{applicant\.name\}/g, 'XIN CHÀO {applicant.nmae}'));
  expect((await upload(bytes)).headers.get('location')).toBe('/desk/forms?done=kept');
  const { text } = await boss.get('/desk/forms?done=kept');
  expect(text).toContain('mẫu của xã.docx');
  expect(text).toMatch(/không được in:[^§]*\{applicant\.name\}/);
  expect(text).toMatch(/sẽ để trống:[^§]*\{applicant\.nmae\}/);
  const xml = await xmlOf((await bytesOf(form('docx'))).bytes);
  expect(xml).toContain('XIN CHÀO');
  expect(xml).not.toContain('{applicant');
  const removed = await boss.post('/desk/forms/remove', {
    csrf: (await boss.get('/desk/forms')).field('csrf'),
    procedure: 'trich-luc-ho-tich',
  });
  expect(removed.headers.get('location')).toBe('/desk/forms?done=removed');
  expect(await xmlOf((await bytesOf(form('docx'))).bytes)).not.toContain('XIN CHÀO');
});

it.each<[string, () => Promise<Buffer>, RegExp]>([
  ['no DOCX', () => Promise.resolve(Buffer.from('xin chào')), /không phải tệp DOCX/],
  ['over 5 MB', () => Promise.resolve(Buffer.alloc(5 * 1024 * 1024 + 1)), /quá 5 MB/],
  ['macros', () => changed((xml) => xml, { 'word/vbaProject.bin': 'x' }), /macro/],
  [
    'a broken cell',
    () => changed((xml) => xml.replace('{applicant.name}', '{applicant.name')),
    /viết chưa đúng/,
  ],
])('%s is refused with what to do, and nothing changes', async (_name, bytes, said) => {
  const page = await upload(await bytes());
  expect(page.status).toBe(422);
  expect(page.text).toMatch(said);
  expect(page.text).toContain('Đang dùng mẫu dựng sẵn');
});
