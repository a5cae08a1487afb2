/** A desk as officers meet it: a real server, a real SQLite store, sealed files, and a browser that keeps cookies. */
import { checkReceiverUrl } from '../../src/drivers/http-agency';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { openOfficers } from '../../src/app/officers/officers';
import type { Officers } from '../../src/app/officers/officers';
import { openSpeech } from '../../src/app/speech';
import { voiceOf } from '../../src/app/dossier/dossier-tell';
import { createDossier } from '../../src/app/dossier/track-citizen';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import type { DeskDeps } from '../../src/desk/deps';
import { deskRouter } from '../../src/desk/router';
import { photosAsPdf, photosAsZip } from '../../src/documents/photo-bundle';
import { diskFiles } from '../../src/drivers/disk-files';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { securityHeaders } from '../../src/http/headers';
import { deskForms } from '../../src/house/desk-forms';
import type { Agency, Dossier, DossierAnswer, NewDossier } from '../../src/ports/documents';
import type { Files } from '../../src/ports/files';
import type { Job } from '../../src/ports/queue';
import type { Store } from '../../src/ports/store';

export const PASSWORD = 'con trâu đi trước cái cày';
/** Sunday 22 November 2026, 14:00 in Vietnam. */
export const NOON = Date.parse('2026-11-22T07:00:00Z');
export const speech = openSpeech(join(__dirname, '../../locales'));

export const agencyDoc = (id: string, more: Partial<Agency> = {}): Agency => ({
  id,
  name: `UBND xã ${id}`,
  communeCode: '00070',
  provinceCode: '01',
  address: 'Số 1, thôn Mẫu',
  hours: 'thứ hai đến thứ sáu, 7:30–11:30 và 13:30–17:00',
  phone: '0240000000',
  demo: false,
  procedures: ['trich-luc-ho-tich'],
  receiver: { type: 'desk' },
  ...more,
});

const answer = (
  step: string,
  label: string,
  display: string,
  more: Partial<DossierAnswer> = {},
): DossierAnswer => ({
  step,
  section: step.startsWith('applicant') ? 'Người yêu cầu' : 'Nội dung yêu cầu',
  label,
  display,
  value: display,
  source: 'typed',
  by: 'citizen',
  rev: 1,
  flags: [],
  ...more,
});

export const ANSWERS: readonly DossierAnswer[] = [
  answer('applicant.name', 'Họ và tên', 'Nguyễn Thị Ví Dụ'),
  answer('applicant.nationalId', 'Số định danh', '001190000123'),
  answer('record.kind', 'Loại giấy tờ', 'Trích lục khai sinh'),
  answer('record.copies', 'Số bản', '2'),
];

export const newDossier = (agency: Agency, more: Partial<NewDossier> = {}): NewDossier => ({
  sessionKey: randomBytes(8).toString('hex'),
  demo: agency.demo,
  procedure: { id: 'trich-luc-ho-tich', code: '2.000635', name: 'Cấp bản sao trích lục hộ tịch' },
  people: {
    filer: null,
    applicant: {
      name: 'Nguyễn Thị Ví Dụ',
      nationalId: '001190000123',
      phone: '0912345678',
      birth: '1990-03-15',
    },
    subject: { name: 'Nguyễn Thị Ví Dụ', nationalId: '001190000123' },
  },
  answers: ANSWERS,
  facts: [
    {
      id: 'fee',
      text: 'Lệ phí 8.000 đồng một bản',
      source: 'Thông tư 281/2016/TT-BTC',
      verifiedOn: '2026-11-01',
    },
  ],
  parts: [
    { agency: agency.id, agencyName: agency.name, procedure: 'trich-luc-ho-tich', lookBy: '2026-11-24' },
  ],
  at: NOON,
  retentionDays: 30,
  ...more,
});

