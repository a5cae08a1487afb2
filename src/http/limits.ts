/** Ceilings per caller, counted in memory: each process has its own, which only makes them looser, never absent. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { AppError } from '../errors';

export interface Limit {
  /** Requests allowed within `durationS` seconds. */
  readonly points: number;
  readonly durationS: number;
  /** Whom to count; `null` counts nobody. */
  readonly key: (request: Request) => string | null;
}

/** Lets `points` requests a key through, then answers `too-many-requests` with Retry-After. @throws AppError */
export function limitBy({ points, durationS, key }: Limit): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: durationS });
  return async (request, response, next) => {
    const whom = key(request);
    if (whom === null) {
      next();
      return;
    }
    try {
      await limiter.consume(whom);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      response.setHeader('Retry-After', Math.ceil(refusal.msBeforeNext / 1000));
      throw new AppError('too-many-requests', 'limit reached');
    }
    next();
  };
}

/** Cuts off a request whose body is not wholly here after `ms`. */
export function bodyWithin(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => request.complete || request.destroy(), ms);
  request.once('close', () => clearTimeout(timer));
}
