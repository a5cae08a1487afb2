/** Officers' accounts through the pages: the first link, signing in, sessions that end, administration. */
import { openOfficers, OFFICER_TIMES } from '../../src/app/officers/officers';
import { passwordProblem } from '../../src/app/officers/passwords';
import { agencyDoc, browser, NOON, openHouse, PASSWORD } from './house';
import type { Browser, House } from './house';

const HOME = agencyDoc('mau', { demo: true });
const OTHER = agencyDoc('khac', { communeCode: '00099', name: 'UBND xã Khác' });

let house: House;
beforeEach(async () => {
  house = await openHouse();
  await house.store.agencies.create(HOME);
  await house.store.agencies.create(OTHER);
});
afterEach(() => house.close());

const signedIn = async (login: string): Promise<Browser> => {
  const who = browser(house.url);
  expect((await who.signIn(login)).status).toBe(303);
  return who;
};
const isIn = async (who: Browser) => (await who.get('/desk')).status === 200;

async function setPassword(who: Browser, token: string, password: string, again = password) {
  const path = `/desk/set-password/${token}`;
  await who.get(path);
  const page = await who.get('/desk/sign-in');
  return who.post(path, { csrf: page.field('csrf'), password, again });
}

describe('the first administrator', () => {
  it('comes by a link that works once and ends, and there is no other way in', async () => {
    const token = (await house.officers.firstAdminToken(HOME.id))!;
    const who = browser(house.url);
    expect((await who.signIn('quantri', '')).status).toBe(401);
    expect((await setPassword(who, token, 'ngắn quá')).status).toBe(422);
    expect((await setPassword(who, token, PASSWORD, `${PASSWORD}!`)).status).toBe(422);
    expect((await setPassword(who, token, PASSWORD)).status).toBe(303);
    expect((await setPassword(who, token, 'một mật khẩu khác hẳn')).status).toBe(404);
    expect((await who.signIn('QuanTri ')).status).toBe(303);
    expect(await isIn(who)).toBe(true);
    expect(await house.officers.firstAdminToken(HOME.id)).toBeNull();
  });

  it('gets a fresh link at each start until a password is set; old links end', async () => {
    const first = (await house.officers.firstAdminToken(HOME.id))!;
    const second = (await house.officers.firstAdminToken(HOME.id))!;
    expect(second).not.toBe(first);
    expect(await house.store.officers.all()).toHaveLength(1);
    house.clock.now += OFFICER_TIMES.firstLink + 1;
    expect((await browser(house.url).get(`/desk/set-password/${second}`)).status).toBe(404);
  });
});

describe('passwords', () => {
  it.each([
    ['ngan', 'too-short'],
    ['x'.repeat(201), 'too-long'],
    ['cán bộ ly an toàn', 'has-login'],
    ['aaaaaaaaaaaaaaa', 'common'],
    ['Password123456', 'common'],
    ['matkhau123456', 'common'],
    ['123456789123', 'common'],
    ['con trâu đi trước cái cày', null],
    ['tuyệt vời ông mặt trời', null],
  ])('%s: %s', (password, problem) => {
    expect(passwordProblem(password, 'can.bo.ly')).toBe(problem);
  });
});

