/** A commune with a system of its own: the dossier reaches it once, its reports reach the citizen. */
import { agencyStatusRouter } from '../../src/drivers/http-agency-status';
import { signBody } from '../../src/crypto/agency-signature';
import express from 'express';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { startFakeAgency, type FakeAgency } from '../servers/fake-agency';
import { fileExtract, openRig, type Chat, type Rig } from './rig';

const SECRET = 'a shared secret of at least 32 bytes, please';
let rig: Rig;
let agency: FakeAgency;
let door: Server;

beforeAll(async () => {
  rig = await openRig();
  agency = await startFakeAgency({ secret: SECRET });
  const found = (await rig.house.store.agencies.byId('demo'))!;
  await rig.house.store.agencies.save(
    { ...found.doc, receiver: { type: 'http', url: agency.url, secret: SECRET } },
    found.revision,
  );
  const app = express();
  app.use(
    agencyStatusRouter({ secretOf: () => Promise.resolve(SECRET), report: rig.house.reports.agencyReports }),
  );
  door = createServer(app).listen(0);
});
afterAll(async () => {
  await new Promise((resolve) => door.close(resolve));
  await rig.close();
  await agency.close();
});

async function report(body: Record<string, unknown>): Promise<number> {
  const bytes = Buffer.from(JSON.stringify(body));
  const timestamp = String(Math.floor(rig.universe.now() / 1000));
  const { port } = door.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/agency/status`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-motcua-agency': 'demo',
      'x-motcua-timestamp': timestamp,
      'x-motcua-signature': signBody(SECRET, timestamp, bytes),
    },
    body: bytes,
  });
  return answer.status;
}
const until = async (true_: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 1_500 && !(await true_()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
};
const news = async (chat: Chat) => (await rig.house.store.conversations.find(chat.address))!.doc.dossiers[0]!;

it('hands the dossier over once, and tells the citizen what the agency reports', async () => {
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const id = (await rig.house.store.dossiers.byCode(code))!.doc.id;
  const delivered = async () =>
    (await rig.house.store.dossiers.byCode(code))?.doc.parts[0]?.delivery?.state === 'accepted';
  await until(delivered);
  expect(await delivered()).toBe(true);
  const lines = agency.committed();
  expect(lines.map((line) => line.key)).toEqual([`${id}-1-1`]);
  const parcel = JSON.parse(lines[0]!.body) as {
    code: string;
    demo: boolean;
    people: { applicant: { name: string } };
  };
  expect(parcel).toMatchObject({ code, demo: true, people: { applicant: { name: 'Nguyễn Văn An' } } });

  const received = { id: 'r-1', code, status: 2, officialCode: 'H26.45-261123-0007', dueOn: '2026-11-25' };
  expect(await report(received)).toBe(200);
  expect(await report(received)).toBe(200);
  await until(() => chat.heard.some((one) => one.text.includes('H26.45-261123-0007')));
  expect((await news(chat)).status).toBe(2);
  expect(chat.heard.filter((one) => one.text.includes('H26.45-261123-0007'))).toHaveLength(1);
  expect(await report({ id: 'r-2', code, status: 10 })).toBe(409);
  expect(await report({ id: 'r-3', code: 'AAAAA-AAAAA-A', status: 4 })).toBe(404);
});

it('says at the desk when the agency will not take it', async () => {
  agency.setMode('422');
  const chat = rig.chat();
  const code = await fileExtract(chat);
  const state = async () => (await rig.house.store.dossiers.byCode(code))?.doc.parts[0]?.delivery?.state;
  await until(async () => (await state()) === 'needs-officer');
  expect(await state()).toBe('needs-officer');
  const trouble = await rig.house.store.dossiers.list({
    agency: 'demo',
    flag: 'delivery-trouble',
    limit: 10,
  });
  expect(trouble.map((row) => row.state.doc.code)).toContain(code);
});
