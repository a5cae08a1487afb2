/** Dated facts about procedures: rows in `flows/facts/<slug>.yaml`, merged nation < province < agency for one day. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Phrase, Scalar } from '../flow/types';
import { dayText, readAuthorFile, refuseProblems } from './author-file';
import type { AuthorFile, AuthorProblem } from './author-file';
import type { DueRule } from './due-dates';
import { nextDay } from './due-dates';

/** `nation`, `province:75` or `agency:<id>`. */
export type FactScope = string;

/** One dated row. A row without `to` holds until the next row of its id and scope begins. */
export interface FactRow {
  /** E.g. `fee`, `timeLimit`, `papers`: a CEL identifier. */
  readonly id: string;
  readonly scope: FactScope;
  /** Null: not known; people are told that the officer will say, never a number. */
  readonly value: Scalar | null;
  /** First and last civil day it holds, yyyy-mm-dd. */
  readonly from: string;
  readonly to: string | null;
  /** Law, article or record it was read in. */
  readonly source: string;
  readonly verifiedOn: string;
  /** Locale key of the sentence that says it, with `{{value}}`; null when the value is its own words. */
  readonly text: string | null;
}

export interface MergedFact {
  readonly id: string;
  readonly value: Scalar | null;
  readonly row: FactRow;
}

export type MergedFacts = Readonly<Record<string, MergedFact>>;

/** Where a dossier goes. Null: not known yet, so only wider scopes hold. */
export interface FactPlace {
  readonly agency: string | null;
  readonly province: string | null;
}

export interface Facts {
  /**
   * The facts of a procedure at a place on a civil day (yyyy-mm-dd): the narrowest scope wins, then the latest `from`.
   * A procedure without a file has none. `extraRows` are officers' overrides; they win over file rows of their scope.
   */
  factsOf(procedure: string, place: FactPlace, day: string, extraRows?: readonly FactRow[]): MergedFacts;
  /** Slugs that have a facts file. */
  procedures(): readonly string[];
}

const identifier = z.string().regex(/^[a-z][A-Za-z0-9]*$/, { error: 'must be a camelCase word' });
const rowSchema = z
  .strictObject({
    id: identifier,
    scope: z.string().regex(/^(nation|province:\d{2}|agency:[a-z0-9-]+)$/, {
      error: 'must be nation, province:<two digits> or agency:<id>',
    }),
    value: z.union([z.string().min(1), z.number(), z.boolean()]).optional(),
    unknown: z.literal(true).optional(),
    from: dayText,
    to: dayText.optional(),
    source: z.string().min(1),
    verifiedOn: dayText,
    text: z.string().min(1).optional(),
  })
  .refine((row) => (row.value === undefined) !== (row.unknown === undefined), {
    error: 'needs either a value or "unknown: true"',
  })
  .refine((row) => row.to === undefined || row.from <= row.to, { error: '"to" is before "from"' });

const fileSchema = z.strictObject({
  procedure: z.string().regex(/^[a-z0-9-]+$/),
  uses: z.array(z.string()).optional(),
  facts: z.array(rowSchema),
});

const KEYS = [
  ...['procedure', 'uses', 'facts', 'id', 'scope', 'value', 'unknown'],
  ...['from', 'to', 'source', 'verifiedOn', 'text'],
];

interface FactFile {
  readonly uses: readonly string[];
  readonly rows: readonly FactRow[];
}

/**
 * Reads facts files. `uses: [common]` takes in the rows of another file; the file's own rows win.
 * @throws AppError `facts-invalid` naming every problem of every file with its line and remedy.
 */
export function loadFacts(files: readonly AuthorFile[]): Facts {
  const problems: AuthorProblem[] = [];
  const books = new Map<string, FactFile>();
  for (const file of files) {
    const reading = readAuthorFile(file, fileSchema, KEYS);
    problems.push(...reading.problems);
    if (!reading.value) continue;
    const { procedure, uses = [], facts } = reading.value;
    const rows = facts.map(rowOf);
    problems.push(...overlaps(file.name, rows, (index) => reading.lineOf(['facts', index])));
    if (books.has(procedure)) problems.push(doubled(file.name, procedure, reading.lineOf(['procedure'])));
    else books.set(procedure, { uses, rows });
  }
  for (const [procedure, book] of books)
    for (const used of book.uses.filter((name) => !books.has(name)))
      problems.push({
        file: procedure,
        line: 1,
        problem: `uses "${used}", which no file has as its procedure`,
        remedy: 'correct the name under "uses" or add the file',
      });
  refuseProblems(problems);
  return factsOver(books);
}

