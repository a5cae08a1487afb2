/** The in-process queue: a bell for the documents of one process. It keeps nothing; the store's `dueAt` and the sweeper are its memory. */
import { bellOf, type Job, type Queue } from '../ports/queue';
import { bench, documentOf } from './bench';
import { startSweeper, type SweeperOptions } from './sweeper';

export interface EmbeddedQueueOptions extends Omit<SweeperOptions, 'ring'> {
  /** Documents of a bell looked at at the same time. Default 50. */
  readonly concurrency?: number;
}

const CONCURRENCY = 50;
/** Bells further ahead are left to the sweeper, so that timers do not pile up. */
const HORIZON_MS = 10 * 60_000;

/** Bells for later, each once. */
function alarms(clock: () => number, ring: (job: Job) => void) {
  const set = new Map<string, NodeJS.Timeout>();
  return {
    add(job: Job, at: number) {
      const name = `${documentOf(job)}:${job.revision}:${at}`;
      const wait = at - clock();
      if (set.has(name) || wait > HORIZON_MS) return;
      const timer = setTimeout(() => {
        set.delete(name);
        ring(job);
      }, wait);
      set.set(name, timer.unref());
    },
    clear() {
      set.forEach((timer) => clearTimeout(timer));
      set.clear();
    },
  };
}

export function embeddedQueue(options: EmbeddedQueueOptions): Queue {
  const { clock, onError, concurrency = CONCURRENCY } = options;
  const benches = { looks: bench(concurrency, onError), deliveries: bench(concurrency, onError) };
  const all = Object.values(benches);
  const later = alarms(clock, (job) => benches[bellOf(job)].add(job));
  let sweeper: ReturnType<typeof startSweeper> | null = null;
  let closed = false;

  const ring: Queue['ring'] = (job, at) => {
    if (closed) return;
    if (at !== undefined && at > clock()) later.add(job, at);
    else benches[bellOf(job)].add(job);
  };

  return {
    ring,
    work(handler) {
      if (closed) return;
      all.forEach((one) => one.start(handler));
      sweeper ??= startSweeper({ ...options, ring });
    },
    async close() {
      closed = true;
      later.clear();
      await Promise.all([sweeper?.stop(), ...all.map((one) => one.close())]);
    },
  };
}
