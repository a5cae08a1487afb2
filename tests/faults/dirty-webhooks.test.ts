/**
 * 20,000 updates, a fifth of them duplicates, a tenth in the wrong order, pairs at once: every chat ends as the reference model
 * says. DIRTY_UPDATES and STORM_SEED set the size; STORM_MUTATE breaks the engine, and the test must fail.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { sqliteRecords } from '../../src/drivers/sqlite-store';
import { codeOf } from '../../src/errors';
import { openMessengers } from '../../src/house/channels';
import { openHouse } from '../../src/house/house';
import { listen, stopServer } from '../../src/house/servers';
import { realUniverse as universe } from '../../src/house/universe';
import type { Log } from '../../src/ports/universe';
import { startFakeTelegram, TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';
import { brokenInbox, MUTATIONS } from '../servers/mutations';
import { dirtyWebhooks } from './dirty-webhooks';
import { makeModelRoot } from './model-root';

const { env } = process;
const updates = Number(env['DIRTY_UPDATES'] ?? 20_000);
const seed = Number(env['STORM_SEED'] ?? 1);
const mutate = MUTATIONS[env['STORM_MUTATE'] ?? ''];

/** A house with one flow behind a webhook's door. */
async function openTown(telegram: FakeTelegram) {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-dirty-'));
  const { root, remove } = makeModelRoot();
  const secret = 'x'.repeat(40);
  const config = loadConfig(
    {
      ...{ DATA_DIR: dataDir, PORT: '0', TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url },
      ...{ TELEGRAM_MODE: 'webhook', TELEGRAM_WEBHOOK_SECRET: secret },
    },
    root,
  );
  const logged: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    // A messenger that is slow for a moment is asked again: nothing is wrong.
    error(event, error) {
      if (codeOf(error) !== 'channel-unavailable') logged.push(`${event} ${String(error)}`);
    },
  };
  const engine = sqliteRecords({ path: join(dataDir, 'mot-cua.sqlite') });
  const records = mutate?.(engine) ?? engine;
  const meter = { count: () => undefined, seconds: () => undefined };
  const house = await openHouse({ config, root, universe, log, meter, records, messagesAMinute: 1_000_000 });
  const converse = brokenInbox(env['STORM_MUTATE'], house.converse);
  const messengers = openMessengers({ house: { ...house, converse }, config, universe, log });
  house.start();
  const server = await listen(
    (request, response) => void messengers.handle(request, response),
    0,
    '127.0.0.1',
  );
  telegram.setWebhook({ url: `http://127.0.0.1:${server.port}/webhooks/telegram`, secret });
  return {
    ...{ house, logged },
    async close() {
      await Promise.all([stopServer(server), messengers.close()]);
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
      remove();
    },
  };
}

test(
  `${updates} dirty updates: every chat is as the model says`,
  async () => {
    const telegram = await startFakeTelegram({ autoDeliver: false, keep: 1_000 });
    const { house, logged, close } = await openTown(telegram);
    const { problems, figures } = await dirtyWebhooks({ telegram, store: house.store, updates, seed });
    if (env['DIRTY_UPDATES'] !== undefined) console.log(JSON.stringify(figures));
    await close();
    await telegram.close();
    expect(problems.slice(0, 10)).toEqual([]);
    expect(logged.slice(0, 5)).toEqual([]);
  },
  60_000 + updates * 30,
);
