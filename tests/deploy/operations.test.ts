/** docs/operations.md names every variable and command, and nothing that is not there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '../../src/config';
import { read, root } from './dockerfile';

const page = read('docs/operations.md');
const rowsOf = (title: string): readonly string[] =>
  page
    .split(`\n## ${title}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => /^\| `([^` ]+)/.exec(line)![1]!);

it('has a row for every variable, and no other', () => {
  expect(rowsOf('Variables').toSorted()).toEqual(VARIABLES.toSorted());
});

it('names commands that there are', () => {
  const { stderr } = spawnSync(process.execPath, [join(root, 'dist/scripts/admin.js')], { encoding: 'utf8' });
  const commands = [...stderr.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  for (const name of rowsOf('Commands')) expect(commands).toContain(name);
});

it('points at files that are there', () => {
  const paths = [...page.matchAll(/`((?:tests|\.ci|\.github|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(7);
  for (const path of paths) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  const links = [...page.matchAll(/\]\((?!#)([\w.-]+)\)/g)].map(([, path]) => path!);
  for (const link of links) expect([link, existsSync(join(root, 'docs', link))]).toEqual([link, true]);
});
