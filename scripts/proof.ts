/**
 * `npm run proof`: the fault tests with big numbers. `-- --mutate` instead breaks the engine on purpose, one way at a time,
 * and succeeds only if the storm sees it each time: a test that cannot fail proves nothing.
 * PROOF_CITIZENS (10000), PROOF_KILLS (1000) and PROOF_SEED (1) set the size; with 2 s a start, 1000 kills take most of an hour.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { processEnv } from '../src/config';

const root = join(__dirname, '../..');
const env = processEnv();
const MUTATIONS = ['no-cas', 'no-unique-session'];

/** True when the storm found nothing wrong. */
function storm(size: Readonly<Record<string, string>>): boolean {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const { status } = spawnSync(process.execPath, [jest, '--runInBand', 'tests/faults/kill-storm.test.ts'], {
    cwd: root,
    env: { ...env, STORM_SEED: env['PROOF_SEED'] ?? '1', ...size },
    stdio: 'inherit',
  });
  return status === 0;
}

function prove(): boolean {
  return storm({
    STORM_CITIZENS: env['PROOF_CITIZENS'] ?? '10000',
    STORM_KILLS: env['PROOF_KILLS'] ?? '1000',
  });
}

/** Each of them must turn the storm red. */
function disprove(): boolean {
  const size = { STORM_CITIZENS: env['PROOF_CITIZENS'] ?? '100', STORM_KILLS: env['PROOF_KILLS'] ?? '25' };
  const missed = MUTATIONS.filter((mutation) => storm({ ...size, STORM_MUTATE: mutation }));
  const seen = MUTATIONS.filter((mutation) => !missed.includes(mutation));
  process.stdout.write(`\nseen: ${seen.join(', ') || 'none'}; missed: ${missed.join(', ') || 'none'}\n`);
  return missed.length === 0;
}

process.exitCode = (process.argv.includes('--mutate') ? disprove() : prove()) ? 0 : 1;
