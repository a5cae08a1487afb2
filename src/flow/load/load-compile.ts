/** From written-out drafts to compiled steps: conditions checked against the answers that can be there by then. */
import { compileCondition } from './conditions';
import type { ConditionSchema } from './condition-paths';
import type { Draft, Guard, RepeatDraft, StepDraft } from './load-drafts';
import { MORE } from '../list';
import { FlowProblem } from './problem';
import type { Problem } from './problem';
import type { CelType, Check, Condition, FlowEntry, RepeatStep, Step } from '../types';
import { LIMITS } from '../types';

interface Compile {
  readonly problems: Problem[];
  readonly facts: Readonly<Record<string, CelType>>;
  /** Grows in the order of the flow. */
  readonly answers: Map<string, CelType>;
  /** Shrinks in the order of the flow. */
  readonly later: Set<string>;
}

const NEVER: Condition = () => false;

function compile(job: Compile, guard: Guard, path: string): Condition {
  const { spaces, list } = guard;
  const schema: ConditionSchema = { answers: job.answers, later: job.later, facts: job.facts, spaces, list };
  try {
    return compileCondition(guard.source, schema);
  } catch (error) {
    if (!(error instanceof FlowProblem)) throw error;
    const problem = `"${guard.source}": ${error.message}`;
    job.problems.push({ ...guard.place, path, problem, remedy: error.remedy });
    return NEVER;
  }
}

function compileWhen(job: Compile, draft: Draft): { when: Condition | null; whenSource: string | null } {
  const parts = draft.whens.map((guard) => compile(job, guard, draft.path));
  const [first, ...rest] = parts;
  if (first === undefined) return { when: null, whenSource: null };
  const when: Condition = rest.length === 0 ? first : (scope) => parts.every((part) => part(scope));
  const sources = draft.whens.map(({ source }) => source);
  return {
    when,
    whenSource: sources.length === 1 ? (sources[0] ?? null) : sources.map((s) => `(${s})`).join(' && '),
  };
}

function compileChecks(job: Compile, draft: StepDraft): Check[] {
  return draft.checks.flatMap((guard, index): Check[] => {
    const written = draft.source.check?.[index];
    const when = compile(job, guard, draft.path);
    if (written?.error !== undefined)
      return [{ id: written.error, level: 'error', when, source: guard.source }];
    return written?.warn === undefined
      ? []
      : [{ id: written.warn, level: 'warn', when, source: guard.source }];
  });
}

function compileStep(job: Compile, draft: StepDraft): Step {
  const { source, kind, options, path, keys, section, whom, list } = draft;
  const whens = compileWhen(job, draft);
  job.answers.set(path, kind.cel);
  job.later.delete(path);
  return {
    ...{ path, kind: kind.name, reader: kind, options, ...whens, checks: compileChecks(job, draft) },
    ...{ rev: source.rev ?? 1, optional: source.optional ?? false, note: source.note ?? false },
    ...{ hidden: source.hidden ?? false, personal: source.personal ?? null, keys, section, whom, list },
  };
}

function compileRepeat(job: Compile, draft: RepeatDraft): RepeatStep {
  const { source, path, keys, section, whom } = draft;
  const { when, whenSource } = compileWhen(job, draft);
  job.answers.set(path, 'list');
  job.later.delete(path);
  const item = draft.item.map((step) => compileStep(job, step));
  for (const step of item) job.answers.delete(step.path);
  const max = source.max ?? LIMITS.repeatItems;
  const min = source.min ?? 0;
  if (min > max) {
    job.problems.push({
      ...draft.place,
      path,
      problem: `min ${min} is above max ${max}`,
      remedy: 'lower min',
    });
  }
  const more: Step = {
    ...{ path, kind: MORE.name, reader: MORE, options: { min, max }, when, whenSource, checks: [] },
    ...{
      rev: source.rev ?? 1,
      optional: false,
      note: false,
      hidden: false,
      personal: null,
      keys,
      section,
      whom,
    },
    list: null,
  };
  return { path, repeat: { min, max, item }, when, more };
}

/** Every path of a flow, in order; items of repeats with `*`. */
export const pathsOf = (drafts: readonly Draft[]): readonly string[] =>
  drafts.flatMap((draft) =>
    draft.sort === 'step' ? [draft.path] : [draft.path, ...draft.item.map(({ path }) => path)],
  );

/** Compiles drafts in order. Mistakes go to `problems`. */
export function compileDrafts(
  drafts: readonly Draft[],
  facts: Readonly<Record<string, CelType>>,
  problems: Problem[],
): readonly FlowEntry[] {
  const job: Compile = { problems, facts, answers: new Map(), later: new Set(pathsOf(drafts)) };
  return drafts.map((draft) => (draft.sort === 'step' ? compileStep(job, draft) : compileRepeat(job, draft)));
}
