/** Which status may follow which (design §4), what a move does to the clock, and how one change of a dossier is made. Pure. */
import { AppError } from '../../errors';
import type { Dossier, DossierAct, HistoryEntry, Part, Status } from '../../ports/documents';
import type { Lang, Params, Say } from '../speech';

/** 3, 7, 8 and 10 are final. 5→1 only before reception, 5→4 only after it. */
const NEXT: Readonly<Record<Status, readonly Status[]>> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 7],
  3: [],
  4: [5, 6, 7, 8, 9],
  5: [1, 4, 7, 8],
  6: [4, 7, 8],
  7: [],
  8: [],
  9: [10, 4],
  10: [],
};
/** The citizen's turn: time does not count for the promised date. */
const PAUSED: ReadonlySet<Status> = new Set([5, 6]);
/** Worst first: what waits for the citizen, then what waits for us, then what is over. */
const WORST: readonly Status[] = [5, 6, 1, 2, 4, 9, 3, 8, 7, 10];
const APPLIED_KEPT = 200;

export type By = HistoryEntry['by'];

/** How one citizen is spoken to: language and form of address. */
export interface Voice {
  readonly say: Say;
  readonly lang: Lang;
  /** `you`, `You`, `me`, `yes` */
  readonly words: Params;
}

/** What a change may know besides the dossier. */
export interface Move {
  /** ms epoch */
  readonly at: number;
  /** The dossier's revision as read; the commit will have the next one. */
  readonly revision: number;
  /** How the citizen is spoken to. */
  readonly voice: Voice;
  /** The effect that asks for this change: applied once. Absent for acts that carry the revision instead. */
  readonly effect?: string;
  /** The promised date of a part whose pause has ended; absent or null: it stays. */
  readonly redue?: (part: Part) => string | null;
}

/** May the part go there now? */
export function mayMove(part: Part, to: Status): boolean {
  if (part.status === 5 && to === 1) return part.receivedAt === null;
  if (part.status === 5 && to === 4) return part.receivedAt !== null;
  return NEXT[part.status].includes(to);
}

/** Still moving: neither refused, withdrawn, stopped nor handed over. */
export const isOpen = (part: Part): boolean => NEXT[part.status].length > 0;

/** @throws AppError `move-not-allowed` */
export function moveNotAllowed(part: Part, to: string | number): AppError {
  return new AppError('move-not-allowed', `not from status ${part.status}`, {
    details: { part: part.id, from: part.status, to },
  });
}

/** The part in its new status, its clock stopped or running again. @throws AppError `move-not-allowed` */
export function moved(part: Part, to: Status, move: Move): Part {
  if (!mayMove(part, to)) throw moveNotAllowed(part, to);
  const after = { ...part, status: to, pauses: clock(part, to, move.at) };
  if (!PAUSED.has(part.status) || to !== 4) return after;
  return { ...after, dueOn: move.redue?.(after) ?? after.dueOn };
}

function clock(part: Part, to: Status, at: number): Part['pauses'] {
  const ended = part.pauses.map((pause) => (pause.to === null ? { ...pause, to: at } : pause));
  return PAUSED.has(to) ? [...ended, { from: at, to: null }] : ended;
}

/** The worst open part's status; of closed parts only when none is open. */
export function worstStatus(parts: readonly Part[]): Status {
  const present = new Set(parts.map((part) => part.status));
  const worst = WORST.find((status) => present.has(status));
  if (worst === undefined) throw new AppError('internal', 'a dossier without parts');
  return worst;
}

/** @throws AppError `not-found` */
export function partOf(dossier: Dossier, partId: string): Part {
  const part = dossier.parts.find(({ id }) => id === partId);
  if (part === undefined) throw new AppError('not-found', 'no such part', { details: { part: partId } });
  return part;
}

export function withPart(dossier: Dossier, part: Part): Dossier {
  const parts = dossier.parts.map((one) => (one.id === part.id ? part : one));
  return { ...dossier, parts, status: worstStatus(parts) };
}

export function withHistory(dossier: Dossier, entry: Omit<HistoryEntry, 'status'>, part: Part): Dossier {
  return { ...dossier, history: [...dossier.history, { ...entry, status: part.status }] };
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id' | 'seq'> : never;

/** Puts an effect into the outbox; its id is `<dossier>-<revision>-<seq>`. */
export function withAct(dossier: Dossier, act: Unnumbered<DossierAct>, move: Move): Dossier {
  const seq = dossier.nextSeq;
  const numbered = { ...act, id: `${dossier.id}-${move.revision + 1}-${seq}`, seq } as DossierAct;
  return { ...dossier, acts: [...dossier.acts, numbered], nextSeq: seq + 1 };
}

/** Was this effect applied before? Then the dossier is as it should be. */
export const wasApplied = (dossier: Dossier, move: Move): boolean =>
  move.effect !== undefined && dossier.applied.includes(move.effect);

/** Makes a change once per effect id: the same dossier (`===`) when it was made before. */
export function once(dossier: Dossier, move: Move, change: (before: Dossier) => Dossier): Dossier {
  if (wasApplied(dossier, move)) return dossier;
  const after = change(dossier);
  if (move.effect === undefined) return after;
  return { ...after, applied: [...after.applied, move.effect].slice(-APPLIED_KEPT) };
}

/** Drops effects that were carried out: the next commit need not carry them. */
export function forgetDone(dossier: Dossier, doneUpTo: number): Dossier {
  return { ...dossier, acts: dossier.acts.filter((act) => act.seq > doneUpTo) };
}
