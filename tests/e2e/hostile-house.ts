/** A whole house in this process with its doors open, and filings in which every free field holds hostile words. */
import { createHash, randomBytes } from 'node:crypto';
import { openOfficers } from '../../src/app/officers/officers';
import { loadConfig } from '../../src/config';
import type { Context, Session } from '../../src/flow/types';
import { present, walk } from '../../src/flow/view';
import { openDoors, type DoorsOptions } from '../../src/house/doors';
import { listen, stopServer } from '../../src/house/servers';
import type { Address, ChannelEvent, TalkLine } from '../../src/ports/channel';
import type { Dossier } from '../../src/ports/documents';
import { openRig, root, type Rig } from '../app/rig';
import { contextOf } from '../flow/talk-runner';

const PASSWORD = 'con trâu đi trước cái cày';
const FREE = { perSecond: 1e6, burst: 1e6 };

export interface OpenHouse {
  readonly rig: Rig;
  readonly url: string;
  /** An administrator's login; the password is `PASSWORD`. */
  readonly login: string;
  readonly password: string;
  close(): Promise<void>;
}

export interface WholeHouseOptions {
  /** Variables besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Limits of the web chat; unless given, there are none. */
  readonly limits?: DoorsOptions['webLimits'];
}

export async function openWholeHouse({ env, limits }: WholeHouseOptions = {}): Promise<OpenHouse> {
  const rig = await openRig();
  const { house, universe } = rig;
  const config = loadConfig({ DATA_DIR: '/tmp', PUBLIC_URL: 'http://localhost', ...env }, root);
  const officers = openOfficers(house.store, universe);
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (_: string, why: unknown) => console.error(why),
  };
  const webLimits = {
    perChat: FREE,
    perAddress: null,
    photosPerChat: FREE,
    photosPerAddress: null,
    ...limits,
  };
  const doors = openDoors({ house, config, root, universe, log, officers, stopping: () => false, webLimits });
  const listening = await listen(doors.handler, 0, '127.0.0.1');
  const login = 'quanly';
  const { token } = await officers.create({ login, name: 'Cán bộ Thử', agency: 'demo', role: 'admin' });
  await officers.setPassword(token, PASSWORD);
  return {
    rig,
    url: `http://localhost:${listening.port}`,
    login,
    password: PASSWORD,
    async close() {
      doors.close();
      listening.server.closeAllConnections();
      await stopServer(listening);
      await rig.close();
    },
  };
}

/** What is said where a test names nothing, by kind. */
const USUAL: Readonly<Record<string, string>> = {
  commune: 'Phường Mẫu',
  consent: 'đồng ý',
  'person-name': 'Nguyễn Văn An',
  'national-id': '001190000123',
  phone: '0912345678',
  'yes-no': 'có',
  date: '2/11/2026',
  'partial-date': '1990',
  integer: '2',
  sex: 'nữ',
  ethnicity: 'Kinh',
  nationality: 'Việt Nam',
  photo: 'mang ra quầy',
  list: 'không còn',
};

export interface Filer {
  readonly chat: string;
  readonly address: Address;
  take(event: Partial<ChannelEvent> & Pick<ChannelEvent, 'type'>): Promise<void>;
  say(text: string): Promise<void>;
  talk(): Promise<readonly TalkLine[]>;
  session(): Promise<Session | null>;
  /** Goes through a procedure; `answers` by the path of the step. The dossier that came of it. */
  file(procedure: string, wish: string, answers: Readonly<Record<string, string>>): Promise<Dossier>;
  /** Answers what is asked until the review is there. */
  answerAll(procedure: string, answers: Readonly<Record<string, string>>): Promise<void>;
}

export function filerOf({ rig }: OpenHouse): Filer {
  const { house, quiet } = rig;
  const chat = randomBytes(16).toString('hex');
  const address: Address = { channel: 'web', account: 'default', chat };
  const filer: Filer = {
    chat,
    address,
    async take(event) {
      await house.converse.take({ id: randomBytes(8).toString('hex'), address, ...event } as ChannelEvent);
      await quiet();
    },
    say: (text) => filer.take({ type: 'text', text }),
    talk: () => house.talk.read(address, 0, 1_000),
    session: async () => (await house.store.conversations.find(address))?.doc.session ?? null,
    async answerAll(procedure, answers) {
      for (let turn = 0; turn < 120; turn += 1) {
        const session = await filer.session();
        if (session === null) throw new Error('no filing is open');
        const { path, kind } = askedIn(rig, procedure, session);
        if (path === null) return;
        const waits = session.pending?.type === 'confirm' || session.pending?.type === 'warn';
        await filer.say(waits ? 'đúng rồi' : (answers[path] ?? USUAL[kind] ?? '1'));
      }
      throw new Error(`never came to the review of ${procedure}`);
    },
    async file(procedure, wish, answers) {
      await filer.say(wish);
      for (let tries = 0; tries < 3 && (await filer.session()) === null; tries += 1) await filer.say('1');
      await filer.answerAll(procedure, answers);
      const key = (await filer.session())?.key ?? '';
      await filer.say('gửi');
      const sent = await house.store.dossiers.list({ agency: 'demo', limit: 50 });
      const found = sent.find(({ state }) => state.doc.sessionKey === key);
      if (found === undefined)
        throw new Error(`nothing was sent: ${(await filer.talk()).at(-1)?.text ?? ''}`);
      return found.state.doc;
    },
  };
  return filer;
}

/** What is being asked, as a walk of the flow tells; the demo commune receives everything. */
function askedIn({ house }: Rig, procedure: string, session: Session): { path: string | null; kind: string } {
  const flow = house.flows.get(procedure)!;
  const agency = { id: 'demo', name: 'UBND Phường Mẫu (THỬ)', receives: true, demo: true };
  const context: Context = { ...contextOf(flow), findCommunes: house.communes.find, agencyOf: () => agency };
  const spot = present(walk(flow, session, context), session);
  return { path: spot?.path ?? null, kind: spot?.step.kind ?? '' };
}

export const printOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');
