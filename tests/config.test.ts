/** The environment as an operator writes it: what starts, what is refused, and whether .env.example tells the truth. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, VARIABLES } from '../src/config';
import { codeOf } from '../src/errors';

const load = (env: Record<string, string>) => loadConfig(env, '/srv/mot-cua');

/** The lines of the refusal, one a problem. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    load(env);
  } catch (error) {
    expect(codeOf(error)).toBe('config-invalid');
    const [, ...lines] = (error as Error).message.split('\n');
    return lines.map((line) => line.trim());
  }
  return [];
}

const example = Object.fromEntries(
  readFileSync(join(__dirname, '../.env.example'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ''] as const];
    }),
);

describe('.env.example', () => {
  it('names every variable and no other', () => {
    expect(Object.keys(example).toSorted()).toEqual([...VARIABLES].toSorted());
  });

  it('shows the defaults: with it and without it the same house starts', () => {
    expect(JSON.stringify(load(example))).toBe(JSON.stringify(load({})));
  });
});

describe('configuration', () => {
  it('starts without any variable, everything embedded', () => {
    expect(load({})).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: '/srv/mot-cua/data',
      storeUrl: 'sqlite:',
      queueUrl: 'embedded:',
      role: 'all',
      dataKeys: null,
      metricsPort: null,
      draftDays: 30,
      logLevel: 'info',
    });
  });

  it('reads what is set', () => {
    const config = load({
      PORT: '8080',
      PUBLIC_URL: 'https://xa.vn/',
      DATA_DIR: '/var/lib/mc',
      METRICS_PORT: '9100',
    });
    expect(config).toMatchObject({
      port: 8080,
      publicUrl: 'https://xa.vn',
      dataDir: '/var/lib/mc',
      metricsPort: 9100,
    });
  });

  it('does not print the keys', () => {
    const config = load({ DATA_KEYS: 'k1:hush-hush;index:hush-hush' });
    expect(config.dataKeys?.reveal()).toBe('k1:hush-hush;index:hush-hush');
    expect(JSON.stringify(config)).not.toContain('hush-hush');
  });

  it.each([
    ['PORT', { PORT: 'abc' }],
    ['PORT', { PORT: '70000' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'xa.vn' }],
    ['ROLE', { ROLE: 'boss' }],
    ['ROLE', { ROLE: 'worker' }],
    ['STORE_URL', { STORE_URL: 'postgres://db' }],
    ['STORE_URL', { STORE_URL: 'sqlite:other.db' }],
    ['QUEUE_URL', { QUEUE_URL: 'redis://cache' }],
    ['DRAFT_DAYS', { DRAFT_DAYS: '0' }],
    ['METRICS_PORT', { METRICS_PORT: '-1' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ])('names %s when it is %j', (name, env: Record<string, string>) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: .{8}`));
  });

  it('says all problems at once, those of single variables and of combinations', () => {
    const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'y', STORE_URL: 'z:', ROLE: 'web' });
    expect(problems.map((line) => line.split(':')[0])).toEqual(['PORT', 'LOG_LEVEL', 'STORE_URL', 'ROLE']);
  });
});
