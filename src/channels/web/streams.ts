/** The open pages of this process, by chat. */
import type { ServerResponse } from 'node:http';
import type { Outgoing } from '../../ports/channel';
import { openStream, type ReadChat, type Stream } from './stream';

export interface StreamLimits {
  /** Pages of one chat: below the six connections a browser has for one site, so that sending never waits. */
  readonly streamsPerChat: number;
  readonly streams: number;
  readonly heartbeatMs: number;
  /** How often an open page looks for lines that another process stored. */
  readonly rereadMs: number;
  /** After a message of the citizen: when, ms, to look for an answer of another process. None where this process answers itself. */
  readonly expectMs: readonly number[];
}

export interface Streams {
  /** Answers with the talk after `after`, then stays open. False when the house is full. */
  open(chat: string, after: number, response: ServerResponse): boolean;
  wake(chat: string, messages: readonly Outgoing[]): void;
  /** Another process may answer in a moment: its words are looked for soon. */
  expect(chat: string): void;
  close(): void;
}

export function streams(read: ReadChat, limits: StreamLimits): Streams {
  const byChat = new Map<string, Set<Stream>>();
  const all = new Set<Stream>();
  let timers: readonly NodeJS.Timeout[] = [];

  function add(stream: Stream): void {
    const mine = byChat.get(stream.chat) ?? new Set();
    const [oldest] = mine;
    if (oldest !== undefined && mine.size >= limits.streamsPerChat) {
      remove(oldest);
      oldest.end(true);
    }
    byChat.set(stream.chat, mine.add(stream));
    all.add(stream);
    if (timers.length > 0) return;
    timers = [
      setInterval(() => all.forEach((each) => each.beat()), limits.heartbeatMs),
      setInterval(() => all.forEach((each) => void each.readOn()), limits.rereadMs),
    ];
  }
  function remove(stream: Stream): void {
    all.delete(stream);
    const mine = byChat.get(stream.chat);
    mine?.delete(stream);
    if (mine?.size === 0) byChat.delete(stream.chat);
    if (all.size > 0) return;
    timers.forEach((timer) => clearInterval(timer));
    timers = [];
  }
  return {
    open(chat, after, response) {
      if (all.size >= limits.streams) return false;
      const stream = openStream(read, chat, after, response);
      response.on('close', () => remove(stream));
      add(stream);
      void stream.readOn();
      return true;
    },
    expect(chat) {
      for (const stream of byChat.get(chat) ?? []) stream.expect(limits.expectMs);
    },
    wake: (chat, messages) => byChat.get(chat)?.forEach((stream) => stream.wake(messages)),
    close: () => all.forEach((stream) => stream.end(false)),
  };
}
