/** The house without its doors: engines, rooms and the runner between them. `main` and the terminal chat add channels. */
import { openBriefing } from '../app/talk/briefing';
import { dossierChanger } from '../app/dossier/change-dossier';
import { openConversationActs } from '../app/conversation-acts';
import { openConverse } from '../app/converse';
import { incomingFiles } from '../app/incoming-files';
import { sentFiles } from '../app/sent-files';
import { loseFile } from '../app/voice-acts';
import { deliverer, type Deliverer } from '../app/delivery/deliver';
import { openDirectory } from '../app/directory';
import { openDossierActs } from '../app/dossier/dossier-acts';
import { openEffects } from '../app/effects';
import { effectMover } from '../app/dossier/effect-move';
import { dueProposer } from '../app/dossier/promised-date';
import { openOutFiles } from '../app/out-files';
import { openPace } from '../app/pace';
import { openTries } from '../app/tries';
import { openReports, type Reports } from '../app/dossier/reports';
import { dossierEraser } from '../app/dossier/retention';
import { talkReader } from '../app/talk-reader';
import { worldMaker, type WorldDeps } from '../app/talk/world';
import { civilDate } from '../catalogue/due-dates';
import type { Config } from '../config';
import { openIntake } from '../documents/intake/intake';
import { httpReceiver } from '../drivers/http-agency';
import type { Records } from '../drivers/records';
import type { Channel } from '../ports/channel';
import type { Files } from '../ports/files';
import type { Queue } from '../ports/queue';
import type { Store } from '../ports/store';
import type { Log, Meter, Universe } from '../ports/universe';
import { deskForms } from './desk-forms';
import { openEngines } from './engines';
import { furnish } from './furnish';
import { openLibrary, type Library } from './library';

export interface HouseOptions {
  readonly config: Config;
  /** Folder that holds `flows/`, `locales/` and `assets/`. */
  readonly root: string;
  readonly universe: Universe;
  readonly log: Log;
  readonly meter: Meter;
  /** The engine under the store; unless given, SQLite in DATA_DIR. The house closes it. */
  readonly records?: Records;
  /** Messages of one chat that are read in a minute, unless the usual number. */
  readonly messagesAMinute?: number;
  /** How long an agency may take to answer, ms, unless the usual time. */
  readonly receiverTimeoutMs?: number;
  /** How often the store is asked what is due, ms, unless the usual. */
  readonly sweepMs?: number;
}

/** A call in flight at the end has so long to be answered, ms; then nobody knows whether it arrived. */
const LAST_CALLS_MS = 8_000;
/** What runs longer at the end (a photo being looked at) is taken up by the next process: any step may be repeated. */
const LAST_EFFECTS_MS = 9_000;

function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Ends the work, once. */
function ender(queue: Queue, stop: AbortController): () => Promise<void> {
  let ending: Promise<void> | undefined;
  const end = async () => {
    const late = setTimeout(() => stop.abort(), LAST_CALLS_MS);
    await within(queue.close(), LAST_EFFECTS_MS).finally(() => {
      clearTimeout(late);
      stop.abort();
    });
  };
  return () => (ending ??= end());
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** Where citizens file by themselves; shown wherever we do not take a dossier. */
const PORTAL = 'https://dichvucong.gov.vn';

/** What a turn may know, and the declarations it may offer. */
function openWorld(
  { root, config: { publicUrl, draftDays } }: HouseOptions,
  library: Library,
  house: Pick<WorldDeps, 'directory' | 'channels' | 'newKey'>,
) {
  const { facts, speech, cards, communes } = library;
  const forms = deskForms(root, communes.byCode);
  const briefing = openBriefing({ facts, speech, agency: house.directory.byId, portal: PORTAL });
  const found = { findCommunes: communes.find, communeByCode: communes.byCode };
  const hasForm = (procedure: string) => forms.of(procedure) !== null;
  const rest = { ...house, briefing, hasForm, publicUrl, draftDays };
  return { briefing, forms, worldAt: worldMaker({ ...library, ...found, ...rest, procedures: cards }) };
}

/** What citizens send: kept unread, had from its channel, looked at. */
function openIncoming(base: {
  readonly store: Store;
  readonly files: Files;
  readonly universe: Universe;
  readonly log: Log;
  readonly channels: ReadonlyMap<string, Channel>;
}) {
  const incoming = incomingFiles(base);
  return { incoming, sent: sentFiles({ ...base, incoming }), intake: openIntake(base) };
}

/** The worker that hands deliveries to agencies. */
function openDelivering(
  { universe, receiverTimeoutMs: timeoutMs }: HouseOptions,
  { store, queue }: { readonly store: Store; readonly queue: Queue },
  reports: Reports,
): Deliverer {
  return deliverer({
    deliveries: store.deliveries,
    agencies: store.agencies,
    receiver: httpReceiver({ now: () => universe.now(), ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    ring: queue.ring,
    onOutcome: reports.deliveryEnded,
    now: () => universe.now(),
    random: () => universe.jitter(),
  });
}

/**
 * Opens everything but the doors. Work starts with `start`, when the channels are in.
 * @throws AppError `config-invalid` | `store-locked` | `store-too-new` | `key-unknown` | `flow-invalid` | `facts-invalid`
 */
export async function openHouse(options: HouseOptions) {
  const { config, root, universe, log, meter } = options;
  const library = openLibrary(root, civilDate(universe.now()));
  const engines = await openEngines(options);
  const { store, files, queue, limiter, notices } = engines;
  await furnish(store, library);
  const directory = await openDirectory(store);
  const channels = new Map<string, Channel>();
  const newId = () => universe.randomBytes(16).toString('base64url');
  const { speech, flows } = library;
  const { draftDays } = config;
  const { briefing, worldAt, forms } = openWorld(options, library, { directory, channels, newKey: newId });
  const base = { store, queue, universe, log, meter };
  const pace = openPace(options.messagesAMinute, limiter);
  const converse = openConverse({ ...base, worldAt, draftDays, pace });
  const changeDossier = dossierChanger(store, queue, universe);
  const tries = openTries(undefined, limiter);
  const photos = { ...base, files, converse, ...openIncoming({ ...base, files, channels }) };
  const proposeDueOn = dueProposer({ ...library, say: speech.say });
  const moveOf = effectMover({ universe, speech, agency: directory.byId, proposeDueOn });
  const reports = openReports({ store, universe, moveOf, changeDossier });
  const delivering = openDelivering(options, engines, reports);
  const stop = new AbortController();
  const handle = openEffects({
    ...{ ...base, channels, converse, draftDays, holder: newId() },
    conversationActs: openConversationActs({ ...photos, changeDossier, moveOf, flows, tries }),
    loseFile: (doc, act) => loseFile(photos, doc, act),
    ring: queue.ring,
    dossierActs: openDossierActs(converse, delivering, newId),
    eraseDossier: dossierEraser({ store, files, universe, converse }),
    deliver: (id) => delivering.look(id, stop.signal),
  });
  return {
    ...library,
    ...{ store, files, incoming: photos.incoming, queue, limiter, notices },
    ...{ directory, channels, converse },
    delivering,
    reports,
    proposeDueOn,
    tries,
    changeDossier,
    briefing,
    talk: talkReader(store),
    forms,
    outFiles: openOutFiles({ ...photos, forms }),
    newId,
    start: () => queue.work(handle),
    /** Takes no more work; what runs may end, a call in flight after 8 s becomes `unknown`. A second call is harmless. */
    endWork: ender(queue, stop),
    async close(): Promise<void> {
      await this.endWork();
      await photos.intake.close();
      await engines.close();
    },
  };
}
