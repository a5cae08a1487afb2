/** Conversations opened lately, kept as they were read or saved: of a talk in progress each turn would else unseal it twice. */
import type { Address } from '../ports/channel';
import type { ConversationState, Conversations, Watermarks } from '../ports/store';

/** Unfinished talks of this many chats at once; one is some ten KB. */
const KEPT = 500;

function memory() {
  const kept = new Map<string, ConversationState>();
  const ids = new Map<string, string>();
  /** Written while reads are under way: what these bring may be older. */
  const written = new Set<string>();
  let reads = 0;
  const nameOf = ({ channel, account, chat }: Address) => JSON.stringify([channel, account, chat]);

  function forget(id: string): void {
    const state = kept.get(id);
    if (state === undefined) return;
    kept.delete(id);
    ids.delete(nameOf(state.doc.address));
  }
  function keep(state: ConversationState): void {
    const { id, address } = state.doc;
    // A read that began before a save must not bring the older one back.
    if ((kept.get(id)?.revision ?? 0) > state.revision) return;
    kept.delete(id);
    kept.set(id, state);
    ids.set(nameOf(address), id);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) forget(oldest);
  }

  return {
    get: (id: string) => kept.get(id),
    at: (address: Address) => kept.get(ids.get(nameOf(address)) ?? ''),
    keep,
    forget,
    /** What the store says is kept, unless somebody wrote meanwhile: it may be older than that. */
    async read(look: () => Promise<ConversationState | null>): Promise<ConversationState | null> {
      reads += 1;
      try {
        const state = await look();
        if (state !== null && !written.has(state.doc.id)) keep(state);
        return state;
      } finally {
        reads -= 1;
        if (reads === 0) written.clear();
      }
    },
    wrote(id: string): ConversationState | undefined {
      if (reads > 0) written.add(id);
      return kept.get(id);
    },
  };
}

/**
 * The same conversations, for the only process that writes them. What is kept may still be old (a command that runs beside
 * the server): then the compare-and-set refuses, it is forgotten, and the next load reads the store. Documents are values
 * that nobody changes, so all may hold the same one.
 */
export function cachedConversations(inner: Conversations): Conversations {
  const kept = memory();

  /** After a failure nobody here knows what stands in the store. */
  const sure = <T>(id: string, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      kept.wrote(id);
      kept.forget(id);
      throw error;
    });

  /** Nor after a refusal. */
  async function agreed(id: string, work: Promise<boolean>): Promise<boolean> {
    const done = await sure(id, work);
    if (!done) kept.forget(id);
    return done;
  }

  /** Whatever is kept knows the marks as soon as the store does. */
  function raised(id: string, { sentUpTo = 0, doneUpTo = 0 }: Partial<Watermarks>): void {
    const state = kept.wrote(id);
    if (state === undefined) return;
    kept.keep({
      ...state,
      sentUpTo: Math.max(state.sentUpTo, sentUpTo),
      doneUpTo: Math.max(state.doneUpTo, doneUpTo),
    });
  }

  return {
    ...inner,
    find: async (address) => kept.at(address) ?? (await kept.read(() => inner.find(address))),
    byId: async (id) => kept.get(id) ?? (await kept.read(() => inner.byId(id))),
    async create(doc, dueAt) {
      const done = await agreed(doc.id, inner.create(doc, dueAt));
      kept.wrote(doc.id);
      if (done) kept.keep({ doc, revision: 1, sentUpTo: 0, doneUpTo: 0 });
      return done;
    },
    async save(doc, revision, dueAt) {
      const done = await agreed(doc.id, inner.save(doc, revision, dueAt));
      // Its watermarks may have risen meanwhile.
      const before = kept.wrote(doc.id);
      if (done && before !== undefined) kept.keep({ ...before, doc, revision: revision + 1 });
      return done;
    },
    async releaseSendLease(id, holder, sentUpTo) {
      await sure(id, inner.releaseSendLease(id, holder, sentUpTo));
      if (sentUpTo !== undefined) raised(id, { sentUpTo });
    },
    async mark(id, marks, due) {
      await sure(id, inner.mark(id, marks, due));
      raised(id, marks);
    },
    async remove(id) {
      await inner.remove(id);
      kept.wrote(id);
      kept.forget(id);
    },
  };
}
