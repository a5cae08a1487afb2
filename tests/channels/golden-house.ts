/** A whole house with the communes of the golden talks, and a channel to it: the web chat, or Telegram over its webhook. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../src/config';
import { openMessengers } from '../../src/house/channels';
import type { Address, OutButton } from '../../src/ports/channel';
import { openRig, root, type Rig } from '../app/rig';
import type { Delivery } from '../contract/channel-contract';
import { webDriver } from '../contract/web-driver';
import {
  startFakeTelegram,
  TOKEN,
  type Citizen,
  type FakeTelegram,
} from '../servers/fake-telegram/fake-telegram';
import type { TalkFile } from '../flow/talk-runner';

/** The day of the talks, 10:00 in Vietnam. */
const MORNING = Date.parse('2026-11-22T03:00:00Z');
/** So often a chat is looked at; a store behind a wire has other things to do. */
const LOOK_MS = 15;
/** A store on a busy machine may say so: the page sends the same again. */
const TRIES = 20;
const SECRET = 'golden-'.padEnd(40, 's');

/** A file a citizen holds. */
export interface Paper {
  readonly name: string;
  readonly bytes: Buffer;
  readonly pdf: boolean;
}

/** Each resolves when nothing of this chat is on its way any more. */
export interface GoldenChat {
  readonly address: Address;
  write(words: string): Promise<void>;
  press(button: OutButton): Promise<void>;
  show(papers: readonly Paper[]): Promise<void>;
  rest(): Promise<void>;
  /** What the house said, as the citizen reads it. */
  shown(): readonly string[];
}

export interface GoldenHouse {
  readonly rig: Rig;
  /** null on the web. */
  readonly fake: FakeTelegram | null;
  chat(): Promise<GoldenChat>;
  close(): Promise<void>;
}

/** Where each sort of talk takes place; the talks themselves all say Ba Đình. */
export const COMMUNES: Readonly<Record<NonNullable<TalkFile['agency']>, string>> = {
  receives: 'phường Ba Đình, Hà Nội',
  closed: 'phường Hai Bà Trưng, Hà Nội',
  none: 'phường Cầu Giấy, Hà Nội',
};

/** Ba Đình and Hoàn Kiếm take everything, Hai Bà Trưng nothing, and in Cầu Giấy is nobody. */
async function furnish({ house }: Rig): Promise<void> {
  const office = {
    provinceCode: '01',
    address: 'Số 1 phố Mẫu',
    hours: '8 giờ đến 17 giờ',
    phone: '',
    demo: false,
    receiver: { type: 'desk' },
  } as const;
  const procedures = [...house.flows.keys()];
  const { agencies, officers } = house.store;
  const offices = [
    { id: 'a-00004', name: 'UBND Phường Ba Đình', communeCode: '00004', procedures },
    { id: 'a-00070', name: 'UBND Phường Hoàn Kiếm', communeCode: '00070', procedures },
    { id: 'a-00256', name: 'UBND Phường Hai Bà Trưng', communeCode: '00256', procedures: [] },
  ];
  for (const [n, one] of offices.entries()) {
    await agencies.create({ ...office, ...one });
    await officers.create({
      id: `o${n}`,
      login: `lan${n}`,
      name: 'Lan',
      agency: one.id,
      role: 'officer',
      passwordHash: 'none',
      active: true,
      createdAt: MORNING,
      epoch: 1,
    });
  }
  await house.directory.refresh();
}

/** Resolves when all that a chat's commits left is said and done. @throws Error after 60 s */
async function rest({ house }: Rig, address: Address): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const state = await house.store.conversations.find(address);
    const { says = [], acts = [] } = state?.doc ?? {};
    const said = says.every(({ seq }) => seq <= (state?.sentUpTo ?? 0));
    if (state !== null && said && acts.every(({ seq }) => seq <= state.doneUpTo)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`no rest in ${address.channel} ${address.chat}`);
}

