/** Every minute: what is past its days is erased, and agencies changed by others are read again. */
import type { Log, Universe } from '../ports/universe';
import type { House } from './house';

const EVERY_MS = 60_000;
const TRANSCRIPT_MS = 90 * 86_400_000;

/** Starts at once; the function returned ends it. A round that fails is logged and the next one comes. */
export function startHousekeeping(house: House, universe: Universe, log: Log): () => void {
  const round = async (): Promise<void> => {
    const now = universe.now();
    await house.directory.refresh();
    const slips = await house.store.slips.removeExpired(now);
    const drafts = await house.store.drafts.removeDue(now);
    const lines = await house.store.transcripts.removeOlderThan(now - TRANSCRIPT_MS);
    if (slips + drafts + lines > 0) log.info('erased', { slips, drafts, lines });
  };
  const once = () => void round().catch((error: unknown) => log.error('housekeeping-failed', error));
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => clearInterval(timer);
}
