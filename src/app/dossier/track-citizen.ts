/** What citizens do with a dossier: it begins, is corrected or completed, is asked back. Pure; each effect id applies once. */
import type {
  Dossier,
  DossierAnswer,
  NewDossier,
  NewRound,
  Part,
  Round,
  SupplementItem,
} from '../../ports/documents';
import { photoIds } from './photos-of';
import { tell } from './dossier-tell';
import type { News } from './dossier-tell';
import {
  isOpen,
  mayMove,
  moved,
  moveNotAllowed,
  once,
  withAct,
  withPart,
  worstStatus,
} from './dossier-moves';
import type { Move } from './dossier-moves';
import { deliveryFor } from './parcel';

const CITIZEN = { role: 'citizen' } as const;

export interface DossierIds {
  readonly id: string;
  readonly code: string;
  /** The conversation it comes from: where its news goes. */
  readonly conversation: string;
}

/** The dossier a sent session becomes, with its deliveries and the first word to the citizen in the outbox. `move.revision` is 0. */
export function createDossier(fresh: NewDossier, ids: DossierIds, move: Move): Dossier {
  const parts = fresh.parts.map((part, index) => firstPart(part, String(index + 1), fresh.at));
  const empty: Dossier = {
    ...ids,
    sessionKey: fresh.sessionKey,
    demo: fresh.demo,
    procedure: fresh.procedure,
    people: fresh.people,
    answers: fresh.answers,
    extra: [],
    facts: fresh.facts,
    parts,
    history: [],
    status: worstStatus(parts),
    createdAt: fresh.at,
    retentionDays: fresh.retentionDays,
    applied: [],
    acts: [],
    nextSeq: 1,
  };
  return once(empty, move, (before) => {
    const sent = parts.reduce((dossier, part) => withDelivery(dossier, part, move), before);
    const [first] = parts;
    return first === undefined ? sent : tell(sent, first, byCitizen('sent', 'created'), move);
  });
}

function firstPart(part: NewDossier['parts'][number], id: string, at: number): Part {
  return {
    ...part,
    id,
    status: 1,
    dueOn: null,
    officialCode: null,
    receivedAt: null,
    rounds: [{ n: 1, kind: 'first', at, changed: [] }],
    supplement: null,
    payment: null,
    result: null,
    withdrawAsked: null,
    refusal: null,
    delivery: null,
    pauses: [],
  };
}

const byCitizen = (key: string, kind: News['kind'], params?: News['params']): News => ({
  key,
  kind,
  event: key,
  by: CITIZEN,
  ...(params && { params }),
});

/** Orders the delivery of a part's newest round. */
function withDelivery(dossier: Dossier, part: Part, move: Move): Dossier {
  const newest = part.rounds.at(-1)?.n ?? 1;
  const delivery = deliveryFor(dossier, part, newest);
  const waiting = { ...part, delivery: { key: delivery.key, state: 'waiting' as const } };
  return withAct(withPart(dossier, waiting), { type: 'create-delivery', delivery }, move);
}

/**
 * A correction (while every open part is 1) or the answers to a supplement. `round.answers` is the whole form as it now is;
 * differences against the answers before are kept. When all that was asked is there, 5 goes back to 1 (not received yet) or 4.
 * @throws AppError `move-not-allowed`: too late, nothing changed
 */
export function applyRound(dossier: Dossier, round: NewRound, move: Move): Dossier {
  return once(dossier, move, (before) => {
    const parts = partsFor(before, round.kind);
    const [first] = parts;
    if (first === undefined) throw moveNotAllowed(before.parts[0] ?? notThere(), round.kind);
    const changed = differences(before.answers, round.answers);
    const replied = withReplies({ ...before, answers: round.answers, people: round.people }, parts, round);
    const after = parts.reduce((next, part) => oneRound(next, part, { round, changed }, move), replied);
    const told = after.parts.find(({ id }) => id === first.id) ?? first;
    return tell(after, told, byCitizen(wordFor(round, told), 'changed'), move);
  });
}

const notThere = (): never => {
  throw new Error('a dossier without parts');
};

function partsFor(dossier: Dossier, kind: NewRound['kind']): readonly Part[] {
  const open = dossier.parts.filter(isOpen);
  if (kind === 'supplement') return open.filter((part) => part.status !== 9 && openItems(part).length > 0);
  return open.every((part) => part.status === 1) ? open : [];
}

