/** How long Telegram asked for silence, by chat: for words and for marks on buttons alike. A restart forgets it, and is told again. */
export interface Silences {
  /** ms until the chat may be written to again; 0: now. */
  left(chat: string): number;
  /** Telegram asked for `waitMs` of it. */
  keep(chat: string, waitMs: number): void;
}

const MAX_KNOWN = 10_000;

/** `clock`: ms epoch. */
export function openSilences(clock: () => number): Silences {
  const notBefore = new Map<string, number>();
  return {
    left(chat) {
      const left = Math.max((notBefore.get(chat) ?? 0) - clock(), 0);
      if (left === 0) notBefore.delete(chat);
      return left;
    },
    keep(chat, waitMs) {
      const [oldest] = notBefore.keys();
      if (notBefore.size >= MAX_KNOWN && oldest !== undefined) notBefore.delete(oldest);
      notBefore.set(chat, Math.max(notBefore.get(chat) ?? 0, clock() + waitMs));
    },
  };
}
