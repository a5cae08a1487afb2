/** Sends updates to the webhook, in Telegram's order and with its patience. Bot API: C1. */
import { Agent, request } from 'node:http';
import { keep } from './ledger';
import { epochSeconds, settle, type Bot, type Pending, type Webhook, type World } from './world';

/** Bot API: C1 "Response timeout 60 s, then the same update is re-sent". */
const RESPONSE_MS = 60_000;
/** Bot API: C1 "a Retry-After response header is honoured up to 3600 s". */
const MAX_RETRY_AFTER_S = 3600;

/** What came back of one POST; `status` null: nothing did. */
export interface Answer {
  readonly status: number | null;
  readonly body: string;
  readonly retryAfter: number;
  readonly ms: number;
  readonly error?: string;
}

export interface Courier {
  /** One POST to the bot's webhook, outside of all queues. `secret` null: no header at all. */
  post(webhook: Webhook, body: string, secret?: string | null): Promise<Answer>;
  /** Sends what is due now. */
  pump(): void;
  close(): void;
}

/** What a request to the webhook looks like. Bot API: C1 "header on every call X-Telegram-Bot-Api-Secret-Token". */
export function headersOf(
  webhook: Webhook,
  body: string,
  secret: string | null,
): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    Host: new URL(webhook.url).host,
    ...(secret === null || secret === '' ? {} : { 'X-Telegram-Bot-Api-Secret-Token': secret }),
  };
}

function poster(world: World, agent: Agent): Courier['post'] {
  return (webhook, body, secret = webhook.secret) =>
    new Promise((done) => {
      const at = performance.now();
      const failed = (error: string): void =>
        done({ status: null, body: '', retryAfter: 0, ms: performance.now() - at, error });
      const call = request(
        webhook.url,
        { method: 'POST', agent, headers: headersOf(webhook, body, secret) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', () => failed('Connection reset'));
          response.on('end', () => {
            clearTimeout(timer);
            const retryAfter = Number(response.headers['retry-after'] ?? 0);
            done({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks).toString('utf8'),
              retryAfter: Number.isFinite(retryAfter)
                ? Math.min(Math.max(retryAfter, 0), MAX_RETRY_AFTER_S)
                : 0,
              ms: performance.now() - at,
            });
          });
        },
      );
      const timer = setTimeout(
        () => call.destroy(new Error('Read timeout expired')),
        world.scaled(RESPONSE_MS),
      );
      call.on('error', (error) => {
        clearTimeout(timer);
        failed(error.message);
      });
      call.end(body);
    });
}

/** One chat's (or one tapping citizen's) updates; the first is the one on its way. */
interface Queue {
  readonly name: string;
  readonly waiting: Pending[];
  fails: number;
  /** Seconds. */
  delay: number;
}

const isTaken = ({ status }: Answer): boolean => status !== null && status >= 200 && status < 300;

/**
 * How long until the next try, in Telegram's seconds: none before the first, then 2, 4, 8 … to a random 60-120.
 * Bot API: C1 "first retry at once, then 2, 4, 8 ... s doubling to a random cap of 60-120 s".
 */
export function retryDelay(
  world: World,
  queue: { fails: number; delay: number },
  retryAfter: number,
): number {
  let effective = retryAfter;
  if (retryAfter === 0 && queue.fails > 0) {
    queue.delay = Math.min(60 + world.random() * 60, queue.delay * 2);
    effective = queue.delay;
  }
  queue.fails += 1;
  return effective;
}

export function makeCourier(world: World, bot: Bot): Courier {
  const agent = new Agent({ keepAlive: true });
  const post = poster(world, agent);
  const queues = new Map<string, Queue>();
  const ready: Queue[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let active = 0;
  let closed = false;

  /** The next update of a queue that still wants to go; the expired fall out. */
  function head(queue: Queue): Pending | undefined {
    for (;;) {
      const first = queue.waiting[0];
      if (first === undefined) return undefined;
      const gone = bot.pending.get(first.update.update_id) !== first;
      if (!gone && Date.now() <= first.until) return first;
      if (!gone) settle(world, bot, first, 'expired');
      next(queue);
    }
  }

  function next(queue: Queue): void {
    queue.waiting.shift();
    queue.fails = 0;
    queue.delay = 1;
  }

  function pump(): void {
    while (!closed && !world.held && bot.webhook !== null && active < bot.webhook.maxConnections) {
      const queue = ready.shift();
      if (queue === undefined) return;
      const pending = head(queue);
      if (pending === undefined) queues.delete(queue.name);
      else void attempt(bot.webhook, queue, pending);
    }
  }

  async function attempt(webhook: Webhook, queue: Queue, pending: Pending): Promise<void> {
    active += 1;
    const at = Date.now();
    const answer = await post(webhook, JSON.stringify(pending.update));
    active -= 1;
    if (closed) return;
    const { status, ms, error } = answer;
    pending.delivery.attempts.push({ at, status, ms, ...(error === undefined ? {} : { error }) });
    if (isTaken(answer)) {
      noteReply(world, bot, answer.body);
      settle(world, bot, pending, 'taken');
      next(queue);
      ready.push(queue);
    } else retry(queue, pending, answer);
    pump();
  }

  function retry(queue: Queue, pending: Pending, answer: Answer): void {
    const message = answer.error ?? `Wrong response from the webhook: ${answer.status ?? 0}`;
    bot.lastError = { at: epochSeconds(), message };
    const delay = world.scaled(retryDelay(world, queue, answer.retryAfter) * 1000);
    if (Date.now() + delay > pending.until) {
      settle(world, bot, pending, 'expired');
      next(queue);
      ready.push(queue);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      ready.push(queue);
      pump();
    }, delay);
    timers.add(timer);
  }

  bot.arrived = (pending) => {
    const queue = queues.get(pending.queue);
    if (queue !== undefined) {
      queue.waiting.push(pending);
      return;
    }
    const fresh = { name: pending.queue, waiting: [pending], fails: 0, delay: 1 };
    queues.set(pending.queue, fresh);
    ready.push(fresh);
    pump();
  };
  return {
    post,
    pump,
    close() {
      closed = true;
      timers.forEach(clearTimeout);
      agent.destroy();
    },
  };
}

/** Bot API: C1 "A 2xx body may contain {method: …} to answer in place; result is not reported". Noted here, not done. */
function noteReply(world: World, bot: Bot, body: string): void {
  if (!body.startsWith('{')) return;
  try {
    const { method, ...payload } = JSON.parse(body) as Record<string, unknown>;
    if (typeof method !== 'string') return;
    const chat = typeof payload['chat_id'] === 'number' ? payload['chat_id'] : null;
    keep(
      world.calls,
      { at: Date.now(), bot: bot.token, method, via: null, chat, payload, answer: null, webhookReply: true },
      world.options.keep ?? 100_000,
    );
  } catch {
    // Not JSON: any 2xx is a yes, whatever it says.
  }
}
