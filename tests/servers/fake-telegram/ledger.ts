/** What the fake saw and did, for tests to read. It only grows, up to a bound; the oldest go first. */
import type { Update, UpdateKind } from './wire';

/** One call of the Bot API, in the order of arrival. */
export interface Call {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Token of the bot. */
  readonly bot: string;
  /** `sendMessage`, …; `file` for a download. */
  readonly method: string;
  /** `<via>` of the way it was called by: `/via-<via>/bot<token>/<method>`; null without. Tells callers of one bot apart. */
  readonly via: string | null;
  readonly chat: number | null;
  /** Fields as sent; a file is `{ name, type, bytes, sha256 }`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The `result` given (or made and then kept back by a fault); null until then and after an error. */
  answer: unknown;
  error?: { readonly code: number; readonly description: string };
  /** The fault that met this call. */
  fault?: string;
  /** Came as the body of a webhook's 2xx: noted, never done. Bot API: C1 "A 2xx body may contain a method". */
  webhookReply?: true;
}

export interface Attempt {
  readonly at: number;
  /** HTTP status; null: no answer (`error` says why). */
  readonly status: number | null;
  readonly error?: string;
  readonly ms: number;
}

/** One update on its way to a webhook. */
export interface Delivery {
  readonly bot: string;
  readonly update: Update;
  readonly kind: UpdateKind;
  readonly attempts: Attempt[];
  /** `taken`: a 2xx or a confirming getUpdates. `expired`: given up. `dropped`: by drop_pending_updates. */
  outcome: 'pending' | 'taken' | 'expired' | 'dropped';
}

/** Adds, and forgets the oldest tenth when there are more than `max`. */
export function keep<T>(list: T[], one: T, max: number): void {
  list.push(one);
  if (list.length > max) list.splice(0, Math.ceil(max / 10));
}
