/** The path follows from the answers: one walk from the top finds what applies, what counts, and what is asked next. */
import { extraSteps } from './extra';
import { closed, emptyList } from './list';
import type { ListOptions } from './list';
import { isStop } from './stop';
import type { AgencyView, Answer, AnswerValue, Context, Flow, FlowEntry } from './types';
import type { ListValue, Phrase, RepeatStep, Scalar, Session, Step, World } from './types';

/**
 * Why a step is asked: `new` has no answer; `rev` its meaning changed; `officer` an officer wants it again; `agency` the consent named
 * another agency; `invalid` its kind no longer accepts it; `check` breaks the rule of that id.
 */
export type Why = 'new' | 'rev' | 'officer' | 'agency' | 'invalid' | { readonly check: string };

/** One step where it stands in this run. */
export interface Spot {
  readonly step: Step;
  /** Concrete path, item ids in place of `*`. */
  readonly path: string;
  /** Number of the item, from 1; 0 outside of repeats. */
  readonly n: number;
  /** What counts: null where it is still to be asked. */
  readonly answer: Answer | null;
  /** Null where the answer counts. */
  readonly why: Why | null;
  /** `warn` checks that hold over the view up to here. */
  readonly warns: readonly string[];
  /** In a repeat's own spot: the list as it is. */
  readonly list: ListValue | null;
}

export interface Walk {
  /** Steps that apply and are answered, in order. */
  readonly lines: readonly Spot[];
  /** First step without an answer that counts; null when all is there. */
  readonly next: Spot | null;
  /** Questions that apply as far as the answers tell, answered ones included. */
  readonly total: number;
  /** Steps beyond the next one that gather photos and apply as far as the answers tell. */
  readonly later: readonly Spot[];
  readonly view: ReadonlyMap<string, AnswerValue>;
  readonly world: World;
  /** Parameters for every phrase, as of the agency. */
  readonly params: Readonly<Record<string, string | number | Phrase>>;
}

/** What grows while walking; conditions read it as their scope. */
interface Trail {
  readonly flow: Flow;
  readonly session: Session;
  readonly context: Context;
  readonly view: Map<string, AnswerValue>;
  readonly today: string;
  facts: Readonly<Record<string, Scalar | null>>;
  agency: AgencyView | null;
  item: string | null;
  n: number;
  world: World;
  readonly lines: Spot[];
  readonly later: Spot[];
  next: Spot | null;
  /** Past the next question. */
  ahead: boolean;
  total: number;
}

function start(flow: Flow, session: Session, context: Context): Trail {
  const { today, findCommunes, served = [] } = context;
  const world = { today, findCommunes, served, agency: null };
  const where = { item: null, n: 0, lines: [], later: [], next: null, ahead: false, total: 0 };
  return {
    flow,
    session,
    context,
    view: new Map(),
    today,
    facts: context.factsOf(null),
    agency: null,
    world,
    ...where,
  };
}

/** The answer kept for a path, counting or not. */
export const keptAnswer = (session: Session, path: string): Answer | null =>
  Object.hasOwn(session.answers, path) ? (session.answers[path] ?? null) : null;

function concrete(trail: Trail, step: Step): string {
  return trail.item === null || step.list === null
    ? step.path
    : trail.item + step.path.slice(step.list.length + 2);
}

function findAgency(trail: Trail, value: AnswerValue): void {
  const { code } = typeof value === 'object' && value !== null && 'code' in value ? value : { code: value };
  trail.agency = typeof code === 'string' ? trail.context.agencyOf(code) : null;
  trail.facts = trail.context.factsOf(trail.agency);
  trail.world = { ...trail.world, agency: trail.agency };
}

function whyNot(trail: Trail, step: Step, answer: Answer | null): Why | null {
  if (answer === null) return 'new';
  if (answer.rev !== step.rev) return answer.rev < 0 ? 'officer' : 'rev';
  if (answer.value === null) return step.optional ? null : 'invalid';
  if (step.reader.accepts(answer.value, step.options, trail.world)) return null;
  if (step.reader.gathers === true) return 'new';
  return step.kind === 'consent' ? 'agency' : 'invalid';
}

/** Puts an answer into the view if it counts; says why when it does not. */
function enter(trail: Trail, step: Step, path: string, answer: Answer | null): Why | null {
  const why = whyNot(trail, step, answer);
  if (why !== null || answer === null) return why;
  trail.view.set(path, answer.value);
  if (answer.value === null) return null;
  const broken = step.checks.find((check) => check.level === 'error' && check.when(trail));
  if (broken !== undefined) {
    trail.view.delete(path);
    return { check: broken.id };
  }
  if (path === trail.flow.agencyFrom) findAgency(trail, answer.value);
  return null;
}

