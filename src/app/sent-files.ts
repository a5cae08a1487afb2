/** Bytes of what citizens send, wherever they are: kept by us already, or still with the channel. */
import { AppError, codeOf } from '../errors';
import type { Address, Channel, FileSource } from '../ports/channel';
import type { Files } from '../ports/files';
import type { IncomingFiles } from './incoming-files';

export interface SentFiles {
  /**
   * The bytes, or why there are none to be had: `lost`, `too-big`.
   * @throws AppError `channel-unavailable` | `store-unavailable` for now
   */
  read(from: Address, source: FileSource): Promise<Buffer | 'lost' | 'too-big'>;
  /** They are wanted no more. What lies with a channel is the channel's. */
  forget(source: FileSource): Promise<void>;
}

/** Some failures say all there is to know about the bytes; any other may pass. */
function lasting(error: unknown): 'lost' | 'too-big' {
  if (codeOf(error) === 'not-found') return 'lost';
  if (codeOf(error) === 'payload-too-large') return 'too-big';
  throw error;
}

export function sentFiles(deps: {
  readonly files: Files;
  readonly incoming: IncomingFiles;
  readonly channels: ReadonlyMap<string, Channel>;
}): SentFiles {
  const bytesOf = async (from: Address, source: FileSource): Promise<Buffer | 'lost'> => {
    if (source.type === 'kept') return deps.files.get(source.fileKey);
    const channel = deps.channels.get(from.channel);
    if (channel === undefined) throw new AppError('channel-unavailable', 'this process lacks the channel');
    return (await channel.fetch?.(from, source.ref)) ?? 'lost';
  };
  return {
    read: (from, source) => bytesOf(from, source).catch(lasting),
    async forget(source) {
      if (source.type === 'kept') await deps.incoming.forget(source.fileKey);
    },
  };
}
