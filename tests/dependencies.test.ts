/** What the server depends on is used, and docs/dependencies.md says why. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const names = Object.keys(dependencies);
const sources = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);

it('gives a reason for each package, and for no other', () => {
  const rows = [
    ...readFileSync(join(root, 'docs/dependencies.md'), 'utf8').matchAll(/^\| `([^`]+)` *\| (.+)$/gm),
  ];
  expect(rows.map(([, name]) => name)).toEqual(names);
  expect(rows.every(([, , why]) => why!.trim().length > 20)).toBe(true);
});

it.each(names)('%s is imported, in one exact version', (name) => {
  const imported = new RegExp(`(from |resolve\\()['\`]${name}(/[^'\`]*)?['\`]`);
  expect(sources.some((text) => imported.test(text))).toBe(true);
  expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
});
