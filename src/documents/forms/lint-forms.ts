/** Checks the form files: each cell is named and used, each path is a step of the flow, each required answer has its place. */
import { didYouMean, type Problem } from '../../flow/load/problem';
import type { Flow, Step } from '../../flow/types';
import type { CellSource, Form, ReadForm } from './form';
import { cellsIn, layoutOf } from './layout';

/** Step paths that a source reads; `any`: one of them at least must be a step. `asks`: read, but not written. */
interface Reads {
  readonly any: readonly string[];
  readonly asks?: true;
}

/** Steps by path, those of a repeat's items as `<list>.*.<id>`. */
const stepsOf = (flow: Flow): readonly Step[] =>
  flow.entries.flatMap((entry) => ('repeat' in entry ? [...entry.repeat.item] : [entry]));

function readsOf(source: CellSource, item: string): readonly Reads[] {
  if ('byHand' in source || 'dossier' in source) return [];
  if ('join' in source) return source.join.flatMap((one) => readsOf(one, item));
  if ('each' in source) return readsOf(source.item, `${source.each}.*`);
  const from = (typeof source.from === 'string' ? [source.from] : source.from).map((path) =>
    path.replace(/^item(?=\.)/, item),
  );
  const { of, where = {} } = 'tick' in source ? {} : source;
  return [
    ...from.map((path) => ({ any: of === undefined ? [path] : of.map((prefix) => `${prefix}.${path}`) })),
    ...Object.keys(where).map((path) => ({ any: [path], asks: true as const })),
  ];
}

const covers = (pattern: string, path: string): boolean =>
  pattern.endsWith('.*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

type Say = (path: readonly string[], problem: string, remedy: string) => Problem;

function cellProblems(form: Form, say: Say): readonly Problem[] {
  const used = cellsIn(layoutOf(form));
  const named = Object.keys(form.cells);
  return [
    ...used
      .filter((name) => form.cells[name] === undefined)
      .map((name) =>
        say(['body'], `cell {${name}} is not in cells`, didYouMean(name, named, 'name it in cells')),
      ),
    ...named
      .filter((name) => !used.includes(name))
      .map((name) => say(['cells', name], `cell ${name} is not in the body`, 'write it, or take it out')),
  ];
}

function pathProblems(form: Form, known: readonly string[], say: Say): readonly Problem[] {
  return Object.entries(form.cells).flatMap(([name, source]) =>
    readsOf(source, 'item')
      .filter(({ any }) => !any.some((path) => known.includes(path)))
      .map(({ any }) => {
        const path = any.join(' or ');
        return say(
          ['cells', name],
          `no step ${path}`,
          didYouMean(any[0] ?? '', known, `see flows/${form.procedure}.yaml`),
        );
      }),
  );
}

interface Says {
  readonly paths: readonly string[];
  readonly values: readonly string[];
  /** Must every choice be among them? */
  readonly all: boolean;
}

/** What a source says of the choices of its steps. */
function saysOf(source: CellSource): readonly Says[] {
  if ('join' in source) return source.join.flatMap(saysOf);
  if ('each' in source) return saysOf(source.item);
  if ('tick' in source) return [{ paths: [source.from], values: source.tick.map(String), all: false }];
  if (!('from' in source)) return [];
  const where = Object.entries(source.where ?? {}).map(([path, values]): Says => ({
    paths: [path],
    values: values.map(String),
    all: false,
  }));
  const paths = typeof source.from === 'string' ? [source.from] : source.from;
  return source.words === undefined
    ? where
    : [...where, { paths, values: Object.keys(source.words), all: true }];
}

const idsOf = ({ options }: Step): readonly string[] =>
  (options as { readonly choices?: readonly string[] } | null)?.choices ?? [];

/** Words stand for every choice of their steps, and for nothing else. */
function choiceProblems(form: Form, steps: readonly Step[], say: Say): readonly Problem[] {
  return Object.entries(form.cells).flatMap(([name, source]) =>
    saysOf(source).flatMap(({ paths, values, all }) => {
      const choices = steps
        .filter(({ path, kind }) => kind === 'choice' && paths.includes(path))
        .flatMap(idsOf);
      if (choices.length === 0) return [];
      const silent = all ? choices.filter((id) => !values.includes(id)) : [];
      const odd = values.filter((value) => !choices.includes(value));
      return [
        ...silent.map((id) =>
          say(['cells', name], `no words for the choice ${id}`, 'write them; "" for none'),
        ),
        ...odd.map((id) => say(['cells', name], `no choice ${id}`, didYouMean(id, choices, 'take it out'))),
      ];
    }),
  );
}

/** Required: the flow always wants it when it asks. Hidden ones and stops are no answers of a form. */
const isRequired = (step: Step): boolean => !step.optional && !step.hidden && step.kind !== 'stop';

function placeProblems(form: Form, steps: readonly Step[], say: Say): readonly Problem[] {
  const reads = Object.values(form.cells).flatMap((source) => readsOf(source, 'item'));
  const placed = new Set(reads.flatMap(({ any, asks }) => (asks ? [] : any)));
  const excused = Object.keys(form.notOnForm);
  return [
    ...steps
      .filter((step) => isRequired(step) && !placed.has(step.path))
      .filter(({ path }) => !excused.some((pattern) => covers(pattern, path)))
      .map(({ path }) =>
        say(['cells'], `the answer ${path} has no place`, 'give it a cell, or a reason in notOnForm'),
      ),
    ...excused
      .filter((pattern) => !steps.some(({ path }) => covers(pattern, path)))
      .map((pattern) => say(['notOnForm', pattern], `no step ${pattern}`, 'take it out')),
    ...excused
      .filter((pattern) => placed.has(pattern))
      .map((pattern) => say(['notOnForm', pattern], `${pattern} has a cell`, 'take it out')),
  ];
}

function formProblems({ source, form }: ReadForm, flows: ReadonlyMap<string, Flow>): readonly Problem[] {
  if (form === null) return [];
  const say: Say = (path, problem, remedy) => ({
    file: source.file,
    line: source.line(path),
    path: path.join('.'),
    problem,
    remedy,
  });
  const flow = flows.get(form.procedure);
  if (flow === undefined)
    return [
      say(['procedure'], `no flow ${form.procedure}`, didYouMean(form.procedure, flows.keys(), 'see flows/')),
    ];
  const steps = stepsOf(flow);
  const known = steps.map(({ path }) => path);
  return [
    ...cellProblems(form, say),
    ...pathProblems(form, known, say),
    ...choiceProblems(form, steps, say),
    ...placeProblems(form, steps, say),
  ];
}

/** Every problem of every form file, in the order of the files. */
export const lintForms = (forms: readonly ReadForm[], flows: readonly Flow[]): readonly Problem[] => {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  return forms.flatMap((read) => [...read.problems, ...formProblems(read, byId)]);
};