const openItems = (part: Part): readonly SupplementItem[] =>
  part.supplement?.items.filter((item) => !item.done) ?? [];

function wordFor(round: NewRound, part: Part): string {
  if (round.kind === 'correction') return 'corrected';
  return openItems(part).length === 0 ? 'supplemented' : 'supplementedPartly';
}

interface Change {
  readonly round: NewRound;
  readonly changed: Round['changed'];
}

function oneRound(dossier: Dossier, part: Part, { round, changed }: Change, move: Move): Dossier {
  const n = (part.rounds.at(-1)?.n ?? 0) + 1;
  const rounds = [...part.rounds, { n, kind: round.kind, at: round.at, changed }];
  const answered = { ...part, rounds, supplement: ticked(part, round) };
  const complete = round.kind === 'supplement' && part.status === 5 && openItems(answered).length === 0;
  const after = complete ? moved(answered, part.receivedAt === null ? 1 : 4, move) : answered;
  return withDelivery(withPart(dossier, after), after, move);
}

/** Marks what was asked for as done: an answer that is there, a paper or question with a reply. */
function ticked(part: Part, round: NewRound): Part['supplement'] {
  if (part.supplement === null || round.kind !== 'supplement') return part.supplement;
  const steps = new Set(round.answers.map((answer) => answer.step));
  const replies = new Map(round.replies.map(({ item, reply }) => [item, reply]));
  const items = part.supplement.items.map((item): SupplementItem => {
    const reply = replies.get(item.id);
    if (reply !== undefined) return { ...item, done: true, reply };
    const given = item.sort === 'answer' && item.step !== undefined && steps.has(item.step);
    return given ? { ...item, done: true } : item;
  });
  return { ...part.supplement, items };
}

/** Replies to papers and questions stay in the dossier, with the words they answer. */
function withReplies(dossier: Dossier, parts: readonly Part[], round: NewRound): Dossier {
  const asked = new Map(parts.flatMap(openItems).map((item) => [item.id, item.text]));
  const extra = round.replies.map(({ item, ...reply }) => ({ text: asked.get(item) ?? item, ...reply }));
  return { ...dossier, extra: [...dossier.extra, ...extra] };
}

/** Steps whose shown text is new, other, or gone; `before` is null for a new one. */
export function differences(
  before: readonly DossierAnswer[],
  after: readonly DossierAnswer[],
): Round['changed'] {
  const old = new Map(before.map((answer) => [answer.step, answer]));
  const now = new Set(after.map((answer) => answer.step));
  const other = after.filter((answer) => !reads(old.get(answer.step), answer));
  const gone = before.filter((answer) => !now.has(answer.step));
  return [
    ...other.map(({ step }) => ({ step, before: old.get(step)?.display ?? null })),
    ...gone.map(({ step, display }) => ({ step, before: display })),
  ];
}

/** Other photos read the same ("2 ảnh"), and are not. */
function reads(before: DossierAnswer | undefined, after: DossierAnswer): boolean {
  const shot = (answer: DossierAnswer) => JSON.stringify(photoIds(answer.value));
  return before?.display === after.display && shot(before) === shot(after);
}

/** Withdraws at once while 1; later a request an officer confirms; once a result is there or all is over, says so. Never throws. */
export function askWithdraw(dossier: Dossier, reason: string, move: Move): Dossier {
  return once(dossier, move, (before) => {
    const parts = before.parts.filter((part) => mayMove(part, 7));
    const [first] = parts;
    if (first === undefined) return tooLate(before, move);
    const after = parts.reduce((next, part) => withdrawPart(next, part, reason, move), before);
    const told = after.parts.find(({ id }) => id === first.id) ?? first;
    return tell(after, told, byCitizen(told.status === 7 ? 'withdrawn' : 'withdrawAsked', 'changed'), move);
  });
}

function tooLate(dossier: Dossier, move: Move): Dossier {
  const [part] = dossier.parts;
  return part === undefined ? dossier : tell(dossier, part, byCitizen('withdrawTooLate', 'changed'), move);
}

function withdrawPart(dossier: Dossier, part: Part, reason: string, move: Move): Dossier {
  if (part.status !== 1) return withPart(dossier, { ...part, withdrawAsked: { at: move.at, reason } });
  const gone = withPart(dossier, moved(part, 7, move));
  if (part.delivery === null) return gone;
  return withAct(gone, { type: 'cancel-delivery', key: part.delivery.key }, move);
}
