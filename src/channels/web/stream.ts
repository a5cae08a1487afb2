/**
 * One open page. It shows the stored talk and nothing else: it reads on from the last `seq` it wrote whenever it is woken,
 * so whatever order things happen in, a page gets each line once, and two pages show the same.
 */
import type { ServerResponse } from 'node:http';
import type { Outgoing, TalkLine } from '../../ports/channel';
import { lineEvent } from './line';
import { chatTag } from './visitor';

export type ReadChat = (chat: string, after: number, limit: number) => Promise<readonly TalkLine[]>;

export interface Stream {
  readonly chat: string;
  /** Reads on and writes what is new. Never rejects. */
  readOn(): Promise<void>;
  /** Something was sent to this chat. */
  wake(messages: readonly Outgoing[]): void;
  /** Looks again after each of these times (ms), also for a talk that began anew. */
  expect(afterMs: readonly number[]): void;
  beat(): void;
  /** Ends it: the page comes back by itself, unless the talk goes on `elsewhere`. */
  end(elsewhere: boolean): void;
}

const PAGE = 100;
/** A page that does not take what it is sent is cut off; it comes back with its last `seq`. */
const MAX_UNSENT_BYTES = 1024 * 1024;

const HEAD = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
};

/** Writes the head of the answer and tells the page which chat it is. */
export function openStream(read: ReadChat, chat: string, after: number, response: ServerResponse): Stream {
  const at = { seq: after, time: Infinity };
  const state = { ready: false, reading: false, wakes: 0 };
  response.writeHead(200, HEAD);
  write(`retry: 2000\nevent: hello\ndata: ${JSON.stringify({ chat: chatTag(chat) })}\n\n`);

  function write(text: string): void {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
  }
  async function readPages(): Promise<void> {
    for (;;) {
      const lines = await read(chat, at.seq, PAGE);
      for (const line of lines) {
        write(await lineEvent(line));
        at.seq = line.seq;
        at.time = line.at;
      }
      if (lines.length < PAGE || response.destroyed) return;
    }
  }
  /** One reader at a time; a wake during a read makes it read once more. */
  async function readOn(): Promise<void> {
    state.wakes += 1;
    if (state.reading) return;
    state.reading = true;
    try {
      for (let heard = 0; heard !== state.wakes && !response.destroyed;) {
        heard = state.wakes;
        await readPages();
      }
      if (!state.ready) write('event: ready\ndata: 1\n\n');
      state.ready = true;
    } catch {
      // The store is away. A page that has its lines waits for the next look; one that has none comes again.
      if (!state.ready) response.destroy();
    } finally {
      state.reading = false;
    }
  }
  /** A talk that was erased counts from the start again: newer, yet with a `seq` the page has passed. */
  function heed(messages: readonly Pick<TalkLine, 'seq' | 'at'>[]): void {
    if (messages.some((message) => message.seq <= at.seq && message.at > at.time)) {
      write('event: anew\ndata: 1\n\n');
      at.seq = 0;
    }
    void readOn();
  }
  /** Nobody tells what another process erased: the talk's first line is newer than the last one shown then. */
  const lookAgain = (): void =>
    void (response.destroyed || state.reading || read(chat, 0, 1).then(heed, () => undefined));
  return {
    chat,
    readOn,
    wake: heed,
    expect: (afterMs) => afterMs.forEach((ms) => setTimeout(lookAgain, ms).unref()),
    beat: () => write('event: beat\ndata: 1\n\n'),
    end: (elsewhere) => void response.end(elsewhere ? 'event: elsewhere\ndata: 1\n\n' : undefined),
  };
}
