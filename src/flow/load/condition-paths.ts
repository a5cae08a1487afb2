/** What a path inside a condition means, and how its value is found when the condition runs. */
import { didYouMean, FlowProblem } from './problem';
import type { CelType, Scope } from '../types';

/** A block's own names: a path that starts with one of them stands below `prefix`. */
export interface NameSpace {
  readonly prefix: string;
  readonly names: ReadonlySet<string>;
}

/** What the author of one condition may read. */
export interface ConditionSchema {
  /** Types of the answers that can be in the view by then, by step path (`members.*.name` inside its own repeat). */
  readonly answers: ReadonlyMap<string, CelType>;
  /** Steps that come later: reading them is a mistake with a name. */
  readonly later: ReadonlySet<string>;
  readonly facts: Readonly<Record<string, CelType>>;
  /** Innermost block first. */
  readonly spaces: readonly NameSpace[];
  /** Path of the repeat whose item the condition belongs to. */
  readonly list: string | null;
}

/** The value at one path, or undefined (or null) when it is not there. */
export type Reader = (scope: Scope) => unknown;

export interface Resolved {
  readonly type: CelType;
  readonly read: Reader;
}

const AGENCY: Readonly<Record<string, CelType>> = {
  id: 'string',
  name: 'string',
  receives: 'bool',
  demo: 'bool',
};

/** Words that conditions use for other things, so no step may be called so. */
export const RESERVED: ReadonlySet<string> = new Set([
  ...[
    'today',
    'facts',
    'agency',
    'item',
    'extra',
    'size',
    'has',
    'years',
    'days',
    'year',
    'idBirthYear',
    'idSex',
    'true',
    'false',
    'null',
    'in',
  ],
  ...[
    'as',
    'break',
    'const',
    'continue',
    'else',
    'for',
    'function',
    'if',
    'import',
    'let',
    'loop',
    'package',
  ],
  ...['namespace', 'return', 'var', 'void', 'while', 'constructor', 'prototype', 'toString', 'valueOf'],
]);

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function member(owner: string, fields: Readonly<Record<string, CelType>>, names: readonly string[]): CelType {
  const [name, ...rest] = names;
  if (name === undefined)
    throw new FlowProblem(`"${owner}" alone has no value`, `write one of ${list(owner, fields)}`);
  if (!Object.hasOwn(fields, name)) {
    const remedy = didYouMean(name, Object.keys(fields), `known: ${list(owner, fields)}`);
    throw new FlowProblem(`unknown "${owner}.${name}"`, remedy);
  }
  return into(`${owner}.${name}`, fields[name] ?? 'string', rest);
}

const list = (owner: string, fields: object): string =>
  Object.keys(fields)
    .map((name) => `${owner}.${name}`)
    .join(', ');

/** The type of a field inside a value of some type. */
function into(owner: string, type: CelType, names: readonly string[]): CelType {
  if (names.length === 0) return type;
  if (typeof type === 'object') return member(owner, type, names);
  throw new FlowProblem(
    `"${owner}" has no field "${names.join('.')}"`,
    `its value is a ${type}, read it whole`,
  );
}

function absolute(names: readonly string[], schema: ConditionSchema): string {
  const [first = '', ...rest] = names;
  if (first === 'item') {
    if (schema.list === null)
      throw new FlowProblem('"item" outside a repeat', 'read the step by its own path');
    return [schema.list, '*', ...rest].join('.');
  }
  const space = schema.spaces.find((candidate) => candidate.names.has(first));
  return space === undefined || space.prefix === '' ? names.join('.') : `${space.prefix}.${names.join('.')}`;
}

function unknown(path: string, schema: ConditionSchema): FlowProblem {
  for (const later of schema.later) {
    if (path === later || path.startsWith(`${later}.`)) {
      return new FlowProblem(
        `reads "${later}", which is asked later`,
        'read earlier steps only, or move the step down',
      );
    }
  }
  const known = [...schema.answers.keys(), 'today'];
  return new FlowProblem(
    `unknown path "${path}"`,
    didYouMean(path, known, 'read the path of an earlier step'),
  );
}

function answerAt(path: string, schema: ConditionSchema): Resolved {
  const names = path.split('.');
  for (let length = names.length; length > 0; length -= 1) {
    const step = names.slice(0, length).join('.');
    const type = schema.answers.get(step);
    if (type === undefined) continue;
    const fields = names.slice(length);
    return { type: into(step, type, fields), read: reader(step, schema.list, fields) };
  }
  throw unknown(path, schema);
}

function reader(step: string, list: string | null, fields: readonly string[]): Reader {
  const inItem = list !== null && step.startsWith(`${list}.*.`) ? step.slice(list.length + 2) : null;
  const value: Reader =
    inItem === null
      ? (scope) => scope.view.get(step)
      : (scope) => (scope.item === null ? undefined : scope.view.get(scope.item + inItem));
  return fields.length === 0 ? value : (scope) => fields.reduce(field, value(scope));
}

/** Finds what a path means. Throws FlowProblem for paths that mean nothing here. */
export function resolvePath(names: readonly string[], schema: ConditionSchema): Resolved {
  const [root = '', ...rest] = names;
  if (root === 'today') return { type: into('today', 'string', rest), read: (scope) => scope.today };
  if (root === 'facts') {
    const name = rest[0] ?? '';
    return { type: member('facts', schema.facts, rest), read: (scope) => field(scope.facts, name) };
  }
  if (root === 'agency') {
    const name = rest[0] ?? '';
    return { type: member('agency', AGENCY, rest), read: (scope) => field(scope.agency, name) };
  }
  return answerAt(absolute(names, schema), schema);
}