/** Every facts file of `flows/facts`: those that begin with `procedure:`. */
export function loadFactsDir(factsDir: string): Facts {
  const files = readdirSync(factsDir)
    .filter((name) => name.endsWith('.yaml') && !NOT_FACTS.has(name))
    .sort()
    .map((name) => ({ name: `flows/facts/${name}`, text: readFileSync(join(factsDir, name), 'utf8') }));
  return loadFacts(files);
}

/** Tables beside the facts files, each with its own reader. */
const NOT_FACTS = new Set(['holidays.yaml', 'communes-patch.yaml', 'procedures.yaml']);

const rowOf = (row: z.infer<typeof rowSchema>): FactRow => ({
  id: row.id,
  scope: row.scope,
  value: typeof row.value === 'string' ? row.value.normalize('NFC') : (row.value ?? null),
  from: row.from,
  to: row.to ?? null,
  source: row.source,
  verifiedOn: row.verifiedOn,
  text: row.text ?? null,
});

const doubled = (file: string, procedure: string, line: number): AuthorProblem => ({
  file,
  line,
  problem: `"${procedure}" already has a file`,
  remedy: 'put its rows into one file',
});

/** Two rows of one id and scope that begin on the same day, or one that says it lasts into the next. */
function overlaps(
  file: string,
  rows: readonly FactRow[],
  lineOf: (index: number) => number,
): AuthorProblem[] {
  const order = rows
    .map((row, index) => ({ row, index, key: `${row.id} ${row.scope}` }))
    .sort((one, other) => one.key.localeCompare(other.key) || one.row.from.localeCompare(other.row.from));
  return order.flatMap((later, at) => {
    const earlier = order[at - 1];
    if (earlier?.key !== later.key) return [];
    const end = earlier.row.to ?? nextDay(later.row.from, earlier.row.from === later.row.from ? 0 : -1);
    if (end < later.row.from) return [];
    const where = `line ${lineOf(earlier.index)}`;
    const problem = `${later.row.id} (${later.row.scope}) from ${later.row.from} overlaps the row of ${where}`;
    const remedy = `end the earlier row with "to: ${nextDay(later.row.from, -1)}" or change "from"`;
    return [{ file, line: lineOf(later.index), problem, remedy }];
  });
}

function factsOver(books: ReadonlyMap<string, FactFile>): Facts {
  const rowsOf = (procedure: string): readonly FactRow[] => {
    const book = books.get(procedure);
    return book ? [...book.uses.flatMap((used) => books.get(used)?.rows ?? []), ...book.rows] : [];
  };
  return {
    procedures: () => [...books.keys()],
    factsOf: (procedure, place, day, extraRows = []) => merge([rowsOf(procedure), extraRows], place, day),
  };
}

/** Lists come widest source first: shared and own rows of files, then overrides. */
function merge(lists: readonly (readonly FactRow[])[], place: FactPlace, day: string): MergedFacts {
  const merged: Record<string, MergedFact> = {};
  for (const scope of scopesOf(place))
    for (const rows of lists) {
      const valid = rows.filter((row) => row.scope === scope && row.from <= day && (row.to ?? day) >= day);
      const latestLast = [...valid].sort((one, other) => one.from.localeCompare(other.from));
      for (const row of latestLast) merged[row.id] = { id: row.id, value: row.value, row };
    }
  return merged;
}

const scopesOf = ({ province, agency }: FactPlace): readonly FactScope[] => [
  'nation',
  ...(province === null ? [] : [`province:${province}`]),
  ...(agency === null ? [] : [`agency:${agency}`]),
];

/** What conditions of a flow see. */
export const valuesOf = (facts: MergedFacts): Readonly<Record<string, Scalar | null>> =>
  Object.fromEntries(Object.values(facts).map((fact) => [fact.id, fact.value]));

/** How a fact is said: its sentence with `{{value}}`, its own words, or that the officer will say. */
export function phraseOf(fact: MergedFact | undefined): Phrase {
  if (fact === undefined || fact.value === null) return { key: 'facts.unknown' };
  const value = typeof fact.value === 'boolean' ? String(fact.value) : fact.value;
  return fact.row.text === null ? { text: String(value) } : { key: fact.row.text, params: { value } };
}

/** The time limit by the facts `timeLimit` (`same-day`, or working days) and `timeLimitAfter15`; null when not known. */
export function dueRuleOf(facts: MergedFacts): DueRule | null {
  const limit = facts['timeLimit']?.value;
  const after15 = facts['timeLimitAfter15']?.value === true;
  if (limit === 'same-day') return { unit: 'same-day', days: 0, after15 };
  return typeof limit === 'number' ? { unit: 'working', days: limit, after15 } : null;
}
