/** Walks flows the way citizens might: how many questions the common case has, which steps nobody ever reaches. */
import { startSession } from '../engine';
import { closed, emptyList, isMore, withItem } from '../list';
import { samplePhotos } from '../kinds/photo';
import type { PhotoOptions } from '../kinds/photo';
import type { ListOptions } from '../list';
import { stepsOf } from './lint-texts';
import { isFinal, isStop } from '../stop';
import type { AnswerValue, CelType, Context, Flow, Scalar, Session, Step, World } from '../types';
import type { Spot, Walk } from '../view';
import { walk } from '../view';

/** Answers that some kind or other reads; the first is the common one. Ages from a child to a great-grandmother. */
const SAMPLES = [
  ...[
    'Nguyễn Văn An',
    '0912345678',
    '15/03/1985',
    '2',
    '1',
    '20',
    '001085001234',
    '001190000123',
    '001165000456',
    'an@example.com',
    'có ghi chú',
  ],
  ...[
    '01/06/2024',
    '01/06/2011',
    '01/06/2009',
    '02/09/1965',
    '02/09/1945',
    '1950',
    'số 5 ngõ 3, Phường Mẫu',
    '500000',
  ],
];
const SAMPLE_COMMUNE = { code: '00000', name: 'Phường Mẫu', provinceCode: '01', provinceName: 'Hà Nội' };
const OTHER_COMMUNE = { ...SAMPLE_COMMUNE, code: '00001', name: 'Phường Khác' };
/** Turns of one walk, and walks of one flow. */
const STEPS = 500;
const TRIES = 300;
const RETRIES = 10;

/** Small seeded generator (mulberry32): the same flow gives the same walks. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

type Roll = (sides: number) => number;
type FactTypes = Readonly<Record<string, CelType>>;

function anyFact(type: CelType, roll: Roll): Scalar | null {
  if (roll(3) === 0) return null;
  if (type === 'double') return [0, 8000, 75_000][roll(3)] ?? 0;
  return type === 'bool' ? roll(2) === 0 : 'any';
}

/** The common commune, and for one of the samples another one. */
const findCommunes = (typed: string) => [typed.startsWith('số ') ? OTHER_COMMUNE : SAMPLE_COMMUNE];

/** A world for one walk: the common one without dice, any with them. */
function worldOf(factTypes: FactTypes, roll: Roll | null): Context {
  const agency = {
    id: 'sample',
    name: 'Phường Mẫu',
    receives: roll === null || roll(4) > 0,
    demo: roll !== null && roll(4) === 0,
  };
  const facts = Object.entries(factTypes).map(([name, type]) => [
    name,
    roll === null ? null : anyFact(type, roll),
  ]);
  const none = roll !== null && roll(8) === 0;
  return {
    ...{ at: '2026-01-01T00:00:00.000Z', today: '2026-01-01', findCommunes },
    ...{
      agencyOf: () => (none ? null : agency),
      factsOf: () => Object.fromEntries(facts) as Record<string, Scalar | null>,
    },
    paramsOf: () => ({}),
  };
}

/** Values read once for each step of a flow that is toured. */
type Known = Map<Step, readonly AnswerValue[]>;

/** Every value we know to give a step; the common one first. */
function valuesFor({ step }: Spot, { world }: Walk, known: Known): readonly AnswerValue[] {
  const choices = step.reader.choices?.(step.options, step.keys, world) ?? [];
  if (step.reader.gathers === true)
    return [samplePhotos(step.options as PhotoOptions), ...choices.map(({ value }) => value)];
  if (choices.length > 0) {
    const values = choices.map(({ value }) => value);
    return step.reader.cel === 'bool' ? [...values].reverse() : values;
  }
  const values = known.get(step) ?? samplesFor(step, world);
  known.set(step, values);
  return values;
}

function samplesFor(step: Step, world: World): readonly AnswerValue[] {
  return SAMPLES.flatMap((text) => {
    const reading = step.reader.read(text, step.options, world);
    const value = reading.ok ? reading.value : (reading.suggest ?? reading.choices?.[0]?.value ?? null);
    return value === null ? [] : [value];
  });
}

