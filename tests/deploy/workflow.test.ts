/** The workflow cannot run here: actionlint reads it (from Go's module proxy, where Go is), and its scripts are this repository's own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { read, root } from './dockerfile';

const WORKFLOW = '.github/workflows/ci.yml';
const PINNED = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';

/** How actionlint is run here, or null. */
function actionlint(): readonly [string, ...string[]] | null {
  const works = (command: string, ...args: string[]) =>
    spawnSync(command, args, { stdio: 'ignore', timeout: 100_000 }).status === 0;
  if (works('actionlint', '--version')) return ['actionlint'];
  return works('go', 'run', PINNED, '--version') ? ['go', 'run', PINNED] : null;
}

const linter = actionlint();
if (linter === null) console.warn('actionlint: NOT RUN (neither it nor Go with its module proxy is here)');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes': number; readonly steps: readonly Step[] }>
  >;
}
const { permissions, jobs } = parse(read(WORKFLOW)) as Workflow;
const steps = Object.values(jobs).flatMap((job) => job.steps);

(linter === null ? it.skip : it)(
  'is what actionlint takes (NOT RUN where it is not to be had)',
  () => {
    const [command, ...args] = linter!;
    const { status, stdout } = spawnSync(command, [...args, '-no-color', join(root, WORKFLOW)], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '']);
  },
  120_000,
);

it('may read and nothing else, ends by itself, and takes pinned actions only', () => {
  expect(permissions).toEqual({ contents: 'read' });
  for (const [name, job] of Object.entries(jobs))
    expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)]);
  for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@v\d+$/);
});

const scripts = [...new Set(steps.flatMap(({ run }) => run?.match(/\.ci\/[\w-]+/g) ?? []))];
it.each(scripts)('%s is there, can be run, and is Bash', (path) => {
  expect(statSync(join(root, path)).mode & 0o111).toBeGreaterThan(0);
  expect(read(path)).toMatch(/^#!\/usr\/bin\/env bash\n/);
  execFileSync('bash', ['-n', join(root, path)]);
});

const suites = [...new Set(steps.flatMap(({ run }) => run?.match(/tests\/[\w./-]+/g) ?? []))];
it.each(suites)('%s is there', (path) => {
  expect(statSync(join(root, path)).mode).toBeGreaterThan(0);
});
