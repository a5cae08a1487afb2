/** Hostile names, heads and bodies of what is uploaded: a citizen's photos, an officer's result, an agency's own form. */
import { randomBytes } from 'node:crypto';
import JSZip from 'jszip';
import sharp from 'sharp';
import { keepUpload } from '../../src/desk/upload';
import { browser, type Browser } from '../desk/house';
import { HOSTILE, named } from '../hostile-words';
import { filerOf, openWholeHouse, type Filer, type OpenHouse } from './hostile-house';

jest.setTimeout(90_000);

let house: OpenHouse;
let boss: Browser;
beforeAll(async () => {
  house = await openWholeHouse();
  boss = browser(house.url);
  await boss.signIn(house.login, house.password);
});
afterAll(() => house.close());

const asides = () => house.rig.house.store.slips.count('set-aside');
/** What a page shows, as words. */
const unescaped = (html: string): string =>
  html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

const picture = (n: number) =>
  sharp({ create: { width: 900 + n, height: 700, channels: 3, background: '#eee' } })
    .jpeg()
    .toBuffer();

describe('a photo', () => {
  let filer: Filer;
  async function send(bytes: Buffer, headers: Record<string, string>): Promise<Response> {
    return fetch(`${house.url}/chat/photo`, {
      method: 'POST',
      headers: {
        cookie: `chat=${filer.chat}`,
        'content-type': 'application/octet-stream',
        'x-message-id': randomBytes(8).toString('hex'),
        ...headers,
      },
      body: new Uint8Array(bytes),
    });
  }
  beforeAll(async () => {
    filer = filerOf(house);
    for (const words of [
      'đăng ký khai sinh',
      '1',
      '1',
      '1',
      'đồng ý',
      'mẹ',
      'đã kết hôn',
      'Nguyễn Minh An',
      '1/11/2026',
    ])
      await filer.say(words);
    for (const words of ['gái', 'Bệnh viện Phụ sản', 'Kinh', '1']) await filer.say(words);
  });

  it.each(
    [
      'a%0D%0ASet-Cookie:%20chat=x%0D%0A%0D%0A<script>.jpg',
      encodeURIComponent('\u202Egpj.exe'),
      encodeURIComponent('ế'.repeat(1_000)),
      'x'.repeat(10_000),
      '%',
      '%E0%A4%A',
      '%00%00',
      '..%2F..%2Fetc%2Fpasswd',
      '%F0%9F%98%80'.repeat(120),
      `=cmd|' /C calc'!A0`,
      '{{you}} $t(bot.hello)',
      '__proto__',
    ].map((name) => [named(name), name]),
  )('called %s is taken like any other', async (_, name) => {
    const response = await send(await picture(name.length % 97), { 'x-file-name': name });
    expect([response.status, response.headers.get('set-cookie'), await response.text()]).toEqual([
      200,
      null,
      '{}',
    ]);
    await house.rig.quiet();
    expect((await filer.talk()).at(-1)!.text).not.toMatch(/passwd|calc|SCRIPT|bot\.hello|\u202E/i);
    expect(await asides()).toBe(0);
    await filer.take({ type: 'text', text: 'bỏ ảnh 1' });
  });

  it.each<[string, Record<string, string>, number]>([
    ['an id of another form', { 'x-message-id': '../../x' }, 400],
    ['an id of 10,000 letters', { 'x-message-id': 'a'.repeat(10_000) }, 400],
    ['another type', { 'content-type': 'text/html' }, 400],
    ['no chat', { cookie: 'chat=<script>' }, 401],
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ])('with %s is refused, and nothing is kept', async (_name, headers, status) => {
    const before = await house.rig.house.store.slips.count('incoming');
    expect((await send(await picture(1), headers)).status).toBe(status);
    expect(await house.rig.house.store.slips.count('incoming')).toBe(before);
  });
});

