/** What can be wrong with a photo stands in the types, in docs/errors.md, and in sentences of both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');

const union = /export type PhotoProblem =([^;]+);/.exec(read('src/flow/values.ts'))?.[1] ?? '';
const problems = [...union.matchAll(/'([a-z-]+)'/g)].map(([, problem]) => problem!);

it('docs/errors.md tells of each, and of no other', () => {
  expect(problems.length).toBeGreaterThan(5);
  const section = read('docs/errors.md').split('## Photos and files citizens send')[1] ?? '';
  const rows = [...section.matchAll(/^\| ([a-z-]*[a-z][a-z-]*) +\|/gm)].map(([, problem]) => problem!);
  expect(rows.filter((row) => row !== 'problem').toSorted()).toEqual(problems.toSorted());
});

it.each(['vi', 'en'])('a citizen reads a sentence and a second wording of each in %s', (language) => {
  const { error } = JSON.parse(read(`locales/${language}/kinds.json`)) as {
    error: { photo: Record<string, string> };
  };
  const missing = problems
    .flatMap((one) => [one, `${one}.2`])
    .filter((key) => (error.photo[key] ?? '').length < 10);
  expect(missing).toEqual([]);
});
