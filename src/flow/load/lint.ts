/** The linter of flow files: everything a citizen would otherwise find out. */
import { languageOf, pronounProblems, stepsOf, textProblems } from './lint-texts';
import type { Language } from './lint-texts';
import { tourOf } from './lint-walks';
import type { Tour } from './lint-walks';
import type { ReadFlow, SourceFile } from './load';
import { lockProblems } from './lock';
import type { Lock } from './lock';
import { formatProblem } from './problem';
import type { Problem } from './problem';
import type { CelType } from '../types';

export interface LintInput {
  readonly flows: readonly { readonly file: string; readonly read: ReadFlow }[];
  readonly locales: Readonly<Record<'vi' | 'en', readonly SourceFile[]>>;
  readonly lock: Lock;
  readonly factTypes: Readonly<Record<string, CelType>>;
  /** Names of the facts that hold for a flow in the whole nation: its texts may say them. */
  readonly factNames: (flow: string) => readonly string[];
}

export interface Lint {
  readonly problems: readonly Problem[];
  /** Per flow that loads. */
  readonly tours: ReadonlyMap<string, Tour & { readonly steps: number }>;
}

/** Questions a common case may have. */
const COMMON_CASE = 20;
/** Kinds whose answers are personal data by their nature. */
const PERSONAL = new Set(
  'person-name national-id phone email address sex photo ethnicity nationality'.split(' '),
);

function personalProblems({ flow, places }: ReadFlow): readonly Problem[] {
  const steps = flow === null ? [] : stepsOf(flow);
  const bare = steps.filter(({ kind, personal }) => personal === null && PERSONAL.has(kind));
  return bare.map(({ path, kind }) => ({
    ...(places.get(path) ?? { file: '-', line: 1 }),
    path,
    problem: `kind "${kind}" is personal data, but nothing says how long it is kept`,
    remedy: 'add personal: { retentionDays: … } and the text "purpose"',
  }));
}

function tourProblems({ places }: ReadFlow, file: string, tour: Tour): readonly Problem[] {
  const unreached = tour.unreached.map((path) => ({
    ...(places.get(path) ?? { file, line: 1 }),
    path,
    problem: 'is never reached',
    remedy: 'look at its "when" and at the stops above it',
  }));
  const long = {
    file,
    line: 1,
    path: '-',
    problem: `the common case has ${tour.common} questions`,
    remedy: `at most ${COMMON_CASE}`,
  };
  const place = places.get(tour.stuck ?? '') ?? { file, line: 1 };
  const stuck = {
    ...place,
    path: tour.stuck ?? '-',
    problem: 'the common case ends here',
    remedy: 'put the common choice first',
  };
  return [
    ...unreached,
    ...(tour.common > COMMON_CASE ? [long] : []),
    ...(tour.stuck === null ? [] : [stuck]),
  ];
}

/** First keys whose Vietnamese the engine says: flows, their blocks, and the bot's own. */
function rootsOf(flows: LintInput['flows']): ReadonlySet<string> {
  const steps = flows.flatMap(({ read }) => (read.flow === null ? [] : stepsOf(read.flow)));
  return new Set([
    'flow',
    'kinds',
    ...steps.flatMap(({ keys }) => keys.map((key) => key.split('.')[0] ?? '')),
  ]);
}

const plain = ({ file, line, path, problem, remedy }: Problem): Problem => ({
  file,
  line,
  path,
  problem,
  remedy,
});

/** All problems of all flows, each once, in the order of files and lines. */
export function lintFlows({ flows, locales, lock, factTypes, factNames }: LintInput): Lint {
  const vi = languageOf('vi', locales.vi);
  const languages: readonly Language[] = [vi, languageOf('en', locales.en)];
  const tours = new Map<string, Tour & { steps: number }>();
  const problems = flows.flatMap(({ file, read }): readonly Problem[] => {
    if (read.flow === null) return read.problems;
    const tour = tourOf(read.flow, factTypes);
    tours.set(read.flow.id, { ...tour, steps: stepsOf(read.flow).length });
    const own = [...personalProblems(read), ...tourProblems(read, file, tour)];
    const texts = textProblems(read, languages, factNames(read.flow.id));
    return [...texts, ...own, ...lockProblems(read, file, lock)];
  });
  const all = [...problems, ...pronounProblems(vi, rootsOf(flows))].map(plain);
  const once = [...new Map(all.map((problem) => [formatProblem(problem), problem])).values()];
  const sorted = once.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  return { problems: sorted, tours };
}
