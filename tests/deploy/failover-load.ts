/** What goes on while a store fails over: a house that citizens file at, and a bare store that chats are written to. */
import { createConnection } from 'mongoose';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { mongoRecords } from '../../src/drivers/mongo-store';
import { openSealedStore } from '../../src/drivers/sealed-store';
import type { Store } from '../../src/ports/store';
import { conversationDoc } from '../contract/documents';
import { plainTalk, talkProblems } from '../faults/storm-checks';
import { codesIn, openCitizen, person, type Citizen } from '../faults/storm-citizen';
import { pause, postUntilTaken, readTalk, type Hear, type Line } from '../faults/storm-http';
import { stormServer } from '../faults/storm-server';

export interface Load {
  /** ms epoch of the last turn that was answered 200, or write that was acknowledged. */
  last(): number;
  /** Lets what is under way end; what was lost, doubled or answered wrongly. */
  stop(): Promise<readonly string[]>;
  /** Ends at once, whoever still waits for an answer. */
  kill(): Promise<void>;
  /** What was counted, and the longest answer, ms. */
  figures(): Readonly<Record<string, number>>;
}

/** Does the server itself answer at this address? Says whose fault it is when a load stands still. */
export async function asked(url: string): Promise<string> {
  const options = { serverSelectionTimeoutMS: 3_000, socketTimeoutMS: 3_000 };
  const connection = createConnection(url, options);
  const counted = connection.asPromise().then((one) => one.collection('conversations').countDocuments({}));
  const said = await counted.then(String, (error: unknown) => `nothing (${String(error)})`);
  await connection.destroy();
  return said;
}

const dataKeys = newKeys(randomBytes);
const opened = async (url: string): Promise<Store> =>
  openSealedStore({ records: await mongoRecords({ url }), vault: openVault(parseDataKeys(dataKeys)) });

interface Way {
  readonly url: () => string;
  readonly hear: Hear;
  readonly going: () => boolean;
}
const newId = () => randomBytes(16).toString('hex');

/** Files one dossier after another, each as a new citizen who reads what is asked. */
async function filer({ url, hear, going }: Way, all: Citizen[]): Promise<void> {
  do {
    const plan = { person: person(all.length), presses: 1, officer: false };
    const citizen = openCitizen(plan, { url, newId, tell: () => undefined, hear });
    all.push(citizen);
    await citizen.file().finally(() => citizen.close());
  } while (going());
}

interface Chatter {
  readonly cookie: string;
  readonly taken: string[];
}

/** Says one thing after another and waits for no reply: turns go on while nothing can be read. */
async function chatter({ url, hear, going }: Way, { cookie, taken }: Chatter): Promise<void> {
  while (going()) {
    const text = `lượt ${taken.length + 1}`;
    await postUntilTaken(url, '/chat/say', cookie, { id: newId(), text }, hear);
    taken.push(text);
  }
}

/** Turns over HTTP at a house of one process. `lanes` of citizens who file, and as many who only talk. `url`: with its database. */
export async function houseLoad(url: string, lanes: number): Promise<Load> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-failover-'));
  const house = stormServer(dataDir, { STORE_URL: url, DATA_KEYS: dataKeys });
  await house.start();
  const answers = new Map<number | null, number>();
  let [going, killed, last, slowest] = [true, false, Date.now(), 0];
  const hear = (status: number | null, ms: number) => {
    if (killed) throw new Error('given up');
    answers.set(status, (answers.get(status) ?? 0) + 1);
    slowest = Math.max(slowest, ms);
    if (status === 200) last = Date.now();
  };
  const way: Way = { url: house.url, hear, going: () => going };
  const filers: Citizen[] = [];
  // The first files in peace: every other talk must read the same.
  await filer({ ...way, going: () => false }, filers);
  const chatters = Array.from({ length: lanes }, () => ({
    cookie: `chat=${newId()}`,
    taken: [] as string[],
  }));
  const running = Promise.all(chatters.flatMap((one) => [chatter(way, one), filer(way, filers)]));
  return {
    last: () => last,
    async stop() {
      going = false;
      await running;
      // Whoever says something twice still has the time to do so.
      await pause(3_000);
      const filed = await filedProblems(house.url(), filers);
      const talked = await Promise.all(chatters.map((one) => chatterProblems(house.url(), one)));
      await house.stop();
      rmSync(dataDir, { recursive: true, force: true });
      const wrong = [...answers].filter(([status]) => status !== 200 && status !== 503);
      return [
        ...wrong.map(([status, count]) => `${count} turns were answered ${status ?? 'not at all'}`),
        ...[...filed.problems, ...talked.flat()],
        ...(await dossierProblems(url, filed.codes)),
      ];
    },
    async kill() {
      [going, killed] = [false, true];
      running.catch(() => undefined);
      filers.forEach((one) => one.close());
      await house.kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
    figures: () => ({
      citizens: filers.length,
      turns: answers.get(200) ?? 0,
      answered503: answers.get(503) ?? 0,
      slowestMs: slowest,
    }),
  };
}

