/** The public pages over HTTP: what is told to whom, and what is not. */
import { request } from 'node:http';
import { maskName, publicStatus } from '../../src/app/dossier/public-status';
import { AppError } from '../../src/errors';
import type { Part } from '../../src/ports/documents';
import { openTries } from '../../src/app/tries';
import { openHouse, somePages, type House } from './web-house';
import { someAudit, someDossier, someProcedures } from './web-samples';

let house: House;
afterEach(() => house.close());

const result: Partial<Part> = {
  status: 9,
  dueOn: '2026-03-17',
  result: { kind: 'file', attachment: 'result-1' },
};
const records: string[] = [];
const lookUps: string[] = [];

async function open(part: Partial<Part> = result, clock = { now: 1_000 }): Promise<void> {
  const dossier = someDossier(part);
  records.length = 0;
  lookUps.length = 0;
  const status = {
    ...somePages().status,
    clock: () => clock.now,
    find: (code: string, four: string) => {
      lookUps.push(`${code} ${four}`);
      return Promise.resolve(code === dossier.code && four === '5678' ? dossier : null);
    },
    byId: (id: string) => Promise.resolve(id === dossier.id ? dossier : null),
    audit: () => Promise.resolve(someAudit),
    record: (id: string, what: string) => Promise.resolve(void records.push(`${id} ${what}`)),
    file: () => Promise.resolve({ name: 'kết quả.html', type: 'text/html', bytes: Buffer.from('<script>') }),
    tries: openTries({ machine: 5, ip: 12, code: 8, house: 100 }),
  };
  const say = somePages().say;
  house = await openHouse({ pages: { procedures: () => someProcedures, status, say } });
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(house.url + path, { headers, redirect: 'manual' });
const text = async (path: string, headers?: Record<string, string>) => (await get(path, headers)).text();

function lookUp(code: string, lastFour: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${house.url}/tra-cuu`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ code, lastFour }),
    redirect: 'manual',
  });
}
const cookieOf = (answer: Response, name: string): string =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** As a browser asks whether what it kept still holds; fetch would add `no-cache`. */
const revalidate = (path: string, etag: string) =>
  new Promise((resolve, reject) => {
    request(house.url + path, { headers: { 'if-none-match': etag } }, (answer) => {
      answer.resume();
      resolve([answer.statusCode, answer.headers['cache-control']]);
    })
      .on('error', reject)
      .end();
  });

describe('looking up a dossier', () => {
  it('takes the code from the QR, asks the second factor, and then shows it without either in the address', async () => {
    await open();
    expect(await text('/tra-cuu?ma=K7M2Q9X4TRW')).toContain('value="K7M2Q9X4TRW"');
    const found = await lookUp('K7M2Q9X4TRW', '5678');
    expect([found.status, found.headers.get('location')]).toEqual([303, '/tra-cuu/ho-so']);
    const page = await get('/tra-cuu/ho-so', { cookie: cookieOf(found, 'tra-cuu') });
    expect(page.headers.get('cache-control')).toBe('no-store');
    const shown = await page.text();
    for (const words of [
      'Đã có kết quả',
      'Nguyễn T. B.',
      '17/03/2026',
      'THỬ',
      'Cán bộ Ủy ban nhân dân phường Mẫu',
    ]) {
      expect(shown).toContain(words);
    }
    for (const secret of ['Thị Bình', '5678', '0912', 'Trần Văn Cán', 'ghi chú nội bộ', 'officer-7']) {
      expect(shown).not.toContain(secret);
    }
    expect(records).toEqual(['dossier-1 view-status']);
  });

  it('says the same to a wrong code and to a right code of somebody else', async () => {
    await open();
    const [unknown, foreign] = await Promise.all([
      lookUp('AAAAAAAAAAA', '5678'),
      lookUp('K7M2Q9X4TRW', '0000'),
    ]);
    expect(unknown.status).toBe(foreign.status);
    const bodies = [await unknown.text(), await foreign.text()];
    expect(bodies[0]!.replace('AAAAAAAAAAA', '')).toBe(bodies[1]!.replace('K7M2Q9X4TRW', ''));
    expect(bodies[0]).toContain('Không mở được hồ sơ');
    expect(records).toEqual([]);
  });

  it('ends after five wrong tries of one machine, sent at once or one by one; right ones do not count', async () => {
    await open();
    const cookie = cookieOf(await get('/tra-cuu'), 'may');
    for (let n = 0; n < 7; n += 1) expect((await lookUp('K7M2Q9X4TRW', '5678', { cookie })).status).toBe(303);
    lookUps.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => lookUp('K7M2Q9X4TRW', `000${n}`, { cookie })),
    );
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(3);
    expect(lookUps).toHaveLength(5);
    expect((await lookUp('K7M2Q9X4TRW', '5678', { cookie })).status).toBe(429);
  });

  it('ends for one code whatever machine asks, and for one address whatever code', async () => {
    await open();
    const machine = (n: number) => ({ cookie: `may=machine-number-${n}` });
    const one = await Promise.all(
      Array.from({ length: 9 }, (_, n) => lookUp('K7M2Q9X4TRW', '0000', machine(n))),
    );
    expect(one.filter((answer) => answer.status === 429)).toHaveLength(1);
    const many = await Promise.all(
      Array.from({ length: 5 }, (_, n) => lookUp(`CODE${n}`, '0000', machine(n + 20))),
    );
    expect(many.filter((answer) => answer.status === 429)).toHaveLength(2);
  });

  it('closes by itself after a quarter of an hour, and at once when asked', async () => {
    const clock = { now: 1_000 };
    await open(result, clock);
    const cookie = cookieOf(await lookUp('K7M2Q9X4TRW', '5678'), 'tra-cuu');
    clock.now += 15 * 60_000 + 1;
    expect(await text('/tra-cuu/ho-so', { cookie })).toContain('đã tự đóng');
    const again = cookieOf(await lookUp('K7M2Q9X4TRW', '5678'), 'tra-cuu');
    await fetch(`${house.url}/tra-cuu/xong`, {
      method: 'POST',
      headers: { cookie: again },
      redirect: 'manual',
    });
    expect(await text('/tra-cuu/ho-so', { cookie: again })).toContain('đã tự đóng');
  });

  it('gives the result as a file that cannot act as a page, and nothing that is not of this dossier', async () => {
    await open();
    expect(await text('/tra-cuu/tep/result-1')).toContain('đã tự đóng');
    const cookie = cookieOf(await lookUp('K7M2Q9X4TRW', '5678'), 'tra-cuu');
    const file = await get('/tra-cuu/tep/result-1', { cookie });
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; .*filename\*=UTF-8''k%E1%BA%BFt%20qu%E1%BA%A3\.html/,
    );
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect((await get('/tra-cuu/tep/other', { cookie })).status).toBe(404);
    expect(records).toEqual(['dossier-1 view-status', 'dossier-1 download-result']);
  });

  it('refuses forms from other sites, and codes that are markup stay text', async () => {
    await open();
    expect((await lookUp('K7M2Q9X4TRW', '5678', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await text(`/tra-cuu?ma=${encodeURIComponent('"><script>alert(1)</script>')}`)).not.toContain(
      '<script>alert',
    );
  });
});

describe('what to do next', () => {
  const cases: readonly [string, Partial<Part>, readonly string[]][] = [
    ['sent', { status: 1 }, ['chờ xem', '12/03/2026', 'chỉ tính từ lúc cán bộ tiếp nhận']],
    [
      'received',
      { status: 2, officialCode: 'H26-260310-0007', dueOn: '2026-03-17' },
      ['H26-260310-0007', '17/03/2026'],
    ],
    [
      'supplement',
      {
        status: 5,
        supplement: {
          at: 1,
          untilOn: '2026-04-01',
          items: [
            { id: 'a', sort: 'paper', text: 'Giấy chứng sinh <bản gốc>', done: false },
            { id: 'b', sort: 'paper', text: 'Đã có rồi', done: true },
          ],
        },
      },
      ['Giấy chứng sinh &lt;bản gốc&gt;', '01/04/2026'],
    ],
    [
      'fee',
      { status: 6, payment: { amount: 8000, how: 'Nộp tại quầy.' } },
      ['8.000 đồng', 'Nộp tại quầy.', 'tài khoản cá nhân'],
    ],
    [
      'refused',
      {
        status: 3,
        refusal: { reason: 'Sai nơi nộp.', law: 'Điều 13 Luật Hộ tịch', next: 'Nộp ở nơi cư trú.' },
      },
      ['Sai nơi nộp.', 'Điều 13', 'Nộp ở nơi cư trú.'],
    ],
    [
      'pick up',
      { status: 9, result: { kind: 'pick-up', place: 'Quầy số 3', hours: '7:30–17:00' } },
      ['Quầy số 3', '7:30–17:00'],
    ],
    ['withdrawing', { status: 4, withdrawAsked: { at: 1, reason: 'x' } }, ['chờ cán bộ xác nhận']],
    ['withdrawn', { status: 7, withdrawAsked: { at: 1, reason: 'x' } }, ['Hồ sơ đã rút']],
    ['stopped', { status: 8 }, ['hỏi cán bộ nơi nhận']],
  ];
  it.each(cases)('%s', async (_, part, words) => {
    await open(part);
    const cookie = cookieOf(await lookUp('K7M2Q9X4TRW', '5678'), 'tra-cuu');
    const page = await text('/tra-cuu/ho-so', { cookie });
    for (const word of words) expect(page).toContain(word);
    expect(page).not.toMatch(/pages\.|\{\{|undefined|Đã có rồi/);
  });

  it('tells steps that moved the dossier or were the citizen’s, and views newest first, the house itself left out', async () => {
    await open();
    const status = publicStatus(someDossier(result), [...someAudit].reverse());
    expect(status.steps.map((step) => [step.event, step.status])).toEqual([
      ['sent', 1],
      [null, 2],
      ['corrected', 2],
      [null, 9],
    ]);
    expect(status.views.map((view) => [view.role, view.act])).toEqual([
      ['citizen', 'view'],
      ['officer', 'change'],
      ['officer', 'view'],
    ]);
    expect(['Nguyễn Thị Bình', 'Y', ' Đỗ  Ánh ', ''].map(maskName)).toEqual([
      'Nguyễn T. B.',
      'Y',
      'Đỗ Á.',
      '',
    ]);
  });
});

describe('pages', () => {
  it('show a procedure with its facts and the way into the chat', async () => {
    await open();
    const page = await text('/thu-tuc/khai-sinh');
    for (const words of [
      '1.001193',
      'Giấy chứng sinh',
      'hộ nghèo',
      '60/2014/QH13',
      '21/11/2026',
      'href="/?thu-tuc=khai-sinh"',
    ]) {
      expect(page).toContain(words);
    }
  });

  it.each(['/', '/thu-tuc', '/thu-tuc/khai-sinh', '/tra-cuu', '/quyen-rieng-tu', '/nowhere'])(
    '%s says everything in both languages, under a policy without inline scripts',
    async (path) => {
      await open();
      for (const lang of ['vi', 'en']) {
        const answer = await get(`${path}?lang=${lang}`);
        const page = await answer.text();
        expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
        expect(page).toContain(`<html lang="${lang}">`);
        expect(page).not.toMatch(/pages\.[a-z]|\{\{|undefined|\[object/);
        expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=/i);
      }
    },
  );

  it('remember the chosen language', async () => {
    await open();
    const cookie = cookieOf(await get('/thu-tuc?lang=en'), 'lang');
    expect(await text('/quyen-rieng-tu', { cookie })).toContain('<html lang="en">');
  });

  it('say in plain words what went wrong, and where to go', async () => {
    await open();
    const missing = await get('/thu-tuc/khong-co');
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain('href="/thu-tuc"');
    expect((await get('/thu-tuc/%E0%A4%A')).status).toBe(400);
  });

  it('say to wait when the store is away, though the page itself would have asked it', async () => {
    const away = () => Promise.reject(new AppError('store-unavailable', 'away'));
    house = await openHouse({ pages: { service: away } });
    const answer = await get('/');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('Dịch vụ đang bận');
  });

  it('bring their scripts and styles, kept for a year at an address that changes with them', async () => {
    await open();
    const page = await text('/');
    const paths = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
    expect(paths.length).toBeGreaterThanOrEqual(5);
    for (const path of paths) {
      const answer = await get(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([
        path,
        200,
        'public, max-age=31536000, immutable',
      ]);
      expect(await revalidate(path.split('?')[0]!, answer.headers.get('etag')!)).toEqual([304, 'no-cache']);
    }
    expect((await get('/assets/../package.json')).status).toBe(404);
    expect((await get('/assets/%2e%2e%2fpackage.json')).status).toBe(404);
    expect(await text('/robots.txt')).toContain('Disallow: /tra-cuu');
    expect((await get('/favicon.ico')).status).toBe(302);
  });
});
