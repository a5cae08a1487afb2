/** More was said than was asked: the first part answers the question, the rest is offered for the questions to come. */
import { give } from './answer';
import { lead, PICK } from './ask';
import type { Talk } from './ask';
import { namedChoice } from './patch';
import { moreButtons, moreLine } from './pending-question';
import { readYesNo } from './reading/yes-no-words';
import { segmentsOf } from './reading/segments';
import { isStop } from './stop';
import { fold } from './text';
import { labelled } from './topics';
import type { Labelled } from './topics';
import { say, settle, talkOf, withAnswer, withSession } from './turn';
import type { AnswerValue, Phrase, Scope, Session, Turn } from './types';
import { LIMITS } from './types';
import { comingAt, keptAnswer, spotAt, stepsAfter } from './view';
import type { Spot } from './view';
import { display, own } from './words';

/** An answer to a question that was not asked yet. */
interface Early {
  readonly spot: Spot;
  readonly value: AnswerValue;
}

/** Kinds that take nearly any words, so that nothing in them is sure to be more. */
const WORDS = new Set(['text', 'extra', 'consent', 'yes-no', 'list']);
/** Kinds whose plain answers have commas: only what is named ("sđt …") is more. */
const LINES = new Set(['address', 'commune']);
/** Of one person: only questions about the same one are meant. */
const PERSONAL = new Set(['date', 'partial-date', 'sex', 'national-id', 'ethnicity', 'nationality']);

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

/** What conditions see, with answers that are not stored put in. */
function scopeOf(talk: Talk, spot: Spot, early: readonly Early[]): Scope {
  const { world, view } = talk.walk;
  return {
    view: new Map([...view, ...early.map(({ spot: at, value }) => [at.path, value] as const)]),
    today: talk.context.today,
    facts: talk.context.factsOf(world.agency),
    agency: world.agency,
    item: spot.step.list === null ? null : parentOf(spot.path),
  };
}

// ---------------------------------------------------------------- what the parts mean

interface Part extends Labelled {
  readonly text: string;
}

const COUNTED = /\bban(?: sao)?(?: giay)?$/;
const FULL_DATE = /\d.*(?:[/.-]|thang).*\d|\b\d{8}\b|\b(?:19|20)\d\d\b/;

/** Are these words enough for this kind where nobody asked for it? */
function distinctive(spot: Spot, { topic, text }: Part): boolean {
  const { kind, path } = spot.step;
  if (topic !== null) return topic.fits(spot.step);
  const said = fold(text);
  switch (kind) {
    case 'date':
    case 'partial-date':
      return /birth|born/i.test(path) && FULL_DATE.test(said);
    case 'sex':
      return /\b(?:nam|nu|trai|gai)\b/.test(said) && !/\d/.test(said);
    case 'integer':
      return COUNTED.test(said);
    case 'national-id':
    case 'phone':
    case 'email':
      return true;
    default:
      return false;
  }
}

function valueOf(talk: Talk, asked: Spot, spot: Spot, part: Part): AnswerValue {
  const { world } = talk.walk;
  if (PERSONAL.has(spot.step.kind) && parentOf(asked.path) !== parentOf(spot.path)) return null;
  if (spot.step.kind === 'choice') return part.topic === null ? namedChoice(spot, part.text, world) : null;
  if (WORDS.has(spot.step.kind) || LINES.has(spot.step.kind) || !distinctive(spot, part)) return null;
  const reading = spot.step.reader.read(part.rest, spot.step.options, world);
  return reading.ok ? reading.value : null;
}

/** The questions to come that the parts answer, in the order they would be asked; each part answers one. */
function earlyIn(talk: Talk, asked: Spot, value: AnswerValue, parts: readonly Part[]): readonly Early[] {
  let early: readonly Early[] = [{ spot: asked, value }];
  let left = parts;
  for (const spot of stepsAfter(talk.flow, asked)) {
    if (left.length === 0) break;
    if (isStop(spot.step) || spot.step.hidden || keptAnswer(talk.session, spot.path) !== null) continue;
    const part = left.find((one) => valueOf(talk, asked, spot, one) !== null);
    if (part === undefined) continue;
    if (spot.step.when?.(scopeOf(talk, spot, early)) === false) continue;
    early = [...early, { spot, value: valueOf(talk, asked, spot, part) }];
    left = left.filter((one) => one !== part);
  }
  return early.slice(1);
}

// ---------------------------------------------------------------- asking

const lineOf = ({ walk }: Talk, { spot, value }: Early): Phrase => moreLine(walk, spot, value);

function askMore(talk: Talk, head: readonly Phrase[], early: readonly Early[]): Turn {
  const answers = early.map(({ spot, value }) => ({ step: spot.path, value }));
  const pending = { type: 'more', answers } as const;
  const lines = [...head, ...early.map((one) => lineOf(talk, one)), own('more.ask')];
  const buttons = moreButtons(answers[0]?.step ?? '');
  return { session: { ...talk.session, pending }, effects: [say({ lines, buttons, list: true })] };
}

/** The first part, what it is read as, and the parts after it. */
interface Heard {
  readonly first: AnswerValue;
  /** It must be shown before it counts. */
  readonly unsure: boolean;
  readonly parts: readonly Part[];
}

