/** What must be true when a storm is over, from what the citizens saw, and from the store once the server is gone. */
import { DatabaseSync } from '@photostructure/sqlite';
import { join } from 'node:path';
import { openKeyRing } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { codesIn, type Citizen, type Person } from './storm-citizen';
import { post, readTalk, type Line } from './storm-http';
import type { StormServer } from './storm-server';

export interface AfterStorm {
  readonly citizens: readonly Citizen[];
  readonly server: StormServer;
  readonly dataDir: string;
}

/** A few pages at a time: all of them at once are no storm that is meant here. */
async function talksOf(citizens: readonly Citizen[], url: string): Promise<Line[][]> {
  const talks: Line[][] = [];
  for (let n = 0; n < citizens.length; n += 20) {
    const some = citizens.slice(n, n + 20).map(({ cookie }) => readTalk(url, cookie));
    talks.push(...(await Promise.all(some)));
  }
  return talks;
}

/** Ends the server, gracefully, on its way. */
export async function problemsOf({ citizens, server, dataDir }: AfterStorm): Promise<string[]> {
  const talks = await talksOf(citizens, server.url());
  const [first] = citizens;
  const model = first === undefined ? [] : plainTalk(talks[0] ?? [], first.plan.person);
  const seen = citizens.flatMap((citizen, n) => talkProblems(citizen, talks[n] ?? [], model));
  const codes = talks.flatMap((talk) => codesIn(talk));
  const closed: string[] = [];
  for (const [n, citizen] of citizens.entries()) {
    // Another address each: a citizen's own is not the whole house's.
    for (const code of codesIn(talks[n] ?? []))
      closed.push(...(await lookUp(server.url(), code, citizen.plan.person, n)));
  }
  await server.stop();
  return [
    ...citizens.flatMap(({ troubles }) => troubles),
    ...seen,
    ...closed,
    ...(await storeProblems(dataDir, codes, citizens.length)),
    ...logProblems(server.printed(), citizens),
  ];
}

/** A talk without what is each citizen's own: words that may be compared. */
export function plainTalk(talk: readonly Line[], { name }: Person): string[] {
  return talk.map(({ seq, side, text }) =>
    [
      seq,
      side,
      text
        .replaceAll(name, 'NAME')
        .replace(/[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/g, 'CODE')
        .replaceAll(/\d/g, '#'),
    ].join(' '),
  );
}

/** `model`: the plain talk of somebody who filed in peace. */
export function talkProblems(citizen: Citizen, talk: readonly Line[], model: readonly string[]): string[] {
  const { plan, lines, taken, officerTaken } = citizen;
  const problems: string[] = [];
  const codes = codesIn(talk);
  if (codes.length !== 1) problems.push(`${codes.length} codes instead of one: ${codes.join(' ')}`);

  const said = (side: string) => talk.filter((line) => line.side === side).map((line) => line.text);
  const same = (a: readonly string[], b: readonly string[]) => JSON.stringify(a) === JSON.stringify(b);
  if (!same(said('citizen'), taken))
    problems.push(`${taken.length} messages were taken, ${said('citizen').length} stand in the talk`);
  if (!same(said('officer'), officerTaken))
    problems.push(`an officer's words: ${officerTaken.length} taken, ${said('officer').length} said`);

  const plain = plainTalk(talk, plan.person);
  // Presses at once and officers' words make a talk of their own: up to the press it still is the model's.
  const alone = plan.presses === 1 && !plan.officer;
  const upTo = alone
    ? Math.max(plain.length, model.length)
    : model.findIndex((line) => line.includes('Gửi cho cán bộ') && line.includes(' citizen '));
  const differs = Array.from({ length: upTo }, (_, i) => i).find((i) => plain[i] !== model[i]);
  if (differs !== undefined)
    problems.push(
      `line ${differs} is "${plain[differs] ?? 'missing'}", should be "${model[differs] ?? 'no line'}"`,
    );
  const last = talk.at(-1)?.seq ?? 0;
  const followed = [...lines.values()]
    .filter((line) => line.seq <= last)
    .map(({ seq, text }) => `${seq} ${text}`);
  if (
    !same(
      followed,
      talk.map(({ seq, text }) => `${seq} ${text}`),
    )
  )
    problems.push('the page showed other lines than are stored');
  return problems.map((problem) => `${plan.person.nationalId}: ${problem}`);
}

/** The code opens the dossier with the last four digits, as the citizen will do it. */
async function lookUp(
  url: string,
  code: string,
  { phone, nationalId }: Person,
  n: number,
): Promise<string[]> {
  const body = new URLSearchParams({ code, lastFour: phone.slice(-4) }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-forwarded-for': `10.0.${n >> 8}.${n & 255}`,
  };
  const { status, location } = await post(`${url}/tra-cuu`, headers, body);
  return status === 303 && location.endsWith('/tra-cuu/ho-so')
    ? []
    : [`${nationalId}: code ${code} opens nothing (${status})`];
}

async function storeProblems(dataDir: string, codes: readonly string[], citizens: number): Promise<string[]> {
  const path = join(dataDir, 'mot-cua.sqlite');
  const db = new DatabaseSync(path);
  const { dossiers, sessions } = db
    .prepare('SELECT COUNT(*) AS dossiers, COUNT(DISTINCT sessionKey) AS sessions FROM dossiers')
    .get() as { dossiers: number; sessions: number };
  db.close();
  return [
    ...(dossiers === sessions ? [] : [`${dossiers} dossiers of ${sessions} sessions`]),
    ...(sessions === citizens ? [] : [`${sessions} sessions became dossiers, ${citizens} citizens filed`]),
    ...(new Set(codes).size === dossiers
      ? []
      : [`${new Set(codes).size} codes were said of ${dossiers} dossiers`]),
    // A store that broke its own rules does not open.
    ...(await sealedProblems(dataDir, path).catch((error: unknown) => [`the store: ${String(error)}`])),
  ];
}

async function sealedProblems(dataDir: string, path: string): Promise<string[]> {
  const ring = openKeyRing({ dataKeys: undefined, dataDir, mayCreate: false, random: () => Buffer.alloc(0) });
  const records = sqliteRecords({ path, lockWaitMs: 5_000 });
  const store = await openSealedStore({ records, vault: openVault(ring) });
  const broken = await store.audit.verify();
  const setAside = await store.slips.count('set-aside');
  await store.close();
  return [
    ...(broken === null ? [] : [`the audit chain breaks at row ${broken}`]),
    ...(setAside === 0 ? [] : [`${setAside} events were set aside`]),
  ];
}

/** Nothing of anybody stands in the log, and nothing went wrong that only the log knows. */
function logProblems(printed: string, citizens: readonly Citizen[]): string[] {
  const leaks = citizens
    .flatMap(({ plan: { person } }) => [person.name, person.nationalId, person.phone])
    .filter((secret) => printed.includes(secret));
  const errors = [...printed.matchAll(/^.*"level":(?:50|60),.*$/gm)].map(([line]) => line);
  return [
    ...leaks.map((secret) => `in the log: ${secret}`),
    ...errors.slice(0, 5).map((line) => `logged: ${line.slice(0, 300)}`),
  ];
}
