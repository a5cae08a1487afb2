/** Bad days: rules that make calls fail, and flood control. */
import { ApiError } from './wire';
import { seeded } from '../seeded';
import type { World } from './world';

/** What can go wrong with a call. `accept-then-…`: the work is done, the bot does not learn of it. */
export const FAULTS = [
  '429',
  '403',
  '400',
  '500',
  '502',
  'silence',
  'accept-then-silence',
  'drop',
  'accept-then-drop',
  'accept-then-502',
  'slow',
  'redirect',
  'answer',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultRule {
  /**
   * `429` (with `retryAfter`), `403` blocked, `400` can't parse entities, `500`, `502` (HTML of a proxy),
   * `silence` (never answers, not done), `drop` (connection closed), `slow` (by `ms`, then as usual),
   * `redirect` (302 to `location`), `answer` (`status` and `body` as given).
   */
  readonly with: Fault;
  /** Token. Default: every bot. */
  readonly bot?: string;
  readonly chat?: number;
  /** One or more methods; `file` is a download. Default: all. */
  readonly method?: string | readonly string[];
  /** Lets this many matching calls pass first. */
  readonly after?: number;
  /** Ends after so many faults. Default: until removed. */
  readonly times?: number;
  /** Share of matching calls that meet it, 0-1, by a seeded dice. */
  readonly probability?: number;
  readonly seed?: number;
  /** Seconds, of a 429. Default 1. Told as it is, never scaled. */
  readonly retryAfter?: number;
  /** Of `slow`, real milliseconds. */
  readonly ms?: number;
  readonly location?: string;
  readonly status?: number;
  readonly body?: string;
}

export interface FaultHandle {
  /** How many calls met it. */
  hits(): number;
  remove(): void;
}

export interface Faults {
  add(rule: FaultRule): FaultHandle;
  match(bot: string, method: string, chat: number | null): FaultRule | undefined;
  clear(): void;
}

interface Active {
  readonly rule: FaultRule;
  readonly dice: () => number;
  seen: number;
  hits: number;
}

function applies({ rule }: Active, bot: string, method: string, chat: number | null): boolean {
  const methods = typeof rule.method === 'string' ? [rule.method] : rule.method;
  return (
    (rule.bot ?? bot) === bot &&
    (rule.chat === undefined || rule.chat === chat) &&
    (methods === undefined || methods.some((one) => one.toLowerCase() === method.toLowerCase()))
  );
}

function strikes(active: Active): boolean {
  const { after = 0, times = Infinity, probability = 1 } = active.rule;
  if (active.hits >= times) return false;
  active.seen += 1;
  if (active.seen <= after || active.dice() >= probability) return false;
  active.hits += 1;
  return true;
}

/** The oldest rule that strikes wins. */
export function makeFaults(): Faults {
  const rules = new Set<Active>();
  return {
    add(rule) {
      const active: Active = { rule, dice: seeded(rule.seed ?? 1), seen: 0, hits: 0 };
      rules.add(active);
      return { hits: () => active.hits, remove: () => void rules.delete(active) };
    },
    match(bot, method, chat) {
      for (const active of rules) {
        if (applies(active, bot, method, chat) && strikes(active)) return active.rule;
      }
      return undefined;
    },
    clear: () => rules.clear(),
  };
}

export const tooMany = (seconds: number): ApiError =>
  new ApiError(429, `Too Many Requests: retry after ${seconds}`, seconds);

/** The refusal a rule stands for; null: it does something else. */
export function refusalOf({ with: fault, retryAfter = 1 }: FaultRule): ApiError | null {
  switch (fault) {
    case '429':
      return tooMany(retryAfter);
    case '403':
      return new ApiError(403, 'Forbidden: bot was blocked by the user');
    case '400':
      return new ApiError(
        400,
        'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0',
      );
    case '500':
      return new ApiError(500, 'Internal Server Error');
    default:
      return null;
  }
}

/**
 * A bucket of `burst` messages per chat that refills with `perSecond`.
 * Bot API: C2 "about 1 message/s per chat (bursts tolerated) … 429 body parameters.retry_after seconds".
 */
export function makeFloodControl(world: World): (bot: string, method: string, chat: number | null) => void {
  const { flood } = world.options;
  const buckets = new Map<string, { level: number; at: number }>();
  return (bot, method, chat) => {
    if (flood === undefined || chat === null || !/^(send(?!ChatAction)|edit)/i.test(method)) return;
    const key = `${bot} ${chat}`;
    const now = Date.now();
    const { level, at } = buckets.get(key) ?? { level: flood.burst, at: now };
    const filled = Math.min(flood.burst, level + ((now - at) / 1000) * flood.perSecond);
    buckets.set(key, { level: filled >= 1 ? filled - 1 : filled, at: now });
    if (filled < 1) throw tooMany(Math.max(1, Math.ceil((1 - filled) / flood.perSecond)));
  };
}
