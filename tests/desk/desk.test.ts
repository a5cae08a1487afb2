/** The officers' desk through a real server: who may see what, what it looks like, audit. */
import { agencyDoc, ANSWERS, browser, NOON, openHouse, speech } from './house';
import type { Browser, House, Page } from './house';
import { confirm, prepare, search } from './acting';
import { applyRound } from '../../src/app/dossier/track-citizen';
import { voiceOf } from '../../src/app/dossier/dossier-tell';
import { conversationDoc } from '../contract/documents';

const HOME = agencyDoc('mau');
const OTHER = agencyDoc('khac', { communeCode: '00099', name: 'UBND xã Khác' });

let house: House;
let ly: Browser;

beforeEach(async () => {
  house = await openHouse();
  await house.store.agencies.create(HOME);
  await house.store.agencies.create(OTHER);
  await house.hire('ly', HOME);
  ly = browser(house.url);
  await ly.signIn('ly');
});
afterEach(() => house.close());

const audited = async () =>
  (await house.store.audit.last(100)).map(({ what, subject }) => `${what} ${subject ?? ''}`.trim());
const stored = async (id: string) => (await house.store.dossiers.byId(id))!.doc;

describe('the list', () => {
  it('shows the own agency only, with honest counts', async () => {
    const mine = await house.send(HOME);
    const theirs = await house.send(OTHER);
    const page = await ly.get('/desk');
    expect(page.status).toBe(200);
    expect(page.text).toContain(mine.code);
    expect(page.text).not.toContain(theirs.code);
    expect(page.text).toMatch(/Mới, chưa ai nhận<\/span>\s*<strong class="count\s*">1</);
    expect(page.text).toMatch(/Quá hạn<\/span>\s*<strong class="count\s*">0</);
  });

  it.each([
    ['the code', (dossier: { code: string }) => dossier.code.toLowerCase(), true],
    ['a national ID', () => '001190000123', true],
    ['a phone as typed', () => '0912 345 678', true],
    ['a name without diacritics', () => 'nguyen thi vi du', true],
    ['part of a number', () => '00119000', false],
    ['somebody else', () => 'Trần Văn Khác', false],
  ])('finds by %s', async (_, words, found) => {
    const dossier = await house.send(HOME);
    const page = await search(ly, words(dossier));
    expect(page.text.includes(`/desk/dossiers/${dossier.id}`)).toBe(found);
    expect(await audited()).toContain('search');
  });

  it('pages by cursor, each dossier once, every page below 100 kB', async () => {
    for (let n = 0; n < 60; n += 1) await house.send(HOME, { at: NOON + n });
    const seen: string[] = [];
    let path: string | undefined = '/desk?view=new';
    while (path !== undefined) {
      const page: Page = await ly.get(path);
      expect(Buffer.byteLength(page.text)).toBeLessThan(100_000);
      seen.push(
        ...[...page.text.matchAll(/data-row\s+href="\/desk\/dossiers\/(\w+)"/g)].map(([, id]) => id!),
      );
      path = /href="(\/desk\?view=new&(?:amp;)?after=[^"]+)"/.exec(page.text)?.[1]?.replace('&amp;', '&');
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  }, 60_000);

  it('goes to the next dossier by due date, and says so when there is none', async () => {
    const [first, second] = [await house.send(HOME, { at: NOON }), await house.send(HOME, { at: NOON + 1 })];
    expect((await ly.get('/desk/next')).headers.get('location')).toBe(`/desk/dossiers/${first.id}`);
    expect((await ly.get(`/desk/next?after=${first.id}`)).headers.get('location')).toBe(
      `/desk/dossiers/${second.id}`,
    );
    const empty = browser(house.url);
    await house.hire('binh', OTHER);
    await empty.signIn('binh');
    expect((await empty.get('/desk/next')).headers.get('location')).toBe('/desk?nothing=1');
  });

  it('marks a demo agency everywhere', async () => {
    const demo = agencyDoc('thu', { demo: true, communeCode: '00001' });
    await house.store.agencies.create(demo);
    await house.hire('demo', demo);
    const who = browser(house.url);
    await who.signIn('demo');
    const dossier = await house.send(demo);
    const row = (await who.get('/desk')).text.split('<tbody>')[1];
    expect(row).toContain('THỬ');
    expect((await who.get(`/desk/dossiers/${dossier.id}`)).text).toMatch(/<h1>\s*<strong class="demo">THỬ/);
    const preview = await prepare(who, dossier.id, 'receive', { dueOn: '2026-11-26' });
    expect(preview.text).toContain('THỬ – hồ sơ này để làm quen');
  });
});

