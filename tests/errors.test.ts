/** The error table, its page for people, and the words readers see must tell of the same errors. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../src/errors';
import { errorWords } from '../src/web/error-page';

const root = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const words = (language: string, file: string) =>
  (JSON.parse(read(`locales/${language}/${file}.json`)) as { error: Record<string, unknown> }).error;

/** Rows of all tables in docs/errors.md: cells without their padding. */
const rows = read('docs/errors.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('docs/errors.md', () => {
  it('has one row for every code, and no other', () => {
    const documented = rows.map(([code = '']) => code.replaceAll('`', ''));
    expect(documented.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it.each(rows.map((cells) => [cells[0]!.replaceAll('`', ''), cells] as const))(
    'tells of %s what the table says',
    (code, [, when, remedy, ...flags]) => {
      const row = ERRORS[code as keyof typeof ERRORS];
      const answer = (yes: boolean) => (yes ? 'yes' : 'no');
      expect(flags).toEqual([String(row.status), answer(row.retryable), answer(row.ours)]);
      expect(Math.min(when!.length, remedy!.length)).toBeGreaterThan(6);
    },
  );
});

describe('the codes', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'errors.ts')
    .map((name) => read(`src/${name}`));

  it.each(Object.keys(ERRORS))('%s comes from somewhere', (code) => {
    expect(sources.some((text) => text.includes(`'${code}'`))).toBe(true);
  });

  it.each(['vi', 'en'])('have public words by status in %s', (language) => {
    const said = words(language, 'pages');
    for (const { status } of Object.values(ERRORS)) {
      const { title, body } = said[errorWords(status)] as { title: string; body: string };
      expect([title.length > 3, body.length > 10]).toEqual([true, true]);
    }
  });

  it.each(['vi', 'en'])('have officers’ words in pairs in %s, for known codes only', (language) => {
    const { back, ...said } = words(language, 'desk');
    expect(back).toEqual(expect.any(String));
    const codes = Object.keys(said).filter((key) => !key.endsWith('Next'));
    expect(codes.filter((code) => !(code in ERRORS))).toEqual([]);
    expect(Object.keys(said).toSorted()).toEqual(codes.flatMap((code) => [code, `${code}Next`]).toSorted());
  });
});
