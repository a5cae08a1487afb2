/** Writes a flow out: blocks put in, repeats opened, every step with its path, texts, place and the guards above it. */
import { z } from 'zod';
import { RESERVED } from './condition-paths';
import type { NameSpace } from './condition-paths';
import type { Common, Draft, Guard, Place } from './load-drafts';
import { didYouMean } from './problem';
import type { Problem } from './problem';
import { repeatSchema, stepSchema, useSchema } from './schema';
import type { UseSource } from './schema';
import { textsOf } from './texts';
import type { Texts } from './texts';
import type { Kind } from '../types';
import { schemaProblems } from './yaml-source';
import type { YamlPath, YamlSource } from './yaml-source';

/** Where the expansion stands. */
interface Here {
  readonly source: YamlSource;
  readonly at: YamlPath;
  /** Path prefix, with the dot; empty at the top. */
  readonly prefix: string;
  readonly bases: readonly string[];
  readonly section: readonly string[] | null;
  readonly whom: readonly string[];
  readonly spaces: readonly NameSpace[];
  readonly guards: readonly Guard[];
  readonly list: string | null;
  /** Blocks being put in, to find circles. */
  readonly open: readonly string[];
}

export interface Expansion {
  readonly blocks: ReadonlyMap<string, YamlSource>;
  readonly registry: Readonly<Record<string, Kind>>;
  readonly problems: Problem[];
  readonly labels: readonly Texts[];
}

type Raw = Record<string, unknown>;

function complain(job: Expansion, here: Here, path: string, problem: string, remedy: string): void {
  job.problems.push({ file: here.source.file, line: here.source.line(here.at), path, problem, remedy });
}

const placeOf = (here: Here): Place => ({ file: here.source.file, line: here.source.line(here.at) });

function guard(here: Here, source: string, at: YamlPath): Guard {
  const place = { file: here.source.file, line: here.source.line([...here.at, ...at]) };
  return { source, spaces: here.spaces, list: here.list, place };
}

function checked<T>(
  job: Expansion,
  here: Here,
  schema: z.ZodType<T>,
  raw: unknown,
  known: readonly string[],
): T | null {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  job.problems.push(...schemaProblems(result.error, here.source, here.at, known));
  return null;
}

function nameFree(job: Expansion, here: Here, name: string): void {
  if (RESERVED.has(name))
    complain(job, here, here.prefix + name, `"${name}" is a word of conditions`, 'choose another id');
}

const COMMON = Object.keys(stepSchema.shape);

/** Names of a kind's own options. */
function optionNames(kind: Kind): readonly string[] {
  const { properties } = z.toJSONSchema(kind.options, { io: 'input', unrepresentable: 'any' });
  return Object.keys(properties ?? {});
}

function kindOf(job: Expansion, here: Here, raw: Raw): Kind | null {
  const name = typeof raw['kind'] === 'string' ? raw['kind'] : '';
  if (Object.hasOwn(job.registry, name)) return job.registry[name] ?? null;
  const known = Object.keys(job.registry);
  const at = { ...here, at: [...here.at, 'kind'] };
  complain(
    job,
    at,
    typeof raw['id'] === 'string' ? raw['id'] : '-',
    `unknown kind "${name}"`,
    didYouMean(name, known, `known: ${known.join(', ')}`),
  );
  return null;
}

function common(here: Here, name: string, when: string | undefined): Omit<Common, 'path'> {
  const bases = here.bases;
  return {
    place: placeOf(here),
    keys: bases.map((base) => `${base}.${name}`),
    section: here.section ?? bases,
    whom: here.whom,
    whens: when === undefined ? here.guards : [...here.guards, guard(here, when, ['when'])],
  };
}

/** A choice is read by its words too: the labels of each id in every language, and its other words (`choice.<id>.also`). */
function withLabels(job: Expansion, keys: readonly string[], options: unknown): unknown {
  if (typeof options !== 'object' || options === null || !('choices' in options)) return options;
  const { choices } = options;
  if (!Array.isArray(choices)) return options;
  const ids = choices.filter((id) => typeof id === 'string');
  const textsUnder = (name: string): readonly string[] =>
    textsOf(
      job.labels,
      keys.map((key) => `${key}.choice.${name}`),
    );
  const wordsOf = (id: string): readonly string[] => [
    ...textsUnder(id),
    ...textsUnder(`${id}.also`).flatMap((others) => others.split(/ *; */)),
  ];
  return { ...options, labels: Object.fromEntries(ids.map((id) => [id, wordsOf(id)])) };
}

/** A photo without a place is told it by the label of a step. */
const labelWords = (job: Expansion, keys: readonly string[]): readonly string[] =>
  textsOf(
    job.labels,
    keys.map((key) => `${key}.label`),
  );

function expandStep(job: Expansion, here: Here, raw: Raw): Draft[] {
  const kind = kindOf(job, here, raw);
  const own = Object.entries(raw).filter(([key]) => COMMON.includes(key));
  const source = checked(job, here, stepSchema, Object.fromEntries(own), COMMON);
  if (kind === null) return [];
  const rawOptions = Object.fromEntries(Object.entries(raw).filter(([key]) => !COMMON.includes(key)));
  if (Object.hasOwn(rawOptions, 'labels'))
    complain(job, here, here.prefix, 'labels are texts', 'write choice.<id> in the locales');
  const parsed = checked(job, here, kind.options, rawOptions, [...COMMON, ...optionNames(kind)]);
  if (source === null || parsed === null) return [];
  nameFree(job, here, source.id);
  const shared = common(here, source.id, source.when);
  const options = kind.gathers
    ? { ...(parsed as object), labels: labelWords(job, shared.keys) }
    : withLabels(job, shared.keys, parsed);
  const checks = (source.check ?? []).map((check, i) => guard(here, check.when, ['check', i, 'when']));
  const rest = { source, rawOptions, options, kind, checks, list: here.list };
  return [{ sort: 'step', path: here.prefix + source.id, ...shared, ...rest }];
}

