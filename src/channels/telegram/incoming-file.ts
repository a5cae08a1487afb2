/** Bytes of a file a citizen sent, from Telegram's own server and nowhere else. Addresses hold the token: none is ever logged or thrown. */
import { AppError } from '../../errors';
import type { BotApi } from './bot-api';
import type { Silences } from './silences';

const MAX_BYTES = 20 * 1024 * 1024;
const WITHIN_MS = 15_000;
/** Of the path alone: a small answer. */
const PATH_MS = 5_000;
/** A path below `/file/bot<token>/`: no scheme, no way up, nothing to decode. */
const PATH = /^(?!.*\.\.)(?!.*\/\/)[A-Za-z0-9_][A-Za-z0-9._/-]{0,255}$/;

export interface FileDeps {
  readonly api: BotApi;
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiRoot: string;
  readonly withinMs?: number;
  /** Aborted when the house ends. */
  readonly ending?: AbortSignal;
  /** Too many files asked for: none is until Telegram's time is over. */
  readonly silences?: Silences;
}

/** Among the silences of chats, which have numbers. */
const FILES = 'files';

/** @throws AppError `not-found` · `payload-too-large` over 20 MB · `channel-unavailable` for now */
export async function incomingFile(deps: FileDeps, ref: string): Promise<Buffer> {
  const path = await pathOf(deps, ref);
  const { ending } = deps;
  const late = AbortSignal.timeout(deps.withinMs ?? WITHIN_MS);
  const signal = ending === undefined ? late : AbortSignal.any([late, ending]);
  try {
    const response = await fetch(`${deps.apiRoot}/file/bot${deps.token}/${path}`, {
      redirect: 'error',
      signal,
    });
    return await bytesOf(response);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // Without its cause, which names the address.
    throw new AppError('channel-unavailable', 'a file could not be had from Telegram');
  }
}

async function pathOf({ api, ending, silences }: FileDeps, ref: string): Promise<string> {
  if ((silences?.left(FILES) ?? 0) > 0)
    throw new AppError('channel-unavailable', 'Telegram gives no files yet');
  const bound = { withinMs: PATH_MS, ...(ending === undefined ? {} : { signal: ending }) };
  const answer = await api.call('getFile', { file_id: ref }, bound);
  if (!answer.ok && answer.sort === 'wait') silences?.keep(FILES, answer.waitMs);
  if (!answer.ok) throw refusalOf(answer);
  const { file_path: path } = answer.result as { readonly file_path?: unknown };
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new AppError('not-found', 'Telegram named no path of its own for a file');
  }
  return path;
}

function refusalOf(answer: {
  readonly sort: string;
  readonly code?: number;
  readonly reason?: string;
}): AppError {
  if (answer.sort !== 'refused') return new AppError('channel-unavailable', 'Telegram names no file for now');
  const why = answer.reason ?? '';
  if (/too big/i.test(why)) return new AppError('payload-too-large', 'a file over 20 MB');
  if (answer.code !== 400 && answer.code !== 404) {
    return new AppError('channel-unavailable', 'Telegram gives no files', {
      details: { code: answer.code ?? 0 },
    });
  }
  // "temporarily unavailable" is a 400 too.
  if (/temporarily/i.test(why)) return new AppError('channel-unavailable', 'a file is away for now');
  return new AppError('not-found', 'a file that Telegram does not know');
}

async function bytesOf(response: Response): Promise<Buffer> {
  if (response.status === 404) throw new AppError('not-found', 'a file that is gone');
  if (!response.ok || response.body === null) {
    throw new AppError('channel-unavailable', 'a file is not given', {
      details: { status: response.status },
    });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new AppError('payload-too-large', 'a file over 20 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
