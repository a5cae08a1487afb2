/** The texts of one language as one flat table: `person.name.ask` to words. */

export type Texts = ReadonlyMap<string, string>;

/** Flattens nested texts below a key; what is no text is left out. */
export function flatten(tree: unknown, below = ''): Texts {
  if (typeof tree === 'string') return new Map([[below, tree]]);
  if (typeof tree !== 'object' || tree === null) return new Map();
  const rows = Object.entries(tree).flatMap(([name, inner]) => [
    ...flatten(inner, below === '' ? name : `${below}.${name}`),
  ]);
  return new Map(rows);
}

/** The text of the first key that exists. */
export function textOf(texts: Texts, keys: readonly string[]): string | null {
  const key = keys.find((candidate) => texts.has(candidate));
  return key === undefined ? null : (texts.get(key) ?? null);
}

/** The same in every language, each once. */
export function textsOf(languages: readonly Texts[], keys: readonly string[]): readonly string[] {
  return [...new Set(languages.flatMap((texts) => textOf(texts, keys) ?? []))];
}
