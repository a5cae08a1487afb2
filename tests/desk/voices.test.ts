/** Spoken notes at the desk, and citizens who cannot be told: who hears what, what is written down, what an officer sees. */
import { randomBytes } from 'node:crypto';
import type { Browser as Chrome } from 'playwright-core';
import { withReach } from '../../src/app/dossier/not-told';
import type { Attachment, Dossier, TranscriptRow } from '../../src/ports/documents';
import { conversationDoc } from '../contract/documents';
import { axeFindings as findings, inBrowser, openBrowser } from '../browser';
import { agencyDoc, browser, NOON, openHouse, PASSWORD } from './house';
import type { Browser, House } from './house';

const HOME = agencyDoc('nha');
const AWAY = agencyDoc('xa');
const MINUTE_MS = 60_000;
const OGG = Buffer.concat([Buffer.from('OggS'), randomBytes(2_000)]);
const ids = { filed: 'v'.repeat(22), asked: 'w'.repeat(22), early: 'x'.repeat(22) };

let house: House;
let dossier: Dossier;
let mine: Browser;
let others: Browser;

async function keep(id: string, owner: string): Promise<void> {
  await house.files.put(id, OGG);
  const note: Attachment = {
    ...{ id, owner, state: 'ok', name: 'loi-nhan-thoai.ogg', type: 'audio/ogg', bytes: OGG.length },
    ...{ fileKey: id, at: NOON, seconds: 65 },
  };
  await house.store.attachments.put(note);
}

const spoken = (seq: number, at: number, voice: string): TranscriptRow => ({
  ...{ conversation: 'talk-v', seq, at, side: 'citizen' as const, voice },
  message: { text: '🎤 Lời nhắn thoại (65 giây)', buttons: [] },
});

beforeAll(async () => {
  house = await openHouse();
  for (const agency of [HOME, AWAY]) await house.store.agencies.create(agency);
  await house.hire('lan', HOME);
  await house.hire('xa', AWAY);
  dossier = await house.send(HOME);
  await keep(ids.filed, dossier.id);
  const waiting = { agency: HOME.id, helpAt: NOON };
  await house.store.conversations.create(conversationDoc('talk-v', waiting), null);
  await keep(ids.asked, 'talk-v');
  await keep(ids.early, 'talk-v');
  await house.store.transcripts.append([
    spoken(1, NOON - 60 * MINUTE_MS, ids.early),
    spoken(2, NOON - MINUTE_MS, ids.asked),
  ]);
  mine = browser(house.url);
  await mine.signIn('lan');
  others = browser(house.url);
  await others.signIn('xa');
});
afterAll(() => house.close());

const get = async (path: string) => {
  const cookie = [...mine.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(house.url + path, { headers: { cookie } });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};
const audited = async (subject: string) =>
  (await house.store.audit.ofSubject(subject, 50)).map(({ what }) => what);

describe('spoken notes', () => {
  it('of a filing stand on the page of its dossier, with length and time, to hear and to save', async () => {
    const { text, headers } = await mine.get(`/desk/dossiers/${dossier.id}`);
    expect(text).toContain('Lời nhắn thoại');
    expect(text).toMatch(/22\/11\/2026.*, dài 1:05/);
    expect(text).toContain(`<audio controls preload="none" src="/desk/attachments/${ids.filed}"`);
    expect(text).toContain(`href="/desk/attachments/${ids.filed}" download="loi-nhan-thoai.ogg"`);
    expect(headers.get('content-security-policy')).toContain("media-src 'self'");
    expect(await audited(dossier.id)).not.toContain('view-file');
  });

  it.each([
    ['a dossier', () => `/desk/attachments/${ids.filed}`, () => dossier.id],
    ['a talk', () => `/desk/people/talk-v/voices/${ids.asked}`, () => 'talk-v'],
  ])(
    'of %s are served as sound and nothing else, and each hearing is written down',
    async (_of, path, subject) => {
      const { response, bytes } = await get(path());
      expect(response.status).toBe(200);
      expect(bytes).toEqual(OGG);
      expect(response.headers.get('content-type')).toBe('audio/ogg');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
      expect(response.headers.get('content-disposition')).toBe('attachment; filename=loi-nhan-thoai.ogg');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await audited(subject())).toContain('view-file');
    },
  );

  it('of a talk are heard as far as the talk may be read', async () => {
    const { text } = await mine.get('/desk/people/talk-v');
    expect(text).toContain(`/desk/people/talk-v/voices/${ids.asked}`);
    expect(text).not.toContain(ids.early);
    expect((await get(`/desk/people/talk-v/voices/${ids.early}`)).response.status).toBe(404);
    expect((await get(`/desk/people/talk-v/voices/${ids.filed}`)).response.status).toBe(404);
    expect((await get(`/desk/attachments/${ids.asked}`)).response.status).toBe(404);
  });

  it('stand beside photos that came while an officer had the talk: small, large, and a PDF to save', async () => {
    const photo = async (id: string, type: string): Promise<void> => {
      await house.files.put(id, Buffer.from(id));
      const more = { state: 'ok' as const, name: '', bytes: 22, fileKey: id, at: NOON, pages: 1 };
      await house.store.attachments.put({ id, owner: 'talk-v', type, ...more });
    };
    const [shot, paper, gone] = ['a', 'b', 'c'].map((one) => one.repeat(22)) as [string, string, string];
    await photo(shot, 'image/jpeg');
    await photo(paper, 'application/pdf');
    const line = { ...spoken(3, NOON, 'no-note'), photos: [shot, paper, gone] };
    await house.store.transcripts.append([line]);
    const { text } = await mine.get('/desk/people/talk-v');
    const at = (id: string) => `/desk/people/talk-v/photos/${id}`;
    expect(text).toMatch(new RegExp(`href="${at(shot)}"[^]*src="${at(shot)}"[^]*alt="Ảnh 1"`));
    expect(text).toMatch(new RegExp(`href="${at(paper)}">PDF 2<`));
    expect(text).toContain('Ảnh 3 không xem được');
    const { response, bytes } = await get(at(shot));
    expect([response.headers.get('content-type'), bytes.toString()]).toEqual(['image/jpeg', shot]);
    expect((await get(at(paper))).response.headers.get('content-disposition')).toMatch(
      /^attachment.*giay-to\.pdf/,
    );
    expect((await get(at(gone))).response.status).toBe(404);
    expect((await others.get(at(shot))).status).toBe(404);
  });

  it('are nobody else’s: another agency finds nothing', async () => {
    for (const path of [`/desk/attachments/${ids.filed}`, `/desk/people/talk-v/voices/${ids.asked}`])
      expect([path, (await others.get(path)).status]).toEqual([path, 404]);
  });

  it.each(['/desk', '/desk/people', '/desk/sign-in'])('are played on no other page: %s', async (path) => {
    expect((await mine.get(path)).headers.get('content-security-policy')).toContain("media-src 'none'");
  });
});

