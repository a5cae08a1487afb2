/** Fetches the updates of an account where no webhook reaches: one process at a time, nothing confirmed before it is durable. */
import type { Leases } from '../../ports/store';
import type { Log } from '../../ports/universe';
import type { Answer, BotApi } from './bot-api';
import { takeLease } from './lease';
import { openWindow, type PollWindow, type WindowDeps } from './poll-window';
import { rest } from './rest';
import { UPDATE_KINDS } from './update';

export interface PollTiming {
  /** One call waits this long for news. */
  readonly waitSeconds: number;
  readonly leaseMs: number;
  /** After a failure; doubles up to `mostMs`. */
  readonly retryMs: number;
  readonly mostMs: number;
}

/** A call must be given longer than its own wait. */
export const POLL: PollTiming = { waitSeconds: 25, leaseMs: 8_000, retryMs: 1_000, mostMs: 30_000 };

export interface PollDeps extends Pick<WindowDeps, 'read' | 'take' | 'waits'> {
  readonly account: string;
  /** With a time-out above `waitSeconds`. */
  readonly api: BotApi;
  readonly leases: Leases;
  readonly holder: string;
  /** ms epoch */
  readonly clock: () => number;
  readonly log: Log;
  readonly timing?: Partial<PollTiming>;
}

export interface Poller {
  start(): void;
  /** Ends the running call; what is being taken is waited for. */
  close(): Promise<void>;
}

const BATCH = 100;
/** What is being taken is mostly durable by then; whatever is not is looked after beside the next call. */
const SETTLE_MS = 250;
/** Nothing new came: what holds it up needs time. */
const PAUSE_MS = 1_000;
/** What is being taken at the end is durable within this time, or comes again. */
const LAST_MS = 1_500;

export function poller(deps: PollDeps): Poller {
  const ending = new AbortController();
  const timing = { ...POLL, ...deps.timing };
  let running: Promise<void> = Promise.resolve();
  return {
    start: () => void (running = run(deps, timing, ending.signal)),
    close() {
      ending.abort();
      return running;
    },
  };
}

async function run(deps: PollDeps, timing: PollTiming, ending: AbortSignal): Promise<void> {
  const { account, leases, holder, clock, log } = deps;
  const onError = (error: unknown) => log.error('telegram-poll-failed', error, { account });
  const name = `telegram-polling-${account}`;
  while (!ending.aborted) {
    const lease = await takeLease({ leases, name, holder, clock, leaseMs: timing.leaseMs, onError }, ending);
    if (lease === null) return;
    await pollWhile(deps, timing, lease.signal, onError).catch(onError);
    await lease.release();
  }
}

/** As long as the lease is ours. */
async function pollWhile(
  { api, account, log, read, take, waits }: PollDeps,
  timing: PollTiming,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let taking = 0;
  const counted: WindowDeps['take'] = (...args) => {
    taking += 1;
    return take(...args).finally(() => (taking -= 1));
  };
  const window = openWindow({
    read,
    take: counted,
    onError,
    signal,
    ...(waits === undefined ? {} : { waits }),
  });
  let webhookGone = false;
  let failures = 0;
  const over = () => signal.aborted;
  while (!over()) {
    const answer: Answer = webhookGone
      ? await getUpdates(api, window, timing, signal)
      : await api.call('deleteWebhook', { drop_pending_updates: false }, { signal });
    if (over()) break;
    if (answer.ok) {
      failures = 0;
      if (webhookGone) await takeIn(window, answer.result);
      webhookGone = true;
      continue;
    }
    // A conflict: a webhook was set, or another program polls.
    webhookGone &&= codeIn(answer) !== 409;
    log.warn('telegram-poll-refused', { account, sort: answer.sort, code: codeIn(answer) });
    await rest(pauseAfter(answer, timing, failures++), signal);
  }
  for (let waited = 0; taking > 0 && waited < LAST_MS; waited += 20)
    await rest(20, new AbortController().signal);
}

function getUpdates(api: BotApi, window: PollWindow, { waitSeconds }: PollTiming, signal: AbortSignal) {
  const offset = window.offset();
  const payload = { timeout: waitSeconds, limit: BATCH, allowed_updates: UPDATE_KINDS };
  return api.call('getUpdates', offset === 0 ? payload : { ...payload, offset }, { signal });
}

async function takeIn(window: PollWindow, result: unknown): Promise<void> {
  const updates: readonly unknown[] = Array.isArray(result) ? result : [];
  const fresh = window.add(updates);
  if (fresh === 0 && updates.length >= BATCH) window.makeRoom();
  await window.settled(fresh === 0 && updates.length > 0 ? PAUSE_MS : SETTLE_MS);
}

const codeIn = (answer: Answer): number => ('code' in answer ? answer.code : 0);

function pauseAfter(answer: Answer, { retryMs, mostMs }: PollTiming, failures: number): number {
  if ('waitMs' in answer) return answer.waitMs;
  // A wrong token does not mend itself.
  if (codeIn(answer) === 401) return mostMs;
  return Math.min(retryMs * 2 ** failures, mostMs);
}
