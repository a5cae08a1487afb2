/**
 * The reading process: takes one file at a time on stdin, answers on descriptor 3, and ends when stdin does. It holds no
 * keys and has no environment; whatever a hostile file does to it, its parent goes on (`reader.ts`).
 */
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { INTAKE, type IntakeResult } from '../../ports/intake';
import { cleanPhoto } from './clean-photo';
import type { Sort } from './sorts';
import { pack, unpacker } from './wire';

/** Room for the head beside the largest file. */
const MAX_MESSAGE = INTAKE.bytes + 4096;

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const answers = new Socket({ fd: 3, readable: false, writable: true });

function answer(head: unknown, body: Buffer = Buffer.alloc(0)): void {
  for (const part of pack(head, body)) answers.write(part);
}

async function read(sort: Sort, bytes: Buffer): Promise<IntakeResult> {
  try {
    if (sort !== 'pdf') return await cleanPhoto(sort, bytes);
    const { cleanPdf } = await import('./clean-pdf.js');
    return await cleanPdf(bytes);
  } catch {
    return { ok: false, problem: 'broken' };
  }
}

async function take(sort: Sort, bytes: Buffer): Promise<void> {
  const result = await read(sort, bytes);
  if (result.ok) {
    const { bytes: clean, ...file } = result.file;
    answer({ ok: true, file }, clean);
  } else answer(result);
}

process.stdin.on(
  'data',
  unpacker(MAX_MESSAGE, ({ head, body }) => void take((head as { sort: Sort }).sort, body)),
);
process.stdin.once('end', () => process.exit(0));
answer({ ready: true });
