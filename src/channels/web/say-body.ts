/** The body of `POST /chat/say`, made an event. */
import { AppError } from '../../errors';
import type { Address, ChannelEvent } from '../../ports/channel';

/** 4,000 characters of Vietnamese are at most 12 KB; the rest is for the envelope. */
export const MAX_SAY_BYTES = 16 * 1024;
const MAX_LABEL = 200;
/** What a page may name a message. */
export const MESSAGE_ID = /^[A-Za-z0-9-]{8,64}$/;
/** A slug, an agency, or `<agency>--<slug>`: what a chat link may carry. */
const LINK = /^[A-Za-z0-9_-]{1,100}$/;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws AppError `bad-request` for anything but `{id, text}`, `{id, choice, label}` or `{id, start}`. */
export function readEvent(body: Buffer, address: Address): ChannelEvent {
  const said = parse(body);
  const { id, text, choice, label, start } = said;
  if (typeof id !== 'string' || !MESSAGE_ID.test(id)) throw wrong('id');
  const base = { id, address };
  if (typeof text === 'string' && text.trim() !== '') return { ...base, type: 'text', text: clean(text) };
  if (typeof choice === 'string' && choice !== '') return { ...base, ...readChoice(choice, label) };
  if (start === null || start === '') return { ...base, type: 'start' };
  if (typeof start === 'string' && LINK.test(start)) return { ...base, type: 'start', link: start };
  throw wrong('text, choice or start');
}

function readChoice(choice: string, label: unknown) {
  if (Buffer.byteLength(choice) > 64) throw wrong('choice');
  if (label === undefined) return { type: 'choice', choice } as const;
  if (typeof label !== 'string' || label.length > MAX_LABEL) throw wrong('label');
  return { type: 'choice', choice, label: clean(label) } as const;
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new AppError('bad-request', 'not JSON in UTF-8', { cause });
  }
  throw wrong('object');
}

/** Half a surrogate pair cannot be stored as UTF-8; NUL has no place in words. */
export const clean = (text: string): string =>
  Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '');

const wrong = (what: string): AppError => new AppError('bad-request', `say: ${what} expected`);
