/** The messages of a turn: the question with its buttons, what is said before it, and what is said when an answer was not understood. */
import { command, pick, PICK, yesAndNo } from './buttons';
import { emptyList, isMore } from './list';
import type { ListOptions } from './list';
import { photoButtons, photoLines } from './photos/photo-question';
import { heldAt, isGathering } from './photos/photo-value';
import { asksOwnPhone } from './own-phone';
import { isFinal } from './stop';
import type { Button, Context, Flow, Message, Phrase, Session } from './types';
import { LIMITS } from './types';
import type { Spot, Walk } from './view';
import { askOf, display, own, paramsOf, textOf } from './words';

/** One turn at work: a session with the walk over its answers. */
export interface Talk {
  readonly flow: Flow;
  readonly context: Context;
  readonly session: Session;
  readonly walk: Walk;
}

/** What is said before the next question. */
export interface Lead {
  readonly lines: readonly Phrase[];
  readonly buttons: readonly Button[];
}

export const NOTHING: Lead = { lines: [], buttons: [] };
export const lead = (...lines: readonly Phrase[]): Lead => ({ lines, buttons: [] });

export { command, pick, PICK, yesAndNo };

/** In a list that is edited: add one, take one out, or leave it. */
function listButtons(at: Walk, spot: Spot): Button[] {
  const { min, max } = spot.step.options as ListOptions;
  const { items } = spot.list ?? emptyList(min);
  const nameOf = (id: string): Phrase => {
    const line = at.lines.find(
      ({ path, answer }) => path.startsWith(`${spot.path}.${id}.`) && answer?.value !== null,
    );
    return line?.answer == null ? { text: id } : display(line, line.answer.value);
  };
  const drop = items.length <= min ? [] : items;
  return [
    ...(items.length < max ? [pick(spot, PICK.more, own('list.add'))] : []),
    ...drop.map((id, i) => pick(spot, PICK.drop + id, own('list.drop', { n: i + 1, who: nameOf(id) }))),
  ];
}

/** Answers to offer with a question, in the order of their numbers. */
export function buttonsOf(at: Walk, session: Session, spot: Spot): readonly Button[] {
  const { step } = spot;
  if (isGathering(step)) return photoButtons(at, session, spot);
  const editing = session.focus === spot.path && spot.answer !== null;
  const keep = editing ? [pick(spot, PICK.keep, own('keep'))] : [];
  if (isMore(step)) {
    if (editing) return [...listButtons(at, spot), ...keep];
    return [pick(spot, PICK.more, own('list.yes')), pick(spot, PICK.done, own('list.no'))];
  }
  const choices = step.reader.choices?.(step.options, step.keys, at.world) ?? [];
  const skip = step.optional ? [pick(spot, PICK.skip, own('skip'))] : [];
  return [...choices.map(({ id, label }) => pick(spot, id, label)), ...keep, ...skip];
}

function progress(at: Walk, spot: Spot): Phrase {
  const before = spot.answer === null ? at.lines.length : at.lines.indexOf(spot);
  const stops = at.lines.slice(0, before).filter(({ step }) => step.kind === 'stop').length;
  const n = before - stops + 1;
  return own('progress', { n, total: Math.max(n, at.total) });
}

/** "Câu 4 trong khoảng 9" for the present spot. */
export const progressOf = progress;

function reason(at: Walk, spot: Spot): readonly Phrase[] {
  if (spot.why === null || spot.why === 'new') return [];
  if (typeof spot.why === 'object') return [textOf(at, spot, `error.${spot.why.check}`)];
  return [own(`again.${spot.why}`, paramsOf(at, spot))];
}

/** A note is said the first time, before any photo is there, and again when what it tells (the agency, the meaning) has changed. */
function note(at: Walk, session: Session, spot: Spot): readonly Phrase[] {
  const held = isGathering(spot.step) ? heldAt(session, spot.path) : null;
  const begun = held !== null && (held.photos.length > 0 || typeof held['refused'] === 'number');
  const fresh = !begun && (spot.why === 'new' || spot.why === 'agency' || spot.why === 'rev');
  return spot.step.note && fresh ? [textOf(at, spot, 'note')] : [];
}

function questionLines({ walk, session }: Talk, spot: Spot): readonly Phrase[] {
  // A supplement is a few tasks of its own: the number of the whole form's questions would only frighten.
  const counted = session.purpose === 'supplement' ? [] : [progress(walk, spot)];
  if (isGathering(spot.step)) return [...counted, ...photoLines(walk, session, spot)];
  if (session.focus !== spot.path || spot.answer === null) return [...counted, askOf(walk, spot)];
  const now = own('edit.now', { value: display(spot, spot.answer.value) });
  return isMore(spot.step) ? [now] : [now, askOf(walk, spot)];
}

/** The question without its number; for photos, what is there already. */
const questionOf = ({ walk, session }: Talk, spot: Spot): readonly Phrase[] =>
  isGathering(spot.step) ? photoLines(walk, session, spot) : [askOf(walk, spot)];

