/** The sweeper: asks the store what is due and rings for it, so that a lost bell costs one interval and no more. Serves every queue driver. */
import type { Job, Queue } from '../ports/queue';

export interface SweeperOptions {
  /** What is due at `now` (ms epoch), earliest first, at most `limit` of each kind: the store's `due`. */
  readonly sweep: (now: number, limit: number) => Promise<readonly Job[]>;
  readonly ring: Queue['ring'];
  /** ms epoch */
  readonly clock: () => number;
  /** Default 15 s. */
  readonly everyMs?: number;
  /** The first sweep also takes what is due so soon: the process before may have ended with it in hand. Default 0. */
  readonly aheadMs?: number;
  /** A sweep that failed; the next one comes as usual. */
  readonly onError: (error: unknown) => void;
}

export const SWEEP_MS = 15_000;
/** Jobs of one kind in one sweep. */
export const SWEEP_PAGE = 500;
/** After a full page that held something new the next sweep comes soon: a backlog is not worked off at one page an interval. */
const SOON_MS = 250;

const nameOf = ({ document, id, revision }: Job) => `${document}:${id}:${revision}`;

/** Starts at once. `stop` ends it and waits for a running sweep; a second call is harmless. */
export function startSweeper(options: SweeperOptions): { stop(): Promise<void> } {
  const { sweep, ring, clock, everyMs = SWEEP_MS, onError } = options;
  let ahead = options.aheadMs ?? 0;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let before = new Set<string>();

  /** True when more is waiting. Documents that stay due whatever their handler does are not news. */
  const once = async (): Promise<boolean> => {
    const jobs = await sweep(clock() + ahead, SWEEP_PAGE);
    ahead = 0;
    if (stopped) return false;
    jobs.forEach((job) => ring(job));
    const names = jobs.map(nameOf);
    const news = names.some((name) => !before.has(name));
    before = new Set(names);
    return jobs.length >= SWEEP_PAGE && news;
  };

  const run = async (): Promise<void> => {
    const more = await once().catch((error: unknown) => {
      onError(error);
      return false;
    });
    if (stopped) return;
    timer = setTimeout(start, more ? Math.min(SOON_MS, everyMs) : everyMs);
    timer.unref();
  };
  const start = () => {
    running = run();
  };

  let running = run();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
