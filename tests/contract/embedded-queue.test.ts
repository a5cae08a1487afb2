import { embeddedQueue } from '../../src/drivers/embedded-queue';
import { SWEEP_PAGE } from '../../src/drivers/sweeper';
import type { Job } from '../../src/ports/queue';
import { job, queueContract, sleep, until, type OpenedQueue } from './queue-contract';

function open(concurrency = 50, everyMs = 50): OpenedQueue {
  const due: Job[] = [];
  const errors: unknown[] = [];
  const queue = embeddedQueue({
    sweep: (_, limit) => Promise.resolve(due.slice(0, limit)),
    clock: Date.now,
    everyMs,
    concurrency,
    onError: (error) => errors.push(error),
  });
  return { queue, due, errors, everyMs, close: () => queue.close() };
}

queueContract('embedded', () => Promise.resolve(open()));

describe('the embedded queue', () => {
  it('runs no more documents together than it was told, and all of them in the end', async () => {
    const opened = open(3);
    const { queue } = opened;
    let running = 0;
    let most = 0;
    const seen = new Set<string>();
    queue.work(async ({ id }) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(2);
      running -= 1;
      seen.add(id);
    });
    for (let n = 0; n < 40; n += 1) queue.ring(job(`d${n}`));
    await until(() => seen.size === 40);
    expect(most).toBe(3);
    await opened.close();
  });

  it('goes on sweeping after a sweep that failed', async () => {
    const errors: unknown[] = [];
    const seen: string[] = [];
    let sweeps = 0;
    const sweep = () => {
      sweeps += 1;
      return sweeps === 1
        ? Promise.reject(new Error('store away'))
        : Promise.resolve(sweeps === 2 ? [job('a')] : []);
    };
    const queue = embeddedQueue({
      sweep,
      clock: Date.now,
      everyMs: 20,
      onError: (error) => errors.push(error),
    });
    queue.work(({ id }) => Promise.resolve(void seen.push(id)));
    await until(() => seen.length === 1);
    expect(errors).toHaveLength(1);
    await queue.close();
  });

  it('works off a backlog of several pages without waiting a whole interval for each', async () => {
    const opened = open(50, 60_000);
    const { queue, due } = opened;
    for (let n = 0; n < 2 * SWEEP_PAGE + 1; n += 1) due.push(job(`d${n}`));
    const seen = new Set<string>();
    queue.work(({ id }) => {
      seen.add(id);
      due.splice(
        due.findIndex((one) => one.id === id),
        1,
      );
      return Promise.resolve();
    });
    await until(() => seen.size === 2 * SWEEP_PAGE + 1);
    await opened.close();
  });

  it('does not spin over a full page of documents that stay due', async () => {
    let sweeps = 0;
    const page = Array.from({ length: SWEEP_PAGE }, (_, n) => job(`d${n}`));
    const sweep = () => {
      sweeps += 1;
      return Promise.resolve(page);
    };
    const queue = embeddedQueue({ sweep, clock: Date.now, everyMs: 60_000, onError: () => undefined });
    queue.work(() => Promise.resolve());
    await sleep(900);
    expect(sweeps).toBe(2);
    await queue.close();
  });
});