/** `env`: other engines than the embedded ones, say. */
export async function openWeb(env: Readonly<Record<string, string>> = {}): Promise<GoldenHouse> {
  const rig = await openRig(MORNING, undefined, env);
  await furnish(rig);
  const { converse, incoming, talk, store } = rig.house;
  const clock = () => rig.universe.now();
  const open = () => Promise.resolve(null);
  const web = await webDriver.open({ inbox: converse, incoming, talk, open, leases: store.leases, clock });
  rig.house.channels.set('web', web.channel);
  async function chat(): Promise<GoldenChat> {
    const citizen = await web.citizen();
    const { address } = citizen;
    async function done({ deliver }: Delivery): Promise<void> {
      let status = await deliver();
      for (let tries = 1; status === 503 && tries < TRIES; tries += 1) status = await deliver();
      if (status !== 200) throw new Error(`refused: ${status}`);
      await rest(rig, address);
    }
    return {
      address,
      write: (words) => done(citizen.write(words)),
      press: (button) => done(citizen.press(button)),
      async show(papers) {
        for (const { name, bytes, pdf } of papers)
          await done(pdf ? citizen.pdf(bytes, `${name}.pdf`) : citizen.photo(bytes));
      },
      rest: () => rest(rig, address),
      shown: () => citizen.seen().map(({ text }) => text),
    };
  }
  return {
    ...{ rig, fake: null, chat },
    async close() {
      await web.close();
      await rig.close();
    },
  };
}

/** As its phone app sends papers: photos together are an album; `asDocuments`: each as a file. */
function showOn(phone: Citizen, papers: readonly Paper[], asDocuments: boolean): void {
  const photos = papers.filter(({ pdf }) => !pdf && !asDocuments).map(({ bytes }) => bytes);
  if (photos.length > 1) phone.album(photos);
  else photos.forEach((bytes) => phone.photo(bytes));
  const album = papers.length > 1 ? { album: `files-${papers[0]?.name ?? ''}` } : {};
  for (const { name, bytes, pdf } of papers) {
    if (pdf) phone.document(bytes, { name: `${name}.pdf`, ...album });
    else if (asDocuments) phone.document(bytes, { name: `${name}.jpg`, mime: 'image/jpeg', ...album });
  }
}

function pressOn(phone: Citizen, { id, label }: OutButton): void {
  const on = phone.shown().findLast(({ buttons }) => buttons.flat().some(({ data }) => data === id));
  if (on === undefined) throw new Error(`no button "${label}" (${id}) on the screen`);
  phone.press({ message: on, data: id });
}

/** `asDocuments`: photos are sent as files. */
export async function openTelegram(asDocuments: boolean): Promise<GoldenHouse> {
  const rig = await openRig(MORNING);
  await furnish(rig);
  const fake = await startFakeTelegram({ scale: 50, floorMs: 5 });
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: fake.url,
    TELEGRAM_MODE: 'webhook',
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    PUBLIC_URL: 'https://mot-cua.example',
    DATA_DIR: rig.dataDir,
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { house, universe } = rig;
  const telegram = openMessengers({ house, universe, log, config: loadConfig(env, root) });
  const server = createServer((request, response) => void telegram.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  fake.setWebhook({ url: `http://127.0.0.1:${port}/webhooks/telegram`, secret: SECRET });

  function chat(): Promise<GoldenChat> {
    const phone = fake.citizen();
    const address: Address = { channel: 'telegram', account: 'default', chat: String(phone.chatId) };
    const mine = (): boolean =>
      fake
        .pending()
        .some(({ message, callback_query: tap }) => (message ?? tap?.message)?.chat.id === phone.chatId);
    async function done(): Promise<void> {
      while (mine()) await new Promise((resolve) => setTimeout(resolve, 4));
      await rest(rig, address);
    }
    return Promise.resolve({
      address,
      write: (words) => (phone.text(words), done()),
      press: (button) => (pressOn(phone, button), done()),
      show: (papers) => (showOn(phone, papers, asDocuments), done()),
      rest: () => rest(rig, address),
      shown: () => phone.shown().map(({ text }) => text),
    });
  }
  return {
    ...{ rig, fake, chat },
    async close() {
      await telegram.close();
      await fake.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rig.close();
    },
  };
}
