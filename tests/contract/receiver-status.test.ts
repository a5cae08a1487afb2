import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { signBody } from '../../src/crypto/agency-signature';
import { agencyStatusRouter } from '../../src/drivers/http-agency-status';
import { AppError } from '../../src/errors';
import type { AgencyReport } from '../../src/ports/receiver';

const SECRET = 'bí mật của xã Mẫu';
const REPORT = {
  id: 'r-1',
  key: 'd1-p1-1',
  status: 2,
  officialCode: 'H26.18-1',
  dueOn: '2026-11-26',
  text: 'Đã nhận',
};

/** What the tracker would do: knows one dossier in status 1 of one agency, and remembers report ids. */
function dossierOf(agency: string) {
  const applied: AgencyReport[] = [];
  let down = false;
  return {
    applied,
    goDown: () => (down = true),
    report(from: string, report: AgencyReport): Promise<'applied' | 'seen'> {
      if (down) return Promise.reject(new AppError('store-unavailable', 'disk'));
      const name = report.key ?? report.code;
      if (from !== agency || (name !== 'd1-p1-1' && name !== 'ABCDEFGHJK0')) {
        return Promise.reject(new AppError('not-found', 'no such dossier'));
      }
      if (applied.some(({ id }) => id === report.id)) return Promise.resolve('seen');
      if (report.status === 10) {
        return Promise.reject(new AppError('move-not-allowed', 'move', { details: { from: 1, to: 10 } }));
      }
      applied.push(report);
      return Promise.resolve('applied');
    },
  };
}

async function start() {
  const dossier = dossierOf('xa-mau');
  const secrets: Record<string, string> = { 'xa-mau': SECRET, 'xa-khac': 'another secret', 'xa-rong': '' };
  const app = express().use(
    agencyStatusRouter({
      secretOf: (id) => Promise.resolve(Object.hasOwn(secrets, id) ? (secrets[id] ?? null) : null),
      report: (from, report) => dossier.report(from, report),
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/agency/status`;
  const close = () => new Promise((done) => server.close(done).closeAllConnections());
  return { url, dossier, close };
}

let house: Awaited<ReturnType<typeof start>>;
beforeEach(async () => (house = await start()));
afterEach(() => house.close());

interface Letter {
  agency?: string;
  secret?: string;
  timestamp?: string;
  signature?: string;
  sent?: string | Buffer;
}

async function post(body: unknown, letter: Letter = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const timestamp = letter.timestamp ?? '1795000000';
  const response = await fetch(house.url, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(letter.sent ?? bytes)),
    headers: {
      'Content-Type': 'application/json',
      'X-MotCua-Agency': letter.agency ?? 'xa-mau',
      'X-MotCua-Timestamp': timestamp,
      'X-MotCua-Signature': letter.signature ?? signBody(letter.secret ?? SECRET, timestamp, bytes),
    },
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: answer, headers: response.headers };
}

test('a signed report is applied once; hours later the same id changes nothing and is still 200', async () => {
  expect(await post(REPORT)).toMatchObject({ status: 200, body: { result: 'applied' } });
  expect(await post(REPORT, { timestamp: '1795043200' })).toMatchObject({
    status: 200,
    body: { result: 'seen' },
  });
  expect(house.dossier.applied).toEqual([REPORT]);
});

test('by the code that the citizen knows', async () => {
  expect((await post({ id: 'r-2', code: 'ABCDEFGHJK0', status: 4 })).status).toBe(200);
});

test.each<[string, Letter]>([
  ['wrong secret', { secret: 'guess' }],
  ['agency that does not exist', { agency: 'xa-la', secret: 'guess' }],
  ['agency without a secret', { agency: 'xa-rong', secret: '' }],
  ['property of every object', { agency: '__proto__', secret: 'guess' }],
  ['no agency', { agency: '' }],
  ['signature of other bytes', { sent: JSON.stringify({ ...REPORT, status: 3 }) }],
  ['no signature', { signature: '' }],
  ['signature without its version', { signature: 'ab'.repeat(32) }],
  ['time that is no time', { timestamp: 'now' }],
  ['empty body', { sent: '' }],
])('%s: 401, the same words for all', async (_name, letter) => {
  const answer = await post(REPORT, letter);
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({
    error: 'signature-invalid',
    message: 'The signature does not match this body.',
    details: {},
  });
  expect(house.dossier.applied).toEqual([]);
});

test('a signature moved to another time does not hold', async () => {
  const signature = signBody(SECRET, '1795000000', Buffer.from(JSON.stringify(REPORT)));
  expect((await post(REPORT, { timestamp: '1795000001', signature })).status).toBe(401);
});

test.each<[string, unknown]>([
  ['not JSON', '{"id":'],
  ['not an object', '[1]'],
  ['neither key nor code', { id: 'r', status: 2 }],
  ['both key and code', { ...REPORT, code: 'X' }],
  ['back to the beginning', { ...REPORT, status: 1 }],
  ['no such status', { ...REPORT, status: 11 }],
  ['status as a word', { ...REPORT, status: '2' }],
  ['a field nobody knows', { ...REPORT, fee: 8000 }],
  ['a prototype', `{"id":"r","key":"d1-p1-1","status":2,"__proto__":{"status":9}}`],
  ['impossible date', { ...REPORT, dueOn: '2026-02-30' }],
  ['markup in the number', { ...REPORT, officialCode: '<img>' }],
  ['no id', { ...REPORT, id: '' }],
  ['long text', { ...REPORT, text: 'à'.repeat(1_001) }],
])('%s: 400', async (_name, body) => {
  expect(await post(body)).toMatchObject({ status: 400, body: { error: 'bad-request' } });
  expect(house.dossier.applied).toEqual([]);
});

test('another agency cannot touch the dossier, and learns only that there is none of its own', async () => {
  const answer = await post(REPORT, { agency: 'xa-khac', secret: 'another secret' });
  expect(answer).toMatchObject({ status: 404, body: { error: 'not-found' } });
});

test('a move that the status rules do not know: 409, saying from where to where', async () => {
  const answer = await post({ ...REPORT, status: 10 });
  expect(answer).toMatchObject({
    status: 409,
    body: { error: 'move-not-allowed', details: { from: 1, to: 10 } },
  });
});

test('a body over 64 KB is not even read', async () => {
  expect(await post({ ...REPORT, text: 'x'.repeat(70_000) })).toMatchObject({ status: 413 });
});

test('when the store is down the agency is asked to come back', async () => {
  house.dossier.goDown();
  const answer = await post(REPORT);
  expect(answer).toMatchObject({ status: 503, body: { error: 'store-unavailable', details: {} } });
  expect(answer.headers.get('retry-after')).toBe('30');
});