describe('a citizen who cannot be told', () => {
  const since = NOON - 3_600_000;
  let silent: Dossier;

  beforeAll(async () => {
    silent = await house.send(HOME);
    const state = (await house.store.dossiers.byId(silent.id))!;
    const after = withReach(state.doc, 'missed', 'Đã tiếp nhận hồ sơ.', NOON);
    await house.store.dossiers.save(after, state.revision, null);
    const left = { unreachableSince: since, agency: HOME.id, helpAt: NOON };
    await house.store.conversations.create(conversationDoc(silent.conversation, left), null);
  });

  it('is named on top of the dossier, with the phone to call; the list has a flag', async () => {
    const { text } = await mine.get(`/desk/dossiers/${silent.id}`);
    expect(text).toMatch(/Chưa báo được cho người dân từ .*22\/11/);
    expect(text).toMatch(/xin gọi\s*<span class="number">0912345678<\/span>/);
    expect(text).toContain('Tin chưa đến được dân');
    const list = await mine.get('/desk');
    expect(list.text.match(/<span class="flag">Chưa báo được dân<\/span>/g)).toHaveLength(1);
  });

  it('is named in the talk, where an answer would be lost', async () => {
    const { text } = await mine.get(`/desk/people/${silent.conversation}`);
    expect(text).toContain('Tin nhắn viết ở đây không đến được họ');
  });

  it('is told nothing by an officer either: the very words are marked', async () => {
    const talk = (await house.store.conversations.byId(silent.conversation))!;
    const missed = { ...talk.doc, missedWords: [{ seq: 8, text: 'Mời bác ra quầy.' }] };
    await house.store.conversations.save(missed, talk.revision, null);
    const row = { conversation: silent.conversation, at: NOON, side: 'officer' as const };
    await house.store.transcripts.append([
      { ...row, seq: 7, message: { text: 'Chào bác.', buttons: [] } },
      { ...row, seq: 8, message: { text: 'Mời bác ra quầy.', buttons: [] } },
    ]);
    const { text } = await mine.get(`/desk/people/${silent.conversation}`);
    expect(text.match(/Chưa báo được, sẽ gửi lại/g)).toHaveLength(1);
    expect(text).toMatch(/Mời bác ra quầy\.[^]*Chưa báo được, sẽ gửi lại/);
  });

  it('is named no more when they are back', async () => {
    const talk = (await house.store.conversations.byId(silent.conversation))!;
    await house.store.conversations.save({ ...talk.doc, unreachableSince: null }, talk.revision, null);
    const state = (await house.store.dossiers.byId(silent.id))!;
    await house.store.dossiers.save(withReach(state.doc, 'later', 'x', NOON + 1), state.revision, null);
    const { text } = await mine.get(`/desk/dossiers/${silent.id}`);
    expect(text).not.toContain('Chưa báo được cho người dân từ');
    expect(text).toContain('Người dân đã trở lại và đã được báo');
    expect((await mine.get('/desk')).text).not.toContain('Chưa báo được dân');
  });
});

inBrowser('in a browser', () => {
  let chrome: Chrome;
  beforeAll(async () => void (chrome = await openBrowser()), 60_000);
  afterAll(() => chrome.close());

  it('a note is fetched when it is played, within the policy of the page, without findings', async () => {
    const context = await chrome.newContext({ viewport: { width: 1366, height: 768 } });
    const tab = await context.newPage();
    await tab.goto(`${house.url}/desk`);
    await tab.fill('[name=login]', 'lan');
    await tab.fill('[name=password]', PASSWORD);
    await tab.click('button.go');
    await tab.waitForURL(/\/desk$/);
    for (const [path, url] of [
      [`/desk/dossiers/${dossier.id}`, `/desk/attachments/${ids.filed}`],
      ['/desk/people/talk-v', `/desk/people/talk-v/voices/${ids.asked}`],
    ] as const) {
      const asked: string[] = [];
      tab.on('request', (request) => void asked.push(new URL(request.url()).pathname));
      await tab.goto(house.url + path);
      expect(asked).not.toContain(url);
      const heard = tab.waitForResponse((response) => response.url().endsWith(url));
      await tab.evaluate("document.querySelector('audio').play().catch(() => undefined)");
      expect((await heard).ok()).toBe(true);
      expect(await findings(tab)).toEqual([]);
      if (process.env['SHOTS'] !== undefined)
        await tab.screenshot({
          path: `${process.env['SHOTS']}/desk-voice-${path.includes('people') ? 'talk' : 'dossier'}.png`,
        });
      tab.removeAllListeners('request');
    }
  }, 60_000);
});
