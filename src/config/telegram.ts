/** Accounts of Telegram: the one of the environment, and those of CHANNELS_FILE. What is wrong is said by name, never with its value. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { secret, type Secret } from './secret';

export interface TelegramConfig {
  /** `default` is the account of the environment. */
  readonly account: string;
  /** Agency every talk of this account is about; null: the citizen says it. */
  readonly agency: string | null;
  readonly token: Secret;
  /** Without a trailing slash. */
  readonly apiRoot: string;
  readonly mode: 'polling' | 'webhook';
  readonly webhookSecret: Secret | null;
  /** Its bot may take the place of another (TELEGRAM_BOT_CONFIRMED). */
  readonly confirmed: boolean;
}

type Given = Readonly<Record<string, string | undefined>>;

/** Where a Bot API that is Telegram's own is. */
const TELEGRAM = 'api.telegram.org';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** On this machine: a test's or developer's server. */
export const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);

function isApiRoot(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash, username } = new URL(value);
  const plain = search === '' && hash === '' && username === '';
  return plain && (protocol === 'https:' || (protocol === 'http:' && isLoopback(value)));
}

const token = z.string().regex(/^\d{1,20}:[\w-]{1,100}$/, 'must be as BotFather gave it: 123456:ABC…');
const webhookSecret = z
  .string()
  .regex(/^[\w-]{32,256}$/, 'must be 32 to 256 of A-Z a-z 0-9 _ - (openssl rand -hex 32)');
const mode = z.enum(['polling', 'webhook']).default('polling');

/** Variables of the environment. */
export const TELEGRAM_SHAPE = {
  TELEGRAM_BOT_TOKEN: token.optional(),
  TELEGRAM_API_ROOT: z
    .string()
    .refine(isApiRoot, 'must be an https address (http only on this machine)')
    .default(`https://${TELEGRAM}`),
  TELEGRAM_MODE: mode,
  TELEGRAM_WEBHOOK_SECRET: webhookSecret.optional(),
  TELEGRAM_BOT_CONFIRMED: z
    .string()
    .regex(
      /^\d{1,20}(?:,\d{1,20})*$/,
      'must be ids of bots (the digits before the colon of a token), with commas',
    )
    .optional(),
  CHANNELS_FILE: z.string().min(1).optional(),
};

const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must name a variable of the environment');
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be a-z 0-9 -, at most 32');
const row = z.strictObject({
  channel: z.literal('telegram'),
  account: slug,
  agency: z.string().min(1).max(64).optional(),
  token: token.optional(),
  tokenFrom: variable.optional(),
  mode,
  webhookSecret: webhookSecret.optional(),
  webhookSecretFrom: variable.optional(),
});
type Row = z.infer<typeof row>;

export interface TelegramAccounts {
  readonly accounts: readonly TelegramConfig[];
  /** One line each: where, and what must change. */
  readonly problems: readonly string[];
}

/** `given`: variables that are set. `root`: the folder a relative CHANNELS_FILE is read from. */
export function telegramAccounts(given: Given, root: string): TelegramAccounts {
  const apiRoot = (given['TELEGRAM_API_ROOT'] ?? `https://${TELEGRAM}`).replace(/\/+$/, '');
  const found = [ofEnvironment(given, apiRoot), ...ofFile(given, root, apiRoot)];
  const sure = new Set(given['TELEGRAM_BOT_CONFIRMED']?.split(','));
  const accounts = found
    .flatMap((one) => one.account ?? [])
    .map((one) => ({ ...one, confirmed: sure.has(botOf(one)) }));
  const problems = found.flatMap((one) => one.problems);
  return { accounts, problems: [...problems, ...twins(accounts), ...unreachable(accounts, given)] };
}

const botOf = ({ token: one }: Pick<TelegramConfig, 'token'>): string => one.reveal().split(':', 1)[0] ?? '';

interface Found {
  readonly account: Omit<TelegramConfig, 'confirmed'> | null;
  readonly problems: readonly string[];
}
const wrong = (...problems: string[]): Found => ({ account: null, problems });

/** What its variables' own shapes refuse is said there. */
function ofEnvironment(given: Given, apiRoot: string): Found {
  const { TELEGRAM_BOT_TOKEN: botToken, TELEGRAM_WEBHOOK_SECRET: key } = given;
  const webhook = given['TELEGRAM_MODE'] === 'webhook';
  // Whoever sets a webhook means a bot of the environment, or of CHANNELS_FILE, which says its own mode.
  if (botToken === undefined && webhook && given['CHANNELS_FILE'] === undefined)
    return wrong('TELEGRAM_BOT_TOKEN: needed with TELEGRAM_MODE=webhook');
  if (botToken === undefined) return wrong();
  const problems =
    webhook && key === undefined ? ['TELEGRAM_WEBHOOK_SECRET: needed with TELEGRAM_MODE=webhook'] : [];
  const account: Found['account'] = {
    account: 'default',
    agency: null,
    token: secret(botToken),
    apiRoot,
    mode: webhook ? 'webhook' : 'polling',
    webhookSecret: key === undefined ? null : secret(key),
  };
  return { account, problems };
}