/** A session with one more answer. */
function answered(session: Session, { path, step }: Spot, value: AnswerValue, at: string): Session {
  const answer = { value, source: 'typed', rev: step.rev, at, by: 'lint' } as const;
  return { ...session, answers: { ...session.answers, [path]: answer } };
}

/** Where the common case stands, to try answers. */
interface Common {
  readonly flow: Flow;
  readonly session: Session;
  readonly context: Context;
}

/** The common answer: the first choice; of what is typed or may be skipped, whatever opens the fewest questions. */
function commonAnswer(spot: Spot, at: Walk, known: Known, common: Common): AnswerValue | undefined {
  const { step } = spot;
  const values = [...(step.optional ? [null] : []), ...valuesFor(spot, at, known)];
  const choices = step.reader.choices?.(step.options, step.keys, at.world) ?? [];
  if (choices.length > 0 && !step.optional) return values[0];
  const asks = values.map((value) => {
    const after = walk(common.flow, answered(common.session, spot, value, common.context.at), common.context);
    return after.next?.path === spot.path ? Infinity : after.total;
  });
  return values[asks.indexOf(Math.min(...asks))];
}

function answerFor(
  spot: Spot,
  at: Walk,
  roll: Roll | null,
  known: Known,
  common: Common,
): AnswerValue | undefined {
  const { step } = spot;
  if (isMore(step)) {
    const { min, max } = step.options as ListOptions;
    const list = spot.list ?? emptyList(min);
    return roll !== null && list.items.length < max && roll(2) === 0 ? withItem(list) : closed(list);
  }
  if (isStop(step)) return roll === null || isFinal(step) ? undefined : true;
  if (roll === null) return commonAnswer(spot, at, known, common);
  if (step.optional && roll(3) === 0) return null;
  const values = valuesFor(spot, at, known);
  return values[roll(values.length)];
}

interface Trip {
  /** Questions asked. */
  readonly asked: number;
  readonly seen: readonly Step[];
  /** The step for which no answer is known, or at which it ends. */
  readonly stuck: Step | null;
}

/** Questions behind and before one; a `stop` is none. */
const asked = ({ lines, next }: Walk): number =>
  [...lines, ...(next === null ? [] : [next])].filter(({ step }) => !isStop(step)).length;

function trip(flow: Flow, factTypes: FactTypes, roll: Roll | null, known: Known): Trip {
  const context = worldOf(factTypes, roll);
  let session: Session = startSession({ flow, key: 'lint', purpose: 'file' });
  let at = walk(flow, session, context);
  let again = 0;
  const seen: Step[] = [];
  for (let turn = 0; turn < STEPS && at.next !== null; turn += 1) {
    const { step, path } = at.next;
    seen.push(step);
    const value = answerFor(at.next, at, roll, known, { flow, session, context });
    // An answer that does not count once given (a broken rule across answers) is tried again with other dice, then left.
    again += Object.hasOwn(session.answers, path) && !isMore(step) ? 1 : 0;
    if (value === undefined || again > (roll === null ? 0 : RETRIES)) break;
    session = answered(session, at.next, value, context.at);
    at = walk(flow, session, context);
  }
  return { asked: asked(at), seen, stuck: at.next?.step ?? null };
}

export interface Tour {
  /** Questions of the common case: first choices, no, one item where one must be; skipped and typed so that least is asked. */
  readonly common: number;
  /** Where the common case ends early, if it does. */
  readonly stuck: string | null;
  /** Most questions any of the walks had: what was seen, not a bound. */
  readonly longest: number;
  /** Steps that no walk reached. */
  readonly unreached: readonly string[];
}

/** Tours a flow: the common case, then many walks with dice until every step was seen. */
export function tourOf(flow: Flow, factTypes: FactTypes): Tour {
  const known: Known = new Map();
  const common = trip(flow, factTypes, null, known);
  const unseen = new Set(stepsOf(flow).map(({ path }) => path));
  for (const { path } of common.seen) unseen.delete(path);
  let longest = common.asked;
  for (let seed = 1; seed <= TRIES && (unseen.size > 0 || seed <= 30); seed += 1) {
    const other = trip(flow, factTypes, dice(seed), known);
    longest = Math.max(longest, other.asked);
    for (const { path } of other.seen) unseen.delete(path);
  }
  return { common: common.asked, stuck: common.stuck?.path ?? null, longest, unreached: [...unseen] };
}
