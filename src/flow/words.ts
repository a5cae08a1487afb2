/** Phrases about one step: its own texts with their parameters, its answer as people read it, what is wrong with a reading. */
import { isMore } from './list';
import { isStop } from './stop';
import type { AnswerValue, Phrase } from './types';
import type { Spot, Walk } from './view';

type Params = Readonly<Record<string, string | number | Phrase>>;

/** A phrase of the bot's own, `flow.<name>`. */
export const own = (name: string, params?: Params): Phrase =>
  params === undefined ? { key: `flow.${name}` } : { key: `flow.${name}`, params };

const under = (keys: readonly string[], suffix: string): readonly string[] =>
  keys.map((key) => `${key}.${suffix}`);

/** Does the filer only type for somebody else, who requests? The same answer in every flow. */
export const isHelped = (view: ReadonlyMap<string, AnswerValue>): boolean =>
  view.get('opening.forWhom') === 'helped';

/** Keys of a text; where somebody types for the applicant, the words for that (`ask.helped`) come first. */
export function textKeys(
  view: ReadonlyMap<string, AnswerValue>,
  keys: readonly string[],
  suffix: string,
): readonly string[] {
  const plain = under(keys, suffix);
  return isHelped(view) ? [...under(keys, `${suffix}.helped`), ...plain] : plain;
}

/** What every text of a step may name: facts, whose data, the number of the item, an officer's words. */
export function paramsOf(at: Walk, { step, n }: Spot): Params {
  const whom: Params = step.whom.length === 0 ? {} : { whom: { key: textKeys(at.view, step.whom, 'whom') } };
  return { ...at.params, ...whom, ...(n > 0 ? { n } : {}), ...step.params };
}

/** A text of the step, e.g. `ask`; `fallbacks` are whole keys to try after its own. */
export function textOf(at: Walk, spot: Spot, suffix: string, fallbacks: readonly string[] = []): Phrase {
  return { key: [...textKeys(at.view, spot.step.keys, suffix), ...fallbacks], params: paramsOf(at, spot) };
}

export function labelOf(at: Walk, spot: Spot): Phrase {
  return textOf(at, spot, 'label', isStop(spot.step) ? ['flow.stop.label'] : []);
}

export function sectionOf(at: Walk, spot: Spot): Phrase {
  return { key: under(spot.step.section, 'title'), params: paramsOf(at, spot) };
}

/** A value of the step as people read it; a skipped one says so. */
export function display({ step }: Spot, value: AnswerValue): Phrase {
  return value === null ? own('skipped') : step.reader.show(value, step.options, step.keys);
}

/** The question itself. */
export function askOf(at: Walk, spot: Spot): Phrase {
  if (!isMore(spot.step)) return textOf(at, spot, 'ask');
  return textOf(at, spot, spot.n === 0 ? 'any' : 'more');
}

/** A phrase that is surely a key. */
export interface Keyed {
  readonly key: readonly string[];
  readonly params: Params;
}

/** What is wrong with a reading, in a first or second wording: the step's own words, then its kind's, then anybody's. */
export function problemOf(
  at: Walk,
  spot: Spot,
  problem: string,
  second: boolean,
  params: Params = {},
): Keyed {
  const kind = isMore(spot.step) ? 'yes-no' : spot.step.kind;
  const suffix = second ? `${problem}.2` : problem;
  const ours = textKeys(at.view, spot.step.keys, `error.${suffix}`);
  const key = [...ours, `kinds.error.${kind}.${suffix}`, `kinds.error.any.${suffix}`];
  return { key, params: { ...paramsOf(at, spot), ...params } };
}

/** Which rule across answers is broken. */
export function checkOf(at: Walk, spot: Spot, id: string, second: boolean): Phrase {
  return textOf(at, spot, second ? `error.${id}.2` : `error.${id}`);
}
