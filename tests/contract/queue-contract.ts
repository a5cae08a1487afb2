/** What every queue must promise, sentence by sentence of `src/ports/queue.ts`. Times are real; waits poll for a state. */
import type { Job, Queue } from '../../src/ports/queue';

export interface OpenedQueue {
  readonly queue: Queue;
  /** What the store says is due now: the sweeper's source. */
  readonly due: Job[];
  /** Errors of handlers and sweeps. */
  readonly errors: unknown[];
  /** The sweep interval of this queue, ms. */
  readonly everyMs: number;
  close(): Promise<void>;
}

export const job = (id: string, revision = 1): Job => ({ document: 'conversation', id, revision });
export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(holds: () => boolean, ms = 10_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await sleep(2);
  }
}

export function queueContract(name: string, open: () => Promise<OpenedQueue>): void {
  describe(`queue: ${name}`, () => {
    let opened: OpenedQueue;
    let queue: Queue;
    beforeEach(async () => {
      opened = await open();
      queue = opened.queue;
    });
    afterEach(() => opened.close());

    it('wakes the handler at once, and brings bells that rang before there was one', async () => {
      const seen: Job[] = [];
      queue.ring(job('early'));
      queue.work((one) => Promise.resolve(void seen.push(one)));
      queue.ring({ document: 'delivery', id: 'x', revision: 7 });
      await until(() => seen.length === 2);
      expect(seen).toEqual(
        expect.arrayContaining([job('early'), { document: 'delivery', id: 'x', revision: 7 }]),
      );
    });

    it('has hands free for talks while all that deliver are held, and the other way round', async () => {
      const hanging = new Set<string>(['delivery']);
      const seen: string[] = [];
      queue.work(async ({ document, id }) => {
        while (hanging.has(document)) await sleep(5);
        seen.push(id);
      });
      for (let n = 0; n < 200; n += 1) queue.ring({ document: 'delivery', id: `held-${n}`, revision: 1 });
      await sleep(100);
      queue.ring(job('talk'));
      await until(() => seen.length === 1);
      expect(seen).toEqual(['talk']);
      hanging.clear();
      hanging.add('conversation');
      for (let n = 0; n < 200; n += 1) queue.ring(job(`held-talk-${n}`));
      await until(() => seen.length === 201);
      queue.ring({ document: 'delivery', id: 'last', revision: 1 });
      await until(() => seen.at(-1) === 'last');
      hanging.clear();
    });

    it('runs a job that was added many times while it waits once', async () => {
      const seen: string[] = [];
      for (let n = 0; n < 20; n += 1) queue.ring(job('a'));
      queue.work((one) => Promise.resolve(void seen.push(one.id)));
      await until(() => seen.length > 0);
      await sleep(opened.everyMs);
      expect(seen).toEqual(['a']);
    });

    it('rings at the given time, not before', async () => {
      const at = Date.now() + 150;
      const seen: number[] = [];
      queue.work(() => Promise.resolve(void seen.push(Date.now())));
      queue.ring(job('a'), at);
      queue.ring(job('a'), at);
      await until(() => seen.length > 0);
      await sleep(50);
      expect(seen).toHaveLength(1);
      expect(seen[0]).toBeGreaterThanOrEqual(at - 5);
    });

    it('never runs one document twice at once; a bell during a run brings one more run after it', async () => {
      let running = 0;
      let most = 0;
      const revisions: number[] = [];
      queue.work(async ({ revision }) => {
        running += 1;
        most = Math.max(most, running);
        revisions.push(revision);
        await sleep(60);
        running -= 1;
      });
      queue.ring(job('a', 1));
      await until(() => running === 1);
      for (const revision of [2, 3, 4]) queue.ring(job('a', revision));
      await until(() => running === 0 && revisions.at(-1) === 4);
      expect(most).toBe(1);
    });

    it('runs different documents concurrently', async () => {
      let running = 0;
      let most = 0;
      queue.work(async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(100);
        running -= 1;
      });
      ['a', 'b', 'c', 'd'].forEach((id) => queue.ring(job(id)));
      await until(() => most === 4);
    });

    it('finds what is due though no bell rang', async () => {
      const seen: string[] = [];
      queue.work(({ id }) => {
        opened.due.length = 0;
        seen.push(id);
        return Promise.resolve();
      });
      await sleep(10);
      opened.due.push(job('forgotten'));
      await until(() => seen.includes('forgotten'));
    });

    it('survives a handler that throws: says so, goes on with others, and comes back by the sweeper, not in a hot loop', async () => {
      const seen: string[] = [];
      opened.due.push(job('bad'));
      queue.work(({ id }) => {
        seen.push(id);
        return id === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve();
      });
      queue.ring(job('good'));
      const began = performance.now();
      await until(() => seen.includes('good') && seen.filter((id) => id === 'bad').length >= 3);
      const sweeps = (performance.now() - began) / opened.everyMs;
      expect(seen.filter((id) => id === 'bad').length).toBeLessThanOrEqual(sweeps + 3);
      expect(opened.errors.length).toBeGreaterThanOrEqual(2);
    });

    it('waits on close for what runs, takes nothing more, and closes twice without harm', async () => {
      let done = false;
      const seen: string[] = [];
      queue.work(async ({ id }) => {
        seen.push(id);
        await sleep(100);
        done = true;
      });
      queue.ring(job('a'));
      await until(() => seen.length === 1);
      await queue.close();
      expect(done).toBe(true);
      queue.ring(job('b'));
      await queue.close();
      await sleep(2 * opened.everyMs);
      expect(seen).toEqual(['a']);
    });
  });
}
