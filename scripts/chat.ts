/** `npm run chat [-- <procedure>]`: the same talk in the terminal, on the same store; beside a running server on one of its own. */
import { join } from 'node:path';
import { loadConfig, processEnv } from '../src/config';
import { terminalChannel } from '../src/channels/terminal/terminal-channel';
import { pinoLog } from '../src/drivers/pino-log';
import { promMeter } from '../src/drivers/prom-meter';
import { codeOf } from '../src/errors';
import { openHouse, type House } from '../src/house/house';
import { realUniverse as universe } from '../src/house/universe';

const root = join(__dirname, '../..');

async function openBeside(): Promise<House> {
  const config = loadConfig(processEnv(), root);
  const rest = { root, universe, log: pinoLog(processEnv()['LOG_LEVEL'] ?? 'silent'), meter: promMeter() };
  try {
    return await openHouse({ ...rest, config });
  } catch (error) {
    if (codeOf(error) !== 'store-locked') throw error;
    const dataDir = join(config.dataDir, 'terminal');
    process.stdout.write(`(Máy chủ đang chạy: cuộc trò chuyện này ghi riêng vào ${dataDir})\n`);
    return openHouse({ ...rest, config: { ...config, dataDir } });
  }
}

async function main(): Promise<void> {
  const house = await openBeside();
  const link = process.argv[2];
  const terminal = terminalChannel({
    inbox: house.converse,
    incoming: house.incoming,
    input: process.stdin,
    output: process.stdout,
    chat: 'terminal',
    newId: house.newId,
    ...(link === undefined ? {} : { link }),
  });
  house.channels.set('terminal', terminal.channel);
  house.start();
  process.stdout.write(
    'Nhắn bằng lời, bấm nút bằng #số, gửi ảnh bằng /anh <tệp>. Nhắn "thoát" để nghỉ; lần sau nhắn TIẾP TỤC.\n',
  );
  await terminal.run();
  await house.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${codeOf(error)}: ${(error as Error).message}\n`);
  process.exit(1);
});
