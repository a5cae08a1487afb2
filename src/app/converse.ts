/** Applies events to conversations: load, refuse what was seen, take the turn, save by compare-and-set in one durable write. */
import { AppError, codeOf } from '../errors';
import type { Address, ChannelEvent, Inbox } from '../ports/channel';
import type { Conversation } from '../ports/documents';
import type { Queue } from '../ports/queue';
import type { ConversationState, Store } from '../ports/store';
import type { Log, Meter, Universe } from '../ports/universe';
import type { HouseEvent, TurnEvent, TurnWorld } from './talk/talk';
import { isWornOut, readPress } from './talk/buttons';
import { oneAtATime } from './one-at-a-time';
import type { Pace } from './pace';
import { takeTurn } from './talk/turn';

const MAX_TRIES = 20;
/** `whenFull`: a conversation at its bound keeps fewer, so that an apology always fits. */
const SEEN = { keptMs: 48 * 3_600_000, count: 500, whenFull: 50 };
/** The bell rings at once after a commit; should it be lost, the sweeper looks this much later. */
const GRACE_MS = 5_000;
const DAY_MS = 86_400_000;
/** A set-aside event is kept sealed this long for whoever mends the defect. */
const SET_ASIDE_MS = 7 * DAY_MS;

export interface ConverseDeps {
  readonly store: Store;
  readonly queue: Queue;
  readonly universe: Universe;
  readonly log: Log;
  readonly meter: Meter;
  /** The world of one turn: everything but the moment and the revision is the house's. */
  readonly worldAt: (at: number, revision: number, address: Address) => TurnWorld;
  readonly draftDays: number;
  readonly pace: Pace;
}

export interface Converse extends Inbox {
  /** An event from within the house. `gone`: there is no such conversation any more. */
  tell(conversationId: string, event: HouseEvent): Promise<'done' | 'seen' | 'gone'>;
}

export function openConverse(deps: ConverseDeps): Converse {
  const { store, universe, meter } = deps;
  const inTurn = oneAtATime();
  return {
    async take(event: ChannelEvent) {
      const from = universe.now();
      const { channel, account, chat } = event.address;
      const name = JSON.stringify([channel, account, chat]);
      const find = () => store.conversations.find(event.address);
      const waitMs = await deps.pace(name);
      if (waitMs > 0) throw await inTurn(name, () => tooFast(deps, find, waitMs));
      const result = await inTurn(name, () => apply(deps, find, event));
      const outcome = result === 'gone' ? 'done' : result;
      meter.count('turns', { channel, outcome });
      meter.seconds('turn', (universe.now() - from) / 1000, { channel });
      return outcome;
    },
    async tell(id, event) {
      const result = await apply(deps, () => store.conversations.byId(id), event);
      return result === 'stale' ? 'done' : result;
    },
  };
}

/** Said once a minute; the message itself is not touched, so that it may come again. */
async function tooFast(
  deps: ConverseDeps,
  find: () => Promise<ConversationState | null>,
  waitMs: number,
): Promise<AppError> {
  const minute = Math.floor(deps.universe.now() / 60_000);
  await apply(deps, find, { id: `too-fast-${minute}`, type: 'too-fast' });
  return new AppError('too-many-requests', 'a chat writes faster than it is read', { details: { waitMs } });
}

async function apply(
  deps: ConverseDeps,
  load: () => Promise<ConversationState | null>,
  event: TurnEvent,
): Promise<'done' | 'seen' | 'stale' | 'gone'> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const state = (await load()) ?? fresh(deps, event);
    if (state === null) return 'gone';
    if (state.doc.seen.some((one) => one.id === event.id)) return 'seen';
    const after = await turnOf(deps, state, event);
    if (await commit(deps, state, after, event)) return isStale(state, event) ? 'stale' : 'done';
    await pause(deps.universe.jitter() * Math.min(2 ** tries, 50));
  }
  throw new AppError('conflict', `a conversation moved on ${MAX_TRIES} times while one event was applied`);
}

const isStale = ({ doc, revision }: ConversationState, event: TurnEvent): boolean =>
  event.type === 'choice' && isWornOut(readPress(event.choice), doc.spokenAt ?? revision);

