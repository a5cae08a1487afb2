/** Limits of one process, kept in its memory. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { OpenLimiter } from '../ports/limiter';

export const memoryLimiter: OpenLimiter = ({ name, points, seconds }) => {
  const counter = new RateLimiterMemory({ points, duration: seconds, keyPrefix: name });
  return {
    async take(key) {
      try {
        await counter.consume(key);
        return 0;
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
        throw refusal;
      }
    },
    async giveBack(key) {
      await counter.reward(key);
    },
    async forget(key) {
      await counter.delete(key);
    },
  };
};
