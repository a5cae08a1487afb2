/**
 * Conditions of flow files: CEL, with one rule of our own: a comparison that reads an answer which is not there is false.
 *
 * The expression is split at `&&`, `||`, `!` and `?:`. What remains between them (a comparison, `in`, a call, a bare boolean) is
 * an *atom*: it names the paths it reads, is false unless all of them are there, and only then runs as CEL.
 */
import { Environment } from '@marcbachmann/cel-js';
import type { ASTNode } from '@marcbachmann/cel-js';
import { daysBetween, yearOf, yearsBetween } from './civil-time';
import { resolvePath } from './condition-paths';
import type { ConditionSchema, Reader } from './condition-paths';
import { didYouMean, FlowProblem } from './problem';
import { nationalIdFacts } from '../kinds/national-id';
import type { NationalIdFacts } from '../kinds/national-id';
import { LIMITS } from '../types';
import type { CelType, Condition } from '../types';

const POOL = 8;
const POOLS = { string: 'string', double: 'double', bool: 'bool', list: 'list<string>' } as const;
type Leaf = keyof typeof POOLS;

/** What a personal number says; a throw makes the comparison false. */
function factsOf(id: string): NationalIdFacts {
  const facts = nationalIdFacts(id);
  if (facts === null) throw new RangeError('not a personal number');
  return facts;
}

/** One environment for all conditions: answers enter as `string0`, `double0`, … so that no citizen's or author's name is ever looked up. */
const environment = Object.entries(POOLS).reduce(
  (env, [name, type]) => {
    for (let i = 0; i < POOL; i += 1) env.registerVariable(`${name}${i}`, type);
    return env;
  },
  new Environment({ limits: { maxAstNodes: 400, maxDepth: 40, maxListElements: 100, maxCallArguments: 4 } })
    .registerFunction('years(string, string): double', yearsBetween)
    .registerFunction('days(string, string): double', daysBetween)
    .registerFunction('year(string): double', yearOf)
    .registerFunction('idBirthYear(string): double', (id: string) => factsOf(id).birthYear)
    .registerFunction('idSex(string): string', (id: string) => factsOf(id).sex),
);

const CALLS = new Set(['size', 'years', 'days', 'year', 'idBirthYear', 'idSex', 'has']);
const MACROS = new Set(['all', 'exists', 'exists_one']);
const METHODS = new Set(['contains', 'startsWith', 'endsWith', 'size', ...MACROS]);

/** What one atom reads; in the text that CEL sees, each path is a variable. */
interface Atom {
  readonly schema: ConditionSchema;
  readonly reads: Map<string, Reader>;
  readonly names: Map<string, string>;
}

/** `a.b.c` as a list of names, or null when the node is anything else. */
function chain(node: ASTNode): readonly string[] | null {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return null;
  const owner = chain(node.args[0]);
  return owner === null ? null : [...owner, node.args[1]];
}

function variable(atom: Atom, names: readonly string[]): string {
  const path = names.join('.');
  const known = atom.names.get(path);
  if (known !== undefined) return known;
  const { type, read } = resolvePath(names, atom.schema);
  if (typeof type === 'object') {
    throw new FlowProblem(`"${path}" is a group of values`, `compare one of ${Object.keys(type).join(', ')}`);
  }
  const taken = [...atom.names.values()].filter((name) => name.startsWith(type)).length;
  if (taken >= POOL) throw new FlowProblem('too many answers in one comparison', 'split it with && or ||');
  const name = `${type}${taken}`;
  atom.names.set(path, name);
  atom.reads.set(name, read);
  return name;
}

function checkName(name: string, known: ReadonlySet<string>): void {
  if (known.has(name)) return;
  if (name === 'matches')
    throw new FlowProblem('matches() is not allowed', 'let a kind check the form of an answer');
  throw new FlowProblem(
    `unknown function ${name}()`,
    didYouMean(name, known, `known: ${[...known].join(', ')}`),
  );
}

/** One node of an atom as CEL text: paths as variables, whole numbers and size() as doubles, every operation in brackets. */
function print(node: ASTNode, atom: Atom, bound: ReadonlySet<string>): string {
  const names = chain(node);
  if (names !== null) {
    const only = names.length === 1 ? names[0] : undefined;
    return only !== undefined && bound.has(only) ? only : variable(atom, names);
  }
  const each = (parts: readonly ASTNode[]): string[] => parts.map((part) => print(part, atom, bound));
  switch (node.op) {
    case 'value':
      return printValue(node.args);
    case 'call':
      return printCall(node.args[0], each(node.args[1]));
    case 'rcall':
      return printMethod(node, atom, bound);
    case 'list':
      return `[${each(node.args).join(', ')}]`;
    case '!_':
    case '-_':
      return `(${node.op.slice(0, 1)}${print(node.args, atom, bound)})`;
    case '?:': {
      const [test = '', yes = '', no = ''] = each(node.args);
      return `(${test} ? ${yes} : ${no})`;
    }
    case 'map':
    case '[]':
    case '[?]':
    case '.':
    case '.?':
    case 'id':
      throw new FlowProblem(`"${node.op}" is not allowed here`, 'write plain paths and comparisons');
    default:
      return `(${each(node.args).join(` ${node.op} `)})`;
  }
}

function printValue(value: unknown): string {
  if (value === null) throw new FlowProblem('null is not a value', 'write has(path), or !has(path)');
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
    return `${value.toString()}.0`;
  if (typeof value === 'number') return value.toString();
  throw new FlowProblem('a value of a sort that answers never have', 'write texts, numbers, true or false');
}