/** The name by which a block's own conditions and `only` call an entry. */
function entryName(raw: unknown): string {
  const { id, as, use, repeat } = raw as Raw;
  const name = id ?? as ?? use ?? repeat;
  return typeof name === 'string' ? name : '';
}

function blockSteps(
  job: Expansion,
  here: Here,
  use: UseSource,
): { source: YamlSource; steps: readonly unknown[] } | null {
  const at = { ...here, at: [...here.at, 'use'] };
  const source = job.blocks.get(use.use);
  if (source === undefined) {
    const known = [...job.blocks.keys()];
    complain(
      job,
      at,
      use.use,
      `unknown block "${use.use}"`,
      didYouMean(use.use, known, `known: ${known.join(', ')}`),
    );
    return null;
  }
  if (here.open.includes(use.use)) {
    complain(
      job,
      at,
      use.use,
      `blocks in a circle: ${[...here.open, use.use].join(' > ')}`,
      'take one of them out',
    );
    return null;
  }
  const { steps } = source.data as { steps: readonly unknown[] };
  return { source, steps };
}

function expandUse(job: Expansion, here: Here, raw: Raw): Draft[] {
  const use = checked(job, here, useSchema, raw, Object.keys(useSchema.shape));
  const block = use === null ? null : blockSteps(job, here, use);
  if (use === null || block === null) return [];
  const as = use.as ?? use.use;
  nameFree(job, here, as);
  const names = new Set(block.steps.map(entryName));
  for (const id of [...(use.only ?? []), ...Object.keys(use.with ?? {})]) {
    if (!names.has(id))
      complain(job, here, as, `block "${use.use}" has no "${id}"`, didYouMean(id, names, 'see its file'));
  }
  const bases = [...here.bases.map((base) => `${base}.${as}`), use.use];
  const inside: Here = {
    ...here,
    source: block.source,
    at: ['steps'],
    prefix: `${here.prefix}${as}.`,
    bases,
    section: here.section ?? bases,
    whom: [...bases, ...here.whom],
    spaces: [{ prefix: here.prefix + as, names }, ...here.spaces],
    guards: use.when === undefined ? here.guards : [...here.guards, guard(here, use.when, ['when'])],
    open: [...here.open, use.use],
  };
  return expandAll(job, inside, changed(block.steps, use.with), use.only);
}

/** A block's steps with the options that a flow sets anew (\`with\`). */
function changed(steps: readonly unknown[], options: UseSource['with'] = {}): readonly unknown[] {
  return steps.map((raw) => ({ ...(raw as Raw), ...options[entryName(raw)] }));
}

function expandRepeat(job: Expansion, here: Here, raw: Raw): Draft[] {
  const source = checked(job, here, repeatSchema, raw, Object.keys(repeatSchema.shape));
  if (source === null) return [];
  if (here.list !== null) {
    complain(
      job,
      here,
      here.prefix + source.repeat,
      'a repeat inside a repeat',
      'ask for the inner things in one step',
    );
    return [];
  }
  nameFree(job, here, source.repeat);
  const path = here.prefix + source.repeat;
  const bases = here.bases.map((base) => `${base}.${source.repeat}`);
  const shared = {
    ...common(here, source.repeat, source.when),
    section: bases,
    whom: [...bases, ...here.whom],
  };
  const inside: Here = {
    ...here,
    at: [...here.at, 'item'],
    prefix: `${path}.*.`,
    bases,
    section: bases,
    whom: shared.whom,
    guards: [],
    list: path,
  };
  const item = expandAll(job, inside, source.item).filter((draft) => draft.sort === 'step');
  return [{ sort: 'repeat', path, ...shared, source, item }];
}

function expandOne(job: Expansion, here: Here, raw: unknown): Draft[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    complain(job, here, '-', 'is no step', 'write { id, kind, … }, { use: … } or { repeat: … }');
    return [];
  }
  if (Object.hasOwn(raw, 'use')) return expandUse(job, here, raw as Raw);
  return Object.hasOwn(raw, 'repeat')
    ? expandRepeat(job, here, raw as Raw)
    : expandStep(job, here, raw as Raw);
}

function expandAll(job: Expansion, here: Here, steps: readonly unknown[], only?: readonly string[]): Draft[] {
  return steps.flatMap((raw, index) => {
    if (only !== undefined && !only.includes(entryName(raw))) return [];
    return expandOne(job, { ...here, at: [...here.at, index] }, raw);
  });
}

/** All steps of a flow in order. Mistakes go to `job.problems`; what is wrong is left out. */
export function expand(
  job: Expansion,
  source: YamlSource,
  flowId: string,
  steps: readonly unknown[],
): readonly Draft[] {
  const top = {
    source,
    at: ['steps'],
    prefix: '',
    bases: [flowId],
    section: null,
    whom: [],
    spaces: [],
    guards: [],
  };
  return expandAll(job, { ...top, list: null, open: [] }, steps);
}
