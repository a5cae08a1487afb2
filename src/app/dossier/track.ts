/** What officers do with a dossier: each act moves one part (design §4) and tells the citizen in plain words. Pure. */
import { AppError } from '../../errors';
import type { Dossier, Part, Status, SupplementItem, TellKind } from '../../ports/documents';
import { OFFICIAL_CODE } from '../../ports/receiver';
import { amountIn, civil, tell, receivedKey } from './dossier-tell';
import { isOpen, mayMove, moved, moveNotAllowed, once, partOf, withHistory, withPart } from './dossier-moves';
import type { By, Move } from './dossier-moves';

/** One verb of the real process. Dates yyyy-mm-dd, amounts in đồng. */
export type DeskAct =
  | { readonly type: 'receive'; readonly officialCode: string | null; readonly dueOn: string | null }
  | {
      readonly type: 'supplement';
      readonly items: readonly Pick<SupplementItem, 'sort' | 'step' | 'text'>[];
      readonly untilOn: string | null;
    }
  /** Go on: 2→4, back from a supplement that is no longer needed (5→1 or 4), open again (9→4). */
  | { readonly type: 'process' }
  | { readonly type: 'ask-payment'; readonly amount: number; readonly how: string }
  | { readonly type: 'paid' }
  | { readonly type: 'result'; readonly result: NonNullable<Part['result']> }
  | { readonly type: 'deliver' }
  | { readonly type: 'refuse' | 'stop'; readonly reason: string; readonly law: string; readonly next: string }
  | { readonly type: 'confirm-withdrawal' }
  /** The citizen asked to withdraw, and after talking the dossier goes on. */
  | { readonly type: 'keep'; readonly reason: string }
  | { readonly type: 'note'; readonly text: string };

export type DeskActType = DeskAct['type'];

/** Where an act leads, for acts that lead to one place only. */
const GOAL: Partial<Record<DeskActType, Status>> = {
  receive: 2,
  supplement: 5,
  'ask-payment': 6,
  result: 9,
  deliver: 10,
  refuse: 3,
  stop: 8,
};

/** Order in which the desk offers them. */
const ALL: readonly DeskActType[] = [
  'receive',
  'process',
  'paid',
  'result',
  'deliver',
  'confirm-withdrawal',
  'keep',
  'supplement',
  'ask-payment',
  'refuse',
  'stop',
  'note',
];

/** The acts that are allowed on a part now, in the order to offer them. */
export function allowedActs(part: Part): readonly DeskActType[] {
  return ALL.filter((type) => isAllowed(part, type));
}

function isAllowed(part: Part, type: DeskActType): boolean {
  switch (type) {
    case 'note':
      return true;
    case 'process':
      return part.status !== 6 && continued(part) !== null;
    case 'paid':
      return part.status === 6;
    case 'confirm-withdrawal':
      return part.withdrawAsked !== null && mayMove(part, 7);
    case 'keep':
      return part.withdrawAsked !== null && isOpen(part);
    default:
      return mayMove(part, GOAL[type] ?? 1);
  }
}

/** Where "go on" leads from here. */
function continued(part: Part): Status | null {
  if (part.status === 5) return part.receivedAt === null ? 1 : 4;
  return mayMove(part, 4) ? 4 : null;
}

/**
 * The dossier after an officer's act: status, clock, history, and the effect that tells the citizen.
 * @throws AppError `move-not-allowed` · `bad-request` (a text that must be there is empty) · `not-found` (no such part)
 */
export function actOnDossier(dossier: Dossier, partId: string, act: DeskAct, by: By, move: Move): Dossier {
  return once(dossier, move, (before) => {
    const part = partOf(before, partId);
    if (!isAllowed(part, act.type)) throw moveNotAllowed(part, act.type);
    if (act.type === 'note') return noted(before, part, act.text, by, move);
    const { after, key, params, kind } = done(part, act, move);
    const news = { key, ...(params && { params }), kind: kind ?? ('changed' as const), event: key, by };
    const attachment = act.type === 'result' ? act.result.attachment : undefined;
    return tell(
      withPart(before, after),
      after,
      attachment === undefined ? news : { ...news, attachment },
      move,
    );
  });
}

/** The exact message the citizen would get; null when the act tells nothing. Throws what `actOnDossier` throws. */
export function previewOf(dossier: Dossier, partId: string, act: DeskAct, by: By, move: Move): string | null {
  const after = actOnDossier(dossier, partId, act, by, move);
  const told = after.acts.slice(dossier.acts.length).find((one) => one.type === 'tell');
  return told?.type === 'tell' ? told.text : null;
}

