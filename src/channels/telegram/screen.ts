/** What a press looks like afterwards. Nothing of it rejects; a message that is too old or gone is fine. */
import { openMarks, type MarksDeps } from './marks';
import { answerTap, markedKeyboard, wornKeyboard, type Tap } from './tap';

export interface Screen {
  /** Marked; it stops spinning. */
  done(tap: Tap): Promise<void>;
  /** It came before: it only stops spinning. */
  seen(tap: Tap): Promise<void>;
  /** Worn out: it goes, unless something was done there. */
  stale(tap: Tap): Promise<void>;
  /** It may come again, and still spins meanwhile: once is enough. */
  refused(tap: Tap): Promise<void>;
}

const MAX_KNOWN = 1_000;

export function openScreen(deps: MarksDeps): Screen {
  const { api } = deps;
  const mark = openMarks(deps);
  // Two quick presses: the second is worn out, and must not wipe off what the first one did.
  const done = new Map<string, true>();
  const answered = new Map<string, true>();
  const place = ({ chat, messageId }: Tap) => `${chat} ${messageId}`;
  const seen = (tap: Tap) => answerTap(api, tap);
  async function both(tap: Tap, keyboard: Tap['keyboard']): Promise<void> {
    await Promise.all([seen(tap), keyboard === null ? undefined : mark(tap, keyboard)]);
  }
  return {
    seen,
    done(tap) {
      remember(done, place(tap), true);
      return both(tap, tap.keyboard && markedKeyboard(tap.keyboard, tap.data));
    },
    stale: (tap) => both(tap, done.has(place(tap)) ? null : tap.keyboard && wornKeyboard(tap.keyboard)),
    async refused(tap) {
      if (answered.has(tap.id)) return;
      remember(answered, tap.id, true);
      await seen(tap);
    },
  };
}

/** The oldest goes first. */
export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  const [oldest] = map.keys();
  if (map.size >= MAX_KNOWN && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