function heard(talk: Talk, { step }: Spot, text: string): Heard | null {
  const [head = '', ...rest] = segmentsOf(text);
  const all = rest.map((part) => ({ ...labelled(part), text: part }));
  const line = LINES.has(step.kind);
  const parts = line ? all.filter(({ topic }) => topic !== null) : all;
  const [next] = parts;
  if (next === undefined) return null;
  const first = line ? text.slice(0, text.indexOf(next.text)).replace(/[ ,.;\n]+$/, '') : head;
  const reading = step.reader.read(first, step.options, talk.walk.world);
  if (reading.ok) return { first: reading.value, unsure: false, parts };
  const { problem, suggest } = reading;
  return problem === 'confirm' && suggest !== undefined ? { first: suggest, unsure: true, parts } : null;
}

/** Is the whole text a plain answer after all? Names and lines take in what is no part of them. */
function isWhole({ walk }: Talk, { step }: Spot, text: string, { first }: Heard): boolean {
  if (step.kind === 'person-name' || LINES.has(step.kind)) return false;
  const whole = step.reader.read(text, step.options, walk.world);
  return whole.ok && JSON.stringify(whole.value) !== JSON.stringify(first);
}

/** Words that answer the question and others to come; null when they are only an answer, or none. */
export function moreThanAsked(talk: Talk, spot: Spot, text: string): Turn | null {
  if (WORDS.has(spot.step.kind) || spot.step.reader.gathers === true || spot.answer !== null) return null;
  const found = heard(talk, spot, text);
  if (found === null || isWhole(talk, spot, text, found)) return null;
  const early = earlyIn(talk, spot, found.first, found.parts);
  const apart = found.parts.every(({ topic }) => topic !== null && !topic.fits(spot.step));
  if (early.length === 0 && (found.unsure || !apart)) return null;
  if (found.unsure) return askMore(talk, [own('more.read')], [{ spot, value: found.first }, ...early]);
  const turn = give(talk, spot, { value: found.first, source: 'typed' });
  // A warning or a rule is talked about first; the rest is asked in its turn.
  if (early.length === 0 || turn.session.pending !== null || turn.session.misses > 0) return turn;
  const head = [own('echo', { value: display(spot, found.first) }), own('more.heard')];
  return askMore(talkOf(talk.flow, turn.session, talk.context), head, early);
}

// ---------------------------------------------------------------- the yes

type Waiting = readonly { readonly step: string; readonly value: AnswerValue }[];

/** Keeps an answer for a question that is still some way off, unless a rule has something to say about it. */
function keepFor(talk: Talk, spot: Spot, value: AnswerValue): Session | null {
  const { step, path } = spot;
  const scope = scopeOf(talk, spot, [{ spot, value }]);
  if (!step.reader.accepts(value, step.options, talk.walk.world)) return null;
  if (step.checks.some(({ when }) => when(scope))) return null;
  const answer = { value, source: 'typed', rev: step.rev, at: talk.context.at, by: 'citizen' } as const;
  return { ...talk.session, answers: withAnswer(talk.session, path, answer) };
}

/** Gives the answers in order; what needs talking ends it, and the rest is asked. */
function giveAll(start: Talk, answers: Waiting): Turn {
  let talk = withSession(start, { pending: null });
  const written: Phrase[] = [];
  for (const { step, value } of answers) {
    const reached = spotAt(talk.walk, step);
    const spot = reached ?? comingAt(talk.flow, talk.walk, step);
    if (spot === null) continue;
    const turn = reached === null ? null : give(talk, reached, { value, source: 'typed', confirmed: true });
    if (turn !== null && turn.session.pending !== null) return told(turn, written);
    if (turn !== null && turn.session.misses > 0) return told(turn, written);
    const session = turn === null ? keepFor(talk, spot, value) : turn.session;
    if (session === null) continue;
    talk = talkOf(talk.flow, session, talk.context);
    written.push(lineOf(talk, { spot, value }));
  }
  return settle(talk, written.length === 0 ? lead() : lead(own('more.done'), ...written));
}

/** A turn that stopped to talk, after what was written before it. */
function told(turn: Turn, written: readonly Phrase[]): Turn {
  const [first, ...others] = turn.effects;
  if (written.length === 0 || first?.type !== 'say') return turn;
  const message = { ...first.message, lines: [own('more.done'), ...written, ...first.message.lines] };
  return { ...turn, effects: [say(message), ...others] };
}

function answerMore(talk: Talk, yes: boolean): Turn | null {
  const { pending } = talk.session;
  if (pending?.type !== 'more') return null;
  if (!yes) return settle(withSession(talk, { pending: null }), lead(own('more.asked')));
  return giveAll(talk, pending.answers);
}

/** The words of its buttons, as people type them. */
const GO =
  /^(?:(?:u|da|vang|ok|co|dung) )*ghi(?: luon| di| giup| het| vao| ca)*(?: (?:nhe|nha|a|em|con|chau))*$/;
const ONE_BY_ONE = /^(?:(?:khong|thoi|da) )*hoi tung cau(?: (?:nhe|nha|a|di))*$/;

/** Words while more waits for a yes; null for what is a new answer. */
export function moreText(talk: Talk, text: string): Turn | null {
  if (talk.session.pending?.type !== 'more' || text.length > LIMITS.askChars) return null;
  const yes = GO.test(fold(text)) ? true : ONE_BY_ONE.test(fold(text)) ? false : readYesNo(text);
  return yes === null ? null : answerMore(talk, yes);
}

/** A tap while more waits for a yes. */
export function morePick(talk: Talk, step: string, choice: string): Turn | null {
  const { pending } = talk.session;
  if (pending?.type !== 'more' || pending.answers[0]?.step !== step) return null;
  return choice === PICK.yes || choice === PICK.no ? answerMore(talk, choice === PICK.yes) : null;
}
