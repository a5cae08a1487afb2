/** Keeps one reading process warm: started when needed, replaced when worn, ended when idle. One file at a time. */
import { AppError } from '../../errors';
import type { Log } from '../../ports/universe';
import type { ReadingLimits } from './limits';
import { startReader, type Reader } from './reader';
import type { Sort } from './sorts';
import type { Message } from './wire';

export interface WarmReader {
  /**
   * The process's answer about one file, or what the file did to it: `too-slow` past a limit, `broken` when it died.
   * @throws AppError `internal` when no process starts: that is not the file's doing.
   */
  read(sort: Sort, bytes: Buffer): Promise<Message | 'too-slow' | 'broken'>;
  /** Ends the process; the next file gets a fresh one. */
  renew(): Promise<void>;
  /** Ends the process for good: `read` throws AppError `stopping` from now on, also for the file that was being read. */
  close(): Promise<void>;
}

const STARTS = 3;
const WATCH_MS = 100;
/** Decoders with the longest record of trouble get a process of their own. */
const ALONE: ReadonlySet<Sort> = new Set<Sort>(['heic', 'pdf']);

export function keepReader(log: Log, limits: ReadingLimits): WarmReader {
  let warm: Reader | null = null;
  let files = 0;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  const checkOpen = (): void => {
    if (closed) throw new AppError('stopping', 'Photo intake is closed.');
  };

  async function end(): Promise<void> {
    clearTimeout(idle);
    const reader = warm;
    warm = null;
    files = 0;
    await reader?.end();
  }

  async function ready(): Promise<Reader> {
    clearTimeout(idle);
    if (warm?.isOver() === true) await end();
    for (let tries = 0; warm === null && tries < STARTS; tries += 1) warm = await started(log);
    if (warm === null) throw new AppError('internal', 'The process that reads photos does not start.');
    return warm;
  }

  function rest(reader: Reader, sort: Sort): void {
    files += 1;
    const worn = files >= limits.files || ALONE.has(sort) || reader.memory() > limits.wornMemory;
    if (worn || reader.isOver()) void end();
    else idle = setTimeout(() => void end(), limits.idleMs).unref();
  }

  return {
    renew: end,
    async close() {
      closed = true;
      await end();
    },
    async read(sort, bytes) {
      checkOpen();
      const reader = await ready();
      // It may have been closed while the process started.
      if (closed) await end();
      checkOpen();
      const outcome = await watched(reader, { sort, bytes, limits, log });
      checkOpen();
      rest(reader, sort);
      return outcome;
    },
  };
}

async function started(log: Log): Promise<Reader | null> {
  const reader = await startReader();
  if (reader === null) log.warn('photo-reader-not-started');
  else log.info('photo-reader-started', { pid: reader.pid });
  return reader;
}

interface Job {
  readonly sort: Sort;
  readonly bytes: Buffer;
  readonly limits: ReadingLimits;
  readonly log: Log;
}

async function watched(reader: Reader, { sort, bytes, limits, log }: Job): ReturnType<WarmReader['read']> {
  const passed: { limit: 'time' | 'memory' | null } = { limit: null };
  const stop = (limit: 'time' | 'memory'): void => {
    passed.limit = limit;
    void reader.end();
  };
  const memory = sort === 'heic' ? limits.heicMemory : limits.memory;
  const clock = setTimeout(stop, limits.wallMs, 'time');
  const watch = setInterval(() => {
    if (reader.memory() > memory) stop('memory');
  }, WATCH_MS);
  const answer = await reader.ask({ sort }, bytes);
  clearTimeout(clock);
  clearInterval(watch);
  if (answer !== null) return answer;
  log.warn('photo-reader-died', { pid: reader.pid, sort, limit: passed.limit, bytes: bytes.length });
  return passed.limit === null ? 'broken' : 'too-slow';
}