function visit(trail: Trail, step: Step): void {
  if (step.when !== null && !step.when(trail)) return;
  if (!isStop(step)) trail.total += 1;
  if (trail.next !== null && step.reader.gathers !== true) return;
  const path = concrete(trail, step);
  // Written out without spread: this is the innermost loop of every turn.
  const { n } = trail;
  if (trail.next !== null) {
    trail.later.push({ step, path, n, answer: null, why: 'new', warns: NONE, list: null });
    return;
  }
  const answer = keptAnswer(trail.session, path);
  const why = enter(trail, step, path, answer);
  if (why !== null) {
    trail.next = { step, path, n, answer: null, why, warns: [], list: null };
    trail.ahead = true;
  } else trail.lines.push({ step, path, n, answer, why, warns: warnsOf(trail, step), list: null });
}

const NONE: readonly string[] = [];

function warnsOf(trail: Trail, { checks }: Step): readonly string[] {
  if (checks.length === 0) return NONE;
  return checks.filter(({ level, when }) => level === 'warn' && when(trail)).map(({ id }) => id);
}

/** The list of a repeat as it counts: what was stored, or as many empty items as there must be. */
function listOf(
  trail: Trail,
  { path, more }: RepeatStep,
): { list: ListValue; answer: Answer | null; why: Why } {
  const answer = keptAnswer(trail.session, path);
  const why = whyNot(trail, more, answer);
  if (answer !== null && why === null) return { list: answer.value as ListValue, answer, why: 'new' };
  return { list: emptyList((more.options as ListOptions).min), answer: null, why: why ?? 'new' };
}

function visitRepeat(trail: Trail, repeat: RepeatStep): void {
  if (repeat.when !== null && !repeat.when(trail)) return;
  const { list, answer, why } = listOf(trail, repeat);
  if (trail.next === null) trail.view.set(repeat.path, list.items);
  list.items.forEach((id, index) => {
    trail.item = `${repeat.path}.${id}`;
    trail.n = index + 1;
    for (const step of repeat.repeat.item) visit(trail, step);
  });
  trail.item = null;
  trail.n = 0;
  const done = list.done || list.items.length >= repeat.repeat.max;
  trail.total += done ? 0 : 1;
  if (trail.next !== null) return;
  const spot = { step: repeat.more, path: repeat.path, n: list.items.length, warns: [], list };
  if (!done) {
    trail.next = { ...spot, answer: null, why };
    trail.ahead = true;
    return;
  }
  const full: Answer = {
    value: closed(list),
    source: 'typed',
    rev: repeat.more.rev,
    at: trail.context.at,
    by: 'citizen',
  };
  trail.lines.push({ ...spot, answer: answer ?? full, why: null });
}

const isRepeat = (entry: FlowEntry): entry is RepeatStep => 'repeat' in entry;

/** Walks the flow over the session's answers. Pure; cost grows with the number of steps and items. */
export function walk(flow: Flow, session: Session, context: Context): Walk {
  const trail = start(flow, session, context);
  for (const entry of flow.entries) {
    if (isRepeat(entry)) visitRepeat(trail, entry);
    else visit(trail, entry);
  }
  for (const step of extraSteps(session.extra)) visit(trail, step);
  const { lines, later, next, total, view, world } = trail;
  return { lines, later, next, total, view, world, params: context.paramsOf(trail.agency) };
}

/** The spot at a path, if it applies and has been reached. */
export function spotAt(at: Walk, path: string): Spot | null {
  if (at.next?.path === path) return at.next;
  return at.lines.find((spot) => spot.path === path) ?? null;
}

/** What is being asked: the step in focus while it applies, else the next one. */
export function present(at: Walk, session: Session): Spot | null {
  const focus = session.focus === null ? null : spotAt(at, session.focus);
  return focus ?? at.next;
}

/** Steps after a spot, in its own repeat too, whatever their conditions. */
export function stepsAfter(flow: Flow, spot: Spot): readonly Spot[] {
  const list = spot.step.list;
  const item =
    list === null
      ? null
      : spot.path
          .split('.')
          .slice(0, list.split('.').length + 1)
          .join('.');
  const steps = flow.entries.flatMap((entry): readonly Step[] => {
    if (!('repeat' in entry)) return [entry];
    return entry.path === list ? entry.repeat.item : [];
  });
  const from = steps.findIndex(({ path }) => path === spot.step.path) + 1;
  const at = (step: Step): Spot => {
    const path =
      step.list === null || item === null ? step.path : item + step.path.slice(step.list.length + 2);
    const n = step.list === null ? 0 : spot.n;
    return { step, path, n, answer: null, why: 'new', warns: [], list: null };
  };
  return steps.slice(from).map(at);
}

/** A question that is still some way off. */
export function comingAt(flow: Flow, at: Walk, path: string): Spot | null {
  const last = at.lines.at(-1);
  return last === undefined ? null : (stepsAfter(flow, last).find((spot) => spot.path === path) ?? null);
}
