/** Bytes that citizens send, sealed and unread until somebody looks at them; what nobody took is erased after a day. */
import type { Files } from '../ports/files';
import type { Store } from '../ports/store';
import type { Universe } from '../ports/universe';

export interface IncomingFiles {
  /** Durable when it resolves; the key to find them by. @throws AppError `store-unavailable` */
  keep(bytes: Buffer): Promise<string>;
  /** Bytes about to be put under a key of the caller's: erased after a day unless `release`d. */
  hold(fileKey: string): Promise<void>;
  /** They have an owner now. */
  release(fileKey: string): Promise<void>;
  /** Erases the bytes; gone ones are fine. */
  forget(fileKey: string): Promise<void>;
  /** Erases what was not taken by then (ms epoch); how many. */
  sweep(now: number): Promise<number>;
}

const KIND = 'incoming';
/** Longer than any act is tried. */
const KEPT_MS = 24 * 3_600_000;
const AT_ONCE = 100;

export function incomingFiles(deps: {
  readonly files: Files;
  readonly store: Store;
  readonly universe: Universe;
}): IncomingFiles {
  const { files, universe } = deps;
  const { slips, attachments } = deps.store;
  const hold = (fileKey: string) => slips.put(KIND, fileKey, fileKey, universe.now() + KEPT_MS);
  /** Two processes may take the same photo at once: the slip of the slower one must not cost the clean copy, which has its own id for a key. */
  const isOwned = async (fileKey: string) => (await attachments.get(fileKey)) !== null;
  async function forget(fileKey: string): Promise<void> {
    await files.remove(fileKey);
    await slips.remove(KIND, fileKey);
  }
  return {
    async keep(bytes) {
      const fileKey = universe.randomBytes(24).toString('base64url');
      // The slip first: bytes that nobody knows of would stay for ever.
      await hold(fileKey);
      await files.put(fileKey, bytes);
      return fileKey;
    },
    hold,
    release: (fileKey) => slips.remove(KIND, fileKey),
    forget,
    async sweep(now) {
      const late = await slips.expired<string>(KIND, now, AT_ONCE);
      for (const fileKey of late)
        await ((await isOwned(fileKey)) ? slips.remove(KIND, fileKey) : forget(fileKey));
      return late.length < AT_ONCE ? late.length : late.length + (await this.sweep(now));
    },
  };
}
