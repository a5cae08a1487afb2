/** Going back over what was answered: QUAY LẠI, SỬA, ĐỌC LẠI, Hoàn tác. */
import { command, lead, NOTHING } from './ask';
import type { Talk } from './ask';
import { numbered, numberedLine, reviewMessages } from './review';
import { isStop } from './stop';
import { fold } from './text';
import { missOffer, say, settle, withAnswer, withSession } from './turn';
import { namedOnly } from './topics';
import type { Turn } from './types';
import { LIMITS } from './types';
import { present, spotAt } from './view';
import type { Spot } from './view';
import { display, labelOf, own } from './words';

/** Asks one step again, its old answer shown. */
export function focusOn(talk: Talk, spot: Spot): Turn {
  return settle(withSession(talk, { focus: spot.path, pending: null, misses: 0 }), NOTHING);
}

/** To the question before the present one. */
export function back(talk: Talk): Turn {
  const { lines } = talk.walk;
  const spot = present(talk.walk, talk.session);
  const at = spot === null || spot.answer === null ? lines.length : lines.indexOf(spot);
  const before = lines.slice(0, at).findLast(({ step }) => !isStop(step));
  return before === undefined
    ? settle(withSession(talk, { pending: null }), lead(own('back.first')))
    : focusOn(talk, before);
}

/** The answers with their numbers; the next number picks one. */
export function chooseLine(talk: Talk): Turn {
  if (numbered(talk).length === 0)
    return settle(withSession(talk, { pending: null }), lead(own('review.empty')));
  const pages = reviewMessages(talk, NOTHING).slice(0, -1);
  const which = { lines: [own('edit.which')], buttons: [command('resume', own('review.goOn'))] };
  const session = { ...talk.session, pending: { type: 'edit' }, misses: 0 } as const;
  return { session, effects: [...pages, which].map(say) };
}

/** SỬA, with a step or without. */
export function edit(talk: Talk, step: string | undefined): Turn {
  if (step === undefined) return chooseLine(talk);
  if (/^\d{1,3}$/.test(step)) return editNumber(talk, Number(step));
  const spot = spotAt(talk.walk, step);
  if (spot === null || isStop(spot.step))
    return settle(withSession(talk, { pending: null }), lead(own('notNow')));
  return focusOn(talk, spot);
}

/** The line a number means; beyond the last line it says which numbers there are. */
export function editNumber(talk: Talk, number: number): Turn {
  const lines = numbered(talk);
  if (lines.length === 0) return chooseLine(talk);
  const spot = lines[number - 1];
  if (spot !== undefined) return focusOn(talk, spot);
  const said = (second: boolean) => [own(second ? 'edit.number.2' : 'edit.number', { max: lines.length })];
  return missOffer(talk, { pending: { type: 'edit' } }, said, [command('resume', own('review.goOn'))]);
}

/** "Sửa tên bé": the line that is named, or the lines to pick one from; null where no line is. */
export function editNamed(talk: Talk, text: string): Turn | null {
  const named = text.length > LIMITS.askChars ? null : namedOnly(text);
  if (named === null) return null;
  const lines = numbered(talk);
  const fitting = lines.filter(({ step }) => named.topic?.fits(step) === true);
  const theirs = fitting.filter(({ path }) => named.whose?.test(path) === true);
  const [only, ...others] = theirs.length > 0 ? theirs : fitting;
  if (only === undefined) return null;
  if (others.length === 0) return focusOn(talk, only);
  const buttons = [only, ...others].map((spot) =>
    command('edit', numberedLine(talk, spot, lines.indexOf(spot) + 1), spot.path),
  );
  const session = { ...talk.session, pending: { type: 'edit' }, misses: 0 } as const;
  return { session, effects: [say({ lines: [own('edit.which')], buttons })] };
}

/** "sửa 5", "sua dong 5", "sửa câu 5": the number, else null. */
export function lineNumber(text: string): number | null {
  const match = /^(?:sua|doi)(?: (?:dong|cau|so|muc))? ?(\d{1,3})$/.exec(fold(text));
  return match === null ? null : Number(match[1]);
}

/** ĐỌC LẠI. */
export function review(talk: Talk): Turn {
  const session = { ...talk.session, pending: null };
  return { session, effects: reviewMessages(talk, NOTHING).map(say) };
}

/** Takes back the last edit, once. */
export function undo(talk: Talk, step: string | undefined): Turn {
  const { pending } = talk.session;
  if (pending?.type !== 'undo' || (step !== undefined && step !== pending.step)) {
    return settle(withSession(talk, { pending: null }), lead(own('undo.late')));
  }
  const answers = withAnswer(talk.session, pending.step, pending.previous);
  const after = withSession(talk, { answers, pending: null, misses: 0 });
  const spot = spotAt(after.walk, pending.step);
  if (spot?.answer == null) return settle(after, lead(own('undo.done')));
  const params = { label: labelOf(after.walk, spot), value: display(spot, spot.answer.value) };
  return settle(after, lead(own('undo.to', params)));
}
