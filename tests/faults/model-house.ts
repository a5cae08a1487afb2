/**
 * The conversation's loop and the runner of its effects over an engine in memory, with a scheduler between any two steps:
 * every operation of the store, the channel, the files and the intake waits until it is chosen. Processes come and go over
 * one store; one that was killed never gets another answer.
 */
import { randomBytes } from 'node:crypto';
import { openConversationActs } from '../../src/app/conversation-acts';
import { cachedConversations } from '../../src/app/conversation-cache';
import { openConverse, type Converse } from '../../src/app/converse';
import { deliverer } from '../../src/app/delivery/deliver';
import { openDirectory } from '../../src/app/directory';
import { dossierChanger } from '../../src/app/dossier/change-dossier';
import { openDossierActs } from '../../src/app/dossier/dossier-acts';
import { effectMover } from '../../src/app/dossier/effect-move';
import { dueProposer } from '../../src/app/dossier/promised-date';
import { openReports } from '../../src/app/dossier/reports';
import { dossierEraser } from '../../src/app/dossier/retention';
import { openEffects } from '../../src/app/effects';
import { incomingFiles } from '../../src/app/incoming-files';
import { sentFiles } from '../../src/app/sent-files';
import { openBriefing } from '../../src/app/talk/briefing';
import { worldMaker } from '../../src/app/talk/world';
import { openTries } from '../../src/app/tries';
import { loseFile } from '../../src/app/voice-acts';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { openSealedStore } from '../../src/drivers/sealed-store';
import { AppError } from '../../src/errors';
import { furnish } from '../../src/house/furnish';
import type { Library } from '../../src/house/library';
import type { Channel, Outgoing, SendOutcome } from '../../src/ports/channel';
import type { Files } from '../../src/ports/files';
import type { Intake } from '../../src/ports/intake';
import type { Job, Queue } from '../../src/ports/queue';
import type { Store } from '../../src/ports/store';
import type { Universe } from '../../src/ports/universe';
import { brokenInbox, MUTATIONS } from '../servers/mutations';
import { memoryRecords, newMemory, type Memory, type StepBefore } from './memory-records';

const START = Date.parse('2026-11-23T02:00:00Z');
const quiet = { info: () => undefined, warn: () => undefined };
const meter = { count: () => undefined, seconds: () => undefined };
const vault = openVault(parseDataKeys(newKeys(randomBytes)));

/** What outlives every process: the store's rows, the files, the chats' screens, the clock. */
export interface Ground {
  readonly memory: Memory;
  readonly files: Map<string, Buffer>;
  /** Each chat's messages in the order in which they came. */
  readonly shown: Map<string, Outgoing[]>;
  /** What the next sends come to; when there are no more, all is sent. */
  readonly outcomes: SendFate[];
  readonly errors: unknown[];
  now: number;
}

/** `half`: the first message arrives, the rest later. `unheard`: all arrive, and nobody knows. */
export type SendFate = 'sent' | 'half' | 'later' | 'unheard' | 'unreachable';

export const newGround = (): Ground => ({
  memory: newMemory(),
  files: new Map(),
  shown: new Map(),
  outcomes: [],
  errors: [],
  now: START,
});

export interface Process {
  readonly converse: Converse;
  readonly store: Store;
  /** What the sweeper does: rings for all that is due. */
  sweep(): Promise<void>;
  /** Looks that run now. */
  busy(): number;
  kill(): void;
}

const never = new Promise<never>(() => undefined);

function channelOf({ shown, outcomes }: Ground, step: StepBefore): Channel {
  function deliver(chat: string, messages: readonly Outgoing[]): void {
    const screen = shown.get(chat) ?? [];
    shown.set(chat, [...screen, ...messages]);
  }
  return {
    name: 'telegram',
    capabilities: { buttons: true, push: true, documents: true },
    async send({ chat }, messages): Promise<SendOutcome> {
      await step('send');
      const fate = outcomes.shift() ?? 'sent';
      const [first] = messages;
      if (fate === 'half') deliver(chat, messages.slice(0, 1));
      if (fate === 'sent' || fate === 'unheard') deliver(chat, messages);
      await step('sent');
      if (fate === 'sent') return fate;
      if (fate === 'unreachable') return { unreachable: { sentUpTo: 0 } };
      return { later: { sentUpTo: fate === 'half' ? (first?.seq ?? 0) : 0, waitMs: 1_000 } };
    },
    async fetch(_address, ref) {
      await step('fetch');
      return Buffer.from(ref);
    },
  };
}

function filesOf({ files }: Ground, step: StepBefore): Files {
  return {
    async put(key, bytes) {
      await step('file put');
      if (!files.has(key)) files.set(key, bytes);
    },
    async get(key) {
      await step('file get');
      const bytes = files.get(key);
      if (bytes === undefined) throw new AppError('not-found', 'no such file');
      return bytes;
    },
    async remove(key) {
      await step('file remove');
      files.delete(key);
    },
    close: () => Promise.resolve(),
  };
}

const intakeOf = (step: StepBefore): Intake => ({
  async take(bytes) {
    await step('intake');
    if (bytes.toString().startsWith('bad')) return { ok: false, problem: 'broken' };
    return { ok: true, file: { bytes: Buffer.from('clean'), type: 'image/jpeg', pages: 1, flags: [] } };
  },
  close: () => Promise.resolve(),
});

