/** The shape of a flow file, in zod: what the loader checks and what editors complete from. `docs/flow-format.md` explains it. */
import { z } from 'zod';
import { LIMITS } from '../types';
import type { Kind } from '../types';

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be a slug: small letters, digits and "-"');
const camel = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'must be camelCase: a small letter, then letters and digits');
const path = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/, 'must be the path of a step, like applicant.name');
const condition = z.string().min(1).max(LIMITS.conditionChars);

/** A rule across answers: when it holds, `error` asks again, `warn` asks once and flags the dossier. */
export const checkSchema = z
  .strictObject({ when: condition, error: camel.optional(), warn: camel.optional() })
  .refine((check) => (check.error === undefined) !== (check.warn === undefined), {
    message: 'needs either "error" or "warn", with the name of its text',
  });

/** Keys that every step may have; the rest of a step are the options of its kind. */
export const stepSchema = z.strictObject({
  id: camel,
  kind: z.string(),
  when: condition.optional(),
  check: z.array(checkSchema).max(10).optional(),
  rev: z.int().min(1).optional(),
  optional: z.boolean().optional(),
  note: z.boolean().optional(),
  hidden: z.boolean().optional(),
  personal: z.strictObject({ retentionDays: z.int().min(1).max(36_500) }).optional(),
});
export type StepSource = z.infer<typeof stepSchema>;

/** A block put in: its steps stand below `as` (by default the block's own id). */
export const useSchema = z.strictObject({
  use: camel,
  as: camel.optional(),
  only: z.array(camel).min(1).optional(),
  /** Options that differ here, by step of the block. */
  with: z.record(camel, z.record(z.string(), z.unknown())).optional(),
  when: condition.optional(),
});
export type UseSource = z.infer<typeof useSchema>;

/** The same steps for one item after another. */
export const repeatSchema = z.strictObject({
  repeat: camel,
  min: z.int().min(0).max(LIMITS.repeatItems).optional(),
  max: z.int().min(1).max(LIMITS.repeatItems).optional(),
  rev: z.int().min(1).optional(),
  when: condition.optional(),
  item: z.array(z.unknown()).min(1),
});
export type RepeatSource = z.infer<typeof repeatSchema>;

const personSource = z.strictObject({
  name: path,
  nationalId: path.optional(),
  phone: path.optional(),
  birth: path.optional(),
});
const people = z.array(personSource).min(1).max(5);

/** A whole flow file; its steps are checked one by one, so that each problem names its own line. */
export const flowSchema = z.strictObject({
  id: slug,
  code: z.string().regex(/^\d\.\d{6}$/, 'must be a national procedure code, like "2.000635"'),
  handover: z.enum(['file', 'prepare', 'guide']),
  agencyFrom: path,
  people: z.strictObject({ filer: people, applicant: people, subject: people }),
  steps: z.array(z.unknown()).min(1),
});

export type FlowSource = z.infer<typeof flowSchema>;

/** A block file. */
export const blockSchema = z.strictObject({ id: camel, steps: z.array(z.unknown()).min(1) });

type Json = Record<string, unknown>;

const jsonOf = (schema: z.ZodType): Json => {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), $schema: undefined };
};

function stepJson(kind: Kind): Json {
  const common = jsonOf(stepSchema);
  const own = jsonOf(kind.options);
  const properties = {
    ...(common['properties'] as Json),
    ...((own['properties'] as Json | undefined) ?? {}),
  };
  const required = [
    ...(common['required'] as string[]),
    ...((own['required'] as string[] | undefined) ?? []),
  ];
  return { ...common, properties: { ...properties, kind: { const: kind.name } }, required };
}

/** JSON Schema of flow files, with every kind's own options; editors use it for completion and for red lines. */
export function flowJsonSchema(registry: Readonly<Record<string, Kind>>): Json {
  const entry = { $ref: '#/$defs/entry' };
  const steps = { type: 'array', minItems: 1, items: entry };
  const repeat = jsonOf(repeatSchema);
  const flow = jsonOf(flowSchema);
  const kinds = Object.keys(registry)
    .sort()
    .flatMap((name) => registry[name] ?? []);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Flow',
    ...flow,
    properties: { ...(flow['properties'] as Json), steps },
    $defs: {
      entry: {
        anyOf: [
          ...kinds.map(stepJson),
          jsonOf(useSchema),
          { ...repeat, properties: { ...(repeat['properties'] as Json), item: steps } },
        ],
      },
    },
  };
}
