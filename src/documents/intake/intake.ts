/**
 * Photo intake (`ports/intake`): untrusted bytes are read in a process of their own that has limits, no keys and no
 * environment; only what it encoded anew comes back. One file at a time, first come first served.
 */
import { z } from 'zod';
import { AppError } from '../../errors';
import { INTAKE, type Intake, type IntakeOptions, type IntakeResult } from '../../ports/intake';
import type { Log } from '../../ports/universe';
import { READING_LIMITS, type ReadingLimits } from './limits';
import { sortOf, type Sort } from './sorts';
import { keepReader } from './warm-reader';
import type { Message } from './wire';

export interface IntakeDeps {
  readonly log: Log;
  /** Tests make some of them small. */
  readonly limits?: Partial<ReadingLimits>;
}

export function openIntake({ log, limits = {} }: IntakeDeps): Intake {
  const reader = keepReader(log, { ...READING_LIMITS, ...limits });
  let line: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function read(sort: Sort, bytes: Buffer): Promise<IntakeResult> {
    const outcome = await reader.read(sort, bytes);
    if (outcome === 'broken' || outcome === 'too-slow') return { ok: false, problem: outcome };
    const result = resultIn(outcome);
    if (result !== null) return result;
    log.warn('photo-reader-answer-unreadable', { sort });
    await reader.renew();
    return { ok: false, problem: 'broken' };
  }

  return {
    async take(bytes, options) {
      if (closed) throw new AppError('stopping', 'Photo intake is closed.');
      const sort = sortToRead(bytes, options);
      if (typeof sort !== 'string') return sort;
      const turn = line.then(() => read(sort, bytes));
      line = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      closed = true;
      await reader.close();
      await line;
    },
  };
}

/** What can be said without reading the file. */
function sortToRead(bytes: Buffer, { pdf }: IntakeOptions): Sort | IntakeResult {
  if (bytes.length > INTAKE.bytes)
    return { ok: false, problem: 'too-big', params: { max: INTAKE.bytes / 2 ** 20 } };
  const sort = sortOf(bytes);
  if (sort === null) return { ok: false, problem: 'not-a-photo' };
  return sort === 'pdf' && !pdf ? { ok: false, problem: 'pdf-not-here' } : sort;
}

/** The shape of an answer is checked like anything from outside: it comes from a process that read a stranger's file. */
const ANSWER = z.union([
  z.object({
    ok: z.literal(true),
    file: z.object({
      type: z.enum(['image/jpeg', 'application/pdf']),
      pages: z.number().int().positive().max(INTAKE.pdfPages),
      flags: z.array(z.literal('small')),
    }),
  }),
  z.object({
    ok: z.literal(false),
    problem: z.enum([
      'not-a-photo',
      'too-big',
      'too-many-pixels',
      'broken',
      'animated',
      'pdf-locked',
      'too-many-pages',
    ]),
    params: z.record(z.string(), z.number()).exactOptional(),
  }),
]);
const STARTS_WITH = {
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'application/pdf': Buffer.from('%PDF-'),
};

/** Null: not an answer. */
function resultIn({ head, body }: Message): IntakeResult | null {
  const { data: answer } = ANSWER.safeParse(head);
  if (answer === undefined) return null;
  if (!answer.ok) return answer;
  const start = STARTS_WITH[answer.file.type];
  if (!body.subarray(0, start.length).equals(start)) return null;
  return { ok: true, file: { ...answer.file, bytes: body } };
}
