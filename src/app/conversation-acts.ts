/** What a conversation's commit asks elsewhere, carried out: every act may be repeated, its id is applied once. */
import { AppError, codeOf } from '../errors';
import type { Flow } from '../flow/types';
import type { Act, Conversation, Dossier, DossierNews, NewRound } from '../ports/documents';
import type { Queue } from '../ports/queue';
import type { Meter } from '../ports/universe';
import { newCode } from '../understand/dossier-code';
import type { ChangeDossier } from './dossier/change-dossier';
import {
  adoptPhotos,
  dropPhoto,
  eraseAttachments,
  takePhoto,
  withSettledPhotos,
  type PhotoActsDeps,
} from './photo-acts';
import { keepVoice } from './voice-acts';
import { sessionOf } from './talk/new-dossier';
import type { Tries } from './tries';
import type { EffectMove } from './dossier/effect-move';
import { newsOf } from './dossier/dossier-tell';
import { photoIds } from './dossier/photos-of';
import { lookForTwin } from './dossier/twins';
import { applyRound, askWithdraw, createDossier } from './dossier/track-citizen';
import { withReach } from './dossier/not-told';

export type ConversationActs = (doc: Conversation, act: Act) => Promise<void>;

export interface ConversationActsDeps extends PhotoActsDeps {
  readonly queue: Queue;
  readonly meter: Meter;
  readonly changeDossier: ChangeDossier;
  readonly moveOf: EffectMove;
  readonly flows: ReadonlyMap<string, Flow>;
  /** Shared with the status page: guessing has an end per code and for the whole house. */
  readonly tries: Tries;
}

/** Should the bell be lost, the sweeper looks at the new dossier this much later. */
const GRACE_MS = 5_000;
const MAX_CODES = 10;
type ActOf<T extends Act['type']> = Extract<Act, { type: T }>;

type Handler<T extends Act['type']> = (
  deps: ConversationActsDeps,
  doc: Conversation,
  act: ActOf<T>,
) => Promise<void>;

const HANDLERS: { readonly [T in Act['type']]: Handler<T> } = {
  'create-dossier': create,
  'revise-dossier': revise,
  withdraw,
  'record-consent': ({ store }, _doc, act) => store.consents.append({ ...act.consent, id: act.id }),
  'look-up': lookUp,
  reopen,
  park: ({ store }, _doc, act) => store.drafts.put({ ...act.draft, id: act.id }),
  unpark,
  erase: eraseAll,
  'forget-session': (deps, _doc, act) => eraseAttachments(deps, act.sessionKey),
  'take-photo': takePhoto,
  'drop-photo': dropPhoto,
  'look-for-twin': lookForTwin,
  'keep-voice': keepVoice,
  'not-told': notTold,
  'told-later': toldLater,
};

export function openConversationActs(deps: ConversationActsDeps): ConversationActs {
  return (doc, act) => (HANDLERS[act.type] as Handler<Act['type']>)(deps, doc, act);
}

const newId = ({ universe }: ConversationActsDeps): string => universe.randomBytes(16).toString('base64url');

/** The dossier of a session is created once, whoever tries again; its own outbox then says its code. */
async function create(
  deps: ConversationActsDeps,
  doc: Conversation,
  act: ActOf<'create-dossier'>,
): Promise<void> {
  const { store, universe, queue } = deps;
  const { sessionKey } = act.dossier;
  const known = await store.dossiers.bySession(sessionKey);
  const photos = act.dossier.answers.flatMap(({ value }) => photoIds(value));
  if (known !== null) return adoptPhotos(deps, sessionKey, known.doc.id, photos);
  for (let tries = 0; tries < MAX_CODES; tries++) {
    const dossier = draw(deps, doc, act);
    const result = await store.dossiers.create(dossier, universe.now() + GRACE_MS);
    if (result === 'created') {
      deps.meter.count('dossiers', { procedure: dossier.procedure.id });
      queue.ring({ document: 'dossier', id: dossier.id, revision: 1 });
    }
    if (result === 'session-taken') return create(deps, doc, act);
    if (result === 'created') return adoptPhotos(deps, sessionKey, dossier.id, photos);
  }
  throw new AppError('internal', `${MAX_CODES} dossier codes in a row were taken`);
}

function draw(deps: ConversationActsDeps, doc: Conversation, act: ActOf<'create-dossier'>): Dossier {
  const code = newCode((count) => deps.universe.randomBytes(count));
  const ids = { id: newId(deps), code, conversation: doc.id };
  return createDossier(act.dossier, ids, deps.moveOf(doc, act.id, 0));
}

async function revise(
  deps: ConversationActsDeps,
  doc: Conversation,
  act: ActOf<'revise-dossier'>,
): Promise<void> {
  const own = await owned(deps, doc, act.dossierId);
  await unlessTooLate(deps, doc, act.id, own, async (id) => {
    await deps.changeDossier(id, act.id, (dossier, revision) =>
      applyRound(dossier, act.round, deps.moveOf(doc, act.id, revision)),
    );
    await adoptPhotos(deps, act.sessionKey, id, photosOfRound(act.round));
  });
  // A round that came too late leaves its photos without an owner.
  await eraseAttachments(deps, act.sessionKey);
}