async function filedProblems(url: string, all: readonly Citizen[]) {
  const talks: (readonly Line[])[] = [];
  for (const { cookie } of all) talks.push(await readTalk(url, cookie));
  const [first] = all;
  const model = first === undefined ? [] : plainTalk(talks[0] ?? [], first.plan.person);
  const problems = all.flatMap((citizen, n) => [
    ...citizen.troubles,
    ...talkProblems(citizen, talks[n] ?? [], model),
  ]);
  return { problems, codes: talks.flatMap(codesIn) };
}

/** Each word stands in the talk once, in its order, and has one reply. */
async function chatterProblems(url: string, { cookie, taken }: Chatter): Promise<string[]> {
  const talk = await readTalk(url, cookie);
  const said = talk.filter(({ side }) => side === 'citizen').map(({ text }) => text);
  const replies = talk.filter(({ side }) => side === 'bot').length;
  return [
    ...(said.join() === taken.join()
      ? []
      : [`${taken.length} words were taken, ${said.length} stand in the talk`]),
    ...(replies === taken.length ? [] : [`${taken.length} words have ${replies} replies`]),
  ];
}

/** Each code that was said is a dossier, and no dossier is there besides. */
async function dossierProblems(url: string, codes: readonly string[]): Promise<string[]> {
  const store = await opened(url);
  const dossiers = await store.dossiers.list({ agency: 'demo', limit: 10_000 });
  const kept = new Set(dossiers.map(({ state }) => state.doc.code.replaceAll('-', '')));
  const lost = codes.filter((code) => !kept.has(code.replaceAll('-', '')));
  const broken = await store.audit.verify();
  const setAside = await store.slips.count('set-aside');
  await store.close();
  return [
    ...lost.map((code) => `the dossier of ${code} is not there`),
    ...(dossiers.length === codes.length ? [] : [`${dossiers.length} dossiers of ${codes.length} codes`]),
    ...(broken === null ? [] : [`the audit chain breaks at row ${broken}`]),
    ...(setAside === 0 ? [] : [`${setAside} events were set aside`]),
  ];
}

/** Every chat saves turn after turn at the store itself; an unknown outcome is read back, as the house does. */
export async function storeLoad(url: string, chats: number): Promise<Load> {
  const store = await opened(url);
  let [going, last, acknowledged, unknown] = [true, Date.now(), 0, 0];
  async function turn(id: string): Promise<number | null> {
    const state = await store.conversations.byId(id);
    const nextSeq = (state?.doc.nextSeq ?? 0) + 1;
    const done =
      state === null
        ? await store.conversations.create(conversationDoc(id, { nextSeq }), null)
        : await store.conversations.save({ ...state.doc, nextSeq }, state.revision, null);
    return done ? nextSeq : null;
  }
  async function chat(n: number): Promise<number> {
    let told = 0;
    while (going) {
      const seq = await turn(`c${n}`).catch(() => null);
      if (seq === null) {
        unknown += 1;
        await pause(100);
        continue;
      }
      [told, last] = [seq, Date.now()];
      acknowledged += 1;
    }
    return told;
  }
  const running = Promise.all(Array.from({ length: chats }, (_, n) => chat(n)));
  return {
    last: () => last,
    async stop() {
      going = false;
      const problems: string[] = [];
      for (const [n, told] of (await running).entries()) {
        const state = await store.conversations.byId(`c${n}`);
        const [seq, revision] = [state?.doc.nextSeq ?? 0, state?.revision ?? 0];
        // One turn raises both by one: were a write done twice, they would differ.
        if (seq !== revision) problems.push(`c${n} has ${seq} turns in ${revision} writes`);
        if (seq < told) problems.push(`c${n} was told ${told}, has ${seq}`);
      }
      await store.close();
      return problems;
    },
    kill() {
      going = false;
      return store.close();
    },
    figures: () => ({ acknowledged, unknown }),
  };
}
