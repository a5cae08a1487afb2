/** The lane of words: what a conversation's commits left to say, to the transcript and then to the chat, in order. */
import type { Channel, Outgoing, SendOutcome } from '../ports/channel';
import type { Conversation, Utterance } from '../ports/documents';
import type { ConversationState, Store } from '../ports/store';
import type { Log, Universe } from '../ports/universe';
import type { Converse } from './converse';
import type { LostWords } from './talk/talk';

/** Longer than any one send may take; an expired lease may be taken by anyone. */
const SEND_LEASE_MS = { words: 10_000, files: 30_000 };
/** A channel ends its calls this much before the lease does. */
const LEASE_MARGIN_MS = 2_000;
/** Somebody else is sending: they have until their lease ends. */
const HELD_MS = 5_000;
/** Words for a channel that this process lacks are looked at again so soon, and taken back after a day. */
const MISSED_MS = 15_000;
const MISSING_MS = 86_400_000;

export interface SpeakingDeps {
  readonly store: Store;
  readonly universe: Universe;
  readonly log: Log;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly converse: Converse;
  /** Names this process in leases. */
  readonly holder: string;
}

/** How far it came: all up to `upTo` is said (null: nothing new); with `dueAt` the rest is for then. */
export interface Spoken {
  readonly upTo: number | null;
  readonly dueAt: number | null;
  /** The lease was ours, and is to be released. */
  readonly leased: boolean;
  /** The channel, or who has the lease, asked for silence until `dueAt`, also for words that come meanwhile. */
  readonly silent: boolean;
}

export const NOTHING_SAID: Spoken = { upTo: null, dueAt: null, leased: false, silent: false };

export async function speak(
  deps: SpeakingDeps,
  state: ConversationState,
  says: readonly Utterance[],
): Promise<Spoken> {
  const { store, universe } = deps;
  const now = universe.now();
  const { ready, dueAt } = readyToSay(says, now);
  if (ready.length === 0) return { ...NOTHING_SAID, dueAt };
  const { id } = state.doc;
  const leaseMs = SEND_LEASE_MS[ready.some(({ message }) => message.files !== undefined) ? 'files' : 'words'];
  const [, unsaid] = await Promise.all([
    store.transcripts.append(ready.map((one) => ({ ...one, conversation: id }))),
    leaseUnsaid(deps, state, ready, now, leaseMs),
  ]);
  if (unsaid === null) return { ...NOTHING_SAID, dueAt: now + HELD_MS, silent: true };
  if (unsaid.length === 0) return { ...NOTHING_SAID, dueAt, leased: true };
  const turn = oldestTurn(unsaid);
  const spoken = await send(deps, state.doc, turn, now + leaseMs - LEASE_MARGIN_MS);
  const next = turn.length < unsaid.length ? universe.now() : dueAt;
  return { ...spoken, dueAt: spoken.dueAt ?? next, leased: true, silent: spoken.dueAt !== null };
}

/** One turn is marked as said before the next is begun: a death in between makes a chat hear no more than that turn again. */
function oldestTurn(unsaid: readonly Utterance[]): readonly Utterance[] {
  const answer = unsaid.findIndex(isOurs);
  const next = unsaid.findIndex(({ side }, n) => n > answer && side === 'citizen');
  return answer < 0 || next < 0 ? unsaid : unsaid.slice(0, next);
}

/**
 * The lease, and what is still to say under it; null when another has it. Another process may have had it, and said some of
 * this, since the conversation was read: the lease is asked for as of then, and only when it is refused is it read again.
 */
async function leaseUnsaid(
  { store: { conversations }, holder }: SpeakingDeps,
  state: ConversationState,
  ready: readonly Utterance[],
  now: number,
  leaseMs: number,
): Promise<readonly Utterance[] | null> {
  const { id } = state.doc;
  const until = now + leaseMs;
  if (await conversations.takeSendLease(id, holder, now, until, state.sentUpTo)) return ready;
  if (!(await conversations.takeSendLease(id, holder, now, until))) return null;
  const sentUpTo = (await conversations.byId(id))?.sentUpTo ?? 0;
  return ready.filter((one) => one.seq > sentUpTo);
}

