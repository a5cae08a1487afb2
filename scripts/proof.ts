/**
 * `npm run proof`: the fault tests with big numbers, one after another; names of tests beside it run only these. `-- --mutate`
 * instead breaks the house on purpose, one way at a time, and succeeds only if a test sees it each time: a test that cannot
 * fail proves nothing. PROOF_SEED (1), and for the size of each PROOF_CITIZENS (10000), PROOF_KILLS (1000),
 * PROOF_TELEGRAM_CITIZENS (2000), PROOF_UPDATES (100000), PROOF_RUNS (2000), PROOF_DOSSIERS (10000): with 2 s a start, 1000 kills take most of an hour.
 * PROOF_CUT_TURNS (2000): ten minutes on two cores; needs MongoDB or its stand-in.
 * PROOF_FLEET_CITIZENS (300) and PROOF_FLEET_KILLS (500): half an hour on two cores; needs Redis, and MongoDB or its stand-in.
 * PROOF_ROUNDS (20) troubles with Redis, PROOF_ROUND_CITIZENS (20) in each: a quarter of an hour.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { processEnv } from '../src/config';

const root = join(__dirname, '../..');
const env = processEnv();

type Size = Readonly<Record<string, string>>;
interface Proof {
  /** Under tests/faults, without `.test.ts`. */
  readonly test: string;
  readonly size: Size;
  /** As small as it may be and still see what is broken. */
  readonly small: Size;
  /** What it must see. */
  readonly mutations: readonly string[];
}

const PROOFS: readonly Proof[] = [
  {
    test: 'kill-storm',
    size: { STORM_CITIZENS: env['PROOF_CITIZENS'] ?? '10000', STORM_KILLS: env['PROOF_KILLS'] ?? '1000' },
    small: { STORM_CITIZENS: env['PROOF_CITIZENS'] ?? '100', STORM_KILLS: env['PROOF_KILLS'] ?? '25' },
    mutations: ['no-cas', 'no-unique-session'],
  },
  {
    test: 'telegram-storm',
    size: {
      TELEGRAM_CITIZENS: env['PROOF_TELEGRAM_CITIZENS'] ?? '2000',
      TELEGRAM_KILLS: env['PROOF_KILLS'] ?? '1000',
    },
    small: { TELEGRAM_CITIZENS: '40', TELEGRAM_KILLS: '24' },
    mutations: ['no-seen'],
  },
  {
    test: 'fleet-storm',
    size: {
      FLEET_CITIZENS: env['PROOF_FLEET_CITIZENS'] ?? '300',
      FLEET_KILLS: env['PROOF_FLEET_KILLS'] ?? '500',
    },
    small: { FLEET_CITIZENS: '10', FLEET_KILLS: '8' },
    mutations: ['no-cas', 'no-unique-session'],
  },
  {
    test: 'redis-rounds',
    size: {
      REDIS_ROUNDS: env['PROOF_ROUNDS'] ?? '20',
      REDIS_CITIZENS: env['PROOF_ROUND_CITIZENS'] ?? '20',
    },
    small: { REDIS_ROUNDS: '1', REDIS_CITIZENS: '8' },
    mutations: [],
  },
  { test: 'two-replicas', size: {}, small: {}, mutations: ['no-cas'] },
  {
    test: 'cut-turns',
    size: { CUT_TURNS: env['PROOF_CUT_TURNS'] ?? '2000' },
    small: { CUT_TURNS: '200', CUT_AWAY_MS: '0' },
    mutations: ['no-seen'],
  },
  {
    test: 'dirty-webhooks',
    size: { DIRTY_UPDATES: env['PROOF_UPDATES'] ?? '100000' },
    small: { DIRTY_UPDATES: '2000' },
    mutations: ['no-seen'],
  },
  {
    test: 'bad-agency',
    size: { BAD_AGENCY_DOSSIERS: env['PROOF_DOSSIERS'] ?? '10000' },
    small: { BAD_AGENCY_DOSSIERS: '200' },
    mutations: ['no-acceptance'],
  },
  {
    test: 'model',
    size: { MODEL_RUNS: env['PROOF_RUNS'] ?? '2000', MODEL_LENGTH: '60' },
    small: { MODEL_RUNS: '100' },
    mutations: ['no-cas', 'no-unique-session', 'no-seen', 'no-lease', 'no-sent-up-to'],
  },
];

/** True when the test found nothing wrong. */
function holds(test: string, size: Size): boolean {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const file = `tests/faults/${test}.test.ts`;
  // A house broken on purpose may leave citizens waiting for ever.
  const { status } = spawnSync(process.execPath, [jest, '--runInBand', '--forceExit', file], {
    cwd: root,
    env: { ...env, STORM_SEED: env['PROOF_SEED'] ?? '1', MODEL_SEED: env['PROOF_SEED'] ?? '1', ...size },
    stdio: 'inherit',
  });
  return status === 0;
}

const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wanted = PROOFS.filter(({ test }) => names.length === 0 || names.includes(test));

function prove(): boolean {
  const failed = wanted.filter(({ test, size }) => !holds(test, size)).map(({ test }) => test);
  process.stdout.write(`\nfailed: ${failed.join(', ') || 'none'}\n`);
  return failed.length === 0;
}

/** Each of them must turn its test red. */
function disprove(): boolean {
  const runs = wanted.flatMap(({ test, small, mutations }) =>
    mutations.map((mutation) => ({ test, small, mutation })),
  );
  const missed = runs.filter(({ test, small, mutation }) =>
    holds(test, { ...small, STORM_MUTATE: mutation }),
  );
  const said = (some: typeof runs) =>
    some.map(({ test, mutation }) => `${mutation} by ${test}`).join(', ') || 'none';
  process.stdout.write(
    `\nseen: ${said(runs.filter((run) => !missed.includes(run)))}; missed: ${said(missed)}\n`,
  );
  return missed.length === 0;
}

process.exitCode = (process.argv.includes('--mutate') ? disprove() : prove()) ? 0 : 1;
