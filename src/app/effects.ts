/** Carries what a document's commit left in its outbox to where it belongs. Any step may be repeated at any time. */
import { codeOf, ERRORS } from '../errors';
import type { Channel, Outgoing } from '../ports/channel';
import type { Act, Conversation, Utterance } from '../ports/documents';
import type { Job } from '../ports/queue';
import type { ConversationState, Store } from '../ports/store';
import type { Log, Meter, Universe } from '../ports/universe';
import type { ConversationActs } from './conversation-acts';
import { expiryOf, type Converse } from './converse';
import type { DossierActs } from './dossier/dossier-acts';
import { eraseAt, type EraseDossier } from './dossier/retention';

/** Longer than any one send may take; an expired lease may be taken by anyone. */
const SEND_LEASE_MS = 10_000;
/** After a failure the sweeper comes back this much later. */
const RETRY_MS = 5_000;

export interface EffectsDeps {
  readonly store: Store;
  readonly universe: Universe;
  readonly log: Log;
  readonly meter: Meter;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly conversationActs: ConversationActs;
  readonly losePhoto: (doc: Conversation, act: Extract<Act, { type: 'take-photo' }>) => Promise<void>;
  readonly dossierActs: DossierActs;
  readonly eraseDossier: EraseDossier;
  readonly converse: Converse;
  /** Works one delivery, see `app/deliver`. */
  readonly deliver: (id: string) => Promise<void>;
  /** Names this process in leases. */
  readonly holder: string;
  readonly draftDays: number;
}

const GIVE_UP_MS = 10 * 60_000;
/** Nobody waits longer for a photo: it is asked for again, and what waits behind it goes on. */
const PHOTO_MS = 60_000;
const SET_ASIDE_MS = 7 * 86_400_000;

/** Handles one job of the queue: whatever the document's outbox still holds. */
export function openEffects(deps: EffectsDeps): (job: Job) => Promise<void> {
  const { universe, meter } = deps;
  const look = {
    conversation: (id: string) => lookAtConversation(deps, id),
    dossier: (id: string) => lookAtDossier(deps, id),
    delivery: deps.deliver,
  };
  return async ({ document, id }) => {
    const from = universe.now();
    try {
      await look[document](id);
      meter.seconds('effect', (universe.now() - from) / 1000, { document });
    } catch (error) {
      meter.count('effects_failed', { document });
      throw error;
    }
  };
}

async function lookAtConversation(deps: EffectsDeps, id: string): Promise<void> {
  const { store, universe } = deps;
  const state = await store.conversations.byId(id);
  if (state === null) return;
  const says = state.doc.says.filter((one) => one.seq > state.sentUpTo);
  const acts = state.doc.acts.filter((one) => one.seq > state.doneUpTo);
  if (says.length + acts.length === 0) return rest(deps, state);
  const [spoken, carried] = await Promise.allSettled([
    speak(deps, state, says),
    carryOut(deps, state.doc, acts),
  ]);
  const failed = [spoken, carried].find((one) => one.status === 'rejected');
  const marks = {
    ...(spoken.status === 'fulfilled' && spoken.value !== null ? { sentUpTo: spoken.value } : {}),
    ...(carried.status === 'fulfilled' && carried.value !== null ? { doneUpTo: carried.value } : {}),
  };
  const done = failed === undefined && (says.length === 0 || marks.sentUpTo !== undefined);
  const dueAt = done ? expiryOf(state.doc, deps.draftDays) : universe.now() + RETRY_MS;
  // Released with the marks, in one commit: whoever speaks next knows what was said. Another's lease stays.
  await Promise.all([
    says.length === 0 ? null : store.conversations.releaseSendLease(id, deps.holder),
    store.conversations.mark(id, marks, { revision: state.revision, dueAt }),
  ]);
  if (failed !== undefined) throw failed.reason;
}

/** Nothing is left to carry: the time of an unfinished filing may be over. */
async function rest(deps: EffectsDeps, state: ConversationState): Promise<void> {
  const { store, universe } = deps;
  const dueAt = expiryOf(state.doc, deps.draftDays);
  const { id } = state.doc;
  if (dueAt !== null && dueAt <= universe.now()) {
    await deps.converse.tell(id, { id: `${id}-${state.revision}-due`, type: 'due' });
  } else await store.conversations.mark(id, {}, { revision: state.revision, dueAt });
}

/** To the transcript, then to the chat. The last seq said; null when somebody else is sending. */
async function speak(
  deps: EffectsDeps,
  state: ConversationState,
  says: readonly Utterance[],
): Promise<number | null> {
  const { store, universe } = deps;
  const last = says.at(-1);
  if (last === undefined) return null;
  const { id, address } = state.doc;
  const now = universe.now();
  const [, mine] = await Promise.all([
    store.transcripts.append(says.map((one) => ({ ...one, conversation: id }))),
    store.conversations.takeSendLease(id, deps.holder, now, now + SEND_LEASE_MS),
  ]);
  if (!mine) return null;
  const outcome = await deps.channels.get(address.channel)?.send(address, says.filter(isOurs).map(outgoing));
  if (outcome === 'unreachable') deps.log.info('citizen-unreachable', { conversation: id });
  return last.seq;
}

/** One act after another; the last seq done. What fails stops the lane and is tried again. */
async function carryOut(deps: EffectsDeps, doc: Conversation, acts: readonly Act[]): Promise<number | null> {
  const { store } = deps;
  for (const act of acts) {
    await deps.conversationActs(doc, act).catch((error: unknown) => giveUp(deps, doc, act, error));
    if (acts.length > 1) await store.conversations.mark(doc.id, { doneUpTo: act.seq });
  }
  return acts.at(-1)?.seq ?? null;
}

/** What can never succeed, or has not for long, must not hold the talk: it is set aside sealed, and the citizen told. */
async function giveUp(deps: EffectsDeps, doc: Conversation, act: Act, error: unknown): Promise<void> {
  const { store, universe } = deps;
  const now = universe.now();
  const patience = act.type === 'take-photo' ? PHOTO_MS : GIVE_UP_MS;
  if (ERRORS[codeOf(error)].retryable && now - act.at < patience) throw error;
  deps.log.error('act-set-aside', error, { conversation: doc.id, act: act.type });
  await store.slips.put('set-aside', act.id, act, now + SET_ASIDE_MS);
  if (act.type === 'take-photo') return deps.losePhoto(doc, act);
  await deps.converse.tell(doc.id, { id: `${act.id}-failed`, type: 'act-failed', act: act.type });
}

async function lookAtDossier(deps: EffectsDeps, id: string): Promise<void> {
  const { store, universe } = deps;
  const state = await store.dossiers.byId(id);
  if (state === null) return;
  for (const act of state.doc.acts) {
    if (act.seq <= state.doneUpTo) continue;
    await deps.dossierActs(state.doc, act);
    await store.dossiers.mark(id, act.seq);
  }
  const last = state.doc.acts.at(-1)?.seq ?? 0;
  const dueAt = eraseAt(state.doc);
  if (dueAt !== null && dueAt <= universe.now()) return deps.eraseDossier(state.doc);
  await store.dossiers.mark(id, last, { revision: state.revision, dueAt });
}

const isOurs = (one: Utterance): boolean => one.side !== 'citizen';
const outgoing = (one: Utterance): Outgoing => ({ ...one.message, seq: one.seq, at: one.at });
