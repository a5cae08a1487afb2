/** A bench: documents wait for one of a bounded number of hands in this process, each at most once at a time. */
import type { Job } from '../ports/queue';

export type Handler = (job: Job) => Promise<void>;

export const documentOf = ({ document, id }: Job): string => `${document}:${id}`;

export interface Bench {
  /** Wants the document looked at; during a look, once more after it. */
  add(job: Job): void;
  start(handler: Handler): void;
  /** Takes nothing more and waits for what runs. */
  close(): Promise<void>;
}

/** Runs one look per document at a time, in the order of the bells, a bounded number together. */
export function bench(concurrency: number, onError: (error: unknown) => void): Bench {
  const waiting = new Map<string, Job>();
  const running = new Map<string, Promise<void>>();
  let handler: Handler | null = null;

  const look = (name: string, job: Job, handle: Handler) =>
    Promise.resolve()
      .then(() => handle(job))
      // A failed document stays due: the sweeper comes back to it.
      .catch(onError)
      .then(() => {
        running.delete(name);
        setImmediate(next);
      });

  const next = () => {
    if (!handler) return;
    for (const [name, job] of waiting) {
      if (running.size >= concurrency) return;
      if (running.has(name)) continue;
      waiting.delete(name);
      running.set(name, look(name, job, handler));
    }
  };

  return {
    add(job) {
      waiting.set(documentOf(job), job);
      setImmediate(next);
    },
    start(given) {
      handler = given;
      setImmediate(next);
    },
    async close() {
      handler = null;
      waiting.clear();
      await Promise.all(running.values());
    },
  };
}
