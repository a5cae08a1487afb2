/**
 * The worker that hands deliveries to their agencies: the same frozen bytes under the same key on every try, every step
 * repeatable after a crash at any point. An ended delivery stays due until its dossier took the outcome.
 */
import { AppError } from '../../errors';
import type { Agency, Delivery, NewDelivery } from '../../ports/documents';
import type { Queue } from '../../ports/queue';
import type { Receiver, ReceiverOutcome } from '../../ports/receiver';
import type { Agencies, Deliveries, Versioned } from '../../ports/store';
import { agencyGate } from './agency-gate';
import { cancel, claim, DELIVERY, isEnded, openDelivery, settle, tryAgain } from './delivery-moves';
import type { Chance, Try } from './delivery-moves';

/** How a delivery ended, for its dossier. */
export interface DeliveryOutcome {
  /** Effect id: the dossier applies it once. */
  readonly id: string;
  readonly key: string;
  readonly state: 'accepted' | 'refused' | 'needs-officer' | 'cancelled';
  readonly officialCode: string | null;
  /** Short id of why, for the desk: `status-500`, `time-out`, `refused-422`, `cancelled-after-unknown`, …. */
  readonly reason: string | null;
}

export interface DeliverDeps {
  readonly deliveries: Deliveries;
  readonly agencies: Pick<Agencies, 'byId'>;
  readonly receiver: Receiver;
  readonly ring: Queue['ring'];
  /**
   * Writes the outcome into the dossier, durably, once per id; repeated until it resolves (also when the dossier is gone).
   * An acceptance is final: any other outcome of the same key that comes after it is ignored.
   */
  readonly onOutcome: (dossierId: string, outcome: DeliveryOutcome) => Promise<void>;
  /** ms epoch */
  readonly now: () => number;
  /** [0, 1) */
  readonly random: () => number;
}

export interface Deliverer {
  /** Begins a delivery under its unique key; one that exists is left as it is. */
  open(fresh: NewDelivery, id: string): Promise<void>;
  /**
   * Does what is due on a delivery: sends it, or tells its dossier how it ended. Harmless at any time, any number of times.
   * @throws AppError `store-unavailable` (the lease runs out and it is tried again), or what `onOutcome` threw.
   */
  look(id: string, signal: AbortSignal): Promise<void>;
  /** Never sends it (again). `asked`: it may have arrived, or is on its way. `too-late`: accepted. `absent`: no such key. */
  cancel(key: string): Promise<'cancelled' | 'asked' | 'too-late' | 'absent'>;
  /** One more try of a delivery that was given up. `false`: there is nothing to try again. */
  retry(key: string): Promise<boolean>;
}

/** Races on one delivery are between two or three writers; more conflicts than this are a fault. */
const MAX_CONFLICTS = 20;

/** Makes the worker of this process. */
export function deliverer(deps: DeliverDeps): Deliverer {
  const { deliveries } = deps;
  const look = looker(deps);
  const move = async (key: string, by: (doc: Delivery, now: number) => Delivery | null) => {
    const found = await deliveries.byKey(key);
    if (found === null) return { before: null, moved: null };
    const moved = await change(deps, found.doc.id, (doc) => by(doc, deps.now()));
    if (moved !== null) ring(deps, moved);
    return { before: found.doc, moved };
  };
  return {
    look,
    async open(fresh, id) {
      const doc = openDelivery(fresh, id, deps.now());
      if (await deliveries.create(doc)) ring(deps, { doc, revision: 1 });
    },
    async cancel(key) {
      const { before } = await move(key, cancel);
      const after = before === null ? null : await deliveries.byId(before.id);
      if (after === null) return 'absent';
      if (after.doc.state === 'accepted') return 'too-late';
      return after.doc.state === 'cancelled' ? 'cancelled' : 'asked';
    },
    async retry(key) {
      return (await move(key, tryAgain)).moved !== null;
    },
  };
}

function looker(deps: DeliverDeps): Deliverer['look'] {
  const gate = agencyGate();
  return async (id, signal) => {
    const found = await deps.deliveries.byId(id);
    if (found === null || signal.aborted || !isDue(found.doc, deps.now())) return;
    if (isEnded(found.doc.state)) return tell(deps, found);
    const agency = (await deps.agencies.byId(found.doc.agency))?.doc ?? null;
    if (agency?.receiver.type !== 'http')
      return attempt(deps, found, () => Promise.resolve(withoutWire(agency)));
    const wait = gate.enter(agency.id);
    if (wait > 0) return defer(deps, found, wait);
    let well: boolean | null = null;
    try {
      await attempt(deps, found, async (doc) => {
        const outcome = await send(deps.receiver, agency, doc, signal);
        well = signal.aborted ? null : outcome.state === 'accepted' || outcome.state === 'refused';
        return outcome;
      });
    } finally {
      gate.leave(agency.id, well);
    }
  };
}

