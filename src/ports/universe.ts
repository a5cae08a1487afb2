/** What the house may not make up by itself: time, randomness, and a place for its log. Tests pass their own. */

export interface Universe {
  /** ms epoch. */
  now(): number;
  /** Cryptographically random bytes. */
  randomBytes(count: number): Buffer;
  /** Uniform in [0, 1): for back-off jitter only. */
  jitter(): number;
}

/** The log: events by name, ids and numbers only. Never words of a citizen, names, numbers of people, or tokens. */
export interface Log {
  info(event: string, ids?: LogIds): void;
  warn(event: string, ids?: LogIds): void;
  /** `error` gives its code and stack, never its message's parameters from outside. */
  error(event: string, error: unknown, ids?: LogIds): void;
}

export type LogIds = Readonly<Record<string, string | number | boolean | null>>;

/** Figures for the operator. Labels come from fixed sets: never ids of people, chats or dossiers. */
export interface Meter {
  count(
    name: 'turns' | 'effects_failed' | 'deliveries' | 'dossiers',
    labels: Readonly<Record<string, string>>,
  ): void;
  seconds(name: 'turn' | 'effect', value: number, labels: Readonly<Record<string, string>>): void;
}