function fresh({ universe }: ConverseDeps, event: TurnEvent): ConversationState | null {
  if (!('address' in event)) return null;
  const id = universe.randomBytes(16).toString('base64url');
  return { doc: newConversation(id, event, universe.now()), revision: 0, sentUpTo: 0, doneUpTo: 0 };
}

async function turnOf(deps: ConverseDeps, state: ConversationState, event: TurnEvent): Promise<Conversation> {
  const at = deps.universe.now();
  const world = deps.worldAt(at, state.revision, state.doc.address);
  const before = forget(state);
  const seen = [...before.seen.filter((one) => one.at > at - SEEN.keptMs), { id: event.id, at }].slice(
    -SEEN.count,
  );
  try {
    return { ...takeTurn(before, event, world), seen };
  } catch (error) {
    return { ...(await setAside(deps, state, event, world, error)), seen };
  }
}

/** The event is kept sealed for whoever mends the defect; the citizen gets an apology and the chat goes on. */
async function setAside(
  { log, store }: ConverseDeps,
  state: ConversationState,
  event: TurnEvent,
  world: TurnWorld,
  error: unknown,
): Promise<Conversation> {
  log.error('event-set-aside', error, { conversation: state.doc.id, type: event.type });
  await store.slips.put('set-aside', `${state.doc.id}-${event.id}`, event, world.at + SET_ASIDE_MS);
  return takeTurn(forget(state), { id: event.id, type: 'apologise' }, world);
}

async function commit(
  deps: ConverseDeps,
  state: ConversationState,
  after: Conversation,
  event: TurnEvent,
): Promise<boolean> {
  try {
    return await save(deps, state, after);
  } catch (error) {
    if (codeOf(error) !== 'document-too-large') throw error;
    return commitFull(deps, state, after, event);
  }
}

/**
 * A conversation at its bound: first it remembers fewer events. Words that wait to be said make room once they are said, and
 * the same event comes again; where nobody hears them, or nothing waits, the event is set aside.
 */
async function commitFull(
  deps: ConverseDeps,
  state: ConversationState,
  after: Conversation,
  event: TurnEvent,
): Promise<boolean> {
  const seen = after.seen.slice(-SEEN.whenFull);
  try {
    return await save(deps, state, { ...after, seen });
  } catch (error) {
    if (codeOf(error) !== 'document-too-large') throw error;
    const heard = (state.doc.unreachableSince ?? null) === null && event.type !== 'unreachable';
    if (heard && forget(state).says.length > 0)
      throw new AppError('channel-unavailable', 'too much waits to be said in this chat', { cause: error });
    const world = deps.worldAt(deps.universe.now(), state.revision, state.doc.address);
    return save(deps, state, { ...(await setAside(deps, state, event, world, error)), seen });
  }
}

async function save(
  { store, universe, queue, draftDays }: ConverseDeps,
  state: ConversationState,
  after: Conversation,
): Promise<boolean> {
  const now = universe.now();
  const busy = after.says.length + after.acts.length > 0;
  const dueAt = busy ? now + GRACE_MS : expiryOf(after, draftDays);
  const saved =
    state.revision === 0
      ? await store.conversations.create(after, dueAt)
      : await store.conversations.save(after, state.revision, dueAt);
  if (saved && busy) queue.ring({ document: 'conversation', id: after.id, revision: state.revision + 1 });
  return saved;
}

/** When an unfinished filing is erased; null when there is none. */
export function expiryOf(doc: Conversation, draftDays: number): number | null {
  return doc.session === null ? null : doc.lastAt + draftDays * DAY_MS;
}

/** Drops what was already said and done: the next commit need not carry it. */
function forget(state: ConversationState): Conversation {
  const says = state.doc.says.filter((one) => one.seq > state.sentUpTo);
  const acts = state.doc.acts.filter((one) => one.seq > state.doneUpTo);
  return { ...state.doc, says, acts };
}

function newConversation(id: string, event: ChannelEvent, at: number): Conversation {
  return {
    id,
    address: event.address,
    lang: 'vi',
    pair: 'default',
    mode: 'bot',
    helpAt: null,
    agency: event.agency ?? null,
    commune: null,
    session: null,
    drafts: [],
    lobby: null,
    offered: [],
    dossiers: [],
    wrongCodes: [],
    seen: [],
    says: [],
    acts: [],
    nextSeq: 1,
    startedAt: at,
    lastAt: at,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