export interface House {
  readonly url: string;
  readonly store: Store;
  readonly files: Files;
  readonly officers: Officers;
  readonly rung: Job[];
  readonly said: { readonly to: string; readonly text: string; readonly nonce: string }[];
  readonly clock: { now: number };
  readonly retried: string[];
  /** A dossier that a citizen sent, as the house makes it. */
  send(agency: Agency, more?: Partial<NewDossier>): Promise<Dossier>;
  /** An officer with the password above. */
  hire(login: string, agency: Agency, role?: 'officer' | 'admin'): Promise<string>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-desk-'));
  const vault = openVault(parseDataKeys(newKeys(randomBytes)));
  const clock = { now: NOON };
  const universe = { now: () => clock.now, randomBytes, jitter: () => 0.5 };
  const store = await openSealedStore({ records: sqliteRecords({ path: join(dir, 'store.db') }), vault });
  const files = await diskFiles({ dir: join(dir, 'files'), vault, clock: () => clock.now });
  const officers = openOfficers(store, universe);
  const rung: Job[] = [];
  const said: { to: string; text: string; nonce: string }[] = [];
  const retried: string[] = [];
  const deps: DeskDeps = {
    store,
    files,
    officers,
    speech,
    universe,
    queue: { ring: (job) => void rung.push(job) },
    log: { info: () => undefined, warn: () => undefined, error: (_event, error) => console.error(error) },
    forms: deskForms(join(__dirname, '../..'), () => undefined),
    photoBundle: { pdf: photosAsPdf, zip: photosAsZip },
    converse: {
      officerSays: (to, text, _officer, nonce) =>
        Promise.resolve(said.push({ to, text, nonce }) > 0 ? 'done' : 'gone'),
      release: (to, nonce) =>
        Promise.resolve(said.push({ to, text: '<release>', nonce }) > 0 ? 'done' : 'gone'),
    },
    retryDelivery: (key) => Promise.resolve(retried.push(key) > 0),
    proposeDueOn: () => ({ dueOn: '2026-11-26', confirmed: true, why: '3 ngày làm việc' }),
    procedures: () => [
      { slug: 'trich-luc-ho-tich', code: '2.000635', name: 'Cấp bản sao trích lục hộ tịch' },
    ],
    findCommunes: (typed) =>
      typed.includes('Mẫu')
        ? ['00071', '00072'].map((code) => ({
            code,
            name: 'Xã Mẫu',
            provinceCode: '01',
            provinceName: `Tỉnh ${code}`,
          }))
        : [],
    agenciesChanged: () => Promise.resolve(),
    proposeFee: () => 16_000,
    mayReceive: (url) => checkReceiverUrl(url) === null,
    secure: false,
    publicUrl: 'http://desk.test',
  };
  const app = express();
  app.use(securityHeaders(false));
  app.use('/assets', express.static(join(__dirname, '../../assets')));
  app.use('/desk', deskRouter(deps));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    files,
    officers,
    rung,
    said,
    clock,
    retried,
    async send(agency, more) {
      const id = randomBytes(8).toString('hex');
      const ids = { id, code: randomBytes(5).toString('hex').toUpperCase(), conversation: `talk-${id}` };
      const move = {
        at: more?.at ?? clock.now,
        revision: 0,
        voice: voiceOf(speech, null),
        effect: `e-${id}`,
      };
      const doc = createDossier(newDossier(agency, more), ids, move);
      expect(await store.dossiers.create(doc, null)).toBe('created');
      return doc;
    },
    async hire(login, agency, role = 'officer') {
      const { officer, token } = await officers.create({
        login,
        name: `Cán bộ ${login}`,
        agency: agency.id,
        role,
      });
      expect(await officers.setPassword(token, PASSWORD)).toBe('done');
      return officer.id;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await files.close();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Value of the first hidden field of that name. */
  field(name: string): string;
}

export interface Browser {
  get(path: string): Promise<Page>;
  post(
    path: string,
    fields: Record<string, string | readonly string[]> | FormData,
    headers?: Record<string, string>,
  ): Promise<Page>;
  signIn(login: string, password?: string): Promise<Page>;
  readonly cookies: Map<string, string>;
}

/** Follows nothing by itself: redirects are seen. */
export function browser(url: string): Browser {
  const cookies = new Map<string, string>();
  async function request(path: string, init: RequestInit = {}): Promise<Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string> | undefined), cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    const field = (name: string) => new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? '';
    return { status: response.status, text, headers: response.headers, field };
  }
  const self: Browser = {
    cookies,
    get: (path) => request(path),
    post(path, fields, headers = {}) {
      if (fields instanceof FormData) return request(path, { method: 'POST', body: fields, headers });
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields))
        [value].flat().forEach((one) => body.append(name, one));
      return request(path, { method: 'POST', body, headers });
    },
    async signIn(login, password = PASSWORD) {
      const page = await self.get('/desk/sign-in');
      return self.post('/desk/sign-in', { csrf: page.field('csrf'), login, password });
    },
  };
  return self;
}
