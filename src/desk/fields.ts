/** The fields of a posted form, as text: NFC, trimmed, without control characters, bounded. */
const MAX_FIELD = 4_000;

export interface Fields {
  /** First value of a field; '' when absent. */
  get(name: string): string;
  /** All values of a field that are not empty. */
  all(name: string): readonly string[];
  /** All pairs, to be carried along as hidden fields. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** The first `max` code units; half a letter cannot stand in a header or a file. */
export const cut = (text: string, max: number): string => text.slice(0, max).replace(/\p{Surrogate}/gu, '');

/** Keeps line breaks and tabs; everything else below U+0020, and invisible direction marks, goes. */
export function tidy(text: string): string {
  const visible = text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ''));
  return cut(visible.trim(), MAX_FIELD);
}

export function fieldsFrom(raw: Iterable<readonly [string, string]>): Fields {
  const pairs = Array.from(raw, ([name, value]) => [name, tidy(value)] as const);
  const all = (name: string) =>
    pairs.filter(([key, value]) => key === name && value !== '').map(([, value]) => value);
  return { get: (name) => all(name)[0] ?? '', all, pairs };
}

/** Fields of what `express.urlencoded` made. */
export function fieldsOfBody(body: unknown): Fields {
  const entries =
    typeof body === 'object' && body !== null ? Object.entries(body as Record<string, unknown>) : [];
  const pairs = entries.flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value])
      .filter((one) => typeof one === 'string')
      .map((one) => [name, one] as const),
  );
  return fieldsFrom(pairs);
}