/** The message that ends with the question. */
function question(
  { flow, walk }: Talk,
  spot: Spot,
  lines: readonly Phrase[],
  buttons: readonly Button[],
): Message {
  return { lines, buttons, ...(asksOwnPhone(flow, walk, spot) ? { asks: 'phone' } : {}) };
}

/** The question of a spot, after what there is to say before it; one message where buttons and length allow. */
export function askMessages(talk: Talk, spot: Spot, before: Lead): readonly Message[] {
  const { walk, session } = talk;
  const said = note(walk, session, spot);
  const head = [...before.lines, ...reason(walk, spot), ...said];
  const buttons = buttonsOf(walk, session, spot);
  const lines = questionLines(talk, spot);
  const isApart = said.length > 0 || before.buttons.length > 0;
  if (!isApart) return [question(talk, spot, [...head, ...lines], buttons)];
  return [{ lines: head, buttons: before.buttons }, question(talk, spot, lines, buttons)];
}

/** What is said at a question that stays hard: a person, or leaving it out; then short words in turn, one of them an example. */
function stuckLines(at: Walk, spot: Spot, times: number): readonly Phrase[] {
  const { optional } = spot.step;
  if (times === 0) return [own(optional ? 'stuck.optional' : 'stuck')];
  if (times % 3 === 1) return [own(optional ? 'stuck.optional.2' : 'stuck.2')];
  return times % 3 === 2 ? [own('stuck.3'), exampleOf(at, spot)] : [own('stuck.4')];
}

/** What is said when an answer was not understood: the problem; then another way; then a person. Never the same twice running. */
export function missMessages(talk: Talk, spot: Spot, problem: Phrase): readonly Message[] {
  const { walk, session } = talk;
  const offered = buttonsOf(walk, session, spot);
  const ask = questionOf(talk, spot);
  if (session.misses >= LIMITS.missesToPerson) {
    const stuck = stuckLines(walk, spot, session.misses - LIMITS.missesToPerson);
    const buttons = [...offered, command('person', own('person.button'))];
    return [question(talk, spot, [...stuck, ...ask], buttons)];
  }
  if (session.misses !== 2) return [question(talk, spot, [problem, ...ask], offered)];
  const skip = spot.step.optional ? [own('miss.skip')] : [];
  return apart([problem, hintOf(walk, spot)], question(talk, spot, [...skip, ...ask], offered));
}

/** What helps with an answer may be long: it is a message of its own, so that the question stays short. */
const apart = (help: readonly Phrase[], asked: Message): readonly Message[] => [
  { lines: help, buttons: [] },
  asked,
];

/** To "không biết" where an answer is needed: why it is, where to find it, and that somebody can help. */
export function unknownMessages(talk: Talk, spot: Spot): readonly Message[] {
  const { walk, session } = talk;
  const second = session.misses % 2 === 0;
  const why = spot.step.personal === null ? own('unknown.why') : textOf(walk, spot, 'purpose');
  const where = second ? exampleOf(walk, spot) : hintOf(walk, spot);
  return apart(
    [own(second ? 'unknown.2' : 'unknown'), ...(second ? [] : [why]), where, own('unknown.help')],
    question(talk, spot, questionOf(talk, spot), [
      ...buttonsOf(walk, session, spot),
      command('person', own('person.button')),
    ]),
  );
}

/** How to answer a step. */
export const hintOf = (at: Walk, spot: Spot): Phrase =>
  textOf(at, spot, 'hint', [`kinds.hint.${spot.step.kind}`]);

const exampleOf = (at: Walk, spot: Spot): Phrase =>
  textOf(at, spot, 'example', [`kinds.example.${spot.step.kind}`, 'flow.nothing']);

/** GIẢI THÍCH: how to answer, an example, why it is asked; the question last. */
export function explainMessage(talk: Talk, spot: Spot): Message {
  const { walk, session } = talk;
  const { step } = spot;
  const example = exampleOf(walk, spot);
  const purpose = step.personal === null ? [] : [textOf(walk, spot, 'purpose')];
  const lines = [hintOf(walk, spot), example, ...purpose, askOf(walk, spot)];
  return question(talk, spot, lines, buttonsOf(walk, session, spot));
}

/** What can be done at a `stop`, in the order of its numbers. */
export function stopButtons(spot: Spot): readonly Button[] {
  const anyway = isFinal(spot.step) ? [] : [command('send-anyway', own('stop.anyway'))];
  return [command('edit', own('stop.edit')), command('person', own('person.button')), ...anyway];
}

/** Why this cannot succeed, with the law in one line, and what can be done. `again` is for words that were none of these. */
export function stopMessage({ walk }: Talk, spot: Spot, before: Lead, again: Phrase | null): Message {
  const why = again === null ? [textOf(walk, spot, 'ask'), textOf(walk, spot, 'law')] : [again];
  return {
    lines: [...before.lines, ...why, own('stop.what')],
    buttons: [...before.buttons, ...stopButtons(spot)],
  };
}
