/** Messages of ours into a chat: in order, each known to be there before the next, within the time given. */
import { AppError } from '../../errors';
import type { OpenFile, OutFile, Outgoing, SendOutcome } from '../../ports/channel';
import type { BotApi, Refusal } from './bot-api';
import { filePart, insteadPart, type FileFate } from './outgoing-files';
import { partsOf, type Part } from './render';
import { openSilences, type Silences } from './silences';

export interface SenderDeps {
  readonly api: BotApi;
  readonly open: OpenFile;
  /** What a chat is told when a file finally did not come; one sentence. */
  readonly fileWords: (chat: string, fate: FileFate) => Promise<string>;
  /** Aborted when the house ends: running calls are given up, none is begun. */
  readonly ending?: AbortSignal;
  /** ms epoch */
  readonly clock: () => number;
  /** Told of what will never be sent, and of a token that is refused. */
  readonly onError: (error: unknown) => void;
  /** Shared with whatever else writes into these chats. */
  readonly silences?: Silences;
}

export interface Sender {
  /** `chat`: Telegram's id. Returns before `until` (ms epoch). Never rejects. */
  send(chat: string, messages: readonly Outgoing[], until: number): Promise<SendOutcome>;
  /** "… is typing" for five seconds. Never rejects. */
  working(chat: string): Promise<void>;
}

/**
 * How far a chat came with the message that stopped it: its parts are not sent twice, or a chat that may get one message a
 * second would get the first part of a long one for ever. A restart forgets it, and sends the message from its start.
 */
interface Trail {
  message: string;
  done: number;
  /** In vain, of the part that is due. */
  tries: number;
  /** How often the part that is due went out, and nobody knows what became of it. */
  lost: number;
  /** The file that is due was given up, and the chat is to be told. */
  instead: FileFate | null;
}

/** `inVain`: it was tried, and what became of it is not known. */
type Stop = 'unreachable' | { readonly waitMs: number; readonly inVain?: true };

const MAX_TRAILS = 10_000;
/** Left for what is done with the outcome. */
const MARGIN_MS = 200;
/** With less time than this a call would only leave an unknown outcome: it is not begun. */
const LEAST_MS = 600;
/** Of words; a file has all the time there is. */
const WORDS_MS = 20_000;
/** A message of unknown fate is sent once more, never again. */
const MOST_SENT = 2;
const HELLO_MS = 3_000;
const NO_TIME: Stop = { waitMs: 0 };
const ENDING: Stop = { waitMs: 1_000 };
const WAIT = { firstMs: 1_000, mostMs: 60_000, refusedMs: 60_000 };
/** A file that cannot be made does not hold back the words behind it for ever. */
const FILE_TRIES = 5;

export function sender(options: SenderDeps): Sender {
  const silences = options.silences ?? openSilences(options.clock);
  const deps = { ...options, silences };
  const trails = new Map<string, Trail>();
  function keep(chat: string, trail: Trail): void {
    const [oldest] = trails.keys();
    if (trails.size >= MAX_TRAILS && oldest !== undefined) trails.delete(oldest);
    trails.set(chat, trail);
  }
  return {
    async send(chat, messages, until) {
      const trail = trails.get(chat) ?? { message: '', ...FRESH, done: 0 };
      const from = deps.clock();
      const silence = silences.left(chat);
      if (silence > 0) return later(0, silence);
      let sentUpTo = 0;
      for (const message of messages) {
        const stop = await sendOne({ ...deps, chat, trail, from, until }, message);
        if (stop !== null) keep(chat, trail);
        if (stop === 'unreachable') trails.delete(chat);
        if (stop === 'unreachable') return { unreachable: { sentUpTo } };
        if (stop !== null) return later(sentUpTo, stop.waitMs);
        sentUpTo = message.seq;
      }
      trails.delete(chat);
      return 'sent';
    },
    async working(chat) {
      if (silences.left(chat) > 0) return;
      await hello(deps, chat, HELLO_MS);
    },
  };
}

const later = (sentUpTo: number, waitMs: number): SendOutcome => ({ later: { sentUpTo, waitMs } });

/** Of every part anew. */
const FRESH = { tries: 0, lost: 0, instead: null } as const;

/** "… is typing": harmless, however often. */
const hello = ({ api, ending }: SenderDeps, chat: string, withinMs: number) =>
  api.call('sendChatAction', { chat_id: chat, action: 'typing' }, { withinMs, ...endingOf(ending) });

const endingOf = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

interface Run extends SenderDeps {
  readonly silences: Silences;
  readonly chat: string;
  readonly trail: Trail;
  /** ms epoch: when this run began. */
  readonly from: number;
  readonly until: number;
}

/** Null: all of it is sent. */
async function sendOne(run: Run, message: Outgoing): Promise<Stop | null> {
  const { trail } = run;
  const name = `${message.seq} ${message.at}`;
  if (trail.message !== name) Object.assign(trail, { ...FRESH, message: name, done: 0 });
  const words = wordsOf(run, message);
  const files = message.files ?? [];
  for (let at = trail.done; at < words.length + files.length; at = trail.done) {
    const part = words[at];
    const file = files[at - words.length];
    const stop = part !== undefined ? await sendWords(run, part) : file && (await sendFile(run, file));
    if (stop) {
      if (isInVain(stop)) trail.tries += 1;
      return stop;
    }
    Object.assign(trail, { ...FRESH, done: at + 1 });
  }
  return null;
}

