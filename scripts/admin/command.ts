/** What one command of `npm run admin` is, and what it is given. */
import type { Config } from '../../src/config';
import { AppError } from '../../src/errors';
import type { Universe } from '../../src/ports/universe';

export interface Tools {
  readonly config: Config;
  /** The project's folder. */
  readonly root: string;
  readonly universe: Universe;
  readonly say: (line: string) => void;
}

export interface Command {
  /** Arguments as shown in the list. */
  readonly usage: string;
  readonly what: string;
  /** @throws AppError `bad-request` (say the usage) and whatever the work throws. */
  run(args: readonly string[], tools: Tools): Promise<void> | void;
}

/** Ends the command with what is wrong. */
export function refuse(why: string): never {
  throw new AppError('bad-request', why);
}
