/** Hands a parcel to an agency's own system over HTTP, once, and says what is known afterwards. @see docs/agency-api.md */
import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import { signBody } from '../crypto/agency-signature';
import { OFFICIAL_CODE } from '../ports/receiver';
import type { Parcel, Receiver, ReceiverOutcome, ReceiverTarget } from '../ports/receiver';

export interface HttpReceiverOptions {
  /** ms epoch, for the signed timestamp and dates in Retry-After. */
  readonly now: () => number;
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** An agency's answer is a few words; more than this is not an answer. */
const MAX_ANSWER_BYTES = 64 * 1024;

const answerShape = z.object({ accepted: z.literal(true), officialCode: z.unknown().optional() });

/** What may be read of a thrown value, whichever library threw it. */
interface Failure {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Failures of name, road and handshake: the request was never written, so the agency cannot have it. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
]);
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|HOSTNAME_MISMATCH)/;

/**
 * What is wrong with a receiver's address, or null. Only the operator sets these, so private networks are allowed
 * (many agencies live in one); link-local addresses are not, since cloud machines keep their credentials there.
 */
export function checkReceiverUrl(
  text: string,
): 'unreadable' | 'not-https' | 'credentials' | 'link-local' | null {
  if (!URL.canParse(text)) return 'unreadable';
  const url = new URL(text);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return 'not-https';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (/^(169\.254\.|\[fe[89ab]|\[::ffff:a9fe:)/.test(url.hostname)) return 'link-local';
  return null;
}

/** One try per call; redirects are never followed; never rejects. */
export function httpReceiver(options: HttpReceiverOptions): Receiver {
  const { now, timeoutMs = 20_000, fetch = globalThis.fetch } = options;
  return {
    async deliver(target, parcel, signal) {
      const problem = checkReceiverUrl(target.url);
      if (problem !== null) return { state: 'busy', reason: `url-${problem}` };
      const limit = within(timeoutMs, signal);
      try {
        const response = await fetch(target.url, request(target, parcel, now(), limit.signal));
        return await judge(response, now());
      } catch (error) {
        return fromFailure(error);
      } finally {
        limit.done();
      }
    },
  };
}

function request(target: ReceiverTarget, parcel: Parcel, at: number, signal: AbortSignal): RequestInit {
  const timestamp = String(Math.floor(at / 1000));
  return {
    method: 'POST',
    redirect: 'manual',
    signal,
    body: new Uint8Array(parcel.body),
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': parcel.key,
      'X-MotCua-Timestamp': timestamp,
      'X-MotCua-Signature': signBody(target.secret, timestamp, parcel.body),
    },
  };
}

async function judge(response: Response, at: number): Promise<ReceiverOutcome> {
  const { status } = response;
  if (status >= 200 && status < 300) return readAnswer(response);
  await response.body?.cancel().catch(() => undefined);
  if (status === 429 || status === 503 || status === 425) {
    return {
      state: 'busy',
      reason: `status-${status}`,
      ...retryAfter(response.headers.get('retry-after'), at),
    };
  }
  if (status === 408 || status >= 500) return { state: 'unknown', reason: `status-${status}` };
  return { state: 'refused', status };
}

/** Only `{"accepted": true}` is a yes: a 200 with an error in it, or a proxy's page, says nothing about the dossier. */
async function readAnswer(response: Response): Promise<ReceiverOutcome> {
  const text = await readCapped(response);
  const answer = answerShape.safeParse(text === null ? null : parse(text));
  if (!answer.success) return { state: 'unknown', reason: 'answer-unreadable' };
  const { officialCode } = answer.data;
  // A malformed number does not undo the acceptance; a status report can bring the right one later.
  if (typeof officialCode !== 'string' || !OFFICIAL_CODE.test(officialCode)) return { state: 'accepted' };
  return { state: 'accepted', officialCode };
}

async function readCapped(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Seconds or an HTTP date. */
function retryAfter(header: string | null, at: number): { retryAfterMs?: number } {
  if (header === null) return {};
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - at;
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {};
}

function fromFailure(error: unknown): ReceiverOutcome {
  const failures = chain(error);
  const code = failures.map((failure) => failure.code).find(isCode) ?? 'no-answer';
  const connecting = failures.some(({ syscall }) => syscall === 'connect');
  const before = connecting || BEFORE_SENDING.has(code) || CERTIFICATE.test(code);
  return { state: before ? 'busy' : 'unknown', reason: code };
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && code !== '';
}

/** A failure, the one it wraps (fetch hides the system's own), and so on; where several addresses failed, the first of them. */
function chain(error: unknown): readonly Failure[] {
  if (typeof error !== 'object' || error === null) return [];
  const failure: Failure = error;
  const inner: unknown = Array.isArray(failure.errors) ? failure.errors[0] : failure.cause;
  return [failure, ...chain(inner)];
}

/** One signal for time and stop, its timer and listener removed when done (the house's stop signal lives for days). */
function within(ms: number, stop: AbortSignal): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  const onStop = (): void => controller.abort(Object.assign(new Error('stopping'), { code: 'stopped' }));
  const timer = setTimeout(
    () => controller.abort(Object.assign(new Error('too slow'), { code: 'time-out' })),
    ms,
  );
  // As many listeners as deliveries in flight, each removed below: no leak to be warned of.
  setMaxListeners(0, stop);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    },
  };
}
