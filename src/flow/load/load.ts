/** Reads a flow file with its blocks; finds all of an author's mistakes at once, each with its line. */
import { AppError } from '../../errors';
import { compileDrafts, pathsOf } from './load-compile';
import { expand } from './load-expand';
import type { Draft, Place } from './load-drafts';
import { didYouMean, formatProblem } from './problem';
import type { Problem } from './problem';
import { blockSchema, flowSchema } from './schema';
import type { FlowSource } from './schema';
import { STOP } from '../stop';
import type { Texts } from './texts';
import type { CelType, Flow, Kind, PersonSource } from '../types';
import { LIMITS } from '../types';
import { readYaml, schemaProblems } from './yaml-source';
import type { YamlSource } from './yaml-source';

export interface SourceFile {
  /** As it is shown in problems, e.g. `flows/blocks/person.yaml`. */
  readonly file: string;
  readonly text: string;
}

export interface LoadInput extends SourceFile {
  readonly blocks: readonly SourceFile[];
  /** All kinds by name; `stop` is added here. */
  readonly registry: Readonly<Record<string, Kind>>;
  /** Types of the facts that conditions may read. */
  readonly factTypes: Readonly<Record<string, CelType>>;
  /** Texts of every language: choices are understood in all of them. */
  readonly labels: readonly Texts[];
}

/** Where a step stands and what its author wrote, for the linter. */
export interface StepPlace extends Place {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ReadFlow {
  /** Null when there are problems. */
  readonly flow: Flow | null;
  readonly problems: readonly Problem[];
  /** By step path; repeats stand under their own path. */
  readonly places: ReadonlyMap<string, StepPlace>;
}

interface Book {
  readonly blocks: ReadonlyMap<string, YamlSource>;
  readonly problems: Problem[];
}

function readBlocks(files: readonly SourceFile[], problems: Problem[]): ReadonlyMap<string, YamlSource> {
  const blocks = new Map<string, YamlSource>();
  for (const { file, text } of files) {
    const source = readYaml(file, text);
    const result = blockSchema.safeParse(source.data);
    problems.push(...source.problems);
    if (!result.success) {
      if (source.problems.length === 0)
        problems.push(...schemaProblems(result.error, source, [], ['id', 'steps']));
      continue;
    }
    if (blocks.has(result.data.id)) {
      const problem = `block "${result.data.id}" stands twice`;
      problems.push({ file, line: source.line(['id']), path: 'id', problem, remedy: 'give it another id' });
    }
    blocks.set(result.data.id, source);
  }
  return blocks;
}

function checkPaths(drafts: readonly Draft[], problems: Problem[]): void {
  const seen = new Set<string>();
  const all = drafts.flatMap((draft) => (draft.sort === 'step' ? [draft] : [draft, ...draft.item]));
  const paths = new Set(all.map(({ path }) => path));
  for (const { path, place } of all) {
    if (seen.has(path))
      problems.push({ ...place, path, problem: 'stands twice', remedy: 'give one another id or "as"' });
    seen.add(path);
    const above = path.split('.').map((_, i, names) => names.slice(0, i).join('.'));
    const clash = above.find((prefix) => paths.has(prefix) && !path.startsWith(`${prefix}.*`));
    if (clash !== undefined) {
      problems.push({
        ...place,
        path,
        problem: `stands below the step "${clash}"`,
        remedy: 'rename one of them',
      });
    }
  }
  if (all.length > LIMITS.stepsPerFlow) {
    const problem = `${all.length} steps`;
    problems.push({
      file: all[0]?.place.file ?? '',
      line: 1,
      path: '-',
      problem,
      remedy: `at most ${LIMITS.stepsPerFlow}`,
    });
  }
}

function checkNames(
  data: FlowSource,
  drafts: readonly Draft[],
  source: YamlSource,
  problems: Problem[],
): void {
  const known = pathsOf(drafts).filter((path) => !path.includes('*'));
  const check = (path: string, at: readonly (string | number)[]): void => {
    if (known.includes(path)) return;
    const place = { file: source.file, line: source.line(at), path: at.join('.') };
    problems.push({
      ...place,
      problem: `unknown step "${path}"`,
      remedy: didYouMean(path, known, 'name a step'),
    });
  };
  check(data.agencyFrom, ['agencyFrom']);
  for (const [role, sources] of Object.entries(data.people)) {
    sources.forEach((person: PersonSource, i) => {
      for (const [key, path] of Object.entries(person)) check(path as string, ['people', role, i, key]);
    });
  }
}

function placesOf(drafts: readonly Draft[]): Map<string, StepPlace> {
  const rows = drafts.flatMap((draft): [string, StepPlace][] => {
    if (draft.sort === 'step')
      return [[draft.path, { ...draft.place, kind: draft.kind.name, options: draft.rawOptions }]];
    const own: [string, StepPlace] = [draft.path, { ...draft.place, kind: 'list', options: {} }];
    return [own, ...placesOf(draft.item)];
  });
  return new Map(rows);
}

/** A block put in twice has its mistakes once. */
const once = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [formatProblem(problem), problem])).values(),
];

function build(input: LoadInput, source: YamlSource, data: FlowSource, book: Book): ReadFlow {
  const { problems, blocks } = book;
  const registry = { ...input.registry, [STOP.name]: STOP };
  const drafts = expand({ blocks, registry, problems, labels: input.labels }, source, data.id, data.steps);
  checkPaths(drafts, problems);
  checkNames(data, drafts, source, problems);
  const entries = compileDrafts(drafts, input.factTypes, problems);
  const places = placesOf(drafts);
  const { id, code, handover, agencyFrom, people } = data;
  const flow = problems.length > 0 ? null : { id, code, handover, agencyFrom, people, entries };
  return { flow, problems: once(problems), places };
}

/** Reads a flow without throwing for its mistakes: the linter's way. Each problem is given once. */
export function readFlow(input: LoadInput): ReadFlow {
  const problems: Problem[] = [];
  const blocks = readBlocks(input.blocks, problems);
  const source = readYaml(input.file, input.text);
  if (source.problems.length > 0)
    return { flow: null, problems: [...problems, ...source.problems], places: new Map() };
  const result = flowSchema.safeParse(source.data);
  if (!result.success) {
    problems.push(...schemaProblems(result.error, source, [], Object.keys(flowSchema.shape)));
    return { flow: null, problems, places: new Map() };
  }
  return build(input, source, result.data, { blocks, problems });
}

/** The flow, ready to run. Throws AppError 'flow-invalid' whose message lists every mistake, one a line. */
export function loadFlow(input: LoadInput): Flow {
  const { flow, problems } = readFlow(input);
  if (flow === null) throw new AppError('flow-invalid', problems.map(formatProblem).join('\n'));
  return flow;
}
