/** Every minute: what is past its days is erased, and agencies changed by others are read again. */
import { eraseAttachments } from '../app/photo-acts';
import { sweepTalkFiles } from '../app/voice-acts';
import type { Log, Universe } from '../ports/universe';
import type { House } from './house';

const EVERY_MS = 60_000;
const TRANSCRIPT_MS = 90 * 86_400_000;

/** With the photos that were sent for them. */
async function eraseDrafts({ store, files }: House, now: number): Promise<number> {
  const due = await store.drafts.due(now, 1_000);
  for (const { id, session } of due) {
    await eraseAttachments({ store, files }, session.key);
    await store.drafts.remove(id);
  }
  return due.length;
}

/** Starts at once; the function returned ends it. A round that fails is logged and the next one comes. */
export function startHousekeeping(house: House, universe: Universe, log: Log): () => void {
  const round = async (): Promise<void> => {
    const now = universe.now();
    await house.directory.refresh();
    const files = await house.incoming.sweep(now);
    const voices = await sweepTalkFiles(house, now);
    const slips = await house.store.slips.removeExpired(now);
    const drafts = await eraseDrafts(house, now);
    const lines = await house.store.transcripts.removeOlderThan(now - TRANSCRIPT_MS);
    if (files + voices + slips + drafts + lines > 0)
      log.info('erased', { files, voices, slips, drafts, lines });
  };
  const once = () => void round().catch((error: unknown) => log.error('housekeeping-failed', error));
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => clearInterval(timer);
}
