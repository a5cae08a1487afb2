/** `POST /webhooks/telegram[/<account>]`: authentic by its secret before a byte of its body is read; the answer waits for the durable turn alone. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, codeOf, ERRORS } from '../../errors';
import { answer, later } from '../../http/json-answer';
import { readBody } from '../../http/read-body';

const PATH = '/webhooks/telegram';
const MAX_BYTES = 1024 * 1024;
/** Soon: a citizen waits, and Telegram holds back whatever they say next. */
const RETRY_MS = 2_000;

/** Where Telegram finds an account: the account `default` at the bare path. */
export const webhookPath = (account: string): string => (account === 'default' ? PATH : `${PATH}/${account}`);

export interface WebhookAccount {
  readonly account: string;
  readonly webhookSecret: string;
  /** Told of every call at its path, before it is read. */
  readonly called?: (secret: 'right' | 'wrong') => void;
  /** Resolves when the update is durable. What it returns runs after the answer, and never rejects. */
  take(update: unknown): Promise<() => void>;
}

export interface WebhookLimits {
  readonly bodyMs: number;
  /** What is not durable by then is answered 503, and may come again while it is still being taken: it counts once. */
  readonly takeMs: number;
}

/** The door: answers its paths and returns true, false for any other. */
export function webhookDoor(
  accounts: readonly WebhookAccount[],
  onError: (error: unknown) => void,
  limits: WebhookLimits = { bodyMs: 10_000, takeMs: 1_700 },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const doors = new Map(
    accounts.map((one) => [
      webhookPath(one.account),
      { ...one, take: inHandOnce(one.take), print: digest(one.webhookSecret) },
    ]),
  );
  return (request, response) => {
    const url = request.url ?? '';
    const path = url.split('?', 1)[0] ?? '';
    if (path !== PATH && !path.startsWith(`${PATH}/`)) return false;
    const door = doors.get(url);
    if (door === undefined) refuse(response, 404, 'not-found');
    else if (request.method !== 'POST') refuse(response.setHeader('Allow', 'POST'), 405, 'bad-request');
    else if (!isSecret(request, door.print)) {
      door.called?.('wrong');
      refuse(response, 401, 'signature-invalid');
    } else {
      door.called?.('right');
      void receive(request, response, door, limits).catch((error: unknown) => fail(response, error, onError));
    }
    return true;
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  door: WebhookAccount,
  { bodyMs, takeMs }: WebhookLimits,
): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) {
    throw new AppError('payload-too-large', 'an update over the cap');
  }
  const update = parse(await readBody(request, MAX_BYTES, bodyMs));
  const late = setTimeout(() => later(response, 503, 'store-unavailable', RETRY_MS), takeMs);
  const afterwards = await door.take(update).finally(() => clearTimeout(late));
  if (!response.headersSent) answer(response, 200, '{}');
  afterwards();
}

/** An update that comes again while it is in hand waits for the same turn: a slow store is not asked the more. */
function inHandOnce(take: WebhookAccount['take']): WebhookAccount['take'] {
  const inHand = new Map<number, Promise<unknown>>();
  return async (update) => {
    const id = idOf(update);
    const same = id === null ? undefined : inHand.get(id);
    if (same !== undefined) {
      await same;
      return () => undefined;
    }
    const taken = take(update);
    if (id === null) return taken;
    inHand.set(id, taken);
    return taken.finally(() => inHand.delete(id));
  };
}

function idOf(update: unknown): number | null {
  const id = typeof update === 'object' && update !== null && 'update_id' in update ? update.update_id : null;
  return typeof id === 'number' ? id : null;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // Not even as a cause: it quotes what was sent.
    throw new AppError('bad-request', 'an update that is not JSON');
  }
}

/** What can never be taken must not come again for a day and hold back all that this citizen says. */
function fail(response: ServerResponse, error: unknown, onError: (error: unknown) => void): void {
  const code = codeOf(error);
  const { status, retryable, ours } = ERRORS[code];
  if (ours) onError(error);
  if (response.headersSent) return;
  if (code === 'too-many-requests') later(response, 429, code, waitOf(error));
  else if (retryable) later(response, 503, code, RETRY_MS);
  else if (ours) answer(response, 200, '{}');
  else refuse(response, status, code);
}

/** ms to wait before a chat that writes too fast may come again. */
export function waitOf(error: unknown): number {
  const wait = error instanceof AppError ? error.details['waitMs'] : undefined;
  return typeof wait === 'number' && wait > 0 ? wait : RETRY_MS;
}

/** Nobody reads the rest of the body: it must not be taken for the next request. */
function refuse(response: ServerResponse, status: number, code: string): void {
  const { 'content-length': length = '0', 'transfer-encoding': chunked } = response.req.headers;
  if (length !== '0' || chunked !== undefined) response.setHeader('Connection', 'close');
  answer(response, status, JSON.stringify({ error: code }));
}

function isSecret({ headers }: IncomingMessage, print: Buffer): boolean {
  const given = headers['x-telegram-bot-api-secret-token'];
  return timingSafeEqual(digest(typeof given === 'string' ? given : ''), print);
}

/** Of one length, whatever was sent: how long a comparison takes tells nothing. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
