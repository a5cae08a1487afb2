/** From a read update to a durable turn: what the citizen's screen shows of it, and what is passed over at last. */
import { codeOf } from '../../errors';
import type { Inbox } from '../../ports/channel';
import type { Log } from '../../ports/universe';
import { remember, type Screen } from './screen';
import type { Read } from './update';

/** Resolves when it is durable. What it returns runs after the answer, and never rejects. `update`: as it came. */
export type Take = (read: Read, update: unknown) => Promise<() => void>;

export interface TakeDeps {
  readonly account: string;
  readonly screen: Screen;
  readonly inbox: Inbox;
  /** Keeps an update, sealed, that could never be taken. `id`: of the update, unique in this channel. */
  readonly setAside: (id: string, update: unknown) => Promise<void>;
  readonly leave: (group: string) => Promise<void>;
  readonly log: Log;
}

/** A defect of ours meets an update so often; then the others go on without it. */
const MOST_TRIES = 5;
const nothing = (): void => undefined;

/** @throws AppError as `Inbox.take`; a defect (`internal`) only so often for one update, then it is set aside */
export function taker(deps: TakeDeps): Take {
  const { screen } = deps;
  const tries = new Map<string, number>();
  return async (read, update) => {
    if ('group' in read) return () => void deps.leave(read.group);
    try {
      const taken = await takeAll(deps, read, screen);
      tries.delete(nameOf(read));
      return taken;
    } catch (error) {
      if (read.tap !== undefined) void screen.refused(read.tap);
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
  return tap === undefined ? nothing : () => void screen[last](tap);
}
