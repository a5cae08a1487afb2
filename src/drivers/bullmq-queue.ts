/**
 * The bell across processes: BullMQ on Redis. A job means "look at this document" and holds its name only; what is due stands
 * in the store, so that losing everything in Redis loses one interval of the sweeper and no more.
 */
import { Queue as Bell, Worker, type Job as BellJob, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { codeOf } from '../errors';
import { bellOf, BELLS, type Job, type BellName, type Queue } from '../ports/queue';
import { bench, type Handler } from './bench';
import { redisOutage, type RedisOutage } from './redis-outage';
import { startSweeper, type SweeperOptions } from './sweeper';

export interface BullmqQueueOptions extends Omit<SweeperOptions, 'ring'> {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /** Documents of a bell this process looks at at the same time. Default 50. */
  readonly concurrency?: number;
  /** Redis went away, or takes nothing: its own word for it, or the network's. Once per outage. */
  readonly onAway: (reason: string) => void;
  /** In braces, so that all keys lie together where Redis is a cluster. Default `{mot-cua}`. */
  readonly prefix?: string;
  /** A worker that has not renewed its hold on a job for so long has lost it, ms. Default 10 s. */
  readonly lockMs?: number;
  /** How often lost jobs are looked for, ms. Default 5 s. */
  readonly stalledMs?: number;
}

const CONCURRENCY = 50;
const LOCK_MS = 10_000;
const STALLED_MS = 5_000;
/** Bells further ahead are left to the sweeper, as on the embedded queue. */
const HORIZON_MS = 10 * 60_000;
/** How long the first bells wait for Redis. */
const READY_MS = 2_000;
/** What runs may take so long to end; what takes longer is given up, ms. */
const CLOSE_MS = 9_000;
/** Saying goodbye to Redis, which may be away, ms. */
const GOODBYE_MS = 1_000;
const POLL_MS = 10;
/** A connection on which Redis says nothing for so long is made anew, ms; a worker may wait ten seconds for its next job. */
const SILENT_MS = { ringing: 5_000, working: 15_000 };
/** After an error of the connection the worker tries again so soon; the default is 15 s. */
const RETRY_MS = 1_000;

/** A look that failed is tried twice more, soon; then the sweeper comes back to it. Gone when done, so that it may be rung again. */
const ONCE: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 3,
  stackTraceLimit: 0,
  backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
};

const documentOf = ({ document, id }: Job) => `${document}-${id}`;
const jobId = (job: Job, at?: number) =>
  `${documentOf(job)}-${job.revision}${at === undefined ? '' : `-at-${at}`}`;

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

/** Bells of one tick go out together; what Redis does not take is handed back. */
function ringer(bell: Bell, redis: Redis, { lost, found }: RedisOutage, untaken: (job: Job) => void) {
  let waiting = new Map<string, { name: string; data: Job; opts: JobsOptions }>();
  const flush = () => {
    const due = [...waiting.values()];
    waiting = new Map();
    // What is for later the sweeper finds when it is time.
    const back = () => due.filter(({ opts }) => opts.delay === 0).forEach(({ data }) => untaken(data));
    const refused = (error: unknown) => {
      lost(error);
      back();
    };
    if (redis.status === 'ready') bell.addBulk(due).then(found, refused);
    else back();
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

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const within = <T>(work: Promise<T>, ms: number) =>
  Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);

/** The ringing side fails at once when Redis is away, the working side waits for it. */
function connections(url: string, outage: RedisOutage) {
  const ringing = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    socketTimeout: SILENT_MS.ringing,
  });
  const working = new Redis(url, { maxRetriesPerRequest: null, socketTimeout: SILENT_MS.working });
  const all = [ringing, working];
  // A worker makes connections of its own from the one it gets, and with Redis away it would never let them go.
  const duplicate = working.duplicate.bind(working);
  working.duplicate = (...given) => {
    const copy = duplicate(...given);
    all.push(copy);
    return copy;
  };
  for (const redis of all) redis.on('error', outage.lost).on('ready', outage.found);
  return { ringing, working, letGo: () => all.forEach((redis) => redis.disconnect()) };
}