describe('signing in', () => {
  it('says the same for a wrong password and for nobody, and works as hard for both', async () => {
    await house.hire('ly', HOME);
    const strip = (text: string) => text.replace(/value="[^"]*"|f\d+h?/g, '');
    const wrong = await browser(house.url).signIn('ly', 'sai mật khẩu rồi');
    const nobody = await browser(house.url).signIn('ai', 'sai mật khẩu rồi');
    expect([wrong.status, strip(wrong.text)]).toEqual([nobody.status, strip(nobody.text)]);
    const officers = openOfficers(house.store, {
      now: () => NOON,
      randomBytes: (n) => Buffer.alloc(n, 1),
      jitter: () => 0,
    });
    // No timing of one against the other: under load it says nothing. Both must cost what argon2id costs.
    for (const login of ['ly', 'ai']) {
      const before = process.cpuUsage();
      await officers.signIn(login, 'sai mật khẩu rồi', '10.0.0.9');
      const { user, system } = process.cpuUsage(before);
      expect(user + system).toBeGreaterThan(4_000);
    }
  });

  it('slows down wrong tries for this account from this address, and nobody elsewhere', async () => {
    await house.hire('ly', HOME);
    for (let n = 0; n < 5; n += 1)
      expect((await browser(house.url).signIn('ly', 'sai mật khẩu')).status).toBe(401);
    const late = await browser(house.url).signIn('ly');
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await house.officers.signIn('ly', PASSWORD, '192.0.2.7')).toMatchObject({ ok: true });
  });

  it('needs its own form, and goes back to our own pages only', async () => {
    await house.hire('ly', HOME);
    const who = browser(house.url);
    expect((await who.post('/desk/sign-in', { login: 'ly', password: PASSWORD })).status).toBe(403);
    for (const [next, to] of [
      ['/desk?view=today', '/desk?view=today'],
      ['//evil.test/desk', '/desk'],
      ['/desk/../x', '/desk'],
      ['https://evil.test', '/desk'],
    ]) {
      const page = await who.get('/desk/sign-in');
      const done = await who.post('/desk/sign-in', {
        csrf: page.field('csrf'),
        login: 'ly',
        password: PASSWORD,
        next: next!,
      });
      expect(done.headers.get('location')).toBe(to);
    }
  });

  it('makes a new session each time; the cookie is for the server alone', async () => {
    await house.hire('ly', HOME);
    const who = browser(house.url);
    const done = await who.signIn('ly');
    expect(done.headers.getSetCookie().find((line) => line.startsWith('desk='))).toMatch(
      /HttpOnly.*SameSite=Strict/i,
    );
    const first = who.cookies.get('desk');
    await who.signIn('ly');
    expect(who.cookies.get('desk')).not.toBe(first);
    expect(first!.length).toBeGreaterThanOrEqual(43);
  });
});

describe('sessions', () => {
  it('end when idle, after a day, and at signing out', async () => {
    await house.hire('ly', HOME);
    const who = await signedIn('ly');
    house.clock.now += OFFICER_TIMES.idle - 1000;
    expect(await isIn(who)).toBe(true);
    house.clock.now += OFFICER_TIMES.idle + 1000;
    expect(await isIn(who)).toBe(false);
    const long = await signedIn('ly');
    for (
      let spent = 0;
      spent < OFFICER_TIMES.absolute - OFFICER_TIMES.idle;
      spent += OFFICER_TIMES.idle / 2
    ) {
      house.clock.now += OFFICER_TIMES.idle / 2;
      expect(await isIn(long)).toBe(true);
    }
    house.clock.now += OFFICER_TIMES.idle;
    expect(await isIn(long)).toBe(false);
    const out = await signedIn('ly');
    const cookie = out.cookies.get('desk')!;
    await out.post('/desk/sign-out', { csrf: (await out.get('/desk')).field('csrf') });
    out.cookies.set('desk', cookie);
    expect(await isIn(out)).toBe(false);
  });

  it.each([
    ['disabled', (id: string) => house.officers.change(id, { active: false })],
    ['invited anew', (id: string) => house.officers.invite(id)],
  ])('end at once when the officer is %s', async (_, change) => {
    const id = await house.hire('ly', HOME);
    const who = await signedIn('ly');
    await change(id);
    expect(await isIn(who)).toBe(false);
    expect((await browser(house.url).signIn('ly')).status).toBe(401);
  });
});

