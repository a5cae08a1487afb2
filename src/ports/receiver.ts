import type { Status } from './documents';

/** An agency's own number: whatever its system writes, but short, and without markup or line ends. */
export const OFFICIAL_CODE = /^[0-9A-Za-zĐđ][0-9A-Za-zĐđ ./_-]{0,63}$/;

/** An agency's receiving end. The bytes and the key of one delivery never change between tries. */
export interface ReceiverTarget {
  readonly agency: string;
  readonly url: string;
  readonly secret: string;
}

export interface Parcel {
  /** Idempotency key: the delivery's unique key. */
  readonly key: string;
  /** Frozen JSON bytes, UTF-8. */
  readonly body: Buffer;
}

/**
 * `accepted`: the agency has it (its own number, if it gave one). `refused`: it will never take these bytes.
 * `unknown`: nobody can say; only the same bytes with the same key may follow. `busy`: certainly not taken, try later.
 */
export type ReceiverOutcome =
  | { readonly state: 'accepted'; readonly officialCode?: string }
  | { readonly state: 'refused'; readonly status: number }
  | { readonly state: 'unknown'; readonly reason: string }
  | { readonly state: 'busy'; readonly reason: string; readonly retryAfterMs?: number };

export interface Receiver {
  /** Never rejects: whatever happens on the wire is one of the outcomes. */
  deliver(target: ReceiverTarget, parcel: Parcel, signal: AbortSignal): Promise<ReceiverOutcome>;
}

/** What an agency's system tells of a dossier it took; exactly one of `key` (a delivery's) and `code` (the dossier's) is there. */
export interface AgencyReport {
  /** The agency's own id of this report: the same id again changes nothing. */
  readonly id: string;
  readonly key?: string;
  readonly code?: string;
  /** Never 1. */
  readonly status: Exclude<Status, 1>;
  readonly officialCode?: string;
  /** yyyy-mm-dd promised to the citizen. */
  readonly dueOn?: string;
  /** What the citizen reads beside the status. */
  readonly text?: string;
}