async function withdraw(
  deps: ConversationActsDeps,
  doc: Conversation,
  act: ActOf<'withdraw'>,
): Promise<void> {
  const own = await owned(deps, doc, act.dossierId);
  await unlessTooLate(deps, doc, act.id, own, (id) =>
    deps.changeDossier(id, act.id, (dossier, revision) =>
      askWithdraw(dossier, act.reason, deps.moveOf(doc, act.id, revision)),
    ),
  );
}

const photosOfRound = ({ answers, replies }: NewRound): readonly string[] => [
  ...answers.flatMap(({ value }) => photoIds(value)),
  ...replies.flatMap(({ photos = [] }) => photos),
];

/** A change that came too late changes nothing, and the citizen is told. */
async function unlessTooLate(
  { converse }: ConversationActsDeps,
  doc: Conversation,
  effect: string,
  own: Dossier | null,
  change: (id: string) => Promise<unknown>,
): Promise<void> {
  try {
    if (own === null) throw new AppError('not-found', 'no such dossier in this conversation');
    await change(own.id);
  } catch (error) {
    if (!['move-not-allowed', 'not-found'].includes(codeOf(error))) throw error;
    await converse.tell(doc.id, { id: effect, type: 'round-refused', code: own?.code ?? '' });
  }
}

/** Its id is that of the word itself: however often it is found undelivered, it stands once in the history. */
async function notTold(deps: ConversationActsDeps, doc: Conversation, act: ActOf<'not-told'>): Promise<void> {
  const at = deps.universe.now();
  await deps.changeDossier(act.dossierId, `${doc.id}-${act.said}-not-told`, (dossier) =>
    withReach(dossier, 'missed', act.text, at),
  );
}

async function toldLater(
  { universe, changeDossier }: ConversationActsDeps,
  _doc: Conversation,
  { id, dossierId, text }: ActOf<'told-later'>,
): Promise<void> {
  const at = universe.now();
  await changeDossier(dossierId, id, (dossier) => withReach(dossier, 'later', text, at));
}

async function lookUp(deps: ConversationActsDeps, doc: Conversation, act: ActOf<'look-up'>): Promise<void> {
  const { store, universe, converse, tries } = deps;
  const keys = { ip: `chat ${doc.id}`, machine: '', code: act.code };
  if (!(await tries.begin(keys))) {
    await converse.tell(doc.id, { id: act.id, type: 'looked-up', news: null });
    return;
  }
  const found = (await store.dossiers.byCodeAndLastFour(act.code, act.lastFour))?.doc ?? null;
  if (found !== null) {
    await tries.forgive(keys);
    await store.audit.append({
      at: universe.now(),
      who: 'citizen',
      agency: null,
      what: 'look-up',
      subject: found.id,
    });
  }
  await converse.tell(doc.id, {
    id: act.id,
    type: 'looked-up',
    news: found === null ? null : publicNews(found),
  });
}

async function reopen(deps: ConversationActsDeps, doc: Conversation, act: ActOf<'reopen'>): Promise<void> {
  const own = await owned(deps, doc, act.dossierId);
  const flow = own === null ? undefined : deps.flows.get(own.procedure.id);
  const wanted = act.purpose === 'correct' ? 1 : 5;
  const open = own !== null && flow !== undefined && own.status === wanted;
  const session = open ? sessionOf(flow, own, act.purpose, act.id) : null;
  await deps.converse.tell(doc.id, { id: act.id, type: 'reopened', session, code: own?.code ?? '' });
}

async function unpark(deps: ConversationActsDeps, doc: Conversation, act: ActOf<'unpark'>): Promise<void> {
  const draft = await deps.store.drafts.get(act.draftId);
  const session = draft?.holder === doc.id ? await withSettledPhotos(deps, draft.session) : null;
  await deps.converse.tell(doc.id, { id: act.id, type: 'unparked', session });
  await deps.store.drafts.remove(act.draftId);
}

async function eraseAll(
  deps: ConversationActsDeps,
  doc: Conversation,
  { sessions }: ActOf<'erase'>,
): Promise<void> {
  const { store } = deps;
  // What was spoken outside a filing belongs to the talk itself.
  for (const owner of [doc.id, ...sessions]) await eraseAttachments(deps, owner);
  for (const { id, session } of await store.drafts.ofHolder(doc.id)) {
    await eraseAttachments(deps, session.key);
    await store.drafts.remove(id);
  }
  await store.transcripts.removeOf(doc.id);
}

async function owned(
  { store }: ConversationActsDeps,
  doc: Conversation,
  dossierId: string,
): Promise<Dossier | null> {
  const found = await store.dossiers.byId(dossierId);
  return found !== null && found.doc.conversation === doc.id ? found.doc : null;
}

/** What a look-up with the second factor tells: the part that matters most, without the last words of another chat. */
function publicNews(dossier: Dossier): DossierNews | null {
  const part = dossier.parts.find((one) => one.status === dossier.status) ?? dossier.parts[0];
  return part === undefined ? null : newsOf(dossier, part, '', dossier.createdAt);
}
