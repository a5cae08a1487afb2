/** What every store of files must promise, sentence by sentence of `src/ports/files.ts`. */
import { randomBytes } from 'node:crypto';
import type { Files } from '../../src/ports/files';

export interface OpenedFiles {
  readonly files: Files;
  close(): Promise<void>;
}

export const fileKey = () => randomBytes(18).toString('base64url');

export function filesContract(name: string, open: () => Promise<OpenedFiles>): void {
  describe(`files: ${name}`, () => {
    let opened: OpenedFiles;
    let files: Files;
    beforeEach(async () => {
      opened = await open();
      files = opened.files;
    });
    afterEach(() => opened.close());

    it.each([0, 1, 3_000_000])('gives back the %i bytes it was given', async (size) => {
      const key = fileKey();
      const bytes = randomBytes(size);
      await files.put(key, bytes);
      expect((await files.get(key)).equals(bytes)).toBe(true);
    });

    it('replaces nothing when the same key is written again, and says nothing either', async () => {
      const key = fileKey();
      await files.put(key, Buffer.from('first'));
      await files.put(key, Buffer.from('second'));
      expect((await files.get(key)).toString()).toBe('first');
    });

    it('keeps 50 files written at once apart', async () => {
      const keys = Array.from({ length: 50 }, fileKey);
      await Promise.all(keys.map((key) => files.put(key, Buffer.from(key))));
      const read = await Promise.all(keys.map((key) => files.get(key)));
      expect(read.map(String)).toEqual(keys);
    });

    it('removes, also what is not there, and then says not-found', async () => {
      const key = fileKey();
      await files.put(key, Buffer.from('x'));
      await files.remove(key);
      await files.remove(key);
      await expect(files.get(key)).rejects.toMatchObject({ code: 'not-found' });
    });

    it.each([
      '',
      '../../../../etc/passwd',
      'a/b/c/d/e/f/g/h/i',
      'short',
      '..',
      'a'.repeat(65),
      'x'.repeat(15) + '\0',
    ])('takes no key that is not a random name: %j', async (key) => {
      await expect(files.put(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'bad-request' });
      await expect(files.get(key)).rejects.toMatchObject({ code: 'bad-request' });
      await expect(files.remove(key)).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}
