/** `npm run admin -- <command>`: what an operator does from the machine itself, also beside a running server. */
import { join } from 'node:path';
import { loadConfig, processEnv } from '../src/config';
import { codeOf } from '../src/errors';
import { realUniverse as universe } from '../src/house/universe';
import { agency } from './admin/agency';
import { backup } from './admin/backup';
import { catalogue } from './admin/catalogue';
import { channelCheck } from './admin/channel-check';
import { checkStore } from './admin/check-store';
import type { Command } from './admin/command';
import { createOfficer } from './admin/create-officer';
import { fakeAgency } from './admin/fake-agency';
import { fakeTelegram } from './admin/fake-telegram';
import { importCommunes } from './admin/import-communes';
import { moveStore } from './admin/move-store';
import { restore } from './admin/restore';
import { rotateKeys } from './admin/rotate-keys';

const COMMANDS: Readonly<Record<string, Command>> = {
  'create-officer': createOfficer,
  agency,
  backup,
  restore,
  'check-store': checkStore,
  'rotate-keys': rotateKeys,
  'move-store': moveStore,
  'channel-check': channelCheck,
  catalogue,
  'import-communes': importCommunes,
  'fake-agency': fakeAgency,
  'fake-telegram': fakeTelegram,
};

const root = join(__dirname, '../..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function listCommands(): void {
  const lines = Object.entries(COMMANDS).map(
    ([name, { usage, what }]) => `  ${name} ${usage}\n      ${what}`,
  );
  process.stderr.write(`npm run admin -- <command>\n${lines.join('\n')}\n`);
}

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    listCommands();
    return 2;
  }
  await command.run(args, { config: loadConfig(processEnv(), root), root, universe, say });
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${codeOf(error)}: ${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
