/** A mistake of an author in a flow file: what is wrong and what to do about it. */

/** Thrown inside the loader, which gathers them all; never reaches a citizen. */
export class FlowProblem extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.name = 'FlowProblem';
    this.remedy = remedy;
  }
}

/** One mistake with its place, as the loader and the linter report it. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Path of the step, or of the key. */
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

/** `flows/x.yaml:7 copies: unknown key "maxx" (did you mean "max"?)` */
export const formatProblem = (p: Problem): string =>
  `${p.file}:${p.line} ${p.path}: ${p.problem} (${p.remedy})`;

/** Edits that turn one word into another: insert, remove, replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** `did you mean "x"?`, or `otherwise` when nothing known is near. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  let best = '';
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best === '' ? otherwise : `did you mean "${best}"?`;
}
