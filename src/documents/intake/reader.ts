/** A reading process as the house sees it: asked one thing at a time, watched from outside, killed when it takes too much. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pack, unpacker, type Message } from './wire';

export interface Reader {
  readonly pid: number;
  /** Its answer; null when it ended without one. */
  ask(head: unknown, body: Buffer): Promise<Message | null>;
  /** Resident memory, bytes; 0 where the system does not tell. */
  memory(): number;
  isOver(): boolean;
  /** Kills it and waits until it is gone. */
  end(): Promise<void>;
}

/** The compiled entry. Code that runs as TypeScript (tests) uses the build, which they make first: the same a user gets. */
const ENTRY = __filename.endsWith('.ts')
  ? join(__dirname, '../../../dist/src/documents/intake/intake-child.js')
  : join(__dirname, 'intake-child.js');

/** MB of JavaScript objects: a PDF of 20 MB parses in less. Pixels are outside of it. */
const HEAP_MB = 256;

/** No answer is longer: a clean photo has 5 MB at most, a PDF as much as came. */
const MAX_ANSWER = 32 * 1024 * 1024;

/** One memory arena: with glibc's usual eight, freed pixels stay with the process and it is twice as large. */
const ENVIRONMENT = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '1' };

/** Null when it ended before it could be asked anything. */
export async function startReader(): Promise<Reader | null> {
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, ENTRY], {
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  let over = false;
  const gone = new Promise<void>((resolve) => {
    const ended = (): void => {
      over = true;
      resolve();
    };
    child.once('error', ended).once('close', ended);
  });
  const answers = answersOf(child);
  const next = (): Promise<Message | null> => Promise.race([answers(), gone.then(() => null)]);
  const ready = await next();
  if (ready === null || child.pid === undefined) return null;
  const { pid } = child;
  return {
    pid,
    memory: () => memoryOf(pid),
    isOver: () => over,
    ask(head, body) {
      const answer = next();
      for (const part of pack(head, body)) child.stdin?.write(part);
      return answer;
    },
    end() {
      child.kill('SIGKILL');
      return gone;
    },
  };
}

/** Gives the next answer each time it is called. What is no answer, or longer than any may be, ends the process. */
function answersOf(child: ChildProcess): () => Promise<Message> {
  let give: (message: Message) => void = () => undefined;
  const take = unpacker(MAX_ANSWER, (message) => give(message));
  const pipe = child.stdio[3] as Duplex;
  pipe.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch {
      child.kill('SIGKILL');
    }
  });
  // A process that dies while it is written to breaks its pipes; that it is over comes by `close`.
  for (const stream of [pipe, child.stdin]) stream?.on('error', () => undefined);
  return () => new Promise((resolve) => (give = resolve));
}

function memoryOf(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kb ?? 0) * 1024;
  } catch {
    return 0;
  }
}
