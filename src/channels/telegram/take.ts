/** From a read update to a durable turn: what the citizen's screen shows of it, and what is passed over at last. */
import { codeOf } from '../../errors';
import type { Inbox } from '../../ports/channel';
import type { Log } from '../../ports/universe';
import type { BotApi } from './bot-api';
import { answerTap, markTap, wearTap, type Tap } from './tap';
import type { Read } from './update';

/** Resolves when it is durable. What it returns runs after the answer, and never rejects. `update`: as it came. */
export type Take = (read: Read, update: unknown) => Promise<() => void>;

export interface TakeDeps {
  readonly account: string;
  readonly api: BotApi;
  readonly inbox: Inbox;
  /** Keeps an update, sealed, that could never be taken. `id`: of the update, unique in this channel. */
  readonly setAside: (id: string, update: unknown) => Promise<void>;
  readonly leave: (group: string) => Promise<void>;
  readonly log: Log;
}

/** A defect of ours meets an update so often; then the others go on without it. */
const MOST_TRIES = 5;
const MAX_KNOWN = 1_000;
const nothing = (): void => undefined;

/** @throws AppError as `Inbox.take`; a defect (`internal`) only so often for one update, then it is set aside */
export function taker(deps: TakeDeps): Take {
  const screen = openScreen(deps.api);
  const tries = new Map<string, number>();
  return async (read, update) => {
    if ('group' in read) return () => void deps.leave(read.group);
    try {
      const taken = await takeAll(deps, read, screen);
      tries.delete(nameOf(read));
      return taken;
    } catch (error) {
      if (read.tap !== undefined) screen.refused(read.tap);
      if (codeOf(error) !== 'internal') throw error;
      const name = nameOf(read);
      const count = (tries.get(name) ?? 0) + 1;
      remember(tries, name, count);
      if (count < MOST_TRIES) throw error;
      await deps.setAside(`telegram-${deps.account}-${name}`, update);
      tries.delete(name);
      deps.log.error('telegram-update-set-aside', error, { account: deps.account, update: name });
      return nothing;
    }
  };
}

type Talk = Exclude<Read, { readonly group: string }>;

/** `u` and the id of the update. */
const nameOf = ({ events }: Talk): string => events[0]?.id ?? '';

async function takeAll({ inbox }: TakeDeps, { events, tap }: Talk, screen: Screen): Promise<() => void> {
  let last: 'done' | 'seen' | 'stale' = 'done';
  for (const event of events) last = await inbox.take(event);
  return tap === undefined ? nothing : () => screen[last](tap);
}

type Screen = ReturnType<typeof openScreen>;

/** What a press looks like afterwards. Nothing of it rejects. */
function openScreen(api: BotApi) {
  // Two quick presses: the second is worn out, and must not wipe off what the first one did.
  const done = new Map<string, true>();
  const answered = new Map<string, true>();
  const place = ({ chat, messageId }: Tap) => `${chat} ${messageId}`;
  return {
    done(tap: Tap): void {
      remember(done, place(tap), true);
      void markTap(api, tap);
    },
    seen: (tap: Tap): void => void answerTap(api, tap),
    stale: (tap: Tap): void => void (done.has(place(tap)) ? answerTap(api, tap) : wearTap(api, tap)),
    /** It may come again, and still spins meanwhile: once is enough. */
    refused(tap: Tap): void {
      if (answered.has(tap.id)) return;
      remember(answered, tap.id, true);
      void answerTap(api, tap);
    },
  };
}

/** The oldest goes first. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= MAX_KNOWN && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
