/** The wake-up bell. A job only means "look at this document, something is due"; the store is the record. */

export type DueDocument = 'conversation' | 'dossier' | 'delivery';

export interface Job {
  readonly document: DueDocument;
  readonly id: string;
  readonly revision: number;
}

/** Deliveries have hands of their own: agencies that take their time never hold up a talk. */
export const BELLS = ['looks', 'deliveries'] as const;
export type BellName = (typeof BELLS)[number];
export const bellOf = ({ document }: Job): BellName => (document === 'delivery' ? 'deliveries' : 'looks');

export interface Queue {
  /**
   * Asks that the document be looked at, now or at `at` (ms epoch). Adding the same job again is a no-op while it waits.
   * Never rejects: a bell that cannot ring is caught up by the sweeper.
   */
  ring(job: Job, at?: number): void;
  /**
   * Starts this process's one consumer. Different documents run concurrently, a bounded number for each bell; one document
   * never twice at once in a process.
   */
  work(handler: (job: Job) => Promise<void>): void;
  /** Why bells do not ring just now, in a word for who runs the house; null or absent: they do. */
  trouble?(): string | null;
  /** Stops taking work and waits for running handlers. A second call is harmless. */
  close(): Promise<void>;
}
