/** A reading that waits for the citizen, as a question: when it is asked first, and again after a pause or something beside it. */
import { pick, PICK, yesAndNo } from './buttons';
import type { AnswerValue, Button, Flow, Message, Pending, Phrase, Session } from './types';
import { comingAt, present, spotAt } from './view';
import type { Spot, Walk } from './view';
import { display, labelOf, own, problemOf, textOf } from './words';

type Before = Pick<Message, 'lines' | 'buttons'>;

/** Does a reading for this spot correct an answer that stands, while something else is asked? */
export const isCorrection = (at: Walk, session: Session, spot: Spot): boolean =>
  spot.answer !== null && present(at, session)?.path !== spot.path;

/** One answer and what it would become. */
export const changePhrase = (at: Walk, spot: Spot, to: AnswerValue, name: string): Phrase =>
  own(name, {
    label: labelOf(at, spot),
    from: display(spot, spot.answer?.value ?? null),
    to: display(spot, to),
  });

/** What was read, and the warning about it. */
export const warnLines = (
  at: Walk,
  spot: Spot,
  value: AnswerValue,
  check: string,
  second: boolean,
): Phrase[] => [
  own(second ? 'warn.read.2' : 'warn.read', { value: display(spot, value) }),
  textOf(at, spot, `warn.${check}`),
];

export const warnButtons = (spot: Spot): readonly Button[] => [
  pick(spot, PICK.yes, own('warn.yes')),
  pick(spot, PICK.no, own('warn.no')),
];

/** What is said of a reading that must be confirmed or chosen: the step's words, then its kind's, then anybody's. */
export function readingPhrase(
  at: Walk,
  spot: Spot,
  problem: 'confirm' | 'ambiguous',
  second: boolean,
  params: Readonly<Record<string, string | number | Phrase>> = {},
): Phrase {
  const said = problemOf(at, spot, problem, second, params);
  const fallback = problem === 'confirm' ? 'flow.confirm' : 'flow.choose';
  return { ...said, key: [...said.key, second ? `${fallback}.2` : fallback] };
}

export const moreLine = (at: Walk, spot: Spot, value: AnswerValue): Phrase =>
  own('more.line', { label: labelOf(at, spot), value: display(spot, value) });

/** Buttons under answers that were heard early; `step` is the first of them. */
export function moreButtons(step: string): readonly Button[] {
  const place = { path: step };
  return [pick(place, PICK.yes, own('more.yes')), pick(place, PICK.no, own('more.no'))];
}

/** Buttons of the answers that a correction may mean. */
export function whichButtons(
  at: Walk,
  edits: readonly { readonly spot: Spot; readonly value: AnswerValue }[],
): readonly Button[] {
  const offers = edits.map(({ spot, value }) =>
    pick(spot, PICK.yes, changePhrase(at, spot, value, 'correct.offer')),
  );
  const [first] = edits;
  return first === undefined ? [] : [...offers, pick(first.spot, PICK.no, own('correct.none'))];
}

type OfStep = Extract<Pending, { readonly step: string }>;

function stepQuestion(at: Walk, session: Session, pending: OfStep): Message | null {
  const spot = spotAt(at, pending.step);
  if (spot === null) return null;
  switch (pending.type) {
    case 'warn': {
      const [check = ''] = pending.checks;
      return { lines: warnLines(at, spot, pending.value, check, false), buttons: warnButtons(spot) };
    }
    case 'confirm': {
      const value = display(spot, pending.value);
      const line = isCorrection(at, session, spot)
        ? changePhrase(at, spot, pending.value, 'correct.ask')
        : readingPhrase(at, spot, 'confirm', false, { value });
      return { lines: [line], buttons: yesAndNo(spot) };
    }
    case 'choose': {
      const buttons = pending.choices.map(({ id, label }) => pick(spot, id, label));
      return { lines: [readingPhrase(at, spot, 'ambiguous', false)], buttons };
    }
    case 'undo':
      return null;
  }
}

type OfSeveral = Extract<Pending, { readonly answers: unknown }>;

function severalQuestion(flow: Flow, at: Walk, { type, answers }: OfSeveral): Message | null {
  const found = answers.flatMap(({ step, value }) => {
    const spot = spotAt(at, step) ?? (type === 'more' ? comingAt(flow, at, step) : null);
    return spot === null ? [] : [{ spot, value }];
  });
  if (found.length < answers.length) return null;
  if (type === 'correct') return { lines: [own('correct.which')], buttons: whichButtons(at, found) };
  const lines = found.map(({ spot, value }) => moreLine(at, spot, value));
  return {
    lines: [own('more.read'), ...lines, own('more.ask')],
    buttons: moreButtons(answers[0]?.step ?? ''),
    list: true,
  };
}

/** The reading that waits, asked (again) after what there is to say before it; null where none waits, or nothing it is about is left. */
export function pendingMessage(flow: Flow, at: Walk, session: Session, before: Before): Message | null {
  const { pending } = session;
  if (pending === null) return null;
  const asked =
    'step' in pending
      ? stepQuestion(at, session, pending)
      : 'answers' in pending
        ? severalQuestion(flow, at, pending)
        : null;
  if (asked === null) return null;
  return {
    ...asked,
    lines: [...before.lines, ...asked.lines],
    buttons: [...before.buttons, ...asked.buttons],
  };
}

/** What waits on while something else than `path` gets an answer (photos, mostly); null where nothing does. */
export function waitsBeside({ pending }: Session, path: string): Pending | null {
  if (pending === null || pending.type === 'undo') return null;
  if ('step' in pending) return pending.step === path ? null : pending;
  return 'answers' in pending ? pending : null;
}
