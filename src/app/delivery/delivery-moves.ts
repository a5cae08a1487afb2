/** How a delivery changes: pure moves from one document to the next, each null when there is nothing to change. */
import type { Delivery, DeliveryState, NewDelivery } from '../../ports/documents';
import type { ReceiverOutcome } from '../../ports/receiver';

/** Bounds of delivering; times in ms. Ten tries wait 4 h 3 min altogether (± half), then a person looks. */
export const DELIVERY = {
  tries: 10,
  firstDelay: 60_000,
  maxDelay: 3_600_000,
  /** How long a try may take; longer than any receiver's own time-out, so only a dead worker outlives it. */
  lease: 90_000,
  inFlightPerAgency: 4,
  /** Fewer once this many tries in a row got no answer from an agency. */
  troubleAfter: 3,
  inFlightInTrouble: 1,
  /** Of all agencies in trouble together: the healthy find a worker's hands free. */
  inTroubleTogether: 10,
  /** Until another look when the agency has enough in flight; in trouble, the longer one. */
  slotWait: 5_000,
  troubleWait: 60_000,
  /** Until the dossier is told again after it could not take the outcome. */
  tellAgain: 30_000,
} as const;

/** The moment and a draw from [0, 1) for the jitter. */
export interface Chance {
  readonly now: number;
  readonly random: number;
}

/** What a worker remembers of its try. `uncertain`: a try before this one may already have arrived. */
export interface Try {
  readonly attempt: number;
  readonly uncertain: boolean;
}

/** `accepted`, `refused`, `needs-officer` and `cancelled` end a delivery; its dossier must learn of it. */
export function isEnded(state: DeliveryState): boolean {
  return state !== 'waiting' && state !== 'sending' && state !== 'unknown';
}

/** A delivery as it begins: due at once. */
export function openDelivery(fresh: NewDelivery, id: string, now: number): Delivery {
  return {
    ...fresh,
    id,
    state: 'waiting',
    attempts: 0,
    officialCode: null,
    lastReason: null,
    dueAt: now,
    createdAt: now,
  };
}

/** Takes a due delivery to send it. A lease that ran out is a try of unknown fate. */
export function claim(doc: Delivery, now: number): Delivery | null {
  if (isEnded(doc.state) || doc.dueAt === null || doc.dueAt > now) return null;
  if (doc.cancelAsked === true) return endCancelled(doc, doc.state !== 'waiting', now);
  const tiredOut = doc.state === 'sending' && doc.attempts >= DELIVERY.tries;
  if (tiredOut) return end(doc, 'needs-officer', 'worker-lost', now);
  return { ...doc, state: 'sending', attempts: doc.attempts + 1, dueAt: now + DELIVERY.lease };
}

/** Records what a try brought. An acceptance counts whoever learns it; all else only while this still is the running try. */
export function settle(doc: Delivery, own: Try, outcome: ReceiverOutcome, chance: Chance): Delivery | null {
  if (doc.state === 'accepted') return null;
  if (outcome.state === 'accepted') {
    const officialCode = outcome.officialCode ?? doc.officialCode;
    return { ...doc, state: 'accepted', officialCode, lastReason: null, dueAt: chance.now };
  }
  if (doc.state !== 'sending' || doc.attempts !== own.attempt) return null;
  if (outcome.state === 'refused') {
    const reason = `refused-${outcome.status}${own.uncertain ? '-after-unknown' : ''}`;
    return end(doc, 'needs-officer', reason, chance.now);
  }
  return again(doc, own.uncertain || outcome.state === 'unknown', outcome, chance);
}

/** Neither yes nor no: another try later, unless taken back or tried enough. Once uncertain, always uncertain. */
function again(
  doc: Delivery,
  uncertain: boolean,
  outcome: { readonly reason: string; readonly retryAfterMs?: number },
  chance: Chance,
): Delivery {
  const lastReason = outcome.reason.slice(0, 100);
  if (doc.cancelAsked === true) return endCancelled(doc, uncertain, chance.now);
  if (doc.attempts >= DELIVERY.tries) return end(doc, 'needs-officer', lastReason, chance.now);
  const wait = Math.max(
    backOff(doc.attempts, chance.random),
    Math.min(outcome.retryAfterMs ?? 0, DELIVERY.maxDelay),
  );
  return {
    ...doc,
    state: uncertain ? 'unknown' : 'waiting',
    lastReason,
    dueAt: chance.now + Math.round(wait),
  };
}

/** ms to wait after the nth try: doubling from a minute to an hour, ± half so that a crowd spreads. */
export function backOff(attempts: number, random: number): number {
  return Math.min(DELIVERY.firstDelay * 2 ** (attempts - 1), DELIVERY.maxDelay) * (0.5 + random);
}

/** The dossier takes this round back. What certainly was not taken is cancelled; what may have arrived, a person asks about. */
export function cancel(doc: Delivery, now: number): Delivery | null {
  if (doc.cancelAsked === true || doc.state === 'accepted' || doc.state === 'cancelled') return null;
  const asked: Delivery = { ...doc, cancelAsked: true };
  if (doc.state === 'waiting') return endCancelled(asked, false, now);
  if (doc.state === 'unknown') return endCancelled(asked, true, now);
  return asked;
}

/** An officer wants one more try of what was given up: the same bytes under the same key. */
export function tryAgain(doc: Delivery, now: number): Delivery | null {
  const givenUp = doc.state === 'needs-officer' || doc.state === 'refused';
  if (!givenUp || doc.cancelAsked === true) return null;
  return { ...doc, state: 'unknown', dueAt: now };
}

function end(doc: Delivery, state: 'needs-officer' | 'cancelled', lastReason: string, now: number): Delivery {
  return { ...doc, state, lastReason, dueAt: now };
}

function endCancelled(doc: Delivery, uncertain: boolean, now: number): Delivery {
  if (!uncertain) return end(doc, 'cancelled', 'cancelled', now);
  return end(doc, 'needs-officer', 'cancelled-after-unknown', now);
}
