/** What a channel needs of the house, small: a stored talk with the real semantics (dedupe by id, seq over both sides), and bad days at will. */
import { randomBytes } from 'node:crypto';
import { AppError, type ErrorCode } from '../../src/errors';
import type {
  Address,
  Channel,
  ChannelEvent,
  FileKeeper,
  Inbox,
  OpenFile,
  Outgoing,
  OutMessage,
  SendOutcome,
  TalkLine,
  TalkReader,
} from '../../src/ports/channel';
import type { StoredFile } from '../../src/ports/files';
import type { Leases } from '../../src/ports/store';

/** What every channel is opened with; a whole house has the same. */
export interface ChannelDeps {
  readonly inbox: Inbox;
  readonly incoming: FileKeeper;
  readonly talk: TalkReader;
  readonly open: OpenFile;
  readonly leases: Leases;
  /** ms epoch */
  readonly clock: () => number;
}

export interface ContractHouse extends ChannelDeps {
  /** Each once, in the order they became durable. */
  readonly events: ChannelEvent[];
  /** While set, nothing is taken. */
  refuses: { readonly code: ErrorCode; readonly waitMs?: number } | null;
  /** Events are taken only when this resolves. */
  waits: Promise<void>;
  /** What was kept, by key. */
  readonly kept: Map<string, Buffer>;
  /** Dossiers' files, by dossier. */
  readonly files: Map<string, StoredFile>;
  /** Stores the messages, then sends them. Default `until`: 8 s from now. */
  say(
    channel: Channel,
    to: Address,
    messages: readonly OutMessage[],
    until?: number,
  ): Promise<{ readonly sent: readonly Outgoing[]; readonly outcome: SendOutcome }>;
}

const keyOf = ({ channel, account, chat }: Address): string => JSON.stringify([channel, account, chat]);

export function contractHouse(): ContractHouse {
  const lines = new Map<string, TalkLine[]>();
  const seen = new Set<string>();
  const talkOf = (to: Address): TalkLine[] =>
    lines.get(keyOf(to)) ?? lines.set(keyOf(to), []).get(keyOf(to))!;
  function add(to: Address, side: TalkLine['side'], message: OutMessage): TalkLine {
    const line = { ...message, side, at: Date.now(), seq: (talkOf(to).at(-1)?.seq ?? 0) + 1 };
    talkOf(to).push(line);
    return line;
  }
  const house: ContractHouse = {
    events: [],
    refuses: null,
    waits: Promise.resolve(),
    kept: new Map(),
    files: new Map(),
    clock: Date.now,
    leases: { take: () => Promise.resolve(true), release: () => Promise.resolve() },
    open: ({ dossier }) => Promise.resolve(house.files.get(dossier) ?? null),
    inbox: {
      async take(event) {
        await house.waits;
        if (house.refuses !== null) {
          const { code, waitMs } = house.refuses;
          throw new AppError(code, 'a bad day', waitMs === undefined ? {} : { details: { waitMs } });
        }
        const key = `${keyOf(event.address)} ${event.id}`;
        if (seen.has(key)) return 'seen';
        seen.add(key);
        house.events.push(event);
        if (event.type === 'text') add(event.address, 'citizen', { text: event.text, buttons: [] });
        return 'done';
      },
    },
    incoming: {
      keep(bytes) {
        const key = randomBytes(24).toString('base64url');
        house.kept.set(key, bytes);
        return Promise.resolve(key);
      },
      forget: (key) => Promise.resolve(void house.kept.delete(key)),
    },
    talk: {
      read: (to, after, limit) =>
        Promise.resolve(
          talkOf(to)
            .filter((line) => line.seq > after)
            .slice(0, limit),
        ),
    },
    async say(channel, to, messages, until = Date.now() + 8_000) {
      const sent = messages.map((message) => add(to, 'bot', message));
      return { sent, outcome: await channel.send(to, sent, until) };
    },
  };
  return house;
}

export async function until(holds: () => boolean, ms = 10_000, what = 'something'): Promise<void> {
  const end = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