function noted(dossier: Dossier, part: Part, text: string, by: By, move: Move): Dossier {
  need(text);
  return withHistory(dossier, { at: move.at, by, event: 'note', part: part.id, text }, part);
}

interface Done {
  readonly after: Part;
  /** Below `track.tell` and `track.event`. */
  readonly key: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly kind?: TellKind;
}

function done(part: Part, act: Exclude<DeskAct, { type: 'note' }>, move: Move): Done {
  switch (act.type) {
    case 'receive':
      return received(part, act, move);
    case 'supplement':
      return asked(part, act, move);
    case 'process':
      return wentOn(part, move);
    case 'ask-payment':
      return priced(part, act, move);
    case 'paid':
      return { after: { ...moved(part, 4, move), payment: null }, key: 'paid' };
    case 'result':
      return finished(part, act.result, move);
    case 'deliver':
      return { after: moved(part, 10, move), key: 'delivered' };
    case 'refuse':
    case 'stop':
      return ended(part, act, move);
    case 'confirm-withdrawal':
      return { after: { ...moved(part, 7, move), withdrawAsked: null }, key: 'withdrawn' };
    case 'keep':
      need(act.reason);
      return { after: { ...part, withdrawAsked: null }, key: 'kept', params: { reason: act.reason } };
  }
}

function received(part: Part, act: Extract<DeskAct, { type: 'receive' }>, move: Move): Done {
  const { officialCode, dueOn } = act;
  if (officialCode !== null && !OFFICIAL_CODE.test(officialCode)) throw bad('official code');
  if (dueOn !== null) needDay(dueOn);
  const after = { ...moved(part, 2, move), receivedAt: move.at, officialCode, dueOn };
  return { after, key: receivedKey(after) };
}

function asked(part: Part, act: Extract<DeskAct, { type: 'supplement' }>, move: Move): Done {
  if (act.items.length === 0) throw bad('items');
  act.items.forEach((item) => {
    need(item.text);
    if (item.sort === 'answer') need(item.step ?? '');
  });
  if (act.untilOn !== null) needDay(act.untilOn);
  const items = act.items.map((item, index) => ({
    ...item,
    id: `${move.revision + 1}-${index + 1}`,
    done: false,
  }));
  const supplement = { at: move.at, items, untilOn: act.untilOn };
  const list = items.map((item, index) => `${index + 1}. ${item.text}`).join('\n');
  return {
    after: { ...moved(part, 5, move), supplement },
    key: act.untilOn === null ? 'supplementNoDate' : 'supplement',
    params: { items: list, until: act.untilOn === null ? '' : civil(act.untilOn) },
    kind: 'supplement',
  };
}

function wentOn(part: Part, move: Move): Done {
  const to = continued(part);
  if (to === null) throw moveNotAllowed(part, 'process');
  const after = { ...moved(part, to, move), supplement: null };
  const again = part.status === 9 ? { ...after, result: null } : after;
  return {
    after: again,
    key: part.status === 5 ? 'supplementDropped' : part.status === 9 ? 'reopened' : 'processing',
  };
}

function priced(part: Part, act: Extract<DeskAct, { type: 'ask-payment' }>, move: Move): Done {
  const { amount, how } = act;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw bad('amount');
  need(how);
  const params = { amount: amountIn(amount, move.voice.lang), how };
  return { after: { ...moved(part, 6, move), payment: { amount, how } }, key: 'payment', params };
}

function finished(part: Part, result: NonNullable<Part['result']>, move: Move): Done {
  const after = { ...moved(part, 9, move), result };
  if (result.kind === 'file') {
    need(result.attachment ?? '');
    return { after, key: 'resultFile', kind: 'result' };
  }
  need(result.place ?? '');
  need(result.hours ?? '');
  const params = { place: result.place ?? '', hours: result.hours ?? '' };
  return { after, key: 'resultPickUp', params, kind: 'result' };
}

function ended(part: Part, act: Extract<DeskAct, { type: 'refuse' | 'stop' }>, move: Move): Done {
  const refusal = { reason: act.reason, law: act.law, next: act.next };
  Object.values(refusal).forEach(need);
  const to = act.type === 'refuse' ? 3 : 8;
  return {
    after: { ...moved(part, to, move), refusal },
    key: to === 3 ? 'refused' : 'stopped',
    params: refusal,
  };
}

const bad = (what: string): AppError => new AppError('bad-request', `${what} missing or not valid`);

function need(text: string): void {
  if (text.trim() === '') throw bad('text');
}

function needDay(day: string): void {
  const instant = Date.parse(`${day}T00:00:00Z`);
  const real = !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === day;
  if (!real) throw bad('day');
}