/** The jobs this process has in hand, until Redis knows that they are over. */
function inHand(ring: (job: Job) => void, onError: (error: unknown) => void) {
  const running = new Map<string, Promise<void>>();
  const missed = new Map<string, Job>();
  const nameOf = (job: BellJob<Job> | undefined) => String(job?.id);
  const over = (job: BellJob<Job> | undefined) => {
    const again = missed.get(nameOf(job));
    running.delete(nameOf(job));
    missed.delete(nameOf(job));
    if (again) ring(again);
  };
  /** Redis that lost the job meanwhile never says that it is over. */
  const overSoon = (job: BellJob<Job>, run: Promise<void>) =>
    setTimeout(() => running.get(nameOf(job)) === run && over(job), GOODBYE_MS).unref();
  return {
    over,
    /** True when this very job is in hand: Redis would take another for it. It is rung once more after it. */
    misses(name: string, job: Job): boolean {
      if (running.has(name)) missed.set(name, job);
      return running.has(name);
    },
    async run(job: BellJob<Job>, look: Handler) {
      const run = look(job.data);
      running.set(nameOf(job), run);
      try {
        await run;
      } catch (error) {
        onError(error);
        // Redis keeps what is thrown until the next try, and an error may quote a citizen.
        throw new Error(codeOf(error), { cause: error });
      } finally {
        overSoon(job, run);
      }
    },
    async empty() {
      await within(Promise.allSettled(running.values()), CLOSE_MS);
      for (let waited = 0; running.size > 0 && waited < GOODBYE_MS; waited += POLL_MS) await sleep(POLL_MS);
    },
  };
}

function bellsOn(ringing: Redis, prefix: string, outage: RedisOutage, untaken: (job: Job) => void) {
  const open = (name: BellName) => {
    const bell = new Bell(name, { connection: ringing, prefix });
    bell.on('error', outage.lost);
    return { bell, send: ringer(bell, ringing, outage, untaken) };
  };
  return { looks: open('looks'), deliveries: open('deliveries') };
}

/** What Redis does not take a process that works looks at by itself: people get their answers, only later. */
function byItself(concurrency: number, onError: (error: unknown) => void) {
  const benches = { looks: bench(concurrency, onError), deliveries: bench(concurrency, onError) };
  const all = Object.values(benches);
  let works = false;
  return {
    start(look: Handler) {
      works = true;
      all.forEach((one) => one.start(look));
    },
    add(job: Job) {
      if (works) benches[bellOf(job)].add(job);
    },
    async empty() {
      works = false;
      await within(Promise.all(all.map((one) => one.close())), CLOSE_MS);
    },
  };
}

/** Resolves when Redis answers, or when it is time to go on without: the bell starts to ring when Redis is back. */
export async function bullmqQueue(options: BullmqQueueOptions): Promise<Queue> {
  const { url, clock, onError, prefix = '{mot-cua}', concurrency = CONCURRENCY } = options;
  const { lockMs = LOCK_MS, stalledMs = STALLED_MS } = options;
  const outage = redisOutage(clock, options.onAway);
  const { ringing, working, letGo } = connections(url, outage);
  await within(new Promise<void>((resolve) => ringing.once('ready', resolve)), READY_MS);

  const alone = byItself(concurrency, onError);
  const bells = bellsOn(ringing, prefix, outage, alone.add);
  const hand = inHand((job) => ring(job), onError);
  let workers: readonly Worker<Job>[] = [];
  let sweeper: ReturnType<typeof startSweeper> | null = null;
  let closing: Promise<void> | null = null;
  let gone = false;

  // Also while closing: what the last looks leave to do is for others.
  const ring: Queue['ring'] = (job, at) => {
    const delay = at === undefined ? 0 : at - clock();
    if (gone || delay > HORIZON_MS) return;
    const name = jobId(job, delay > 0 ? at : undefined);
    if (!hand.misses(name, job)) bells[bellOf(job)].send(job, Math.max(0, delay), name);
  };

  const startWorker = (name: BellName, look: Handler) => {
    const run = async (job: BellJob<Job>) => {
      if (closing) throw new Error('This process is stopping: another one takes it.');
      await hand.run(job, look);
    };
    const timing = { lockDuration: lockMs, stalledInterval: stalledMs, runRetryDelay: RETRY_MS, concurrency };
    const started = new Worker<Job>(name, run, { connection: working, prefix, ...timing });
    return started.on('error', outage.lost).on('completed', hand.over).on('failed', hand.over);
  };

  const shut = async () => {
    await Promise.all([sweeper?.stop(), ...workers.map((worker) => worker.pause(true))]);
    await Promise.all([hand.empty(), alone.empty()]);
    gone = true;
    await new Promise(setImmediate);
    // By force: the polite way waits for a Redis that is away.
    const goodbyes = [
      ...workers.map((worker) => worker.close(true)),
      ...Object.values(bells).map(({ bell }) => bell.close()),
    ];
    await within(Promise.all(goodbyes), GOODBYE_MS);
    letGo();
  };

  return {
    ring,
    trouble: outage.reason,
    work(handler) {
      if (closing || workers.length > 0) return;
      const look = looks(handler);
      workers = BELLS.map((name) => startWorker(name, look));
      alone.start(look);
      sweeper = startSweeper({ ...options, ring });
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };
}