describe('administration', () => {
  it('is for administrators, and asks for the own password before accounts change', async () => {
    await house.hire('ly', HOME);
    await house.hire('sep', HOME, 'admin');
    const clerk = await signedIn('ly');
    for (const path of ['/desk/officers', '/desk/agency', '/desk/audit'])
      expect((await clerk.get(path)).status).toBe(403);
    const chief = await signedIn('sep');
    const page = await chief.get('/desk/officers');
    const fresh = {
      csrf: page.field('csrf'),
      name: 'Cán bộ Mới',
      login: 'moi',
      role: 'officer',
      agency: OTHER.id,
    };
    expect((await chief.post('/desk/officers', { ...fresh, own: 'không phải' })).status).toBe(422);
    expect(await house.store.officers.byLogin('moi')).toBeNull();
    const made = await chief.post('/desk/officers', { ...fresh, own: PASSWORD });
    const token = /set-password\/([\w-]+)</.exec(made.text)![1]!;
    expect((await setPassword(browser(house.url), token, PASSWORD)).status).toBe(303);
    expect((await house.store.officers.byLogin('moi'))!.doc.agency).toBe(OTHER.id);
    expect((await chief.post('/desk/officers', { ...fresh, own: PASSWORD })).status).toBe(422);
  });

  it('of a commune stays within it', async () => {
    const mine = await house.hire('ly', HOME);
    await house.hire('truong', OTHER, 'admin');
    const chief = await signedIn('truong');
    const page = await chief.get('/desk/officers');
    expect(page.text).not.toContain('Cán bộ ly');
    const own = { csrf: page.field('csrf'), own: PASSWORD };
    expect((await chief.post(`/desk/officers/${mine}/disable`, own)).status).toBe(404);
    await chief.post('/desk/officers', {
      ...own,
      name: 'Người Mới',
      login: 'nguoimoi',
      role: 'admin',
      agency: HOME.id,
    });
    expect((await house.store.officers.byLogin('nguoimoi'))!.doc.agency).toBe(OTHER.id);
    expect((await chief.post('/desk/agencies', { ...own, commune: 'Mẫu' })).status).toBe(403);
  });

  it('disables, and is felt at the next request', async () => {
    const id = await house.hire('ly', HOME);
    await house.hire('sep', HOME, 'admin');
    const [clerk, chief] = [await signedIn('ly'), await signedIn('sep')];
    const own = { csrf: (await chief.get('/desk/officers')).field('csrf'), own: PASSWORD };
    expect((await chief.post(`/desk/officers/${id}/disable`, own)).status).toBe(303);
    expect(await isIn(clerk)).toBe(false);
    const self = (await house.store.officers.byLogin('sep'))!.doc.id;
    expect((await chief.post(`/desk/officers/${self}/to-officer`, own)).status).toBe(404);
    const audit = await chief.get('/desk/audit');
    expect(audit.text).toContain('officer-disable');
    expect(await house.store.audit.verify()).toBeNull();
  });

  it('saves the agency, keeps its secret, refuses plain http outside a demo', async () => {
    await house.hire('truong', OTHER, 'admin');
    const chief = await signedIn('truong');
    const page = await chief.get('/desk/agency');
    const form = {
      csrf: page.field('csrf'),
      revision: page.field('revision'),
      name: 'UBND xã Khác',
      address: 'Số 2',
      hours: '7:30–17:00',
      phone: '',
      procedure: ['trich-luc-ho-tich', 'khong-co'],
      receiver: 'http',
      secret: 's'.repeat(32),
    };
    expect((await chief.post('/desk/agency', { ...form, url: 'http://10.0.0.1/in' })).status).toBe(422);
    expect(
      (await chief.post('/desk/agency', { ...form, url: 'https://xa.test/in', secret: 'short' })).status,
    ).toBe(422);
    expect((await chief.post('/desk/agency', { ...form, url: 'https://xa.test/in' })).status).toBe(303);
    const saved = (await house.store.agencies.byId(OTHER.id))!.doc;
    expect(saved).toMatchObject({
      procedures: ['trich-luc-ho-tich'],
      receiver: { type: 'http', secret: 's'.repeat(32) },
    });
    const again = await chief.get('/desk/agency');
    expect(again.text).not.toContain('ssss');
    expect((await chief.post('/desk/agency', { ...form, url: 'https://xa.test/in' })).status).toBe(422);
    await chief.post('/desk/agency', {
      ...form,
      revision: again.field('revision'),
      url: 'https://xa.test/in',
      secret: '',
    });
    expect((await house.store.agencies.byId(OTHER.id))!.doc.receiver).toMatchObject({
      secret: 's'.repeat(32),
    });
  });

  it('adds an agency for a commune, asking which when the name is not enough', async () => {
    await house.hire('sep', HOME, 'admin');
    const chief = await signedIn('sep');
    const form = {
      csrf: (await chief.get('/desk/agency')).field('csrf'),
      commune: 'xã Mẫu',
      name: 'UBND xã Mẫu',
      address: 'Số 3',
      hours: '7:30–17:00',
    };
    const which = await chief.post('/desk/agencies', form);
    expect(which.status).toBe(422);
    expect(which.text).toContain('Tỉnh 00072');
    expect((await chief.post('/desk/agencies', { ...form, communeCode: '00072' })).status).toBe(303);
    expect((await house.store.agencies.byId('xa-00072'))!.doc).toMatchObject({
      demo: false,
      procedures: [],
      receiver: { type: 'desk' },
    });
    expect((await chief.post('/desk/agencies', { ...form, communeCode: '00072' })).status).toBe(422);
  });
});
