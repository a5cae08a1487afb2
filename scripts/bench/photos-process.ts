/** `photos-process <folder> <rounds>`: the measuring half of `photos.ts`; prints its figures as JSON. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openIntake } from '../../src/documents/intake/intake';
import { INTAKE } from '../../src/ports/intake';
import type { Log } from '../../src/ports/universe';
import type { PhotoFigures } from './photos';

const [, , dir = '', rounds = '1'] = process.argv;
const photos = readdirSync(dir).map((name) => join(dir, name));

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

function rssOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const readers: number[] = [];
const log: Log = {
  info: (_, ids) => void readers.push(Number(ids?.['pid'])),
  warn: (event) => {
    throw new Error(event);
  },
  error: (_, error) => {
    throw error;
  },
};

/** Harder than chats ask for: all at once. */
async function takeAll(intake: ReturnType<typeof openIntake>): Promise<void> {
  await Promise.all(
    photos.map(async (photo) => {
      const result = await intake.take(await readFile(photo), { pdf: false });
      if (!result.ok) throw new Error(result.problem);
    }),
  );
}

/** Loaded only after the house's own figures were taken; the same settings as in `clean-photo`. */
async function bareSharp(): Promise<void> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  for (const photo of photos)
    await sharp(await readFile(photo), { limitInputPixels: INTAKE.pixels, failOn: 'error' })
      .autoOrient()
      .resize({ width: 2600, height: 2600, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 82 })
      .toBuffer();
}

async function watched(
  intake: ReturnType<typeof openIntake>,
): Promise<Pick<PhotoFigures, 'loopDelay' | 'peak'>> {
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(
      peak,
      [process.pid, ...readers].map(rssOf).reduce((a, b) => a + b),
    );
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await takeAll(intake);
  delay.disable();
  clearInterval(sample);
  return { loopDelay: delay.percentile(99) / 1e6, peak };
}

async function main(): Promise<void> {
  const intake = openIntake({ log });
  const idle = rssOf(process.pid);
  const figures = await watched(intake);
  const [inHouse, bare]: [number[], number[]] = [[], []];
  await bareSharp();
  for (let round = 0; round < Number(rounds); round += 1) {
    inHouse.push(await timed(() => takeAll(intake)));
    bare.push(await timed(bareSharp));
  }
  await intake.close();
  process.stdout.write(JSON.stringify({ ...figures, idle, intake: inHouse, bare } satisfies PhotoFigures));
}

void main();
