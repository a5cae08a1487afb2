/** Makes a clean JPEG of a photo: upright, one frame, sRGB, no metadata, always encoded anew. Runs in the reading process only. */
import sharp, { type Sharp } from 'sharp';
import { INTAKE, type IntakeResult } from '../../ports/intake';
import { isMovingGif, isMovingPng, type Sort } from './sorts';

export type PhotoSort = Exclude<Sort, 'pdf'>;

/** Longest side and quality of the clean copy: print on an A4 page stays readable, and a page costs about 1 MB. */
const LONGEST = 2_600;
const QUALITY = 82;

sharp.cache(false);
sharp.concurrency(1);
// Of the library's many readers, only the three the house takes photos by.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** @throws what a decoder throws: the file is broken. */
export async function cleanPhoto(sort: PhotoSort, bytes: Buffer): Promise<IntakeResult> {
  if (sort === 'gif') return refused(isMovingGif(bytes) ? 'animated' : 'not-a-photo');
  if (sort === 'heic-sequence' || (sort === 'png' && isMovingPng(bytes))) return refused('animated');
  if (sort === 'heic') return cleanHeic(bytes);
  const { width, height, pages = 1 } = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (width * height > INTAKE.pixels) return tooManyPixels();
  if (pages > 1) return refused('animated');
  // 'error' refuses what is cut off. Not 'warning': good photos of many phones carry harmless oddities.
  return encoded(sharp(bytes, { limitInputPixels: INTAKE.pixels, failOn: 'error' }).autoOrient());
}

/** HEIC is decoded outside sharp, which cannot, and comes upright: its turning is part of decoding. */
async function cleanHeic(bytes: Buffer): Promise<IntakeResult> {
  const { decodeHeic } = await import('./heic.js');
  const pixels = await decodeHeic(bytes, INTAKE.pixels);
  if (pixels === 'too-many-pixels') return tooManyPixels();
  const { data, width, height } = pixels;
  return encoded(sharp(data, { raw: { width, height, channels: 4 } }));
}

async function encoded(image: Sharp): Promise<IntakeResult> {
  const { data, info } = await image
    .resize({ width: LONGEST, height: LONGEST, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true });
  const flags = Math.min(info.width, info.height) < INTAKE.smallSide ? (['small'] as const) : [];
  return { ok: true, file: { bytes: data, type: 'image/jpeg', pages: 1, flags } };
}

const refused = (problem: 'animated' | 'not-a-photo'): IntakeResult => ({ ok: false, problem });

const tooManyPixels = (): IntakeResult => ({
  ok: false,
  problem: 'too-many-pixels',
  params: { max: INTAKE.pixels / 1e6 },
});
