/** The log on pino: one JSON line an event, ids and numbers only. */
import { pino, type DestinationStream } from 'pino';
import { codeOf } from '../errors';
import type { Log, LogIds } from '../ports/universe';

/** `level` as pino's; `destination` for tests. */
export function pinoLog(level: string, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    info: (event, ids = {}) => logger.info(ids, event),
    warn: (event, ids = {}) => logger.warn(ids, event),
    error: (event, error, ids = {}) => logger.error({ ...ids, ...errorIds(error) }, event),
  };
}

/** Code, class and places in our code. The message stays out: a foreign error may quote what a citizen typed. */
function errorIds(error: unknown): LogIds {
  if (!(error instanceof Error)) return { code: codeOf(error) };
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const at = places
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' < ');
  const inner = error.cause instanceof Error ? error.cause.name : null;
  return { code: codeOf(error), error: error.name, cause: inner, at };
}
