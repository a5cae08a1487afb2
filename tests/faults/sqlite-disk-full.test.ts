import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diskFiles } from '../../src/drivers/disk-files';
import { conversationDoc } from '../contract/documents';
import { fileKey } from '../contract/files-contract';
import { openSqlite, cleanUp, tempFolder, vaultOf, DATA_KEYS } from './sqlite-stores';

/** A file system of 2 MB needs root; without it the tests are named and skipped. */
function tryMount(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const dir = tempFolder();
const mounted = tryMount(dir);
afterAll(async () => {
  if (mounted) execFileSync('umount', ['-l', dir]);
  await cleanUp();
});

const onSmallDisk = mounted ? it : it.skip;
if (!mounted) console.warn('full-disk tests skipped: a 2 MB tmpfs can be mounted by root only');
const LONG = 'x'.repeat(40_000);

/** Takes all that is left of the disk; gives back how to free it. */
function fillDisk(): () => void {
  const filler = join(dir, 'filler');
  for (let size = 512 * 1_024; size >= 512; size /= 2)
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(size));
    } catch {
      // This size no longer fits: try a smaller one.
    }
  return () => rmSync(filler);
}

onSmallDisk(
  'says store-unavailable on a full disk, keeps what it acknowledged, reads on, and goes on by itself',
  async () => {
    const { store } = await openSqlite(dir);
    const acked: string[] = [];
    const create = async (id: string) => {
      await store.conversations.create(conversationDoc(id, { pair: LONG }), null);
      acked.push(id);
    };
    for (let n = 0; n < 10; n += 1) await create(`c${n}`);
    const free = fillDisk();
    // What the log still has room for succeeds; then no more does.
    const untilRefused = async (): Promise<void> => {
      for (let n = 0; n < 1_000; n += 1) await create(`d${n}`);
    };
    await expect(untilRefused()).rejects.toMatchObject({ code: 'store-unavailable' });
    const many = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => create(`m${n}`)));
    expect(many.filter((one) => one.status === 'rejected')).not.toHaveLength(0);
    for (const [n, { status }] of many.entries())
      expect((await store.conversations.byId(`m${n}`)) !== null).toBe(status === 'fulfilled');
    for (const id of acked) expect((await store.conversations.byId(id))?.doc.pair).toBe(LONG);

    free();
    await store.ping();
    await create('after');
    await store.close();
    const again = await openSqlite(dir);
    for (const id of acked) expect(await again.store.conversations.byId(id)).not.toBeNull();
    await again.store.close();
  },
);

onSmallDisk('leaves no half file behind when the disk is full', async () => {
  const folder = join(dir, 'files');
  const files = await diskFiles({ dir: folder, vault: vaultOf(DATA_KEYS), clock: Date.now });
  const key = fileKey();
  await expect(files.put(key, Buffer.alloc(3_000_000))).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(files.get(key)).rejects.toMatchObject({ code: 'not-found' });
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  await files.put(key, Buffer.from('again'));
  expect((await files.get(key)).toString()).toBe('again');
});
