/**
 * An official declaration as data: `flows/forms/<procedure>.yaml` (docs/forms.md). Its body is lines of text with named
 * cells, `{child.name}`; `cells` says where each cell comes from. Read from disk once, checked by `lint-forms`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors';
import { formatProblem, type Problem } from '../../flow/load/problem';
import { readYaml, schemaProblems, type YamlSource } from '../../flow/load/yaml-source';

const path = z.string().regex(/^[a-z]\w*(\.[a-z]\w*)*$/i);
const cellName = z.string().regex(/^[a-z]\w*(\.[a-z]\w*)*$/i);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const reason = z.string().min(3);

/** How a frozen answer is written. `text` is what the citizen saw; the others read its value. */
export const FORMATS = ['text', 'upper', 'date', 'date-words', 'year', 'number'] as const;

const answer = z.strictObject({
  /** Step path, or several of which the first answered one counts. */
  from: z.union([path, z.array(path).min(1)]),
  /** Whose: the first of these whose `<prefix>.name` was answered; `from` is then below it. */
  of: z.array(path).min(1).optional(),
  as: z.enum(FORMATS).optional(),
  /** Official words per value of a choice, instead of the words of the chat. */
  words: z.record(z.string(), z.string()).optional(),
  /** `{}` is what the answer gives: "Số định danh cá nhân {}". */
  say: z.string().includes('{}').optional(),
  /** Only while these answers are one of these values. */
  where: z.record(path, z.array(scalar).min(1)).optional(),
  /** Written when nothing was answered. */
  otherwise: z.string().optional(),
});
/** A tick box: ticked when the answer is one of these. */
const tick = z.strictObject({ from: path, tick: z.array(scalar).min(1) });
const byHand = z.strictObject({ byHand: reason });
const ofDossier = z.strictObject({
  dossier: z.enum(['agency', 'place', 'day', 'month', 'year', 'code']),
});

export type AnswerSource = z.infer<typeof answer>;
export interface JoinSource {
  join: readonly CellSource[];
  with: string;
}
/** `from: item.…` inside reads the present item of the repeat. */
export interface EachSource {
  each: string;
  item: CellSource;
  with: string;
}
export type CellSource =
  | AnswerSource
  | z.infer<typeof tick>
  | z.infer<typeof byHand>
  | z.infer<typeof ofDossier>
  | JoinSource
  | EachSource;

const source: z.ZodType<CellSource> = z.lazy(() =>
  z.union([
    path.transform((from) => ({ from })),
    answer,
    tick,
    byHand,
    ofDossier,
    z.strictObject({ join: z.array(source).min(1), with: z.string() }),
    z.strictObject({ each: path, item: source, with: z.string() }),
  ]),
);

const text = z.string().min(1);
const block = z.union([
  text,
  /** Columns side by side. */
  z.array(text).min(2).max(4),
  z.strictObject({ heading: text }),
  z.strictObject({ center: text }),
  z.strictObject({ text }),
  z.strictObject({ right: text }),
  /** Columns of signers: lines above the room to sign. */
  z.strictObject({ sign: z.array(z.array(text).min(1).max(4)).min(1).max(3) }),
]);
export type FormBlock = z.infer<typeof block>;

const form = z.strictObject({
  id: z.string(),
  procedure: z.string(),
  /** The form's official number; left out where none could be confirmed. */
  number: z.string().min(3).optional(),
  title: z.string().min(3),
  /** The circular it belongs to, as it is printed in the mark. */
  under: z.string().min(3),
  source: z.string().min(3),
  verifiedOn: z.iso.date(),
  /** What could not be checked against the original, in one sentence each. */
  unconfirmed: z.array(reason),
  body: z.array(block).min(1),
  cells: z.record(cellName, source),
  /** Required answers that the official form has no place for: path, or `<prefix>.*`, with the reason. */
  notOnForm: z.record(z.string().regex(/^[a-z][\w.]*(\.\*)?$/i), reason),
});
/** A form as read; plain data. */
export type Form = z.infer<typeof form>;

const KEYS = Object.keys(form.shape);

export interface ReadForm {
  readonly source: YamlSource;
  /** Null when there are problems. */
  readonly form: Form | null;
  readonly problems: readonly Problem[];
}

/** Reads one form file; never throws on a bad one. */
export function readForm(file: string, words: string): ReadForm {
  const source = readYaml(file, words);
  if (source.problems.length > 0) return { source, form: null, problems: source.problems };
  const read = form.safeParse(source.data);
  if (read.success) return { source, form: read.data, problems: [] };
  return { source, form: null, problems: schemaProblems(read.error, source, [], KEYS) };
}

/** All form files below the project's root, in the order of their names. */
export function readForms(root: string): readonly ReadForm[] {
  const folder = join(root, 'flows/forms');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readForm(`flows/forms/${name}`, readFileSync(join(folder, name), 'utf8')));
}

/** Forms by procedure. @throws AppError `flow-invalid` with every problem of the first bad file. */
export function formsOf(root: string): ReadonlyMap<string, Form> {
  const forms = readForms(root).map(({ form: one, problems }) => {
    if (one === null) throw new AppError('flow-invalid', problems.map(formatProblem).join('\n'));
    return one;
  });
  return new Map(forms.map((one) => [one.procedure, one]));
}
