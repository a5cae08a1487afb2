/** Updates that were fetched and are not durable yet: those of one chat in their order, different chats side by side. */
import { codeOf, ERRORS } from '../../errors';
import { rest } from './rest';
import type { Take } from './take';
import type { Read } from './update';
import { waitOf } from './webhook';

/** A chat that must slow down keeps this many waiting; the house has asked it to wait, what is beyond is passed over. */
const PER_CHAT = 50;
/** Of all such chats together. */
const IN_ALL = 1_000;
/** How soon it is seen that all is done. */
const LOOK_MS = 5;
const RETRY = { firstMs: 250, mostMs: 2_000 };

export interface WindowDeps {
  /** Null: nothing for us. */
  readonly read: (update: unknown) => Read | null;
  /** Resolves when it is durable. What it returns runs then, and never rejects. */
  readonly take: Take;
  /** It waits behind others of its chat, which must slow down. May be told more than once. */
  readonly waits?: (read: Read) => void;
  readonly onError: (error: unknown) => void;
  /** Ends the waiting. What is not durable by then is not finished. */
  readonly signal: AbortSignal;
}

export interface PollWindow {
  /** Begins what it does not know yet; how many those are. */
  add(updates: readonly unknown[]): number;
  /** What may be confirmed: all below it is durable. 0: nothing to say. */
  offset(): number;
  /**
   * A whole answer held nothing new, so what waits for its chat to slow down stands in the way of others: from now on it
   * waits in memory only.
   */
  makeRoom(): void;
  readonly size: number;
  /** Resolves when nothing is unfinished, at `ms` at the latest. */
  settled(ms: number): Promise<void>;
}

interface Queue {
  readonly items: Held[];
  /** Its chat writes too fast. */
  slow: boolean;
}
interface Held {
  readonly id: number;
  readonly read: Read;
  readonly update: unknown;
  readonly queue: Queue;
}

export function openWindow(deps: WindowDeps): PollWindow {
  const ids = fetchedIds();
  const held = new Map<number, Held>();
  const begin = chatQueues(deps, held);
  const floor = (counts: (one: Held) => boolean): number =>
    [...held.values()].reduce(
      (least, one) => (ids.has(one.id) && counts(one) ? Math.min(least, one.id) : least),
      ids.next(),
    );
  return {
    add(updates) {
      // All is confirmed. After a week of silence Telegram counts on from any number, also a lower one.
      if (updates.length === 0 && held.size === 0) ids.forget();
      const fresh = updates.flatMap((update) => {
        const id = idOf(update);
        return id === null || !ids.add(id) ? [] : [{ id, read: deps.read(update), update }];
      });
      for (const { id, read, update } of fresh) if (read !== null) begin(id, read, update);
      return fresh.length;
    },
    offset: () => ids.confirm(floor(() => true)),
    makeRoom: () => void ids.confirm(floor(({ queue }) => !queue.slow)),
    get size() {
      return held.size;
    },
    async settled(ms) {
      const end = performance.now() + ms;
      while (held.size > 0 && performance.now() < end && !deps.signal.aborted) {
        await rest(Math.min(LOOK_MS, ms), deps.signal);
      }
    },
  };
}

/** Which updates were fetched, and up to which they may be confirmed. */
function fetchedIds() {
  let known = new Set<number>();
  let next = 0;
  let confirmed = 0;
  return {
    next: () => next,
    /** Fetched, and not confirmed. */
    has: (id: number) => known.has(id),
    /** False when it was fetched before. */
    add(id: number): boolean {
      if (id < confirmed || known.has(id)) return false;
      known.add(id);
      next = Math.max(next, id + 1);
      return true;
    },
    /** Never goes back. */
    confirm(upTo: number): number {
      if (upTo > confirmed) {
        confirmed = upTo;
        known = new Set([...known].filter((id) => id >= upTo));
      }
      return confirmed;
    },
    forget(): void {
      known = new Set();
      next = confirmed = 0;
    },
  };
}

/** Begins one update behind those of its chat; it is in `held` until it is done with. */
function chatQueues(
  deps: WindowDeps,
  held: Map<number, Held>,
): (id: number, read: Read, update: unknown) => void {
  const queues = new Map<string, Queue>();
  async function work(chat: string, queue: Queue): Promise<void> {
    for (let one = queue.items[0]; one !== undefined; one = queue.items[0]) {
      if (!(await finish(deps, one))) return;
      queue.items.shift();
      held.delete(one.id);
    }
    queues.delete(chat);
  }
  return (id, read, update) => {
    const chat = 'group' in read ? read.group : read.chat;
    const queue = queues.get(chat) ?? { items: [], slow: false };
    const full = queue.items.length >= PER_CHAT || held.size >= IN_ALL;
    if (queue.slow) deps.waits?.(read);
    if (queue.slow && full) return;
    const one = { id, read, update, queue };
    held.set(id, one);
    queues.set(chat, queue);
    if (queue.items.push(one) === 1) void work(chat, queue);
  };
}

/** False: the end came first. */
async function finish(deps: WindowDeps, held: Held): Promise<boolean> {
  for (let tries = 0; !deps.signal.aborted; tries++) {
    const waitMs = await attempt(deps, held, tries);
    if (waitMs === null) return true;
    await rest(waitMs, deps.signal);
  }
  return false;
}

/** Null: done with. Else ms to wait before the next attempt. */
async function attempt(
  deps: WindowDeps,
  { read, update, queue }: Held,
  tries: number,
): Promise<number | null> {
  try {
    const afterwards = await deps.take(read, update);
    queue.slow = false;
    afterwards();
    return null;
  } catch (error) {
    const code = codeOf(error);
    const slow = code === 'too-many-requests';
    if (slow && !queue.slow) for (const behind of queue.items.slice(1)) deps.waits?.(behind.read);
    queue.slow = slow;
    if (slow) return waitOf(error);
    if (ERRORS[code].ours) deps.onError(error);
    // What can never be taken must not hold back its chat.
    return ERRORS[code].retryable ? Math.min(RETRY.firstMs * 2 ** tries, RETRY.mostMs) : null;
  }
}

function idOf(update: unknown): number | null {
  if (typeof update !== 'object' || update === null) return null;
  const { update_id: id } = update as { readonly update_id?: unknown };
  return Number.isSafeInteger(id) ? (id as number) : null;
}
