/** Decodes HEIC. A file of its own: the decoder costs 80 ms to load and most photos do not need it. */
import heicDecode from 'heic-decode';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits each, upright. */
  readonly data: Uint8ClampedArray;
}

/** The first picture of the file. Its size is read from the container before anything is decoded. @throws when it does not decode. */
export async function decodeHeic(bytes: Buffer, maxPixels: number): Promise<Pixels | 'too-many-pixels'> {
  const images = await heicDecode.all({ buffer: bytes });
  try {
    const [first] = images;
    if (first === undefined) throw new Error('A HEIC file without a picture.');
    return first.width * first.height > maxPixels ? 'too-many-pixels' : await first.decode();
  } finally {
    images.dispose();
  }
}