function isDue(doc: Delivery, now: number): boolean {
  return doc.dueAt !== null && doc.dueAt <= now;
}

/** Officers at the desk have the dossier as soon as it is a dossier; an agency that is not set up (any more) can take nothing. */
function withoutWire(agency: Agency | null): ReceiverOutcome {
  return agency === null ? { state: 'busy', reason: 'agency-unknown' } : { state: 'accepted' };
}

async function attempt(
  deps: DeliverDeps,
  found: Versioned<Delivery>,
  hand: (doc: Delivery) => Promise<ReceiverOutcome>,
): Promise<void> {
  const claimed = claim(found.doc, deps.now());
  if (claimed === null || !(await deps.deliveries.save(claimed, found.revision))) return;
  if (isEnded(claimed.state)) return tell(deps, { doc: claimed, revision: found.revision + 1 });
  const own: Try = { attempt: claimed.attempts, uncertain: found.doc.state !== 'waiting' };
  const outcome = await hand(claimed);
  const by = (doc: Delivery) => settle(doc, own, outcome, chance(deps));
  // Seldom does anybody come between: only then it is read again.
  const settled = await change(deps, claimed.id, by, { doc: claimed, revision: found.revision + 1 });
  if (settled === null) return;
  if (isEnded(settled.doc.state)) return tell(deps, settled);
  ring(deps, settled);
}

async function send(
  receiver: Receiver,
  agency: Agency,
  doc: Delivery,
  signal: AbortSignal,
): Promise<ReceiverOutcome> {
  if (agency.receiver.type !== 'http') return { state: 'accepted' };
  const target = { agency: agency.id, url: agency.receiver.url, secret: agency.receiver.secret };
  return receiver.deliver(target, { key: doc.key, body: Buffer.from(doc.body, 'utf8') }, signal);
}

/** Enough of this agency is under way: stays as it is, a little later, spread so that the crowd does not come back as one. */
async function defer(deps: DeliverDeps, { doc, revision }: Versioned<Delivery>, wait: number): Promise<void> {
  // A lease that ran out becomes what it is, so that moving its dueAt does not look like a new lease.
  const state = doc.state === 'sending' ? 'unknown' : doc.state;
  const later: Delivery = { ...doc, state, dueAt: deps.now() + Math.round(wait * (1 + deps.random())) };
  if (await deps.deliveries.save(later, revision)) ring(deps, { doc: later, revision: revision + 1 });
}

/** Repeats are harmless (the dossier knows the id), so the mark "told" is written after it, as no longer due. */
async function tell(deps: DeliverDeps, { doc, revision }: Versioned<Delivery>): Promise<void> {
  try {
    await deps.onOutcome(doc.dossierId, outcomeOf(doc));
  } catch (error) {
    const later: Delivery = {
      ...doc,
      dueAt: deps.now() + Math.round(DELIVERY.tellAgain * (1 + deps.random())),
    };
    if (await deps.deliveries.save(later, revision)) ring(deps, { doc: later, revision: revision + 1 });
    throw error;
  }
  await deps.deliveries.save({ ...doc, dueAt: null }, revision);
}

function outcomeOf({ key, attempts, state, officialCode, lastReason }: Delivery): DeliveryOutcome {
  if (state === 'waiting' || state === 'sending' || state === 'unknown') {
    throw new AppError('internal', 'a delivery under way has no outcome', { details: { key } });
  }
  return { id: `${key}-${attempts}-${state}`, key, state, officialCode, reason: lastReason };
}

/** Reads (unless it is `known`) and replaces until nobody came between; null when there is nothing to change. */
async function change(
  deps: DeliverDeps,
  id: string,
  by: (doc: Delivery) => Delivery | null,
  known?: Versioned<Delivery>,
): Promise<Versioned<Delivery> | null> {
  for (let tries = 0; tries < MAX_CONFLICTS; tries += 1) {
    const found = tries === 0 && known ? known : await deps.deliveries.byId(id);
    const doc = found === null ? null : by(found.doc);
    if (found === null || doc === null) return null;
    if (await deps.deliveries.save(doc, found.revision)) return { doc, revision: found.revision + 1 };
  }
  throw new AppError('conflict', 'a delivery kept changing under its writer', { details: { id } });
}

function chance(deps: DeliverDeps): Chance {
  return { now: deps.now(), random: deps.random() };
}

function ring(deps: DeliverDeps, { doc, revision }: Versioned<Delivery>): void {
  if (doc.dueAt !== null) deps.ring({ document: 'delivery', id: doc.id, revision }, doc.dueAt);
}
