/** A copy of the database while the server works. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { refuse, type Command } from './command';
import { withRecords } from './store';

export const backup: Command = {
  usage: '<new file>',
  what: 'a consistent copy of the database, beside a running server',
  async run([name], tools) {
    if (name === undefined) refuse('say where the copy goes');
    const target = resolve(name);
    if (existsSync(target)) refuse(`${target} exists`);
    await withRecords(tools, (records) => records.backup(target));
    tools.say(`written: ${target}`);
    tools.say(
      `now copy ${join(tools.config.dataDir, 'files')} (sealed files), and keep the keys in another place.`,
    );
  },
};
