/** getUpdates. Bot API: C1, "Getting updates" (offset confirms; 409 beside a webhook or another poller). */
import { dropPending, readAllowed } from './account';
import { number, type Params } from './body';
import { ApiError, type Update } from './wire';
import { settle, type Bot, type World } from './world';

/** Per bot: ends the poll that waits, with a conflict. */
const waiting = new WeakMap<Bot, () => void>();

function confirm(world: World, bot: Bot, offset: number): void {
  for (const pending of bot.pending.values()) {
    if (pending.update.update_id >= offset) return;
    if (!pending.again) settle(world, bot, pending, 'taken');
  }
}

/** A negative offset asks for the last ones and forgets all before. */
function forgetAllBut(world: World, bot: Bot, count: number): void {
  const last = [...bot.pending.keys()].slice(-count)[0];
  if (last === undefined) dropPending(world, bot);
  else confirm(world, bot, last);
}

function collect(world: World, bot: Bot, limit: number): readonly Update[] {
  if (world.held) return [];
  const found: Update[] = [];
  for (const pending of bot.pending.values()) {
    if (found.length === limit) break;
    if (Date.now() > pending.until) {
      settle(world, bot, pending, 'expired');
      continue;
    }
    found.push(pending.update);
    if (pending.again) {
      pending.again = false;
      settle(world, bot, pending, 'taken');
    }
  }
  return found;
}

/** Resolves at the first news, at the end of `ms` or when the asker hangs up; rejects when another poller comes. */
function news(bot: Bot, ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const end = (): void => {
      clearTimeout(timer);
      bot.polls.delete(end);
      if (waiting.get(bot) === lose) waiting.delete(bot);
      done();
    };
    const lose = (): void => {
      const why = 'terminated by other getUpdates request; make sure that only one bot instance is running';
      failed(new ApiError(409, `Conflict: ${why}`));
      end();
    };
    const timer = setTimeout(end, ms);
    gone.addEventListener('abort', end);
    bot.polls.add(end);
    waiting.set(bot, lose);
  });
}

export async function getUpdates(
  world: World,
  bot: Bot,
  params: Params,
  gone: AbortSignal,
): Promise<readonly Update[]> {
  if (bot.webhook !== null) {
    const why =
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    throw new ApiError(409, `Conflict: ${why}`);
  }
  waiting.get(bot)?.();
  const offset = number(params, 'offset') ?? 0;
  if (params.fields['allowed_updates'] !== undefined) bot.allowed = readAllowed(params);
  if (offset < 0) forgetAllBut(world, bot, -offset);
  else confirm(world, bot, offset);
  const limit = Math.min(Math.max(number(params, 'limit') ?? 100, 1), 100);
  const wait = world.scaled(Math.min(Math.max(number(params, 'timeout') ?? 0, 0), 50) * 1000);
  const until = Date.now() + wait;
  let found = collect(world, bot, limit);
  while (found.length === 0 && Date.now() < until && !gone.aborted) {
    await news(bot, until - Date.now(), gone);
    found = collect(world, bot, limit);
  }
  return gone.aborted ? [] : found;
}
