/** What people read when an answer was not taken: there in both languages, short, and never the same sentence twice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '../../../src/flow/kinds';

type Tree = Record<string, Record<string, Record<string, string>>>;
const locale = (lang: string): Tree =>
  JSON.parse(readFileSync(join(__dirname, '../../../locales', lang, 'kinds.json'), 'utf8')) as Tree;
const trees = { vi: locale('vi'), en: locale('en') };

const PROBLEMS = [
  'empty',
  'unreadable',
  'impossible',
  'too-long',
  'too-short',
  'out-of-range',
  'ambiguous',
  'confirm',
];
/** What can be wrong with a photo, said by the engine. */
const PHOTO_PROBLEMS = [
  ...['not-a-photo', 'too-big', 'too-many-pixels', 'broken', 'animated', 'pdf-not-here', 'pdf-locked'],
  ...['too-many-pages', 'too-slow', 'lost'],
];
/** What the first sentence of a problem may name; the rest of the parameters come from the step. */
const ALLOWED = /\{\{(?:which|you|You|me|yes|min|max|got|need|year|month|value)\}\}/g;

const keysOf = (tree: object, at = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${at}${key}`] : keysOf(value as object, `${at}${key}.`),
  );

test('both languages say the same things', () => {
  expect(keysOf(trees.en).sort()).toEqual(keysOf(trees.vi).sort());
});

describe.each(Object.entries(trees))('%s', (_lang, tree) => {
  const errors = tree['error'] ?? {};

  test('every problem has a sentence and another one, for any kind', () => {
    const wanted = PROBLEMS.flatMap((problem) => [problem, `${problem}.2`]);
    expect(Object.keys(errors['any'] ?? {}).sort()).toEqual(wanted.sort());
  });

  test('generic sentences need nothing that a reading may not tell', () => {
    expect(Object.values(errors['any'] ?? {}).join()).not.toMatch(/\{\{(?:min|max|got|need)\}\}/);
  });

  test.each(Object.keys(errors))(
    'sentences of %s are about a known kind and problem, short, and differ',
    (name) => {
      expect([...Object.keys(KINDS), 'any']).toContain(name);
      const sentences = errors[name] ?? {};
      for (const [problem, sentence] of Object.entries(sentences)) {
        const known = name === 'photo' ? [...PROBLEMS, ...PHOTO_PROBLEMS] : PROBLEMS;
        expect(known).toContain(problem.replace(/\.2$/, ''));
        expect(sentence.length).toBeLessThanOrEqual(200);
        expect(sentence.replace(ALLOWED, '')).not.toMatch(/[{}]/);
      }
      expect(new Set(Object.values(sentences)).size).toBe(Object.keys(sentences).length);
    },
  );

  test('everything that can be wrong with a photo has two sentences, and both say which photo', () => {
    for (const problem of PHOTO_PROBLEMS) {
      expect(errors['photo']?.[problem]).toContain('{{which}}');
      expect(errors['photo']?.[`${problem}.2`]).toContain('{{which}}');
    }
  });

  test.each(Object.keys(KINDS))('%s is explained', (name) => {
    expect(tree['hint']?.[name]).toEqual(expect.any(String));
  });
});
