/** Is all there, and does it open? Beside a running server. */
import { AppError } from '../../src/errors';
import type { Command } from './command';
import { inspectStore, report } from './inspect';
import { openFiles, openKeys, withRecords, withShelf } from './store';

export const checkStore: Command = {
  usage: '',
  what: 'opens every document and file and walks the audit chain, beside a running server',
  async run(_args, tools) {
    await withRecords(tools, 'beside', async (records) => {
      const vault = openKeys(tools);
      const files = await openFiles(tools, vault);
      const found = await withShelf(tools, vault, (shelf) =>
        inspectStore({ records, vault, files, shelf, tools }),
      ).finally(() => files.close());
      report(found).forEach(tools.say);
      if (found.damage.length > 0)
        throw new AppError('document-unreadable', 'the store is damaged: restore it from a backup');
      tools.say('all of it opens');
    });
  },
};
