import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { signBody } from '../../src/crypto/agency-signature';
import { agencyPhotosRouter } from '../../src/drivers/http-agency-photos';

const SECRET = 'bí mật của xã Mẫu';
const NOW = 1_795_420_200;
const PHOTO = 'p'.repeat(22);

async function start() {
  const app = express().use(
    agencyPhotosRouter({
      secretOf: (id) => Promise.resolve(id.startsWith('xa-') ? SECRET : null),
      clock: () => NOW * 1_000,
      photo: (agency, id) =>
        Promise.resolve(
          agency === 'xa-mau' && id === PHOTO
            ? { name: 'a.jpg', type: 'image/jpeg', bytes: Buffer.from('ảnh') }
            : null,
        ),
    }),
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/agency/photo`;
  return { url, close: () => new Promise((done) => server.close(done).closeAllConnections()) };
}

let house: Awaited<ReturnType<typeof start>>;
beforeAll(async () => (house = await start()));
afterAll(() => house.close());

interface Asked {
  readonly agency?: string;
  readonly at?: number;
  readonly secret?: string;
  readonly body?: string;
}

function ask({
  agency = 'xa-mau',
  at = NOW,
  secret = SECRET,
  body = JSON.stringify({ photo: PHOTO }),
}: Asked = {}) {
  const headers = {
    'X-MotCua-Agency': agency,
    'X-MotCua-Timestamp': String(at),
    'X-MotCua-Signature': signBody(secret, String(at), Buffer.from(body)),
  };
  return fetch(house.url, { method: 'POST', headers, body });
}

it('gives the bytes to the agency whose dossier it is, and to no cache', async () => {
  const answer = await ask();
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    200,
    'image/jpeg',
    'no-store',
  ]);
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('ảnh');
});

it.each<[string, number, Asked]>([
  ['another agency', 404, { agency: 'xa-khac' }],
  ['a photo nobody has', 404, { body: JSON.stringify({ photo: 'q'.repeat(22) }) }],
  ['an unknown agency', 401, { agency: 'nobody' }],
  ['a wrong secret', 401, { secret: 'another' }],
  ['a request signed six minutes ago', 401, { at: NOW - 360 }],
  ['a request signed for tomorrow', 401, { at: NOW + 86_400 }],
  ['another shape', 400, { body: '{"photo":"../../etc/passwd"}' }],
  ['no JSON', 400, { body: 'photo' }],
])('refuses %s', async (_name, status, asked) => {
  const answer = await ask(asked);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: expect.any(String) as string });
});