describe('an officer’s file', () => {
  it('keeps a harmless name whatever it was called, and can be had again', async () => {
    const filer = filerOf(house);
    const answers = { 'opening.forWhom': 'Giấy của tôi', oldCopy: 'bỏ qua' };
    const { id } = await filer.file('trich-luc-ho-tich', 'xin trích lục khai sinh', answers);
    const { attachments } = house.rig.house.store;
    const deps = { ...house.rig.house, universe: house.rig.universe } as unknown as Parameters<
      typeof keepUpload
    >[0];
    const names = [
      ...HOSTILE,
      `${'a'.repeat(79)}😀.pdf`,
      '😀'.repeat(60),
      'a";\r\nSet-Cookie: x=y;".pdf',
      'CON.pdf',
      '.pdf',
    ];
    for (const name of names) {
      const kept = await keepUpload(deps, id, { name, bytes: Buffer.from('%PDF-1.4 x') });
      expect(kept.name).toMatch(/^[^\p{Cc}\p{Cs}\\/:*?"<>|\u202A-\u202E\u2066-\u2069]{1,84}\.pdf$/u);
      const page = await boss.get(`/desk/attachments/${kept.id}`);
      expect([name.slice(0, 30), page.status]).toEqual([name.slice(0, 30), 200]);
      expect(page.headers.get('content-disposition')).toMatch(/^attachment; filename=/);
      expect(page.headers.get('set-cookie')).toBeNull();
      expect((await attachments.get(kept.id))?.name).toBe(kept.name);
    }
  });
});

describe('an agency’s own form', () => {
  /** Our layout with one line more in its body. */
  async function formWith(line: string): Promise<Blob> {
    const cookie = [...boss.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const ours = await fetch(`${house.url}/desk/forms/trich-luc-ho-tich/template.docx`, {
      headers: { cookie },
    });
    const zip = await JSZip.loadAsync(await ours.arrayBuffer());
    const xml = (await zip.file('word/document.xml')?.async('string')) ?? '';
    const escaped = line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    const body = xml.replace('<w:body>', () => `<w:body><w:p><w:r><w:t>${escaped}</w:t></w:r></w:p>`);
    zip.file('word/document.xml', body);
    return new Blob([await zip.generateAsync({ type: 'arraybuffer' })]);
  }
  async function upload(line: string, name = 'mẫu.docx') {
    const body = new FormData();
    body.set('csrf', (await boss.get('/desk/forms')).field('csrf'));
    body.set('procedure', 'trich-luc-ho-tich');
    body.set('upload', await formWith(line), name);
    return boss.post('/desk/forms/upload', body);
  }

  it.each(
    [
      '{__proto__} {constructor} {toString}',
      '{<img src=x onerror=alert(1)>}',
      '{"><script>alert(1)</script>}',
      '{\u202Ex} {ế😀}',
      `{${'a'.repeat(5_000)}}`,
      '{{you}} {{{x}}} }{',
      '{#applicant.name}x{/applicant.name}',
      '{applicant.name | upper} {a b} {}',
      "{=cmd|' /C calc'!A0}",
      '{@rawXml} {%image%}',
    ].map((line) => [named(line), line]),
  )('with %s is refused with a sentence, or its cells are told as words and stay blank', async (_, line) => {
    const page = await upload(line);
    expect([303, 422]).toContain(page.status);
    const { text } = await boss.get('/desk/forms');
    for (const html of [page.text, text])
      expect(html).not.toMatch(/<img src=x|<script>alert|undefined|\[object/);
    if (page.status === 422) return;
    expect(page.headers.get('location')).toBe('/desk/forms?done=kept');
    const { state } = (await house.rig.house.store.dossiers.list({ agency: 'demo', limit: 1 }))[0]!;
    const filled = await boss.get(`/desk/dossiers/${state.doc.id}/form.docx`);
    expect(filled.status).toBe(200);
    expect(text).not.toMatch(/native code/);
  });

  it.each(
    [
      '<b>mẫu</b>.docx',
      '\u202Excod.exe',
      `=cmd|' /C calc'!A0.docx`,
      `${'a'.repeat(79)}😀.docx`,
      '{{you}}.docx',
    ].map((name) => [named(name), name]),
  )('called %s is named as words', async (_, name) => {
    expect((await upload('Mẫu của xã', name)).status).toBe(303);
    const { text } = await boss.get('/desk/forms');
    expect(text).not.toContain('<b>mẫu');
    expect(text).not.toMatch(/[\p{Cs}\u202E\uFFFD]/u);
    expect(unescaped(text)).toContain(
      name
        .replace(/[<>/|\u202E]/g, ' ')
        .trim()
        .slice(0, 40)
        .trim(),
    );
  });
});
