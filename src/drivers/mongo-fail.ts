/**
 * Time and failure on MongoDB. A server that does not answer, a cut connection, an election, a write concern that was not
 * met: of such a write nobody knows whether it was done. It is asked again within a bound, in a way that cannot be done twice.
 */
import { mongo } from 'mongoose';
import { AppError } from '../errors';

const PAUSE_MS = 20;
const DUPLICATE = 11_000;
/** Refusals that pass by themselves: elections, a node going down, time run out on the server, write concern not met. */
const PASSING = new Set([
  6, 7, 50, 64, 89, 91, 112, 134, 189, 202, 262, 9_001, 10_058, 10_107, 11_600, 11_602, 13_388, 13_435,
  13_436,
]);

/** Names and numbers only: a message of the server may quote the values of a document. */
export function unavailable(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const name = cause instanceof Error ? cause.name : 'Error';
  const code = cause instanceof mongo.MongoError ? String(cause.code ?? '') : '';
  return new AppError('store-unavailable', `The store could not do it: ${`${name} ${code}`.trim()}.`, {
    cause,
    details: { name, code },
  });
}

/** What the driver says of an address it cannot use, before it asks any server; by name, which two classes share. */
const ADDRESS_ERRORS = new Set([
  ...['MongoParseError', 'MongoAPIError', 'MongoInvalidArgumentError', 'MongoMissingCredentialsError'],
  'MongoRuntimeError',
]);

/** Of a connection that did not come to be. An address may hold a password: nothing of it is repeated. */
export function notConnected(cause: unknown): AppError {
  const { name, syscall } = cause as NodeJS.ErrnoException;
  if (syscall === 'open')
    return new AppError('config-invalid', 'STORE_URL: a file that it names cannot be read.');
  if (!ADDRESS_ERRORS.has(name)) return unavailable(cause);
  return new AppError(
    'config-invalid',
    `STORE_URL: the address cannot be read (${name}). It is mongodb://user:password@host/database?option=value with options ` +
      'that MongoDB knows; percent-encode @ : / % in passwords (%40 %3A %2F %25).',
  );
}

/** What nobody can decide any more: the caller reads back. */
export const undecided = () =>
  new AppError('store-unavailable', 'Nobody can say whether a write was done: read back.');

class TimeIsUp extends Error {}

/** Our own mistake, or data that is not there: asking again changes nothing. */
const isFinal = (error: unknown): boolean =>
  error instanceof mongo.MongoAPIError || error instanceof mongo.MongoRuntimeError;

/** A refusal of the server itself is an answer; a broken wire is not. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof mongo.MongoError) || isFinal(error)) return false;
  if (!(error instanceof mongo.MongoServerError)) return true;
  if (error instanceof mongo.MongoWriteConcernError) return true;
  // A batch cut short on the wire comes as a refusal without one.
  if (error instanceof mongo.MongoBulkWriteError && [error.writeErrors].flat().length === 0) return true;
  return PASSING.has(Number(error.code)) || error.hasErrorLabel('RetryableWriteError');
}

export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === DUPLICATE;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function before<T>(end: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeIsUp('no answer in time')), Math.max(0, end - performance.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs `attempt` until it has an answer, at most `ms` long. `again` is true once an earlier attempt stayed without one, so
 * that it may have been done. @throws AppError `store-unavailable` when time is up, or at once for what will not pass.
 */
export async function answered<T>(ms: number, attempt: (again: boolean) => Promise<T>): Promise<T> {
  const end = performance.now() + ms;
  for (let again = false; ; again = true) {
    try {
      return await before(end, attempt(again));
    } catch (error) {
      if (!mayPass(error) || performance.now() + PAUSE_MS >= end) throw unavailable(error);
      await sleep(PAUSE_MS);
    }
  }
}