/** Looks at one document at a time; a look that is rung for meanwhile comes after it. Bells for later are the sweeper's. */
function bells(ground: Ground, step: StepBefore) {
  const waiting = new Map<string, Job>();
  const running = new Set<string>();
  let handler: (job: Job) => Promise<void> = () => Promise.resolve();
  async function look(name: string, job: Job): Promise<void> {
    running.add(name);
    await step('look');
    await handler(job).catch((error: unknown) => ground.errors.push(error));
    running.delete(name);
    const next = waiting.get(name);
    waiting.delete(name);
    if (next !== undefined) void look(name, next);
  }
  const ring: Queue['ring'] = (job, at) => {
    if (at !== undefined && at > ground.now) return;
    const name = `${job.document} ${job.id}`;
    if (running.has(name)) waiting.set(name, job);
    else void look(name, job);
  };
  const queue: Queue = { ring, work: (given) => void (handler = given), close: () => Promise.resolve() };
  return { queue, busy: () => running.size };
}

export interface ProcessOptions {
  readonly library: Library;
  readonly ground: Ground;
  readonly step: StepBefore;
  /** The house's own: conversations kept open. Only where one process writes. */
  readonly cached: boolean;
  /** Breaks the engine on purpose, see tests/servers/mutations. */
  readonly mutate?: string | undefined;
}

/** One process over the ground. */
export async function startProcess({
  library,
  ground,
  step,
  cached,
  mutate,
}: ProcessOptions): Promise<Process> {
  let dead = false;
  const alive: StepBefore = async (what) => {
    if (!dead) await step(what);
    return dead ? never : undefined;
  };
  const universe: Universe = {
    now: () => ground.now,
    randomBytes: (count) => randomBytes(count),
    jitter: () => 0,
  };
  const engine = memoryRecords(ground.memory, alive);
  const broken = MUTATIONS[mutate ?? '']?.(engine) ?? engine;
  const sealed = await openSealedStore({ records: broken, vault });
  const store = {
    ...sealed,
    conversations: cached ? cachedConversations(sealed.conversations) : sealed.conversations,
  };
  await furnish(store, library);
  const { queue, busy } = bells(ground, alive);
  const log = { ...quiet, error: (_event: string, error: unknown) => void ground.errors.push(error) };
  const channels = new Map([['telegram', channelOf(ground, alive)]]);
  const { converse, handle } = await wire({
    library,
    store,
    queue,
    universe,
    log,
    meter,
    channels,
    files: filesOf(ground, alive),
    intake: intakeOf(alive),
  });
  queue.work(handle);
  return {
    converse: brokenInbox(mutate, converse),
    store,
    busy,
    async sweep() {
      for (const job of await store.due(ground.now, 1_000)) queue.ring(job);
    },
    kill: () => void (dead = true),
  };
}

interface Engines {
  readonly library: Library;
  readonly store: Store;
  readonly queue: Queue;
  readonly universe: Universe;
  readonly log: Parameters<typeof openConverse>[0]['log'];
  readonly meter: typeof meter;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly files: Files;
  readonly intake: Intake;
}

/** As the house does it. */
async function wire(engines: Engines) {
  const { library, store, queue, universe, channels, files } = engines;
  const { facts, speech, cards, communes, flows } = library;
  const directory = await openDirectory(store);
  const newId = () => universe.randomBytes(16).toString('base64url');
  const draftDays = 30;
  const briefing = openBriefing({
    facts,
    speech,
    agency: directory.byId,
    portal: 'https://dichvucong.gov.vn',
  });
  const worldAt = worldMaker({
    ...{ ...library, procedures: cards, findCommunes: communes.find, communeByCode: communes.byCode },
    ...{
      hasForm: () => false,
      directory,
      briefing,
      channels,
      draftDays,
      newKey: newId,
      publicUrl: 'https://mot-cua.example',
    },
  });
  const pace = () => Promise.resolve(0);
  const converse = openConverse({ ...engines, worldAt, draftDays, pace });
  const changeDossier = dossierChanger(store, queue, universe);
  const incoming = incomingFiles({ files, store, universe });
  const photos = { ...engines, converse, incoming, sent: sentFiles({ files, incoming, channels }) };
  const proposeDueOn = dueProposer({ ...library, say: speech.say });
  const moveOf = effectMover({ universe, speech, agency: directory.byId, proposeDueOn });
  const reports = openReports({ store, universe, moveOf, changeDossier });
  const delivering = deliverer({
    ...{
      deliveries: store.deliveries,
      agencies: store.agencies,
      ring: queue.ring,
      onOutcome: reports.deliveryEnded,
    },
    ...{ now: () => universe.now(), random: () => 0 },
    receiver: { deliver: () => Promise.reject(new Error('this commune has a desk')) },
  });
  const handle = openEffects({
    ...{ ...engines, converse, draftDays, holder: newId(), ring: queue.ring },
    conversationActs: openConversationActs({ ...photos, changeDossier, moveOf, flows, tries: openTries() }),
    loseFile: (doc, act) => loseFile(photos, doc, act),
    dossierActs: openDossierActs(converse, delivering, newId),
    eraseDossier: dossierEraser({ store, files, universe, converse }),
    deliver: (id) => delivering.look(id, new AbortController().signal),
  });
  return { converse, handle };
}
