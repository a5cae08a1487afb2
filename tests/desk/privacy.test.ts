/** What an officer's screen and address bar give away: searches stay out of addresses, talks show what is for this agency. */
import type { Consent } from '../../src/ports/documents';
import { conversationDoc } from '../contract/documents';
import { search } from './acting';
import { agencyDoc, browser, NOON, openHouse } from './house';
import type { Browser, House, Page } from './house';

const HOME = agencyDoc('mau');
const OTHER = agencyDoc('khac', { communeCode: '00099', name: 'UBND xã Khác' });
const MINUTE = 60_000;
const OVER = 'Lần tìm này không còn nữa';

let house: House;
let ly: Browser;

async function officer(login: string, agency = HOME): Promise<Browser> {
  await house.hire(login, agency);
  const who = browser(house.url);
  await who.signIn(login);
  return who;
}

beforeEach(async () => {
  house = await openHouse();
  await house.store.agencies.create(HOME);
  await house.store.agencies.create(OTHER);
  ly = await officer('ly');
});
afterEach(() => house.close());

const addressesIn = ({ text }: Page) =>
  [...text.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, address]) => address!.replaceAll('&amp;', '&'));
const rowsIn = ({ text }: Page) =>
  [...text.matchAll(/data-row\s+href="\/desk\/dossiers\/(\w+)"/g)].map(([, id]) => id!);

describe('a search', () => {
  it('keeps what was typed out of every address, through all pages of results', async () => {
    for (let n = 0; n < 30; n += 1) await house.send(HOME, { at: NOON + n });
    const first = await search(ly, '001190000123');
    expect(first.path).toMatch(/^\/desk\?tim=[\w-]{20,}$/);
    expect(first.text).toContain('Tìm “001190000123”');
    const more = addressesIn(first).find((address) => address.includes('after='))!;
    const second = await ly.get(more);
    expect(second.text).toContain('Tìm “001190000123”');
    expect(new Set([...rowsIn(first), ...rowsIn(second)]).size).toBe(30);
    expect([...addressesIn(first), ...addressesIn(second)].join(' ')).not.toContain('001190000123');
    const audited = (await house.store.audit.last(100)).filter(({ what }) => what === 'search');
    expect(audited.map(({ subject }) => subject)).toEqual([null, null]);
  }, 30_000);

  it('comes back after signing in again, by its slip alone', async () => {
    const dossier = await house.send(HOME);
    const { path } = await search(ly, '0912 345 678');
    const stranger = browser(house.url);
    const away = (await stranger.get(path)).headers.get('location') ?? '';
    expect(away).toBe(`/desk/sign-in?next=${encodeURIComponent(path)}`);
    expect(rowsIn(await ly.get(path))).toEqual([dossier.id]);
  });

  it('is over after an hour', async () => {
    const dossier = await house.send(HOME);
    const { path } = await search(ly, dossier.code);
    house.clock.now += 59 * MINUTE;
    await ly.signIn('ly');
    expect((await ly.get(path)).text).not.toContain(OVER);
    house.clock.now += MINUTE;
    const page = await ly.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain(OVER);
    expect(page.text).toContain('id="find"');
    expect(page.text).not.toContain(`value="${dossier.code}"`);
  });

  it.each([
    ['a colleague', HOME],
    ['an officer of another agency', OTHER],
  ])('shows %s nothing of it', async (_, agency) => {
    const { path } = await search(ly, '001190000123');
    const page = await (await officer('binh', agency)).get(path);
    expect(page.text).toContain(OVER);
    expect(page.text).not.toContain('001190000123');
  });

  it('of nothing is the list', async () => {
    expect((await search(ly, '  ')).path).toBe('/desk');
  });
});

describe('a talk', () => {
  const agreed = (id: string, minutesAgo: number, more: Partial<Consent> = {}): Consent => ({
    id,
    conversation: 'talk',
    purpose: 'file',
    agency: HOME.id,
    procedure: 'trich-luc-ho-tich',
    by: 'applicant',
    textKey: 'consent.ask',
    textHash: 'a'.repeat(64),
    agreed: true,
    at: NOON - minutesAgo * MINUTE,
    withdrawnAt: null,
    ...more,
  });

  /** A line every five minutes of the last two hours, named by its age; which ages does the officer read? */
  async function agesRead(consents: readonly Consent[], helpMinutesAgo: number): Promise<readonly number[]> {
    const { conversations, transcripts, consents: kept } = house.store;
    const helpAt = NOON - helpMinutesAgo * MINUTE;
    await conversations.create(conversationDoc('talk', { agency: HOME.id, helpAt }), null);
    const ages = Array.from({ length: 24 }, (_, index) => 120 - index * 5);
    await transcripts.append(
      ages.map((age, index) => ({
        conversation: 'talk',
        seq: index + 1,
        at: NOON - age * MINUTE,
        side: 'citizen',
        message: { text: `lời cách ${age} phút`, buttons: [] },
      })),
    );
    for (const consent of consents) await kept.append(consent);
    const { text } = await ly.get('/desk/people/talk');
    return [...text.matchAll(/lời cách (\d+) phút/g)].map(([, age]) => Number(age));
  }

  it.each([
    ['ten minutes before asking, without a filing here', [], 20, 30],
    ['the filing here, when it came before asking', [agreed('a', 60)], 20, 60],
    ['the latest filing here', [agreed('a', 90), agreed('b', 40)], 20, 40],
    ['asking, when the filing came after', [agreed('a', 10)], 20, 20],
    ['no filing with another agency', [agreed('a', 90, { agency: OTHER.id })], 20, 30],
    ['no filing that was declined', [agreed('a', 90, { agreed: false })], 20, 30],
  ] as const)('is read from %s', async (_, consents, helpMinutesAgo, oldest) => {
    const ages = await agesRead(consents, helpMinutesAgo);
    expect(ages).toEqual(Array.from({ length: oldest / 5 }, (__, index) => oldest - index * 5));
  });

  it.each([
    ['nobody waits any more', { agency: HOME.id, mode: 'officer', helpAt: null }],
    ['it waits for another agency', { agency: OTHER.id, mode: 'bot', helpAt: NOON }],
    ['it waits for no agency', { agency: null, mode: 'bot', helpAt: NOON }],
  ] as const)('is closed once %s', async (_, state) => {
    await house.store.conversations.create(conversationDoc('talk', state), null);
    const csrf = (await ly.get('/desk')).field('csrf');
    expect((await ly.get('/desk/people/talk')).status).toBe(404);
    expect((await ly.post('/desk/people/talk/reply', { csrf, text: 'Dạ', nonce: 'n' })).status).toBe(404);
    expect(house.said).toEqual([]);
  });
});
