/** A YAML file with the line of every value, so that each mistake can be shown where it stands. */
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from './problem';
import type { Problem } from './problem';

export type YamlPath = readonly (string | number)[];

export interface YamlSource {
  readonly file: string;
  readonly data: unknown;
  /** Line (from 1) of the value at a path, or of the nearest value above it. */
  line(path: YamlPath): number;
  /** Mistakes of YAML itself; `data` is null when there are any. */
  readonly problems: readonly Problem[];
}

function offsetOf(document: Document, path: YamlPath): number {
  const last = path.at(-1);
  const owner = document.getIn(path.slice(0, -1), true);
  if (isMap(owner)) {
    const pair = owner.items.find((item) => isScalar(item.key) && item.key.value === last);
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

/** Reads YAML 1.2; never throws on bad text. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    path: '-',
    problem: error.message,
    remedy: 'correct the YAML',
  }));
  const line = (path: YamlPath): number => Math.max(1, lines.linePos(offsetOf(document, path)).line);
  return { file, data: problems.length > 0 ? null : document.toJS({ maxAliasCount: 20 }), line, problems };
}

const dotted = (path: YamlPath): string => (path.length === 0 ? '-' : path.join('.'));

function keyProblems(
  issue: z.core.$ZodIssueUnrecognizedKeys,
  at: YamlPath,
  source: YamlSource,
  known: readonly string[],
): Problem[] {
  return issue.keys.map((key) => ({
    file: source.file,
    line: source.line([...at, key]),
    path: dotted(at),
    problem: `unknown key "${key}"`,
    remedy: didYouMean(key, known, `known keys: ${known.join(', ')}`),
  }));
}

/** What zod found, in the author's words and lines. `known` are the keys to propose for an unknown one. */
export function schemaProblems(
  error: z.ZodError,
  source: YamlSource,
  base: YamlPath,
  known: readonly string[],
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const at = [...base, ...issue.path.filter((part) => typeof part !== 'symbol')];
    if (issue.code === 'unrecognized_keys')
      return keyProblems(issue, at, source, issue.path.length === 0 ? known : []);
    const remedy =
      issue.code === 'invalid_type'
        ? 'give it, in the form of docs/flow-format.md'
        : 'see docs/flow-format.md';
    return [{ file: source.file, line: source.line(at), path: dotted(at), problem: issue.message, remedy }];
  });
}
