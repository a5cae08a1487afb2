/**
 * A new data key: `new` puts it in front of the ring, `run` seals everything anew under it. Both keys open meanwhile, so it may be
 * killed and repeated at any time. On MongoDB servers work meanwhile, once all of them know the new key. On the embedded engine no server runs beside it: two writers of one file's bytes cannot
 * see each other there, and a server that was started before the new key could not read what is sealed with it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { KEY_FILE, parseDataKeys, withNewKey } from '../../src/crypto/key-ring';
import type { Vault } from '../../src/crypto/vault';
import type { Records } from '../../src/drivers/records';
import { countOld, resealAll, type UnreadableHearer } from '../../src/drivers/sealed-store';
import { AppError, codeOf } from '../../src/errors';
import type { Shelf } from '../../src/ports/shelf';
import { refuse, type Command, type Tools } from './command';
import { figure, openProgress } from './progress';
import { isEmbedded, openKeys, withRecords, withShelf } from './store';

/** Written aside and renamed: a kill leaves the old line or the new one. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

async function refuseWhileRotating(records: Records, tools: Tools): Promise<void> {
  const old = await countOld({ records, vault: openKeys(tools) });
  if (old > 0)
    refuse(`${figure(old)} documents are still under an older key: finish with "rotate-keys run" first`);
}

/** The key file is changed in its place; a DATA_KEYS from elsewhere is written to a file, never shown. */
async function makeKey([target, ...rest]: readonly string[], tools: Tools): Promise<void> {
  const { config, universe, say } = tools;
  const random = (bytes: number) => universe.randomBytes(bytes);
  const given = config.dataKeys?.reveal();
  const keyFile = join(config.dataDir, KEY_FILE);
  if (rest.length > 0) refuse('nothing more');
  if (given === undefined && target !== undefined)
    refuse(`the keys are in ${keyFile}, which is changed in place`);
  if (given !== undefined && target === undefined) refuse('say which new file the new DATA_KEYS goes to');
  if (given !== undefined && target !== undefined && existsSync(target)) refuse(`${resolve(target)} exists`);
  await withRecords(tools, 'alone', async (records) => {
    await refuseWhileRotating(records, tools);
    const line = withNewKey(given ?? readFileSync(keyFile, 'utf8'), random);
    const place = given === undefined ? keyFile : resolve(target ?? '');
    replaceFile(place, `${line}\n`);
    say(
      `the new key is ${parseDataKeys(line).current}; the keys are in ${place}. Copy them to where you keep them.`,
    );
    say(
      given === undefined
        ? 'Now: rotate-keys run'
        : 'Now set DATA_KEYS to it, with MongoDB in the two steps of docs/operations.md, then: rotate-keys run',
    );
  });
}

/** What does not open is named, and the work goes on behind it. */
interface Unreadable {
  readonly hear: UnreadableHearer;
  readonly count: () => number;
}

function openUnreadable({ say }: Tools): Unreadable {
  let count = 0;
  return {
    count: () => count,
    hear(what, error) {
      const code = codeOf(error);
      if (code !== 'document-unreadable' && code !== 'key-unknown') throw error;
      count += 1;
      say(`  not readable: ${what} (${code})`);
    },
  };
}

async function resealFiles(shelf: Shelf, { hear }: Unreadable, tools: Tools): Promise<number> {
  const progress = openProgress(tools);
  let [seen, moved] = [0, 0];
  for await (const key of shelf.keys()) {
    seen += 1;
    const outcome = await shelf.reseal(key).catch((error: unknown) => hear(`files/${key}`, error));
    if (outcome === 'moved') moved += 1;
    progress.step(() => `  files: ${figure(seen)} looked at, ${figure(moved)} sealed anew`);
  }
  return moved;
}

async function resealDocuments(
  records: Records,
  vault: Vault,
  unreadable: Unreadable,
  tools: Tools,
): Promise<number> {
  const progress = openProgress(tools);
  return resealAll({
    records,
    vault,
    tell: (table, seen, moved) =>
      progress.step(() => `  ${table}: ${figure(seen)} looked at, ${figure(moved)} sealed anew`),
    unreadable: unreadable.hear,
  });
}

/** Servers on MongoDB cannot be seen from here. */
function refuseUnlessAllKnow(args: readonly string[], tools: Tools): void {
  const [word, ...rest] = args;
  if (rest.length > 0 || (isEmbedded(tools) && word !== undefined)) refuse('nothing more');
  if (!isEmbedded(tools) && word !== 'all-know')
    refuse(
      'a server that was started without the new key cannot read what is sealed with it: start all of them with the new ' +
        'DATA_KEYS, then say "rotate-keys run all-know"',
    );
}

async function reseal(args: readonly string[], tools: Tools): Promise<void> {
  refuseUnlessAllKnow(args, tools);
  await withRecords(tools, 'alone', async (records) => {
    const vault = openKeys(tools);
    const unreadable = openUnreadable(tools);
    const documents = await resealDocuments(records, vault, unreadable, tools);
    const files = await withShelf(tools, vault, (shelf) => resealFiles(shelf, unreadable, tools));
    const left = await countOld({ records, vault });
    tools.say(
      `${figure(documents)} documents and ${figure(files)} files were sealed anew under ${vault.kid}`,
    );
    if (unreadable.count() > 0)
      throw new AppError(
        'document-unreadable',
        `${figure(unreadable.count())} could not be read (named above) and stay as they are; the others are done. Keep the ` +
          'older keys. Put these back from a backup, then run it again.',
      );
    if (left > 0)
      throw new AppError('conflict', `${figure(left)} documents were changed meanwhile: run it again`);
    tools.say(
      `Nothing here needs an older key any more. Backups made before do: keep it with them, and take it out of the ring here.`,
    );
  });
}

export const rotateKeys: Command = {
  usage: 'new [<file for DATA_KEYS>] | run [all-know]',
  what: 'a new data key, then everything sealed anew under it (with sqlite: stop the server; may be killed and repeated)',
  async run([what, ...args], tools) {
    if (what === 'new') await makeKey(args, tools);
    else if (what === 'run') await reseal(args, tools);
    else refuse('say new or run');
  },
};
