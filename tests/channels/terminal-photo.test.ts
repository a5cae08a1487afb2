/** A file sent from the terminal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { terminalChannel } from '../../src/channels/terminal/terminal-channel';
import type { ChannelEvent } from '../../src/ports/channel';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terminal-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function talk(lines: readonly string[]) {
  const events: ChannelEvent[] = [];
  const kept: string[] = [];
  const output = new PassThrough();
  let n = 0;
  const terminal = terminalChannel({
    inbox: {
      take: (event) => {
        events.push(event);
        return Promise.resolve('seen');
      },
    },
    incoming: {
      keep: (bytes) => Promise.resolve(`key-${kept.push(bytes.toString())}`),
      forget: () => Promise.resolve(),
    },
    input: Readable.from(lines.map((line) => `${line}\n`)),
    output,
    chat: 'terminal',
    newId: () => `id-${(n += 1)}`,
  });
  await terminal.run();
  return { events: events.slice(1), kept, said: String(output.read() ?? '') };
}

it('/anh sends the file, its spaces and all', async () => {
  const path = join(folder, 'giấy khai sinh.pdf');
  await writeFile(path, '%PDF-1.7 x');
  const { events, kept } = await talk([`/anh ${path}`, 'xong']);
  expect(kept).toEqual(['%PDF-1.7 x']);
  expect(events).toMatchObject([
    {
      type: 'photos',
      files: [{ source: { type: 'kept', fileKey: 'key-1' }, pdf: true, name: 'giấy khai sinh.pdf' }],
    },
    { type: 'text', text: 'xong' },
  ]);
});

it('says so when there is nothing to send: no file, a folder, an empty one', async () => {
  await writeFile(join(folder, 'empty.jpg'), '');
  const paths = [join(folder, 'none.jpg'), folder, join(folder, 'empty.jpg')];
  const { events, said } = await talk(paths.map((path) => `/anh ${path}`));
  expect(events).toEqual([]);
  expect(said.match(/Không đọc được tệp này/g)).toHaveLength(3);
});
