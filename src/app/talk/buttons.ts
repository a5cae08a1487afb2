/** What a pressed button means. Ids are computed from what the button does, so an old one still works after a restart. */
import { AppError } from '../../errors';
import type { Button, Command } from '../../flow/types';

/** Acts outside a flow. `arg` is a slug, a dossier code, a pair id, or for `file` a code and a sort. */
export type LobbyCommand =
  | 'menu'
  | 'flow'
  | 'status'
  | 'file'
  | 'withdraw'
  | 'correct'
  | 'supplement'
  | 'person'
  | 'data'
  | 'erase'
  | 'resume'
  | 'park'
  | 'pair'
  | 'lang'
  | 'find-other';

/** Deeds carry the revision they were offered at and work once. */
export type Deed = 'send' | 'consent' | 'withdraw' | 'erase' | 'replace';

export type Press =
  | { readonly type: 'choice'; readonly step: string; readonly choice: string }
  | { readonly type: 'command'; readonly command: Command; readonly step?: string }
  | { readonly type: 'lobby'; readonly command: LobbyCommand; readonly arg: string }
  | { readonly type: 'deed'; readonly deed: Deed; readonly revision: number; readonly arg: string };

/** Telegram allows 64 bytes; every channel gets the same. */
const MAX_BYTES = 64;

/** The id of a button. @throws AppError `engine-bound` over 64 bytes: step and choice ids are too long. */
export function pressId(press: Press): string {
  const id = partsOf(press).join('|');
  if (Buffer.byteLength(id) > MAX_BYTES)
    throw new AppError('engine-bound', `button id over ${MAX_BYTES} bytes: ${id}`);
  return id;
}

function partsOf(press: Press): readonly string[] {
  switch (press.type) {
    case 'choice':
      return ['a', press.step, press.choice];
    case 'command':
      return ['c', press.command, press.step ?? ''];
    case 'lobby':
      return ['l', press.command, press.arg];
    case 'deed':
      return ['d', press.deed, String(press.revision), press.arg];
  }
}

/** What an engine button does when pressed; sending and consenting are deeds, so that they work once. */
export function pressOf(does: Button['does'], revision: number, consents: ReadonlySet<string>): Press {
  if (does.type === 'choice' && consents.has(does.step))
    return { type: 'deed', deed: 'consent', revision, arg: does.choice };
  if (does.type === 'command' && does.command === 'send')
    return { type: 'deed', deed: 'send', revision, arg: '' };
  return does;
}

/** A deed offered before the bot last spoke: pressed now it does nothing. `spokenAt`: the revision the bot last spoke in. */
export const isWornOut = (press: Press | null, spokenAt: number): boolean =>
  press?.type === 'deed' && press.revision !== spokenAt;

/** Reads an id back; null for what no version of ours ever offered. */
export function readPress(id: string): Press | null {
  const [sort, first = '', second = '', third = ''] = id.split('|');
  if (first === '') return null;
  if (sort === 'a') return { type: 'choice', step: first, choice: second };
  if (sort === 'c')
    return { type: 'command', command: first as Command, ...(second === '' ? {} : { step: second }) };
  if (sort === 'l') return { type: 'lobby', command: first as LobbyCommand, arg: second };
  if (sort === 'd' && /^\d{1,15}$/.test(second)) {
    return { type: 'deed', deed: first as Deed, revision: Number(second), arg: third };
  }
  return null;
}
