/** Pictures of papers as a phone makes them, and files that only look like some. */
import sharp from 'sharp';
import { PHONE_EXIF } from '../documents/samples';

export interface Picked {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Red above, so that it can be seen which way is up. */
export const BAND = { r: 176, g: 24, b: 24 };

const drawn = (title: string, width: number): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" viewBox="0 0 1200 1600">
    <rect width="1200" height="1600" fill="#f3efe4"/><rect width="1200" height="160" fill="rgb(176,24,24)"/>
    <text x="600" y="300" font-size="72" text-anchor="middle" font-family="serif">${title}</text>
    ${Array.from({ length: 16 }, (_, n) => `<rect x="110" y="${400 + n * 68}" width="${960 - ((n * 137) % 400)}" height="10" fill="#555"/>`).join('')}
  </svg>`);

/** Held on its side: the pixels lie, EXIF says so, and where it was taken. */
export async function phonePhoto(name: string, title: string): Promise<Picked> {
  const lying = await sharp(drawn(title, 1200)).rotate(270).png().toBuffer();
  const buffer = await sharp(lying)
    .withExif(PHONE_EXIF)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 88 })
    .toBuffer();
  return { name, mimeType: 'image/jpeg', buffer };
}

/** Too small to be read well. */
export const smallPhoto = async (name: string, title: string): Promise<Picked> => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await sharp(drawn(title, 480)).jpeg().toBuffer(),
});

/** Cut off on its way from a memory card. */
export async function brokenPhoto(name: string): Promise<Picked> {
  const { buffer } = await phonePhoto(name, 'x');
  return { name, mimeType: 'image/jpeg', buffer: buffer.subarray(0, buffer.length / 3) };
}

export const emptyFile = (name: string): Picked => ({
  name,
  mimeType: 'image/jpeg',
  buffer: Buffer.alloc(0),
});

export const heavyFile = (name: string): Picked => ({
  name,
  mimeType: 'image/jpeg',
  buffer: Buffer.alloc(21 * 1024 * 1024, 1),
});
