/** What a reading process may take. Past a bound it is killed and the file refused. */
export interface ReadingLimits {
  /** ms for one file, from the moment the process has it. */
  readonly wallMs: number;
  /** Resident bytes: every allowed photo of 50 Mpx fits but HEIC, whose decoder holds the picture three times. */
  readonly memory: number;
  readonly heicMemory: number;
  /** A process that keeps more than this after a file is replaced. */
  readonly wornMemory: number;
  /** A process is replaced after so many files. */
  readonly files: number;
  /** ms without work until the process ends. */
  readonly idleMs: number;
}

const MB = 1024 * 1024;

export const READING_LIMITS: ReadingLimits = {
  wallMs: 15_000,
  memory: 420 * MB,
  heicMemory: 800 * MB,
  wornMemory: 200 * MB,
  files: 50,
  idleMs: 60_000,
};