const isOurs = (one: Utterance): boolean => one.side !== 'citizen';

/** What settles waits its moment, unless other words of ours come behind it; on one topic only what the last turn said is said. */
export function readyToSay(
  says: readonly Utterance[],
  now: number,
): { readonly ready: readonly Utterance[]; readonly dueAt: number | null } {
  const last = says.findLast(isOurs);
  const from = last?.settles?.from ?? null;
  const waits = from !== null && from > now;
  const plain = says.findLastIndex((one) => isOurs(one) && one.settles === undefined);
  const ready = waits ? says.slice(0, plain + 1) : says;
  return { ready: ready.filter((one) => isLastWord(one, says)), dueAt: waits ? from : null };
}

function isLastWord({ settles }: Utterance, all: readonly Utterance[]): boolean {
  if (settles === undefined) return true;
  return !all.some((one) => one.settles?.topic === settles.topic && one.settles.turn > settles.turn);
}

const outgoing = (one: Utterance): Outgoing => ({ ...one.message, seq: one.seq, at: one.at });

async function send(
  deps: SpeakingDeps,
  doc: Conversation,
  ready: readonly Utterance[],
  until: number,
): Promise<Pick<Spoken, 'upTo' | 'dueAt'>> {
  const { channels, universe } = deps;
  const ours = ready.filter(isOurs);
  const last = ready.at(-1)?.seq ?? null;
  if (ours.length === 0) return { upTo: last, dueAt: null };
  const gone = (doc.unreachableSince ?? null) !== null;
  const channel = channels.get(doc.address.channel) ?? missing(deps);
  const outcome = gone ? NOBODY : await channel.send(doc.address, ours.map(outgoing), until);
  if (outcome === 'sent') return { upTo: last, dueAt: null };
  if ('unreachable' in outcome) {
    const { sentUpTo } = outcome.unreachable;
    if (await isBack(deps, doc)) return { upTo: sentUpTo === 0 ? null : sentUpTo, dueAt: universe.now() };
    const lost = ours.filter(({ seq }) => seq > sentUpTo);
    await notReached(deps, doc, lost);
    return { upTo: last, dueAt: null };
  }
  const { sentUpTo, waitMs } = outcome.later;
  return { upTo: sentUpTo === 0 ? null : sentUpTo, dueAt: universe.now() + waitMs };
}

/** Who wrote while a refusal was under way is there again: what was refused is said once more. */
async function isBack(
  { store }: SpeakingDeps,
  { id, lastAt, unreachableSince }: Conversation,
): Promise<boolean> {
  if ((unreachableSince ?? null) !== null) return false;
  const now = (await store.conversations.byId(id))?.doc;
  return now !== undefined && now.lastAt > lastAt && (now.unreachableSince ?? null) === null;
}

/** This process was not told of the channel, as while one is being set up or taken down: another may have been, or comes. */
function missing({ universe, log }: SpeakingDeps): Pick<Channel, 'send'> {
  return {
    send({ channel }, [first]) {
      log.warn('channel-missing', { channel });
      const lost = first !== undefined && universe.now() - first.at > MISSING_MS;
      return Promise.resolve(lost ? NOBODY : { later: { sentUpTo: 0, waitMs: MISSED_MS } });
    },
  };
}

const NOBODY: SendOutcome = { unreachable: { sentUpTo: 0 } };

/** Nobody is there: said once in the history of each dossier that these words were about; what an officer wrote is kept. */
async function notReached(
  { converse, log }: SpeakingDeps,
  doc: Conversation,
  lost: readonly Utterance[],
): Promise<void> {
  log.info('citizen-unreachable', { conversation: doc.id });
  const words = lost.flatMap(lostWords);
  const known = (doc.unreachableSince ?? null) !== null;
  if (known && words.length === 0) return;
  const id = `${doc.id}-${lost.at(-1)?.seq ?? 0}-unreachable`;
  await converse.tell(doc.id, { id, type: 'unreachable', lost: words });
}

function lostWords({ side, about, seq, message: { text } }: Utterance): readonly LostWords[] {
  if (side === 'officer') return [{ side, seq, text }];
  return side === 'bot' && about !== undefined ? [{ side, seq, text, dossierId: about }] : [];
}
