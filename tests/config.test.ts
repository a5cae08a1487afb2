/** The environment as an operator writes it: what starts, what is refused, and whether .env.example tells the truth. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
      trustedProxies: [],
      dataDir: '/srv/mot-cua/data',
      mongoUrl: null,
      redisUrl: null,
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
    ['QUEUE_URL', { QUEUE_URL: 'kafka://cache' }],
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

describe('trusted proxies', () => {
  it.each([
    ['10.0.0.5', [{ address: '10.0.0.5', bits: 32 }]],
    [
      ' 172.20.0.0/16 , FD00::3,',
      [
        { address: '172.20.0.0', bits: 16 },
        { address: 'FD00::3', bits: 128 },
      ],
    ],
  ])('are read from %j', (text, ranges) => {
    expect(load({ TRUSTED_PROXIES: text }).trustedProxies).toEqual(ranges);
  });

  it('are all private networks in one word, beside others', () => {
    const named = load({ TRUSTED_PROXIES: 'private,203.0.113.1' }).trustedProxies.map((one) => one.address);
    expect(named).toEqual(['10.0.0.0', '172.16.0.0', '192.168.0.0', 'fc00::', '203.0.113.1']);
  });

  it.each([
    ...[
      'proxy',
      'true',
      '1',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.0/33',
      '10.0.0.0/8/8',
      'fd00::/129',
      '10.0.0.5:80',
    ],
    ...['0.0.0.0/0', '::/0', '::ffff:10.0.0.5', 'fe80::1%eth0', 'Private', '10.0.0.1 10.0.0.2'],
  ])('refuse %j by name', (word) => {
    const problems = problemsOf({ TRUSTED_PROXIES: `10.0.0.1,${word}` });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^TRUSTED_PROXIES: must be "private"/);
    expect(problems[0]).toContain(`"${word}"`);
  });
});

describe('engines', () => {
  const STORE_URL = 'mongodb://mot-cua:hush-hush@db/mot-cua';
  const QUEUE_URL = 'redis://:hush-hush@cache';
  const DATA_KEYS = 'k1:a;index:b';

  it.each([
    ['many processes on both', { STORE_URL, QUEUE_URL, DATA_KEYS, ROLE: 'web' }],
    ['workers that look for themselves', { STORE_URL, DATA_KEYS, ROLE: 'worker' }],
    ['one process on MongoDB', { STORE_URL, DATA_KEYS }],
    [
      'a cluster by its name',
      { STORE_URL: 'mongodb+srv://db/mot-cua', QUEUE_URL: 'rediss://cache', DATA_KEYS },
    ],
  ])('may be %s', (_, env: Record<string, string>) => {
    const config = load(env);
    expect(config.mongoUrl?.reveal()).toBe(env['STORE_URL']);
    expect(config.redisUrl?.reveal()).toBe(env['QUEUE_URL']);
    expect(JSON.stringify(config)).not.toContain('hush-hush');
  });

  it.each([
    ['Redis beside the embedded store', { QUEUE_URL, DATA_KEYS }, ['STORE_URL']],
    ['several processes without keys', { STORE_URL, QUEUE_URL }, ['DATA_KEYS']],
    ['a worker beside the embedded store', { ROLE: 'worker', QUEUE_URL }, ['STORE_URL', 'ROLE', 'DATA_KEYS']],
  ])('refuses %s', (_, env: Record<string, string>, names) => {
    expect(problemsOf(env).map((line) => line.split(':')[0])).toEqual(names);
  });
});

describe('Telegram', () => {
  const TELEGRAM_BOT_TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
  const OTHER = '220201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
  const SECRET = 'a-secret_'.repeat(5);
  const https = { PUBLIC_URL: 'https://xa.vn' };
  const webhook = { TELEGRAM_BOT_TOKEN, TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: SECRET };

  it('is off without a token', () => {
    expect(load({ TELEGRAM_MODE: 'polling' }).telegram).toEqual([]);
  });

  it('polls unless told otherwise, and shows no secret', () => {
    const config = load({ TELEGRAM_BOT_TOKEN, TELEGRAM_API_ROOT: 'https://bots.xa.vn/' });
    expect(config.telegram).toMatchObject([
      {
        account: 'default',
        agency: null,
        mode: 'polling',
        apiRoot: 'https://bots.xa.vn',
        webhookSecret: null,
      },
    ]);
    expect(config.telegram[0]?.token.reveal()).toBe(TELEGRAM_BOT_TOKEN);
    expect(JSON.stringify(load({ ...webhook, ...https }))).not.toMatch(/AAHdq|a-secret/);
  });

  it.each([
    ['https, called from afar', { ...webhook, ...https }],
    ['https, on a port that Telegram calls', { ...webhook, PUBLIC_URL: 'https://xa.vn:8443' }],
    ['https, on its usual port by name', { ...webhook, PUBLIC_URL: 'https://xa.vn:443' }],
    [
      'https on any port, by a Bot API server of our own',
      { ...webhook, PUBLIC_URL: 'https://xa.vn:3000', TELEGRAM_API_ROOT: 'https://bots.xa.vn' },
    ],
    ['a server on this machine', { ...webhook, TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' }],
    ['a server on this machine by name', { ...webhook, TELEGRAM_API_ROOT: 'http://localhost:8081' }],
  ])('is called by webhook: %s', (_name, env: Record<string, string>) => {
    expect(load(env).telegram).toMatchObject([{ mode: 'webhook' }]);
  });

  it.each([
    ['TELEGRAM_BOT_TOKEN', { TELEGRAM_BOT_TOKEN: 'my-bot' }],
    ['TELEGRAM_API_ROOT', { TELEGRAM_API_ROOT: 'http://api.telegram.org' }],
    ['TELEGRAM_API_ROOT', { TELEGRAM_API_ROOT: 'http://127.0.0.1.evil.example' }],
    ['TELEGRAM_API_ROOT', { TELEGRAM_API_ROOT: 'https://api.telegram.org/?x=1' }],
    ['TELEGRAM_API_ROOT', { TELEGRAM_API_ROOT: 'telegram' }],
    ['TELEGRAM_API_ROOT', { ...webhook, ...https, TELEGRAM_API_ROOT: 'telegram' }],
    ['TELEGRAM_MODE', { TELEGRAM_MODE: 'push' }],
    ['TELEGRAM_WEBHOOK_SECRET', { ...webhook, ...https, TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(31) }],
    ['TELEGRAM_WEBHOOK_SECRET', { ...webhook, ...https, TELEGRAM_WEBHOOK_SECRET: 'a'.repeat(257) }],
    ['TELEGRAM_WEBHOOK_SECRET', { ...webhook, ...https, TELEGRAM_WEBHOOK_SECRET: 'ă'.repeat(40) }],
    ['TELEGRAM_WEBHOOK_SECRET', { TELEGRAM_BOT_TOKEN, TELEGRAM_MODE: 'webhook', ...https }],
    ['TELEGRAM_BOT_TOKEN', { TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: SECRET, ...https }],
    ['TELEGRAM_BOT_CONFIRMED', { TELEGRAM_BOT_CONFIRMED: 'yes' }],
    ['PUBLIC_URL', webhook],
    ['PUBLIC_URL', { ...webhook, PUBLIC_URL: 'http://xa.vn' }],
    ['PUBLIC_URL', { ...webhook, PUBLIC_URL: 'https://xa.vn:3000' }],
    [
      'PUBLIC_URL',
      { ...webhook, PUBLIC_URL: 'https://xa.vn:8444', TELEGRAM_API_ROOT: 'https://API.telegram.org/' },
    ],
  ])('names %s in %j', (name, env: Record<string, string>) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: .{8}`));
    expect(problems[0]).not.toMatch(/AAHdq|a-secret|my-bot/);
  });

  it('says all at once', () => {
    const problems = problemsOf({ TELEGRAM_BOT_TOKEN, TELEGRAM_MODE: 'webhook', PORT: 'x' });
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'TELEGRAM_WEBHOOK_SECRET',
      'PUBLIC_URL',
    ]);
  });

  describe('CHANNELS_FILE', () => {
    const file = (text: string): string => {
      const path = join(mkdtempSync(join(tmpdir(), 'mot-cua-config-')), 'channels.yaml');
      writeFileSync(path, text);
      return path;
    };
    const row = (more: object): string =>
      JSON.stringify([{ channel: 'telegram', account: 'xa-a', tokenFrom: 'TOKEN_A', ...more }]);

    it('names accounts, each with its agency and its way', () => {
      const text = `
- channel: telegram
  account: xa-a
  agency: xa-a
  tokenFrom: TOKEN_A
- { channel: telegram, account: xa-b, token: '330201543:x', mode: webhook, webhookSecretFrom: SECRET_B }
`;
      const env = { TELEGRAM_BOT_TOKEN, CHANNELS_FILE: file(text), TOKEN_A: OTHER, SECRET_B: SECRET };
      const { telegram } = load({ ...env, ...https });
      expect(telegram).toMatchObject([
        { account: 'default', mode: 'polling' },
        { account: 'xa-a', agency: 'xa-a', mode: 'polling' },
        { account: 'xa-b', agency: null, mode: 'webhook' },
      ]);
      expect(telegram.map(({ token }) => token.reveal())).toEqual([TELEGRAM_BOT_TOKEN, OTHER, '330201543:x']);
      expect(telegram[2]?.webhookSecret?.reveal()).toBe(SECRET);
    });

    it.each([
      ['no list', 'telegram: yes', /must be a list/],
      ['no YAML', `- token: ${OTHER}\n  - }`, /is not YAML \(line \d+\)/],
      ['an unknown field', row({ secret: 'x' }), /\[0\]: .*secret/],
      ['an unknown channel', row({ channel: 'zalo' }), /\[0\]\.channel: /],
      ['an account with spaces', row({ account: 'Xã A' }), /\[0\]\.account: /],
      ['no token', row({ tokenFrom: undefined }), /\[0\]\.token: /],
      ['two tokens', row({ token: OTHER }), /\[0\]\.tokenFrom: /],
      ['a variable that is not set', row({ tokenFrom: 'NOBODY' }), /\[0\]\.tokenFrom: NOBODY is not set/],
      ['a variable that holds no token', row({ tokenFrom: 'SECRET_A' }), /\[0\]\.tokenFrom: SECRET_A must/],
      ['a webhook without a secret', row({ mode: 'webhook' }), /\[0\]\.webhookSecret: /],
      [
        'a short secret',
        row({ mode: 'webhook', webhookSecretFrom: 'TOKEN_A' }),
        /\[0\]\.webhookSecretFrom: TOKEN_A must/,
      ],
      ['the account of the environment', row({ account: 'default' }), /"default" is there twice/],
      [
        'the bot of the environment',
        row({ tokenFrom: undefined, token: '110201543:other' }),
        /"xa-a" has the bot of "default"/,
      ],
    ])('refuses %s', (_name, text, problem) => {
      const env = { TELEGRAM_BOT_TOKEN, ...https, TOKEN_A: OTHER, SECRET_A: SECRET };
      const problems = problemsOf({ ...env, CHANNELS_FILE: file(text) });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(/^CHANNELS_FILE/);
      expect(problems[0]).toMatch(problem);
      expect(problems[0]).not.toMatch(/AAHdq|a-secret/);
    });

    it('that is not there', () => {
      expect(problemsOf({ CHANNELS_FILE: 'nowhere.yaml' })).toEqual([
        'CHANNELS_FILE nowhere.yaml: cannot be read',
      ]);
    });
  });
});
