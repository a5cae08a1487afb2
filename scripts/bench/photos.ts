/** Twenty photos of 12 megapixels taken in, beside bare sharp doing the same work in the same process, turn by turn. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

export const PHOTOS = 20;

export interface PhotoFigures {
  /** 99th percentile of the event loop's delay while photos were taken in, ms; with its timer's 1 ms. */
  readonly loopDelay: number;
  /** Resident MB of house and reading process together, at the most. */
  readonly peak: number;
  /** Resident MB before the first photo. */
  readonly idle: number;
  /** ms for all photos, one entry a round. */
  readonly intake: readonly number[];
  readonly bare: readonly number[];
}

/** In a process of its own: nothing else has filled its memory before. */
export async function measurePhotos(rounds: number): Promise<PhotoFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-photos-'));
  try {
    await makePhotos(dir);
    const script = join(__dirname, 'photos-process.js');
    const { stdout } = await promisify(execFile)(process.execPath, [script, dir, String(rounds)]);
    return JSON.parse(stdout) as PhotoFigures;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Grain over a plain sheet, held on its side: 4 MB, as phones make them. */
export async function makePhoto(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const sheet = { width: 4032, height: 3024, channels: 3, background: '#888', noise } as const;
  return sharp({ create: sheet }).blur(1).jpeg({ quality: 92 }).withMetadata({ orientation: 6 }).toBuffer();
}

async function makePhotos(dir: string): Promise<void> {
  const photo = await makePhoto();
  for (let n = 0; n < PHOTOS; n += 1) await writeFile(join(dir, `${n}.jpg`), photo);
}
