/** The engines under the house, as its two addresses choose them: embedded in one process, or MongoDB and Redis under many. */
import { join } from 'node:path';
import { cachedConversations } from '../app/conversation-cache';
import { memoryLimiter } from '../app/memory-limiter';
import type { Config } from '../config';
import { openKeyRing } from '../crypto/key-ring';
import { openVault, type Vault } from '../crypto/vault';
import { bullmqQueue } from '../drivers/bullmq-queue';
import { diskFiles } from '../drivers/disk-files';
import { embeddedQueue } from '../drivers/embedded-queue';
import { gridFsFiles } from '../drivers/gridfs-files';
import { mongoRecords } from '../drivers/mongo-store';
import type { Records } from '../drivers/records';
import { redisLimits } from '../drivers/redis-limiter';
import { openSealedStore } from '../drivers/sealed-store';
import { sqliteRecords } from '../drivers/sqlite-store';
import type { Files } from '../ports/files';
import type { OpenLimiter } from '../ports/limiter';
import type { Queue } from '../ports/queue';
import type { Store } from '../ports/store';
import type { Log, Universe } from '../ports/universe';

export interface EngineOptions {
  readonly config: Config;
  readonly universe: Universe;
  readonly log: Log;
  /** The engine under the store, in place of the configured one. */
  readonly records?: Records;
  /** How often the store is asked what is due, ms, unless the usual. */
  readonly sweepMs?: number;
}

export interface Engines {
  readonly store: Store;
  readonly files: Files;
  readonly queue: Queue;
  readonly limiter: OpenLimiter;
  /** What an operator should know of the servers behind. */
  readonly notices: readonly string[];
  /** After the queue was closed. */
  close(): Promise<void>;
}

/** What was in hand when the process before ended is due this soon at the latest: it is taken up at once. */
const ORPHANS_MS = 5_000;
/** Without a bell between the processes, workers look so often at what is due. */
const POLL_MS = 500;

/** @throws AppError `config-invalid` | `store-locked` | `store-too-new` | `store-unavailable` | `key-unknown` */
export async function openEngines(options: EngineOptions): Promise<Engines> {
  const { config, log } = options;
  const vault = vaultOf(options);
  const { records, notices } = await openRecords(options);
  for (const notice of notices) log.warn('store-notice', { notice });
  const sealed = await openSealedStore({ records, vault });
  // Only a process that is alone may keep what it read.
  const alone = config.mongoUrl === null;
  const store = alone ? { ...sealed, conversations: cachedConversations(sealed.conversations) } : sealed;
  const files = await openFiles(options, vault);
  const queue = await openQueue(options, store);
  const limits = openLimits(options, vault);
  return {
    ...{ store, files, queue, notices, limiter: limits.limiter },
    async close() {
      limits.close();
      await files.close();
      await store.close();
    },
  };
}

function vaultOf({ config, universe }: EngineOptions): Vault {
  const ring = openKeyRing({
    dataKeys: config.dataKeys?.reveal(),
    dataDir: config.dataDir,
    mayCreate: config.mongoUrl === null,
    random: (count) => universe.randomBytes(count),
  });
  return openVault(ring);
}

async function openRecords({ config, records }: EngineOptions) {
  if (records !== undefined) return { records, notices: [] };
  if (config.mongoUrl === null)
    return { records: sqliteRecords({ path: join(config.dataDir, 'mot-cua.sqlite') }), notices: [] };
  const mongo = await mongoRecords({ url: config.mongoUrl.reveal() });
  return { records: mongo, notices: mongo.server.notices.map(({ text }) => text) };
}

function openFiles({ config, universe }: EngineOptions, vault: Vault): Promise<Files> {
  const clock = () => universe.now();
  return config.mongoUrl === null
    ? diskFiles({ dir: join(config.dataDir, 'files'), vault, clock })
    : gridFsFiles({ url: config.mongoUrl.reveal(), vault, clock });
}

/** A process that only serves pages rings for others; without Redis they look by themselves. */
async function openQueue({ config, universe, log, sweepMs }: EngineOptions, store: Store): Promise<Queue> {
  const base = {
    sweep: (now: number, limit: number) => store.due(now, limit),
    clock: () => universe.now(),
    aheadMs: ORPHANS_MS,
    onError: (error: unknown) => log.error('effect-failed', error),
    ...(sweepMs === undefined ? {} : { everyMs: sweepMs }),
  };
  if (config.redisUrl !== null) {
    const onAway = (reason: string) => log.warn('queue-away', { server: 'redis', reason });
    return bullmqQueue({ ...base, url: config.redisUrl.reveal(), onAway });
  }
  if (config.role === 'web') return SILENT;
  return embeddedQueue({ ...(config.mongoUrl === null ? {} : { everyMs: POLL_MS }), ...base });
}

const SILENT: Queue = {
  ring: () => undefined,
  work: () => undefined,
  close: () => Promise.resolve(),
};

function openLimits({ config, log }: EngineOptions, vault: Vault): { limiter: OpenLimiter; close(): void } {
  if (config.redisUrl === null) return { limiter: memoryLimiter, close: () => undefined };
  // Counted here meanwhile: somebody should look at Redis, and no citizen waits.
  const onError = () => log.warn('limits-alone');
  return redisLimits({ url: config.redisUrl.reveal(), vault, onError });
}
