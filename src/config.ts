/** The only reader of process.env: environment in, one checked Config out, all problems said at once. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { TRUSTED_PROXIES, type ProxyRange } from './config/proxies';
import { secret, type Secret } from './config/secret';
import { TELEGRAM_SHAPE, telegramAccounts, type TelegramConfig } from './config/telegram';
import { AppError } from './errors';

export type { ProxyRange, Secret, TelegramConfig };

export interface Config {
  readonly port: number;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Machines besides this one that are believed when they say for whom they ask. */
  readonly trustedProxies: readonly ProxyRange[];
  readonly dataDir: string;
  /** Null: the embedded store. May hold a password. */
  readonly mongoUrl: Secret | null;
  /** Null: the embedded queue. May hold a password. */
  readonly redisUrl: Secret | null;
  readonly role: 'all' | 'web' | 'worker';
  readonly dataKeys: Secret | null;
  /** Loopback port of the metrics; null: off. */
  readonly metricsPort: number | null;
  readonly draftDays: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Bots on Telegram; none: the channel is off. */
  readonly telegram: readonly TelegramConfig[];
}

const port = z.coerce.number().int().min(0).max(65_535);
const shape = z.object({
  PORT: port.default(3000),
  PUBLIC_URL: z.url().optional(),
  TRUSTED_PROXIES,
  DATA_DIR: z.string().min(1).default('./data'),
  STORE_URL: z.string().default('sqlite:'),
  QUEUE_URL: z.string().default('embedded:'),
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  DATA_KEYS: z.string().min(1).optional(),
  METRICS_PORT: port.optional(),
  DRAFT_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ...TELEGRAM_SHAPE,
});
type Env = z.infer<typeof shape>;

/** Every variable the house reads. */
export const VARIABLES: readonly string[] = Object.keys(shape.shape);

/** @throws AppError `config-invalid` naming every variable that must change. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, root: string): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = shape.safeParse(given);
  const unreadable = (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const telegram = telegramAccounts(given, root);
  const problems = [...unreadable, ...combinations(given), ...telegram.problems];
  if (!parsed.success || problems.length > 0) {
    throw new AppError('config-invalid', `these settings must change:\n  ${problems.join('\n  ')}`);
  }
  return configOf(parsed.data, root, telegram.accounts);
}

/** Which engines go together, looked at as given: what cannot be read must not hide what does not fit. @see docs/design.md §7 */
function combinations(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { STORE_URL: store = 'sqlite:', QUEUE_URL: queue = 'embedded:', ROLE: role = 'all' } = given;
  const mongo = /^mongodb(\+srv)?:\/\/./.test(store);
  const redis = /^rediss?:\/\/./.test(queue);
  const rules: readonly (readonly [broken: boolean, problem: string])[] = [
    [store !== 'sqlite:' && !mongo, 'STORE_URL: must be "sqlite:" or an address "mongodb://…"'],
    [queue !== 'embedded:' && !redis, 'QUEUE_URL: must be "embedded:" or an address "redis://…"'],
    [
      redis && !mongo,
      'STORE_URL: with QUEUE_URL=redis:// it must be "mongodb://…", or set QUEUE_URL=embedded:',
    ],
    [
      !mongo && (role === 'web' || role === 'worker'),
      'ROLE: with STORE_URL=sqlite: there is one process, set ROLE=all',
    ],
    [
      (mongo || redis) && given['DATA_KEYS'] === undefined,
      'DATA_KEYS: several processes need the same keys, so they must be set (docs/operations.md says how to make them)',
    ],
  ];
  return rules.flatMap(([broken, problem]) => (broken ? [problem] : []));
}

function configOf(env: Env, root: string, telegram: readonly TelegramConfig[]): Config {
  return {
    port: env.PORT,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ''),
    trustedProxies: env.TRUSTED_PROXIES,
    dataDir: resolve(root, env.DATA_DIR),
    mongoUrl: env.STORE_URL === 'sqlite:' ? null : secret(env.STORE_URL),
    redisUrl: env.QUEUE_URL === 'embedded:' ? null : secret(env.QUEUE_URL),
    role: env.ROLE,
    dataKeys: env.DATA_KEYS === undefined ? null : secret(env.DATA_KEYS),
    metricsPort: env.METRICS_PORT ?? null,
    draftDays: env.DRAFT_DAYS,
    logLevel: env.LOG_LEVEL,
    telegram,
  };
}

/** The environment of this process. */
export const processEnv = (): Readonly<Record<string, string | undefined>> => process.env;
