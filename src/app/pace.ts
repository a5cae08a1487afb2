/** Nobody types a message a second for a minute: a chat that does is a machine or a stuck key, and must not crowd out the others. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Counts a message of a chat; ms to wait before the next is read, 0: it may be read now. */
export type Pace = (chat: string) => Promise<number>;

export const MESSAGES_A_MINUTE = 60;
const WINDOW_S = 60;

/** `perMinute`: messages of one chat that are read in a minute. */
export function openPace(perMinute = MESSAGES_A_MINUTE): Pace {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S, keyPrefix: 'chat' });
  return async (chat) => {
    try {
      await limiter.consume(chat);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
      throw refusal;
    }
  };
}
