/**
 * The bell across processes: BullMQ on Redis. A job means "look at this document" and holds its name only; what is due stands
 * in the store, so that losing everything in Redis loses one interval of the sweeper and no more.
 */
import { Queue as Bell, Worker, type Job as BellJob, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { Job, Queue } from '../ports/queue';
import { startSweeper, type SweeperOptions } from './sweeper';

export interface BullmqQueueOptions extends Omit<SweeperOptions, 'ring'> {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** Documents this process looks at at the same time. Default 50. */
  readonly concurrency?: number;
  /** In braces, so that all keys lie together where Redis is a cluster. Default `{mot-cua}`. */
  readonly prefix?: string;
  /** A worker that has not renewed its hold on a job for so long has lost it, ms. Default 10 s. */
  readonly lockMs?: number;
  /** How often lost jobs are looked for, ms. Default 5 s. */
  readonly stalledMs?: number;
}

const NAME = 'looks';
const CONCURRENCY = 50;
const LOCK_MS = 10_000;
const STALLED_MS = 5_000;
/** Bells further ahead are left to the sweeper, as on the embedded queue. */
const HORIZON_MS = 10 * 60_000;
/** How long the first bells wait for Redis. */
const READY_MS = 2_000;
/** What runs may take so long to end; what takes longer is given up, ms. */
const CLOSE_MS = 8_000;
/** Saying goodbye to Redis, which may be away, ms. */
const GOODBYE_MS = 1_000;
const POLL_MS = 10;
/** After an error of the connection the worker tries again so soon; the default is 15 s. */
const RETRY_MS = 1_000;

/** A look that failed is tried twice more, soon; then the sweeper comes back to it. Gone when done, so that it may be rung again. */
const ONCE: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
};

const documentOf = ({ document, id }: Job) => `${document}-${id}`;
const jobId = (job: Job, at?: number) =>
  `${documentOf(job)}-${job.revision}${at === undefined ? '' : `-at-${at}`}`;

type Handler = (job: Job) => Promise<void>;

/** One look per document at a time in this process; bells during a look bring one more after it. */
function looks(handler: Handler): (job: Job) => Promise<void> {
  const again = new Map<string, Job | null>();
  return async (job) => {
    const name = documentOf(job);
    if (again.has(name)) {
      const waiting = again.get(name);
      if (!waiting || waiting.revision <= job.revision) again.set(name, job);
      return;
    }
    try {
      for (let next: Job | null = job; next; next = again.get(name) ?? null) {
        again.set(name, null);
        await handler(next);
      }
    } finally {
      again.delete(name);
    }
  };
}

/** One report per outage, not one per try to connect. */
function outages(onError: (error: unknown) => void) {
  let away = false;
  return {
    lost(error: unknown) {
      if (!away) onError(error);
      away = true;
    },
    found() {
      away = false;
    },
  };
}

/** Bells of one tick go out together. */
function ringer(bell: Bell, isReady: () => boolean, lost: (error: unknown) => void) {
  let waiting = new Map<string, { name: string; data: Job; opts: JobsOptions }>();
  const flush = () => {
    const due = [...waiting.values()];
    waiting = new Map();
    // With Redis away they are not kept: the sweeper will ask the store.
    if (isReady()) bell.addBulk(due).catch(lost);
  };
  return ({ document, id, revision }: Job, delay: number, jobName: string) => {
    if (waiting.size === 0) setImmediate(flush);
    waiting.set(jobName, {
      name: document,
      data: { document, id, revision },
      opts: { ...ONCE, jobId: jobName, delay },
    });
  };
}

/** The worker makes connections of its own from the one it gets; with Redis away it would never let them go. */
function copiesOf(redis: Redis): readonly Redis[] {
  const copies: Redis[] = [];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...given) => {
    const copy = duplicate(...given);
    copies.push(copy);
    return copy;
  };
  return copies;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const within = <T>(work: Promise<T>, ms: number) =>
  Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);

/** Resolves when Redis answers, or when it is time to go on without: the bell starts to ring when Redis is back. */
export async function bullmqQueue(options: BullmqQueueOptions): Promise<Queue> {
  const { url, clock, onError, prefix = '{mot-cua}', concurrency = CONCURRENCY } = options;
  const { lockMs = LOCK_MS, stalledMs = STALLED_MS } = options;
  const outage = outages(onError);
  // The ringing side fails at once when Redis is away, the working side waits for it.
  const ringing = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const working = new Redis(url, { maxRetriesPerRequest: null });
  const copies = copiesOf(working);
  for (const redis of [ringing, working]) redis.on('error', outage.lost).on('ready', outage.found);
  await within(new Promise<void>((resolve) => ringing.once('ready', resolve)), READY_MS);

  const bell = new Bell(NAME, { connection: ringing, prefix });
  bell.on('error', outage.lost);
  const send = ringer(bell, () => ringing.status === 'ready', outage.lost);
  const running = new Map<string, Promise<void>>();
  const missed = new Map<string, Job>();
  let worker: Worker<Job> | null = null;
  let sweeper: ReturnType<typeof startSweeper> | null = null;
  let closing: Promise<void> | null = null;

  const ring: Queue['ring'] = (job, at) => {
    if (closing) return;
    const delay = at === undefined ? 0 : at - clock();
    if (delay > HORIZON_MS) return;
    const name = jobId(job, delay > 0 ? at : undefined);
    // Redis would take it for the job that is running.
    if (running.has(name)) missed.set(name, job);
    else send(job, Math.max(0, delay), name);
  };

  const process = (look: Handler) => async (job: BellJob<Job>) => {
    if (closing) throw new Error('This process is stopping: another one takes it.');
    const name = String(job.id);
    const run = look(job.data);
    running.set(name, run);
    try {
      await run;
    } catch (error) {
      onError(error);
      throw error;
    }
  };

  /** Redis knows that a job is over. */
  const over = (job: BellJob<Job> | undefined) => {
    const name = String(job?.id);
    const again = missed.get(name);
    running.delete(name);
    missed.delete(name);
    if (again) ring(again);
  };

  const shut = async () => {
    await Promise.all([sweeper?.stop(), worker?.pause(true)]);
    await within(Promise.allSettled(running.values()), CLOSE_MS);
    for (let waited = 0; running.size > 0 && waited < GOODBYE_MS; waited += POLL_MS) await sleep(POLL_MS);
    // By force: the polite way waits for a Redis that is away.
    await within(Promise.all([worker?.close(true), bell.close()]), GOODBYE_MS);
    [ringing, working, ...copies].forEach((redis) => redis.disconnect());
  };

  return {
    ring,
    work(handler) {
      if (closing || worker) return;
      const timing = {
        lockDuration: lockMs,
        stalledInterval: stalledMs,
        runRetryDelay: RETRY_MS,
        concurrency,
      };
      const look = process(looks(handler));
      worker = new Worker<Job>(NAME, look, { connection: working, prefix, ...timing });
      worker.on('error', outage.lost).on('completed', over).on('failed', over);
      sweeper = startSweeper({ ...options, ring });
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };
}