describe('a dossier', () => {
  it('is seen only through a part of the own agency, and every view is written down first', async () => {
    const theirs = await house.send(OTHER);
    const mine = await house.send(HOME);
    expect((await ly.get(`/desk/dossiers/${theirs.id}`)).status).toBe(404);
    expect((await ly.get('/desk/dossiers/nothing')).status).toBe(404);
    const posted = {
      csrf: (await ly.get('/desk')).field('csrf'),
      act: 'note',
      text: 'x',
      revision: '1',
      part: '1',
      seen: '1',
    };
    expect((await ly.post(`/desk/dossiers/${theirs.id}/act`, posted)).status).toBe(404);
    expect((await ly.get(`/desk/dossiers/${mine.id}`)).status).toBe(200);
    expect(await audited()).toContain(`view-dossier ${mine.id}`);
    expect(await audited()).not.toContain(`view-dossier ${theirs.id}`);
  });

  it('shows answers in the order of the form, facts with dates, times of Vietnam', async () => {
    const dossier = await house.send(HOME);
    const { text } = await ly.get(`/desk/dossiers/${dossier.id}`);
    const places = ANSWERS.map(({ display }) => text.indexOf(`data-value>${display}<`));
    expect(places.every((at) => at > 0)).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(text).toContain('kiểm tra ngày 01/11/2026');
    expect(text).toContain('14:00 22/11/2026');
  });

  it('shows hostile text as text', async () => {
    const evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>';
    const answers = ANSWERS.map((answer) => ({ ...answer, label: evil, display: evil, section: evil }));
    const people = { filer: null, applicant: { name: evil }, subject: { name: evil } };
    const dossier = await house.send(HOME, { answers, people });
    const { path: found } = await search(ly, evil);
    for (const path of ['/desk', `/desk/dossiers/${dossier.id}`, found]) {
      const page = await ly.get(path);
      expect(page.text).toContain('&lt;script&gt;alert(1)');
      expect(page.text).not.toMatch(/<script>|<img/);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
    const preview = await prepare(ly, dossier.id, 'refuse', { reason: evil, law: evil, next: evil });
    expect(preview.text).not.toMatch(/<script>|<img/);
  });

  it('marks what a supplement changed, with the text before', async () => {
    const dossier = await house.send(HOME);
    const asked = { step: 'record.copies', 'why:record.copies': 'ghi nhầm', paper: 'Giấy uỷ quyền' };
    await confirm(ly, dossier.id, await prepare(ly, dossier.id, 'supplement', asked));
    const state = (await house.store.dossiers.byId(dossier.id))!;
    expect(state.doc.status).toBe(5);
    const items = state.doc.parts[0]!.supplement!.items;
    const answers = ANSWERS.map((one) =>
      one.step === 'record.copies' ? { ...one, display: '5', value: 5 } : one,
    );
    const round = {
      kind: 'supplement',
      answers,
      people: dossier.people,
      replies: [{ item: items[1]!.id, reply: 'đã gửi ảnh' }],
      at: NOON + 5,
    } as const;
    const move = { at: NOON + 5, revision: state.revision, voice: voiceOf(speech, null), effect: 'e2' };
    expect(await house.store.dossiers.save(applyRound(state.doc, round, move), state.revision, null)).toBe(
      true,
    );
    const { text } = await ly.get(`/desk/dossiers/${dossier.id}`);
    expect(text).toMatch(/answer changed[\s\S]*data-value>5<[\s\S]*<del>2<\/del>/);
    expect(text).toContain('đã gửi ảnh');
    expect((await ly.get('/desk?view=replied')).text).toContain(dossier.code);
  });
});

describe('forms', () => {
  it.each([
    '/desk',
    '/desk/sign-out',
    '/desk/lang',
    '/desk/dossiers/ID/act',
    '/desk/dossiers/ID/preview',
    '/desk/people/x/reply',
  ])('refuses %s without the secret of the session', async (path) => {
    const dossier = await house.send(HOME);
    const fields = { act: 'note', text: 'x', part: '1', revision: '1', seen: '1' };
    expect((await ly.post(path.replace('ID', dossier.id), fields)).status).toBe(403);
    expect((await ly.post(path.replace('ID', dossier.id), { ...fields, csrf: 'wrong' })).status).toBe(403);
    expect((await stored(dossier.id)).history).toHaveLength(1);
  });

  it('refuses forms that stood elsewhere, whatever they carry', async () => {
    const csrf = (await ly.get('/desk')).field('csrf');
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await ly.post('/desk/lang', { csrf, lang: 'en' }, elsewhere)).status).toBe(403);
    expect((await ly.post('/desk/lang', { csrf, lang: 'en' }, { origin: 'http://evil.test' })).status).toBe(
      403,
    );
    expect((await ly.post('/desk/lang', { csrf, lang: 'en' })).status).toBe(303);
    expect((await ly.get('/desk')).text).toContain('New, nobody');
  });
});

describe('citizens who ask for a person', () => {
  it('shows the talk of the own agency, takes a reply, hands it back', async () => {
    const { conversations, transcripts } = house.store;
    await conversations.create(conversationDoc('talk-1', { agency: HOME.id, helpAt: NOON - 600_000 }), null);
    await conversations.create(conversationDoc('talk-2', { agency: OTHER.id, helpAt: NOON }), null);
    await transcripts.append([
      {
        conversation: 'talk-1',
        seq: 1,
        at: NOON,
        side: 'citizen',
        message: { text: 'Cho tôi <b>hỏi</b>', buttons: [] },
      },
    ]);
    const list = await ly.get('/desk/people');
    expect(list.text).toContain('/desk/people/talk-1');
    expect(list.text).not.toContain('talk-2');
    expect((await ly.get('/desk/people/talk-2')).status).toBe(404);
    const talk = await ly.get('/desk/people/talk-1');
    expect(talk.text).toContain('Cho tôi &lt;b&gt;hỏi');
    const own = { csrf: talk.field('csrf'), nonce: talk.field('nonce') };
    await ly.post('/desk/people/talk-1/reply', { ...own, text: 'Dạ, xin chờ một chút' });
    await ly.post('/desk/people/talk-1/release', own);
    expect(house.said.map(({ to, text }) => [to, text])).toEqual([
      ['talk-1', 'Dạ, xin chờ một chút'],
      ['talk-1', '<release>'],
    ]);
    expect(await audited()).toEqual(
      expect.arrayContaining(['list-people', 'view-talk talk-1', 'reply talk-1', 'release talk-1']),
    );
  });
});