/** What cannot be drawn (a fault of ours) goes as bare words. */
function wordsOf({ chat, onError }: Run, message: Outgoing): readonly Part[] {
  try {
    return partsOf(chat, message);
  } catch (error) {
    onError(error);
    const { text, links = [] } = message;
    return partsOf(chat, { text, links, buttons: [] });
  }
}

const isInVain = (stop: Stop): boolean => stop !== 'unreachable' && stop.inVain === true;

async function sendWords(run: Run, part: Part): Promise<Stop | null> {
  const done = await post(run, part, Math.min(left(run), WORDS_MS));
  return done === 'sent' || done === 'refused' || done === 'lost' ? null : done;
}

/** A file that is gone is passed over: whoever opens it tells the citizen. */
async function sendFile(run: Run, file: OutFile): Promise<Stop | null> {
  const { chat, open, onError, trail, fileWords } = run;
  if (trail.instead === null) {
    if (!hasTimeForFile(run)) return NO_TIME;
    try {
      const stored = await within(open(file), left(run));
      const done = stored === null ? 'sent' : await post(run, filePart(chat, stored), left(run));
      if (done === 'sent') return null;
      if (done !== 'refused' && done !== 'lost') return done;
      Object.assign(trail, FRESH, { instead: done === 'lost' ? 'unknown' : 'not-sent' });
    } catch (error) {
      onError(error);
      if (trail.tries + 1 < FILE_TRIES) return inVain(trail);
      Object.assign(trail, FRESH, { instead: 'not-sent' });
    }
  }
  if (left(run) < LEAST_MS) return NO_TIME;
  const words = await within(fileWords(chat, trail.instead ?? 'not-sent'), left(run)).catch(onError);
  return typeof words === 'string' ? sendWords(run, insteadPart(chat, words)) : null;
}

/** An upload gets most of a run; what is left of this one may be too short. */
const hasTimeForFile = (run: Run): boolean =>
  left(run) >= LEAST_MS && left(run) >= (run.until - run.from - MARGIN_MS) / 2;

/**
 * One call. `refused`: it can never be done. `lost`: it went out twice and may be there. Before it goes out once more,
 * a harmless call tells whether Telegram answers again: an outage costs neither words nor copies.
 */
async function post(run: Run, part: Part, withinMs: number): Promise<Stop | 'sent' | 'refused' | 'lost'> {
  const { api, chat, trail, ending } = run;
  if (ending?.aborted === true) return ENDING;
  if (left(run) < LEAST_MS) return NO_TIME;
  if (trail.lost > 0) {
    const heard = await hello(run, chat, Math.min(left(run), HELLO_MS));
    if (!heard.ok && !isFinal(heard)) return stopOf(run, heard);
    if (left(run) < LEAST_MS) return NO_TIME;
  }
  const bound = { withinMs: Math.min(left(run), withinMs), ...endingOf(ending) };
  const answer = await api.call(part.method, part.payload, bound);
  if (answer.ok) return 'sent';
  if (answer.sort === 'unknown' && ++trail.lost >= MOST_SENT) {
    run.onError(new AppError('channel-unavailable', 'what was sent twice is not known to be there'));
    return 'lost';
  }
  if (!isFinal(answer)) return stopOf(run, answer);
  if (part.otherwise !== undefined) return post(run, part.otherwise, withinMs);
  const code = answer.sort === 'refused' ? answer.code : 400;
  const why = answer.sort === 'refused' ? answer.reason : answer.sort;
  run.onError(new AppError('internal', `Telegram refuses a message: ${why}`, { details: { code } }));
  return 'refused';
}

/** Sent again it would be refused again: it must not hold back what comes after it. */
const isFinal = (answer: Refusal): boolean =>
  answer.sort === 'bad-markup' || (answer.sort === 'refused' && (answer.code === 400 || answer.code === 413));

function stopOf({ chat, trail, silences, onError }: Run, answer: Refusal): Stop {
  if (answer.sort === 'gone') return 'unreachable';
  if (answer.sort === 'wait') {
    silences.keep(chat, answer.waitMs);
    return { waitMs: answer.waitMs };
  }
  if (answer.sort !== 'refused') return inVain(trail);
  // A wrong token, mostly: nothing is lost until somebody mends it.
  const { code } = answer;
  onError(new AppError('channel-unavailable', 'Telegram refuses this bot', { details: { code } }));
  return { waitMs: WAIT.refusedMs };
}

const left = ({ until, clock }: Run): number => until - clock() - MARGIN_MS;

const inVain = ({ tries }: Trail): Stop => ({
  waitMs: Math.min(WAIT.firstMs * 2 ** tries, WAIT.mostMs),
  inVain: true,
});

/** @throws AppError `channel-unavailable` when it takes longer */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new AppError('channel-unavailable', 'a file was not read in time');
    timer = setTimeout(() => reject(error), Math.max(ms, 0));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
