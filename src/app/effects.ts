/** Carries what a document's commit left in its outbox to where it belongs. Any step may be repeated at any time. */
import { codeOf, ERRORS } from '../errors';
import type { Act, Conversation, Utterance } from '../ports/documents';
import type { Job, Queue } from '../ports/queue';
import type { ConversationState } from '../ports/store';
import type { Meter } from '../ports/universe';
import type { ConversationActs } from './conversation-acts';
import { expiryOf } from './converse';
import { NOTHING_SAID, speak, type Spoken, type SpeakingDeps } from './speaking';
import type { DossierActs } from './dossier/dossier-acts';
import { eraseAt, type EraseDossier } from './dossier/retention';
import type { FileAct } from './voice-acts';

/** A channel that shows work ("typing …") does so for about five seconds at a time. */
const WORK_SHOWN = { afterMs: 700, everyMs: 4_500 };
/** After a failure the sweeper comes back this much later. */
const RETRY_MS = 5_000;

export interface EffectsDeps extends SpeakingDeps {
  readonly meter: Meter;
  /** Looks again at a conversation whose words must wait. */
  readonly ring: Queue['ring'];
  readonly conversationActs: ConversationActs;
  /** What a citizen sent could not be had for too long: the talk goes on without it. */
  readonly loseFile: (doc: Conversation, act: FileAct) => Promise<void>;
  readonly dossierActs: DossierActs;
  readonly eraseDossier: EraseDossier;
  /** Works one delivery, see `app/deliver`. */
  readonly deliver: (id: string) => Promise<void>;
  readonly draftDays: number;
}

const GIVE_UP_MS = 10 * 60_000;
/** Nobody waits longer for a photo or a spoken note: it is asked for again, and what waits behind it goes on. */
const FILE_MS = 60_000;
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
  const says = unsaidOf(state);
  const acts = state.doc.acts.filter((one) => one.seq > state.doneUpTo);
  if (says.length + acts.length === 0) return rest(deps, state);
  const work = carryOut(deps, state.doc, acts);
  const [spoken, carried] = await Promise.allSettled([
    speakMeanwhile(deps, state, work),
    showWork(deps, state.doc, work),
  ]);
  const failed = [spoken, carried].find((one) => one.status === 'rejected');
  const words = spoken.status === 'fulfilled' ? spoken.value : null;
  const done = carried.status === 'fulfilled' ? carried.value : null;
  const later = failed === undefined ? (words?.dueAt ?? null) : universe.now() + RETRY_MS;
  const dueAt = later ?? expiryOf(state.doc, deps.draftDays);
  // Whichever of the two lands alone, what was said is marked where nothing is due any more.
  const upTo = words?.upTo ?? null;
  const marks = {
    ...(upTo === null ? {} : { sentUpTo: upTo }),
    ...(done === null ? {} : { doneUpTo: done }),
  };
  await Promise.all([
    // Also words that came while there was nothing but work: unmarked they would be said again.
    said(deps, id, words),
    store.conversations.mark(id, marks, { revision: state.revision, dueAt }),
  ]);
  if (later !== null) deps.ring({ document: 'conversation', id, revision: state.revision }, later);
  if (failed !== undefined) throw failed.reason;
}

const unsaidOf = ({ doc, sentUpTo }: ConversationState): readonly Utterance[] =>
  doc.says.filter((one) => one.seq > sentUpTo);

/** What was said is marked, and the lease given back; another's lease stays. */
async function said({ store, holder }: EffectsDeps, id: string, words: Spoken | null): Promise<void> {
  if (words?.leased === false) return;
  await store.conversations.releaseSendLease(id, holder, words?.upTo ?? undefined);
}

/** How often the words of a talk with work in hand are looked at: nobody waits for an answer because a file is slow. */
const MEANWHILE_MS = 250;

/** Words go on while there is still work: new ones, and those that wait for their moment. */
async function speakMeanwhile(
  deps: EffectsDeps,
  state: ConversationState,
  work: Promise<unknown>,
): Promise<Spoken> {
  const { store, universe } = deps;
  let spoken = await speak(deps, state, unsaidOf(state));
  const waitMs = (): number => {
    const due = (spoken.dueAt ?? Infinity) - universe.now();
    return spoken.silent ? due : Math.min(due, MEANWHILE_MS);
  };
  while (await lasts(work, waitMs())) {
    try {
      await said(deps, state.doc.id, spoken);
      const now = await store.conversations.byId(state.doc.id);
      if (now === null) return NOTHING_SAID;
      spoken = await speak(deps, now, unsaidOf(now));
    } catch (error) {
      // What was said stays known: it is marked when the work is over, and the rest comes again.
      deps.log.error('effect-failed', error, { conversation: state.doc.id });
      return { ...spoken, dueAt: universe.now() + RETRY_MS, leased: true };
    }
  }
  return spoken;
}

/** Is the work still going on after so long? */
async function lasts(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const ended = work.then(
    () => false,
    () => false,
  );
  const late = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), Math.max(0, ms))));
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

/** Work that takes longer than a moment is shown in the chat while it lasts. */
async function showWork<T>(
  { channels }: EffectsDeps,
  { address }: Conversation,
  work: Promise<T>,
): Promise<T> {
  const channel = channels.get(address.channel);
  if (channel?.working === undefined) return work;
  const show = (): void => void channel.working?.(address);
  const first = setTimeout(show, WORK_SHOWN.afterMs);
  const again = setInterval(show, WORK_SHOWN.everyMs);
  return work.finally(() => {
    clearTimeout(first);
    clearInterval(again);
  });
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
  const patience = isFileAct(act) ? FILE_MS : GIVE_UP_MS;
  if (ERRORS[codeOf(error)].retryable && now - act.at < patience) throw error;
  deps.log.error('act-set-aside', error, { conversation: doc.id, act: act.type });
  await store.slips.put('set-aside', act.id, act, now + SET_ASIDE_MS);
  if (isFileAct(act)) return deps.loseFile(doc, act);
  await deps.converse.tell(doc.id, { id: `${act.id}-failed`, type: 'act-failed', act: act.type });
}

const isFileAct = (act: Act): act is FileAct => act.type === 'take-photo' || act.type === 'keep-voice';

async function lookAtDossier(deps: EffectsDeps, id: string): Promise<void> {
  const { store, universe } = deps;
  const state = await store.dossiers.byId(id);
  if (state === null) return;
  const last = state.doc.acts.at(-1)?.seq ?? 0;
  for (const act of state.doc.acts) {
    if (act.seq <= state.doneUpTo) continue;
    await deps.dossierActs(state.doc, act);
    // The last one is marked below, with what is due next.
    if (act.seq < last) await store.dossiers.mark(id, act.seq);
  }
  const dueAt = eraseAt(state.doc);
  if (dueAt !== null && dueAt <= universe.now()) return deps.eraseDossier(state.doc);
  await store.dossiers.mark(id, last, { revision: state.revision, dueAt });
}
