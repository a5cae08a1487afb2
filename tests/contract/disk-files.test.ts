import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeys, parseDataKeys } from '../../src/crypto/key-ring';
import { openVault } from '../../src/crypto/vault';
import { diskFiles } from '../../src/drivers/disk-files';
import { fileKey, filesContract } from './files-contract';

const vault = openVault(parseDataKeys(newKeys(randomBytes)));
const made: string[] = [];
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-files-'));
  made.push(dir);
  return dir;
}
afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true })));

filesContract('disk', async () => {
  const files = await diskFiles({ dir: join(folder(), 'files'), vault, clock: Date.now });
  return { files, close: () => files.close() };
});

describe('files on the disk', () => {
  const pathOf = (dir: string, key: string) => join(dir, key.slice(0, 2), key);

  it('are sealed, readable by the owner only, and leave nothing half-written behind', async () => {
    const dir = folder();
    const files = await diskFiles({ dir, vault, clock: Date.now });
    const key = fileKey();
    await files.put(key, Buffer.from('Nguyễn Thị Ví Dụ'));
    expect(readFileSync(pathOf(dir, key)).includes('Nguy')).toBe(false);
    expect(statSync(pathOf(dir, key)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, 'tmp'))).toEqual([]);
  });

  it('do not open when one byte changed, when cut, or under the name of another', async () => {
    const dir = folder();
    const files = await diskFiles({ dir, vault, clock: Date.now });
    const [changed, cut, other, moved] = [fileKey(), fileKey(), fileKey(), fileKey()];
    for (const key of [changed, cut, other]) await files.put(key, Buffer.from('bytes of a photo'));
    const bytes = readFileSync(pathOf(dir, changed));
    bytes[20]! ^= 1;
    writeFileSync(pathOf(dir, changed), bytes);
    writeFileSync(pathOf(dir, cut), readFileSync(pathOf(dir, cut)).subarray(0, 10));
    mkdirSync(join(dir, moved.slice(0, 2)), { recursive: true });
    copyFileSync(pathOf(dir, other), pathOf(dir, moved));
    for (const key of [changed, cut, moved])
      await expect(files.get(key)).rejects.toMatchObject({ code: 'document-unreadable' });
  });

  it('of a process killed while writing are swept away after an hour, fresh ones are left', async () => {
    const dir = folder();
    await diskFiles({ dir, vault, clock: Date.now });
    for (const name of ['old', 'fresh']) writeFileSync(join(dir, 'tmp', name), 'half');
    utimesSync(join(dir, 'tmp', 'old'), 1, Date.now() / 1_000 - 3_700);
    await diskFiles({ dir, vault, clock: Date.now });
    expect(readdirSync(join(dir, 'tmp'))).toEqual(['fresh']);
  });
});
