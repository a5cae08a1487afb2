/** Nobody types a message a second for a minute: a chat that does is a machine or a stuck key, and must not crowd out the others. */
import type { OpenLimiter } from '../ports/limiter';
import { memoryLimiter } from './memory-limiter';

/** Counts a message of a chat; ms to wait before the next is read, 0: it may be read now. */
export type Pace = (chat: string) => Promise<number>;

export const MESSAGES_A_MINUTE = 60;
const WINDOW_S = 60;

/** `perMinute`: messages of one chat that are read in a minute. */
export function openPace(perMinute = MESSAGES_A_MINUTE, limiterOf: OpenLimiter = memoryLimiter): Pace {
  const limiter = limiterOf({ name: 'chat', points: perMinute, seconds: WINDOW_S });
  return (chat) => limiter.take(chat);
}
