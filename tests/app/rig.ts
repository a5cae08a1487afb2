/** A whole house on a temporary folder, with a chat that only listens: the way the product is used, without HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { voiceOf } from '../../src/app/dossier/dossier-tell';
import { actOnDossier, type DeskAct } from '../../src/app/dossier/track';
import { loadConfig } from '../../src/config';
import { openHouse, type House } from '../../src/house/house';
import type { Address, Channel, ChannelEvent, Outgoing } from '../../src/ports/channel';
import type { Log, Universe } from '../../src/ports/universe';

export const root = join(__dirname, '../..');

export interface Rig {
  readonly house: House;
  /** The process ends and another begins on the same data. */
  restart(): Promise<void>;
  readonly universe: Universe;
  readonly dataDir: string;
  /** Moves the clock on. */
  later(ms: number): void;
  readonly logged: { readonly event: string; readonly error?: unknown }[];
  chat(name?: string): Chat;
  /** Waits until nothing is due and nothing new is said. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface Chat {
  readonly address: Address;
  /** All the bot and officers said, in order. */
  readonly heard: Outgoing[];
  /** Says words and waits until the house is quiet; what was answered. */
  say(text: string): Promise<string>;
  /** Presses the button with this label (of the last message that has it). */
  press(label: string): Promise<string>;
  /** Any event, waited for; what was answered. */
  answered(event: Partial<ChannelEvent> & Pick<ChannelEvent, 'type'>): Promise<string>;
  take(event: Partial<ChannelEvent> & Pick<ChannelEvent, 'type'>): Promise<'done' | 'seen' | 'stale'>;
  last(): Outgoing;
}

const noMeter = { count: () => undefined, seconds: () => undefined };

/**
 * @param at first moment of the clock: Monday 23/11/2026, 9:00 in Vietnam unless said otherwise
 * @param messagesAMinute tests write faster than people
 * @param env other engines than the embedded ones, say
 */
export async function openRig(
  at = Date.parse('2026-11-23T02:00:00Z'),
  messagesAMinute = 1_000_000,
  env: Readonly<Record<string, string>> = {},
): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-'));
  let offset = at - Date.now();
  const universe: Universe = {
    now: () => Date.now() + offset,
    randomBytes: (count) => randomBytes(count),
    jitter: () => 0,
  };
  const logged: { event: string; error?: unknown }[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (event) => void logged.push({ event }),
    error: (event, error) => void logged.push({ event, error }),
  };
  const config = loadConfig({ DATA_DIR: dataDir, PUBLIC_URL: 'https://mot-cua.example', ...env }, root);
  const open = () => openHouse({ config, root, universe, log, meter: noMeter, messagesAMinute });
  let house = await open();
  const chats = new Map<string, Outgoing[]>();
  const listening: Channel = {
    name: 'test',
    capabilities: { documents: true, buttons: true, push: false },
    send(to, messages) {
      const heard = chats.get(to.chat) ?? [];
      for (const message of messages) if (!heard.some((one) => one.seq === message.seq)) heard.push(message);
      return Promise.resolve('sent');
    },
  };
  house.channels.set('test', listening);
  house.start();

  async function restart(): Promise<void> {
    await house.close();
    house = await open();
    house.channels.set('test', listening);
    house.start();
  }

  /** Quiet: nothing is due and nothing new was said for a few looks in a row. */
  async function quiet(): Promise<void> {
    let calm = 0;
    let before = -1;
    for (let tries = 0; tries < 400 && calm < 4; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const due = await house.store.due(universe.now() + 3_600_000, 50);
      const said = [...chats.values()].reduce((sum, heard) => sum + heard.length, 0);
      const busy = due.some((job) => job.document !== 'conversation') || (await waiting(due));
      calm = !busy && said === before ? calm + 1 : 0;
      before = said;
    }
  }
  async function waiting(due: Awaited<ReturnType<typeof house.store.due>>): Promise<boolean> {
    for (const job of due) {
      const state = await house.store.conversations.byId(job.id);
      if (state === null) continue;
      if (state.doc.says.some((one) => one.seq > state.sentUpTo)) return true;
      if (state.doc.acts.some((one) => one.seq > state.doneUpTo)) return true;
    }
    return false;
  }

  function chat(name = randomBytes(4).toString('hex')): Chat {
    const heard: Outgoing[] = chats.get(name) ?? [];
    chats.set(name, heard);
    const address: Address = { channel: 'test', account: 'default', chat: name };
    const take: Chat['take'] = (event) =>
      house.converse.take({ id: randomBytes(8).toString('hex'), address, ...event } as ChannelEvent);
    async function answered(event: Parameters<Chat['take']>[0]): Promise<string> {
      const from = heard.length;
      await take(event);
      await quiet();
      return heard
        .slice(from)
        .map((one) => one.text)
        .join('\n---\n');
    }
    return {
      address,
      heard,
      take,
      answered,
      say: (text) => answered({ type: 'text', text }),
      press(label) {
        const button = [...heard]
          .reverse()
          .flatMap((one) => one.buttons)
          .find((one) => one.label === label);
        if (button === undefined)
          throw new Error(
            `no button "${label}" in: ${
              heard
                .at(-1)
                ?.buttons.map((one) => one.label)
                .join(', ') ?? ''
            }`,
          );
        return answered({ type: 'choice', choice: button.id, label });
      },
      last: () => heard.at(-1)!,
    };
  }

  return {
    get house() {
      return house;
    },
    restart,
    universe,
    dataDir,
    logged,
    chat,
    quiet,
    later: (ms) => void (offset += ms),
    async close() {
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The shortest filing of an extract for oneself, up to the review. */
export const EXTRACT = [
  'xin trích lục khai sinh',
  '1',
  '1',
  'Giấy của tôi',
  'đồng ý',
  'giấy khai sinh',
  'nguyễn văn an',
  '001190000123',
  'bỏ qua',
  'phường Ba Đình, Hà Nội',
  '1990',
  'bỏ qua',
  '2 bản',
  'nhận tại quầy',
  '0912345678',
] as const;

/** What sends: the same person may have filed before, and is asked then. */
export function sendLabel(chat: Chat): string {
  const labels = chat.last().buttons.map(({ label }) => label);
  return labels.includes('Vẫn gửi hồ sơ mới') ? 'Vẫn gửi hồ sơ mới' : 'Gửi cho cán bộ';
}

/** Files one dossier and gives its code. */
export async function fileExtract(chat: Chat): Promise<string> {
  for (const words of EXTRACT) await chat.say(words);
  const said = await chat.press(sendLabel(chat));
  const code = /[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]/.exec(said)?.[0];
  if (code === undefined) throw new Error(`no code in: ${said}`);
  return code;
}

/** What an officer does at the desk, without its pages. */
export async function officerActs(rig: Rig, code: string, act: DeskAct): Promise<void> {
  const found = await rig.house.store.dossiers.byCode(code);
  const talk = await rig.house.store.conversations.byId(found!.doc.conversation);
  await rig.house.changeDossier(found!.doc.id, `test-${act.type}-${found!.revision}`, (dossier, revision) =>
    actOnDossier(
      dossier,
      dossier.parts[0]!.id,
      act,
      { role: 'officer', id: 'o1', name: 'Lan' },
      {
        at: rig.universe.now(),
        revision,
        voice: voiceOf(rig.house.speech, talk!.doc),
      },
    ),
  );
}
