/** What the state offers: the table of procedures that the house knows, with short guidance for those without a flow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Handover } from '../flow/types';
import { dayText, readAuthorFile, refuseProblems } from './author-file';
import type { AuthorFile, AuthorProblem } from './author-file';

export interface Procedure {
  readonly slug: string;
  /** National code, e.g. "2.000635"; null where there is none of its own or it differs by province. */
  readonly code: string | null;
  /** Official name, and what people call it on a button (≤ 40 characters). */
  readonly name: string;
  readonly short: string;
  /** Who decides: UBND cấp xã, Công an cấp xã, an office of the province, or several (linked procedures). */
  readonly authority: 'commune' | 'commune-police' | 'province' | 'several';
  /** What the house may do when it has a flow for it; without a flow it only guides. */
  readonly handover: Handover;
  readonly legalBasis: string;
  /** Short Vietnamese sentences for citizens: the right office, what to bring, the fee with its exemptions, the time. */
  readonly office: string;
  readonly papers: string;
  readonly fee: string;
  readonly time: string;
  readonly source: string;
  readonly verifiedOn: string;
}

export interface Procedures {
  all(): readonly Procedure[];
  bySlug(slug: string): Procedure | undefined;
  byCode(code: string): Procedure | undefined;
}

const line = z.string().normalize('NFC').min(1).max(300);
const schema = z.strictObject({
  procedures: z.array(
    z.strictObject({
      slug: z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'must be small letters, digits and hyphens' }),
      code: z
        .string()
        .regex(/^\d\.\d{6}$/, { error: 'must look like "2.000635"' })
        .nullable(),
      name: line,
      short: z.string().normalize('NFC').min(1).max(40),
      authority: z.enum(['commune', 'commune-police', 'province', 'several']),
      handover: z.enum(['file', 'prepare', 'guide']),
      legalBasis: line,
      office: line,
      papers: line,
      fee: line,
      time: line,
      source: line,
      verifiedOn: dayText,
    }),
  ),
});
const KEYS = [
  ...['procedures', 'slug', 'code', 'name', 'short', 'authority', 'handover', 'legalBasis'],
  ...['office', 'papers', 'fee', 'time', 'source', 'verifiedOn'],
];

/** Opens the table. Throws `facts-invalid` with file, line, problem and remedy of every mistake. */
export function openProcedures(file: AuthorFile): Procedures {
  const reading = readAuthorFile(file, schema, KEYS);
  refuseProblems(reading.problems);
  const rows = reading.value?.procedures ?? [];
  refuseProblems(twins(file, rows, (index) => reading.lineOf(['procedures', index])));
  const bySlug = new Map(rows.map((one) => [one.slug, one]));
  const byCode = new Map(rows.map((one) => [one.code, one]));
  return { all: () => rows, bySlug: (slug) => bySlug.get(slug), byCode: (code) => byCode.get(code) };
}

/** The table of the deployment. `factsDir` is `flows/facts`. */
export const loadProcedures = (factsDir: string): Procedures =>
  openProcedures({
    name: 'flows/facts/procedures.yaml',
    text: readFileSync(join(factsDir, 'procedures.yaml'), 'utf8'),
  });

function twins(
  file: AuthorFile,
  rows: readonly Procedure[],
  lineOf: (index: number) => number,
): AuthorProblem[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) =>
    [row.slug, row.code].flatMap((id) => {
      if (id === null || !seen.has(id)) {
        if (id !== null) seen.add(id);
        return [];
      }
      const remedy = 'keep one row for it, or use null where the code is not its own';
      return [{ file: file.name, line: lineOf(index), problem: `${id} is listed twice`, remedy }];
    }),
  );
}
