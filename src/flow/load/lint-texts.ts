/** Are all texts of a flow there, in both languages, short enough, and without pronouns of their own? */
import { isMore } from '../list';
import type { ReadFlow, SourceFile } from './load';
import type { Problem } from './problem';
import { CHOICE_CHARS, LABEL_CHARS } from '../review';
import { isStop } from '../stop';
import { flatten } from './texts';
import type { Flow, Step } from '../types';
import { LIMITS } from '../types';
import type { YamlSource } from './yaml-source';
import { readYaml } from './yaml-source';

interface Entry {
  readonly words: string;
  readonly source: YamlSource;
  readonly names: readonly string[];
}

export interface Language {
  readonly name: 'vi' | 'en';
  readonly texts: ReadonlyMap<string, Entry>;
}

function leaves(tree: unknown, names: readonly string[]): readonly (readonly [readonly string[], string])[] {
  if (typeof tree === 'string') return [[names, tree]];
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, inner]) => leaves(inner, [...names, name]));
}

/** One language from its files; a file's name is the first part of its keys. */
export function languageOf(name: Language['name'], files: readonly SourceFile[]): Language {
  const rows = files.flatMap(({ file, text }) => {
    const source = readYaml(file, text);
    const root = /([^/]+)\.json$/.exec(file)?.[1] ?? file;
    return leaves(source.data, []).map(([names, words]): [string, Entry] => [
      [root, ...names].join('.'),
      { words, source, names },
    ]);
  });
  return { name, texts: new Map(rows) };
}

/** A text that must be there: what it is, where it may stand, how long it may be. */
interface Need {
  readonly text: string;
  readonly keys: readonly string[];
  readonly max: number;
}

const need = (step: Pick<Step, 'keys'>, text: string, max: number = LIMITS.askChars): Need => ({
  text,
  keys: step.keys.map((key) => `${key}.${text}`),
  max,
});

/** Kinds whose answer is typed, so that an example helps. */
const SHOWN_BY_CHOICES = new Set(['choice', 'yes-no', 'consent', 'sex', 'photo', 'file', 'multi-choice']);

function choiceNeeds(step: Step): readonly Need[] {
  const { choices } = step.options as { choices?: unknown };
  if (!Array.isArray(choices)) return [];
  return choices.map((id) => need(step, `choice.${String(id)}`, CHOICE_CHARS));
}

function checkNeeds(step: Step): readonly Need[] {
  return step.checks.flatMap(({ id, level }) =>
    level === 'warn' ? [need(step, `warn.${id}`)] : [need(step, `error.${id}`), need(step, `error.${id}.2`)],
  );
}

function needsOf(step: Step): readonly Need[] {
  const title = { text: 'title', keys: step.section.map((key) => `${key}.title`), max: LABEL_CHARS };
  if (isStop(step)) return [need(step, 'ask'), need(step, 'law')];
  const asked = [need(step, 'label', LABEL_CHARS), need(step, 'hint'), title];
  if (isMore(step))
    return [
      ...asked,
      need(step, 'more'),
      ...((step.options as { min: number }).min === 0 ? [need(step, 'any')] : []),
    ];
  return [
    need(step, 'ask'),
    ...asked,
    ...(SHOWN_BY_CHOICES.has(step.kind) ? [] : [need(step, 'example')]),
    ...(step.note ? [need(step, 'note', LIMITS.noteChars)] : []),
    ...(step.personal === null ? [] : [need(step, 'purpose')]),
    ...choiceNeeds(step),
    ...checkNeeds(step),
  ];
}

/** What is said where somebody types for the applicant, if there are words of its own for that. */
const helped = ({ text, keys, max }: Need): Need => ({
  text: `${text}.helped`,
  keys: keys.map((key) => `${key}.helped`),
  max,
});

/** All steps of a flow, those inside repeats too. */
export const stepsOf = (flow: Flow): readonly Step[] =>
  flow.entries.flatMap((entry) => ('repeat' in entry ? [entry.more, ...entry.repeat.item] : [entry]));

const find = ({ texts }: Language, keys: readonly string[]): Entry | undefined => {
  const key = keys.find((candidate) => texts.has(candidate));
  return key === undefined ? undefined : texts.get(key);
};

function atText({ source, names }: Entry, problem: string, remedy: string): Problem {
  return { file: source.file, line: source.line(names), path: names.join('.'), problem, remedy };
}