function ofFile(given: Given, root: string, apiRoot: string): readonly Found[] {
  const path = given['CHANNELS_FILE'];
  if (path === undefined) return [];
  const here = `CHANNELS_FILE ${basename(path)}`;
  const rows = rowsIn(resolve(root, path));
  if (typeof rows === 'string') return [wrong(`${here}: ${rows}`)];
  return rows.map((value, at) => ofRow(value, `${here}: [${at}]`, given, apiRoot));
}

/** A string says what is wrong. The parser's own words quote the file, which holds tokens. */
function rowsIn(path: string): readonly unknown[] | string {
  try {
    const rows: unknown = parse(readFileSync(path, 'utf8'));
    return Array.isArray(rows) ? rows : 'must be a list of accounts';
  } catch (error) {
    if (!(error instanceof YAMLParseError)) return 'cannot be read';
    return `is not YAML (line ${error.linePos?.[0].line ?? '?'})`;
  }
}

function ofRow(value: unknown, here: string, given: Given, apiRoot: string): Found {
  const parsed = row.safeParse(value);
  if (!parsed.success) {
    return wrong(
      ...parsed.error.issues.map((issue) => `${[here, ...issue.path].join('.')}: ${issue.message}`),
    );
  }
  const { account, agency, mode: way } = parsed.data;
  const botToken = secretOf(parsed.data, 'token', token, given);
  const key = secretOf(parsed.data, 'webhookSecret', webhookSecret, given);
  const problems = [
    ...(botToken.problem === null ? [] : [`${here}.${botToken.problem}`]),
    ...(key.problem === null ? [] : [`${here}.${key.problem}`]),
    ...(botToken.value === null && botToken.problem === null
      ? [`${here}.token: token or tokenFrom is needed`]
      : []),
    ...(way === 'webhook' && key.value === null && key.problem === null
      ? [`${here}.webhookSecret: webhookSecret or webhookSecretFrom is needed in mode webhook`]
      : []),
  ];
  if (problems.length > 0 || botToken.value === null) return wrong(...problems);
  return {
    account: {
      ...{ account, agency: agency ?? null, token: botToken.value, apiRoot },
      ...{ mode: way, webhookSecret: key.value },
    },
    problems: [],
  };
}

/** Written in the file, or in a variable that the file names: one of the two. */
function secretOf(
  found: Row,
  name: 'token' | 'webhookSecret',
  shape: z.ZodString,
  given: Given,
): { readonly value: Secret | null; readonly problem: string | null } {
  const from = found[`${name}From`];
  if (from === undefined)
    return { value: found[name] === undefined ? null : secret(found[name]), problem: null };
  if (found[name] !== undefined)
    return { value: null, problem: `${name}From: ${name} is there too, keep one` };
  const held = given[from];
  if (held === undefined) return { value: null, problem: `${name}From: ${from} is not set` };
  const { error } = shape.safeParse(held);
  if (error !== undefined)
    return { value: null, problem: `${name}From: ${from} ${error.issues[0]?.message ?? ''}` };
  return { value: secret(held), problem: null };
}

/** A bot twice would fetch its own updates away. */
function twins(accounts: readonly TelegramConfig[]): readonly string[] {
  return accounts.flatMap((one, at) => {
    const before = accounts.slice(0, at);
    const [name, same] = [
      before.some((other) => other.account === one.account),
      before.find((other) => botOf(other) === botOf(one)),
    ];
    return [
      ...(name ? [`CHANNELS_FILE: the account "${one.account}" is there twice`] : []),
      ...(same === undefined ? [] : [`CHANNELS_FILE: "${one.account}" has the bot of "${same.account}"`]),
    ];
  });
}

const TELEGRAM_PORTS = ['443', '80', '88', '8443'];

/** Telegram calls https addresses only, and of the world's ports four; a Bot API server of one's own calls any port. */
function unreachable(accounts: readonly TelegramConfig[], given: Given): readonly string[] {
  const called = accounts.filter((one) => one.mode === 'webhook' && !isLoopback(one.apiRoot));
  const address = given['PUBLIC_URL'] ?? '';
  if (called.length === 0) return [];
  if (!address.startsWith('https:'))
    return ['PUBLIC_URL: must be the https address where Telegram reaches this server (or use mode polling)'];
  // What is no address at all is said elsewhere.
  const port = (URL.canParse(address) ? new URL(address).port : '') || '443';
  const byTelegram = called.some(
    (one) => URL.canParse(one.apiRoot) && new URL(one.apiRoot).hostname === TELEGRAM,
  );
  return byTelegram && !TELEGRAM_PORTS.includes(port)
    ? [`PUBLIC_URL: Telegram calls the ports ${TELEGRAM_PORTS.join(', ')} only (or use mode polling)`]
    : [];
}
