/** A token bucket per key, in memory: a burst at once, then a steady rate. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Milliseconds to wait before this key may go on; 0 lets it through and counts it. `now` in ms. */
export type Throttle = (key: string, now: number) => number;

/** Keys beyond this push out the oldest: memory stays bounded, and a key pushed out merely starts with a full burst. */
const MAX_KEYS = 50_000;

export function throttle({ perSecond, burst }: Rate): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key, now) => {
    const bucket = buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    if (!buckets.has(key)) {
      if (buckets.size >= MAX_KEYS) buckets.delete(buckets.keys().next().value ?? key);
      buckets.set(key, bucket);
    }
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / perSecond);
    bucket.tokens -= 1;
    return 0;
  };
}