function missing({ name }: Language, step: Step, { text, keys }: Need, read: ReadFlow): Problem {
  const key = keys.at(-1) ?? text;
  const place = read.places.get(step.path) ?? { file: '-', line: 1 };
  const [root = '', ...names] = key.split('.');
  const write = `write "${names.join('.')}" in locales/${name}/${root}.json`;
  const remedy = keys.length === 0 ? 'say it without {{whom}}: this step belongs to no block' : write;
  return {
    file: place.file,
    line: place.line,
    path: step.path,
    problem: `no text "${text}" in ${name}`,
    remedy,
  };
}

/** What every text may name beside the facts of its flow. */
const ALWAYS = 'you You me yes whom n agency agencyAddress agencyHours agencyPhone portal'.split(' ');

/** Names a text says that nobody will fill in. Errors and warnings have parameters of their own. */
function unfilled({ text }: Need, { words }: Entry, facts: readonly string[]): readonly string[] {
  if (/^(error|warn)\./.test(text)) return [];
  const names = [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
  return names.filter((name) => !ALWAYS.includes(name) && !facts.includes(name));
}

function factProblems(language: Language, step: Step, { flow, places }: ReadFlow, facts: readonly string[]) {
  const place = places.get(step.path) ?? { file: '-', line: 1 };
  return needsOf(step)
    .flatMap((one) => [one, helped(one)])
    .flatMap((one) => {
      const entry = find(language, one.keys);
      const names = entry === undefined ? [] : unfilled(one, entry, facts);
      return names.map((name) => ({
        ...place,
        path: step.path,
        problem: `text "${one.text}" in ${language.name} says {{${name}}}, which is no fact here`,
        remedy: `add "${name}" for the nation to flows/facts/${flow?.id ?? ''}.yaml`,
      }));
    });
}

function stepProblems(language: Language, step: Step, read: ReadFlow): readonly Problem[] {
  const needs = needsOf(step);
  const others = needs.map(helped).filter(({ keys }) => find(language, keys) !== undefined);
  const found = [...needs, ...others].map((one) => ({ one, entry: find(language, one.keys) }));
  const problems = found.flatMap(({ one, entry }): Problem[] => {
    if (entry === undefined) return [missing(language, step, one, read)];
    const { length } = entry.words;
    return length <= one.max
      ? []
      : [atText(entry, `has ${length} characters`, `at most ${one.max} for "${one.text}"`)];
  });
  const whom = { text: 'whom', keys: step.whom.map((key) => `${key}.whom`), max: LABEL_CHARS };
  const named = found.some(({ entry }) => entry?.words.includes('{{whom}}') === true);
  return named && find(language, whom.keys) === undefined
    ? [...problems, missing(language, step, whom, read)]
    : problems;
}

/** Texts that a flow's steps need but do not have, that are too long, or that name what is not among the flow's `facts`. */
export function textProblems(
  read: ReadFlow,
  languages: readonly Language[],
  facts: readonly string[],
): readonly Problem[] {
  const steps = read.flow === null ? [] : stepsOf(read.flow);
  return languages.flatMap((language) =>
    steps.flatMap((step) => [
      ...stepProblems(language, step, read),
      ...factProblems(language, step, read, facts),
    ]),
  );
}

/** Ways to address people that leave somebody out; texts say {{you}}, {{You}}, {{me}}, {{yes}} instead. */
const PRONOUNS =
  /(?<!\p{L})(?:bạn|quý khách|quý vị|quý ông|quý bà|anh\/chị|anh \(chị\)|chị\/anh|ông\/bà|ông \(bà\)|cô\/chú|cô chú|bác\/cô|chúng tôi|chúng em|chúng mình)(?!\p{L})/iu;

/** Vietnamese texts under the given first keys that address people in words of their own. */
export function pronounProblems({ texts }: Language, roots: ReadonlySet<string>): readonly Problem[] {
  return [...texts].flatMap(([key, entry]): Problem[] => {
    const word = roots.has(key.split('.')[0] ?? '') ? PRONOUNS.exec(entry.words)?.[0] : undefined;
    if (word === undefined) return [];
    return [atText(entry, `addresses people as "${word}"`, 'write {{you}}, {{You}}, {{me}} or {{yes}}')];
  });
}

/** The flat texts of a language's files, as the loader wants them. */
export const labelsOf = (files: readonly SourceFile[]): ReadonlyMap<string, string> =>
  new Map(
    files.flatMap(({ file, text }) => [
      ...flatten({ [/([^/]+)\.json$/.exec(file)?.[1] ?? file]: readYaml(file, text).data }),
    ]),
  );
