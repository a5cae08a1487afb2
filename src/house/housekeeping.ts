/** Every minute: what is past its days is erased, and agencies changed by others are read again. */
import { eraseAttachments } from '../app/photo-acts';
import { sweepTalkFiles } from '../app/voice-acts';
import type { Config } from '../config';
import { codeOf } from '../errors';
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

async function erasePast(house: House, now: number, log: Log): Promise<void> {
  const files = await house.incoming.sweep(now);
  const voices = await sweepTalkFiles(house, now);
  const slips = await house.store.slips.removeExpired(now);
  const drafts = await eraseDrafts(house, now);
  const lines = await house.store.transcripts.removeOlderThan(now - TRANSCRIPT_MS);
  if (files + voices + slips + drafts + lines > 0)
    log.info('erased', { files, voices, slips, drafts, lines });
}

export interface Rounds {
  /** `web`: reads again, and leaves the erasing to those that work. Default `all`. */
  readonly role?: Config['role'];
  /** Default a minute. */
  readonly everyMs?: number;
}

/**
 * Starts at once; the function returned ends it. A round that fails is logged and the next one comes. Turns are taken by
 * webs, so every process reads agencies and officers again.
 */
export function startHousekeeping(
  house: House,
  universe: Universe,
  log: Log,
  { role = 'all', everyMs = EVERY_MS }: Rounds = {},
): () => void {
  const round = async (): Promise<void> => {
    await house.directory.refresh();
    if (role !== 'web') await erasePast(house, universe.now(), log);
  };
  const once = () =>
    void round().catch((error: unknown) => {
      // The house ended in the midst of it.
      if (codeOf(error) !== 'stopping') log.error('housekeeping-failed', error);
    });
  once();
  const timer = setInterval(once, everyMs);
  return () => clearInterval(timer);
}
