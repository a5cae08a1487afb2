/** A copy of the database while the server works. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { refuse, type Command } from './command';
import { embeddedRecords, filesFolderOf, isEmbedded } from './store';

export const backup: Command = {
  usage: '<new file>',
  what: 'a consistent copy of the database, beside a running server',
  async run([name], tools) {
    if (name === undefined) refuse('say where the copy goes');
    const target = resolve(name);
    if (existsSync(target)) refuse(`${target} exists`);
    if (!isEmbedded(tools)) refuse('MongoDB is copied with its own mongodump: see docs/operations.md');
    const records = embeddedRecords(tools, 'beside');
    await records.backup(target).finally(() => records.close());
    tools.say(`written: ${target}`);
    tools.say(`now copy ${filesFolderOf(tools)} (sealed files), and keep the keys in another place.`);
  },
};
