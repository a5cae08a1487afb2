/** Files that people write by hand (facts, holidays, patches): read strictly, with every problem found at once. */
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import type { ZodType } from 'zod';
import { AppError } from '../errors';

/** One file as text; `name` is what the author sees in a message, e.g. "flows/facts/common.yaml". */
export interface AuthorFile {
  readonly name: string;
  readonly text: string;
}

export interface AuthorProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
}

export interface AuthorReading<T> {
  /** Undefined when there are problems. */
  readonly value: T | undefined;
  readonly problems: readonly AuthorProblem[];
  /** Line of the value at a path, for problems that only show later (rows that overlap). */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** A day of the calendar that exists, yyyy-mm-dd. */
export const dayText = z.string().refine(isDay, { error: 'is not a day of the calendar written yyyy-mm-dd' });

/** Is it a real date written yyyy-mm-dd? */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Parses YAML and holds it against a schema; `keys` are all the keys the format knows, to suggest the one that was meant. */
export function readAuthorFile<T>(
  file: AuthorFile,
  schema: ZodType<T>,
  keys: readonly string[],
): AuthorReading<T> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (path: readonly PropertyKey[]): number => lineAt(document, lines, path);
  const at = (line: number, problem: string, remedy: string): AuthorProblem => ({
    file: file.name,
    line,
    problem,
    remedy,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      at(
        lines.linePos(error.pos[0]).line,
        error.message,
        'correct the YAML: indentation, quotes, doubled keys',
      ),
    );
    return { value: undefined, problems, lineOf };
  }
  const result = schema.safeParse(document.toJS());
  if (result.success) return { value: result.data, problems: [], lineOf };
  const problems = result.error.issues.flatMap((issue) => describe(issue, keys, at, lineOf));
  return { value: undefined, problems, lineOf };
}

type At = (line: number, problem: string, remedy: string) => AuthorProblem;

function describe(
  issue: z.core.$ZodIssue,
  keys: readonly string[],
  at: At,
  lineOf: (path: readonly PropertyKey[]) => number,
): AuthorProblem[] {
  if (issue.code !== 'unrecognized_keys') {
    const where = issue.path.length === 0 ? 'the file' : issue.path.map(String).join('.');
    return [
      at(lineOf(issue.path), `${where}: ${issue.message}`, 'write it as the other rows of this file do'),
    ];
  }
  return issue.keys.map((key) => {
    const meant = nearest(key, keys);
    const remedy = meant === null ? `remove it; known keys: ${keys.join(', ')}` : `did you mean "${meant}"?`;
    return at(lineOf([...issue.path, key]), `unknown key "${key}"`, remedy);
  });
}

/** The line of the deepest part of the path that exists; keys count as their own place. */
function lineAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return 1;
}

function nearest(typed: string, keys: readonly string[]): string | null {
  const close = keys
    .map((key) => ({ key, far: distance(typed.toLowerCase(), key.toLowerCase(), 2) }))
    .filter((candidate) => candidate.far <= 2)
    .sort((one, other) => one.far - other.far);
  return close[0]?.key ?? null;
}

/** Letters to change, add, drop or swap to get from one word to the other; anything over `most` is only "more". */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? most + 1;
}

/** Throws `facts-invalid` with every problem on its own line; does nothing when there are none. */
export function refuseProblems(problems: readonly AuthorProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map((one) => `${one.file}:${one.line} ${one.problem} → ${one.remedy}`);
  throw new AppError('facts-invalid', lines.join('\n'), { details: { problems: problems.length } });
}
