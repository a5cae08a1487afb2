/** The right to poll an account: one process has it, and another takes over when it ends or falls silent. */
import type { Leases } from '../../ports/store';
import { rest } from './rest';

export interface LeaseDeps {
  readonly leases: Leases;
  readonly name: string;
  /** This process. */
  readonly holder: string;
  /** ms epoch */
  readonly clock: () => number;
  /** How long it lasts unless renewed: a process that was killed is missed this long. */
  readonly leaseMs: number;
  readonly onError: (error: unknown) => void;
}

export interface Lease {
  /** Aborted when it is lost, or at the end. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Waits for its turn. Null: the end came first. */
export async function takeLease(deps: LeaseDeps, ending: AbortSignal): Promise<Lease | null> {
  while (!ending.aborted) {
    if (await renew(deps).catch(said(deps, false))) return held(deps, ending);
    await rest(deps.leaseMs / 10, ending);
  }
  return null;
}

function renew({ leases, name, holder, clock, leaseMs }: LeaseDeps): Promise<boolean> {
  const now = clock();
  return leases.take(name, holder, now, now + leaseMs);
}

const said =
  <T>({ onError }: LeaseDeps, value: T) =>
  (error: unknown): T => {
    onError(error);
    return value;
  };

function held(deps: LeaseDeps, ending: AbortSignal): Lease {
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, ending]);
  let until = deps.clock() + deps.leaseMs;
  async function again(): Promise<void> {
    const from = deps.clock();
    // A store that does not answer says nothing about the lease, until its time is over.
    const mine = await renew(deps).catch(said(deps, null));
    if (mine === true) until = from + deps.leaseMs;
    if (mine === false || deps.clock() >= until) lost.abort();
  }
  const timer = setInterval(() => void again(), deps.leaseMs / 3);
  return {
    signal,
    async release() {
      clearInterval(timer);
      lost.abort();
      await deps.leases.release(deps.name, deps.holder).catch(deps.onError);
    },
  };
}