function printCall(name: string, parts: readonly string[]): string {
  checkName(name, CALLS);
  if (name === 'has')
    throw new FlowProblem('has() inside a comparison', 'let has() stand alone, joined by && or ||');
  const call = `${name}(${parts.join(', ')})`;
  return name === 'size' ? `double(${call})` : call;
}

function printMethod(node: ASTNode & { op: 'rcall' }, atom: Atom, bound: ReadonlySet<string>): string {
  const [name, owner, parts] = node.args;
  checkName(name, METHODS);
  const [first] = parts;
  const inner = MACROS.has(name) && first?.op === 'id' ? new Set([...bound, first.args]) : bound;
  const call = `${print(owner, atom, bound)}.${name}(${parts.map((part) => print(part, atom, inner)).join(', ')})`;
  return name === 'size' ? `double(${call})` : call;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : 'not understood').split('\n')[0] ?? '';
}

/** Says CEL's words about our variables in the author's words. */
function typeProblem(error: unknown, atom: Atom): FlowProblem {
  const names = new Map([...atom.names].map(([path, name]) => [name, path]));
  const said = firstLine(error).replace(
    /\b(?:string|double|bool|list)\d\b/g,
    (name) => names.get(name) ?? name,
  );
  const types = [...names].map(([name, path]) => `${path} is a ${name.replace(/\d$/, '')}`).join(', ');
  return new FlowProblem(
    said,
    types === '' ? 'compare values of one type' : `compare values of one type: ${types}`,
  );
}

function compileAtom(node: ASTNode, schema: ConditionSchema): Condition {
  const atom: Atom = { schema, reads: new Map(), names: new Map() };
  const text = print(node, atom, new Set());
  const checked = environment.check(text);
  if (!checked.valid) throw typeProblem(checked.error, atom);
  if (checked.type !== 'bool')
    throw new FlowProblem(`is a ${checked.type ?? 'value'}, not true or false`, 'compare it with something');
  return plainTest(node, atom) ?? celTest(text, atom);
}

/** Most conditions compare one answer with a text, or are a yes: these, checked as CEL, need not be run as CEL. */
function plainTest(node: ASTNode, atom: Atom): Condition | null {
  const [[name, read] = ['', () => undefined], ...others] = atom.reads;
  if (others.length > 0 || !/^(?:string|bool)/.test(name)) return null;
  if (chain(node) !== null) return (scope) => read(scope) === true;
  if (node.op !== '==' && node.op !== '!=') return null;
  const [left, right] = node.args;
  const literal = left.op === 'value' ? left : right.op === 'value' ? right : null;
  if (literal === null || chain(literal === left ? right : left) === null) return null;
  const [wanted, equal] = [literal.args, node.op === '=='];
  return (scope) => {
    const value = read(scope);
    return isLeaf(name, value) && (value === wanted) === equal;
  };
}

function celTest(text: string, atom: Atom): Condition {
  const run = environment.parse(text);
  const reads = [...atom.reads];
  return (scope) => {
    const values: Record<string, unknown> = {};
    for (const [name, read] of reads) {
      const value = read(scope);
      if (value === undefined || value === null || !isLeaf(name, value)) return false;
      values[name] = value;
    }
    try {
      return run(values) === true;
    } catch {
      // A value that CEL cannot work with (a date that is none, a division by zero) decides nothing.
      return false;
    }
  };
}

/** A stored value of another type than declared counts as absent: it may come from an older version of its kind. */
function isLeaf(name: string, value: unknown): boolean {
  if (name.startsWith('list')) return Array.isArray(value);
  if (name.startsWith('string')) return typeof value === 'string';
  return name.startsWith('double') ? typeof value === 'number' : typeof value === 'boolean';
}

function compileHas(parts: readonly ASTNode[], schema: ConditionSchema): Condition {
  const names = parts[0] === undefined || parts.length > 1 ? null : chain(parts[0]);
  if (names === null) throw new FlowProblem('has() takes one path', 'write has(applicant.name)');
  const { read } = resolvePath(names, schema);
  return (scope) => {
    const value = read(scope);
    return value === undefined ? scope.ahead === true : value !== null;
  };
}

function compileNode(node: ASTNode, schema: ConditionSchema): Condition {
  const part = (inner: ASTNode): Condition => compileNode(inner, schema);
  if (node.op === '&&') {
    const [a, b] = node.args.map(part) as [Condition, Condition];
    return (scope) => a(scope) && b(scope);
  }
  if (node.op === '||') {
    const [a, b] = node.args.map(part) as [Condition, Condition];
    return (scope) => a(scope) || b(scope);
  }
  if (node.op === '!_') {
    const inner = part(node.args);
    return (scope) => !inner(scope);
  }
  if (node.op === '?:') {
    const [test, yes, no] = node.args.map(part) as [Condition, Condition, Condition];
    return (scope) => (test(scope) ? yes(scope) : no(scope));
  }
  if (node.op === 'call' && node.args[0] === 'has') return compileHas(node.args[1], schema);
  return compileAtom(node, schema);
}

function parsed(source: string): ASTNode {
  try {
    return environment.parse(source).ast;
  } catch (error) {
    throw new FlowProblem(`cannot be read: ${firstLine(error)}`, 'check quotes, brackets and operators');
  }
}

/**
 * Compiles a condition once, at load; the result never throws and never changes anything.
 * Throws FlowProblem when the text is too long, unreadable, reads what it may not, or compares unlike types.
 */
export function compileCondition(source: string, schema: ConditionSchema): Condition {
  if (source.length > LIMITS.conditionChars) {
    throw new FlowProblem(`has ${source.length} characters`, `keep it under ${LIMITS.conditionChars}`);
  }
  return compileNode(parsed(source), schema);
}

export type { CelType, ConditionSchema, Leaf };
