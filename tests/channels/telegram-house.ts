/** A whole house with Telegram before it, as an operator sets it up: by variables, on a folder of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOfficers } from '../../src/app/officers/officers';
import { loadConfig } from '../../src/config';
import { openMessengers } from '../../src/house/channels';
import { openDoors } from '../../src/house/doors';
import { openHouse, type House } from '../../src/house/house';
import { listen, stopServer } from '../../src/house/servers';
import { realUniverse } from '../../src/house/universe';
import type { Log } from '../../src/ports/universe';
import { TOKEN, type FakeTelegram } from '../servers/fake-telegram/fake-telegram';

export const root = join(__dirname, '../..');
export const SECRET = 's3cret_'.repeat(6);

export interface TelegramHouse {
  readonly house: House;
  readonly dataDir: string;
  /** Where the webhook's door is. */
  readonly url: string;
  /** One line an entry. */
  readonly logged: string[];
  close(): Promise<void>;
}

export interface TelegramHouseOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Tests write faster than people. */
  readonly messagesAMinute?: number;
  /** Before anything is fetched or called. */
  readonly prepare?: (house: House) => Promise<void>;
}

/** `TELEGRAM_MODE` is polling unless set; the fake's first bot. */
export async function openTelegramHouse(
  fake: FakeTelegram,
  { env = {}, messagesAMinute = 1_000_000, prepare }: TelegramHouseOptions = {},
): Promise<TelegramHouse> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-tg-'));
  const variables = {
    DATA_DIR: dataDir,
    PORT: '0',
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: fake.url,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    ...env,
  };
  const config = loadConfig(variables, root);
  const logged: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (event, ids) => void logged.push(`${event} ${JSON.stringify(ids)}`),
    error: (event, error, ids) => void logged.push(`${event} ${String(error)} ${JSON.stringify(ids)}`),
  };
  const meter = { count: () => undefined, seconds: () => undefined };
  const universe = { ...realUniverse, randomBytes: (count: number) => randomBytes(count) };
  const house = await openHouse({ config, root, universe, log, meter, messagesAMinute });
  await prepare?.(house);
  const messengers = openMessengers({ house, config, universe, log });
  const officers = openOfficers(house.store, universe);
  const ways = { house, config, root, universe, log, officers, messengers };
  const doors = openDoors({ ...ways, stopping: () => false });
  house.start();
  const server = await listen(doors.handler, 0, '127.0.0.1');
  const url = `http://127.0.0.1:${server.port}`;
  messengers.start(url);
  return {
    house,
    dataDir,
    url,
    logged,
    async close() {
      doors.close();
      await Promise.all([stopServer(server), messengers.close()]);
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function until(
  holds: () => boolean | Promise<boolean>,
  ms = 15_000,
  what = 'something',
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
