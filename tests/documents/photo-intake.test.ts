/** Photos as people and attackers send them: what is taken, what is refused and why, and what a clean copy holds. */
import sharp from 'sharp';
import { INTAKE, type IntakeResult } from '../../src/ports/intake';
import {
  animationControl,
  blackPng,
  closeAll,
  fileOf,
  frames,
  open,
  PHONE_EXIF,
  sample,
  tracesIn,
  twoHalves,
  type Opened,
} from './samples';

let house: Opened;
beforeAll(() => {
  house = open();
});
afterAll(closeAll);

const take = (bytes: Buffer, pdf = false): Promise<IntakeResult> => house.intake.take(bytes, { pdf });

/** Mean red, green, blue of the upper and lower quarter. */
async function halves(bytes: Buffer): Promise<{ upper: number[]; lower: number[] }> {
  const { width, height } = await sharp(bytes).metadata();
  const part = Math.floor(height / 4);
  const mean = async (top: number) => {
    const piece = await sharp(bytes).extract({ left: 0, top, width, height: part }).png().toBuffer();
    return (await sharp(piece).stats()).channels.map((channel) => Math.round(channel.mean));
  };
  return { upper: await mean(0), lower: await mean(height - part) };
}

const isRed = ([red = 0, green = 0, blue = 0]: number[]) => red > 150 && green < 70 && blue < 70;
const isBlue = ([red = 0, green = 0, blue = 0]: number[]) => blue > 120 && red < 70 && green < 90;

describe('a photo that is taken', () => {
  const sorts: readonly [string, () => Promise<Buffer>][] = [
    ['JPEG', () => twoHalves(1600, 1200).jpeg().toBuffer()],
    ['progressive JPEG', () => twoHalves(1600, 1200).jpeg({ progressive: true }).toBuffer()],
    ['HDR JPEG of a newer phone', () => Promise.resolve(sample('two-halves-hdr.jpg'))],
    ['CMYK JPEG', () => twoHalves(1600, 1200).toColourspace('cmyk').jpeg().toBuffer()],
    ['PNG', () => twoHalves(1600, 1200).png().toBuffer()],
    ['16-bit PNG', () => twoHalves(1600, 1200).toColourspace('rgb16').png().toBuffer()],
    ['palette PNG', () => twoHalves(1600, 1200).png({ palette: true }).toBuffer()],
    ['WebP', () => twoHalves(1600, 1200).webp().toBuffer()],
    ['HEIC', () => Promise.resolve(sample('two-halves.heic'))],
  ];
  it.each(sorts)('%s comes out as a JPEG of the same picture, without metadata', async (_, make) => {
    const file = fileOf(await take(await make()));
    expect(file).toMatchObject({ type: 'image/jpeg', pages: 1, flags: [] });
    const { format, depth, space, channels } = await sharp(file.bytes).metadata();
    expect({ format, depth, space, channels }).toEqual({
      format: 'jpeg',
      depth: 'uchar',
      space: 'srgb',
      channels: 3,
    });
    expect(tracesIn(file.bytes)).toEqual([]);
    const { upper, lower } = await halves(file.bytes);
    expect({ upper, lower, right: isRed(upper) && isBlue(lower) }).toMatchObject({ right: true });
  });

  it('is turned upright, and says no more who took it and where', async () => {
    // Held on its side: stored red at the left. `Orientation: 6` is a quarter turn clockwise, so red comes up.
    const stored = await sharp(await twoHalves(1200, 1600).png().toBuffer())
      .rotate(-90)
      .png()
      .toBuffer();
    const phone = await sharp(stored)
      .withExif(PHONE_EXIF)
      .withMetadata({ orientation: 6 })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
      .jpeg()
      .toBuffer();
    expect(tracesIn(phone)).toEqual(expect.arrayContaining(['Exif', 'SamplePhone', 'http://ns.adobe.com']));
    const { bytes } = fileOf(await take(phone));
    const { width, height, orientation, exif, xmp, icc } = await sharp(bytes).metadata();
    expect({ width, height, orientation, exif, xmp, icc }).toEqual({ width: 1200, height: 1600 });
    const { upper, lower } = await halves(bytes);
    expect([isRed(upper), isBlue(lower), tracesIn(bytes)]).toEqual([true, true, []]);
  });

  it('comes in the colours a wide profile means, without the profile', async () => {
    const wide = await twoHalves(1200, 1200).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
    expect(tracesIn(wide)).toContain('ICC_PROFILE');
    const { bytes } = fileOf(await take(wide));
    expect(tracesIn(bytes)).toEqual([]);
    const [was, is] = await Promise.all([halves(await sharp(wide).png().toBuffer()), halves(bytes)]);
    was.upper.forEach((value, n) => expect(Math.abs(value - is.upper[n]!)).toBeLessThan(6));
  });

  it('is made no longer than 2,600 px, and not larger than it was', async () => {
    const sides = async (width: number, height: number) => {
      const { bytes } = fileOf(await take(await twoHalves(width, height).jpeg().toBuffer()));
      const info = await sharp(bytes).metadata();
      return [info.width, info.height];
    };
    expect(await sides(4032, 3024)).toEqual([2600, 1950]);
    expect(await sides(1000, 5000)).toEqual([520, 2600]);
    expect(await sides(1200, 1100)).toEqual([1200, 1100]);
  });

  it.each([
    ['a short side of 999 px', 1500, 999, ['small']],
    ['a short side of 1,000 px', 1500, 1000, []],
    ['one pixel', 1, 1, ['small']],
    ['a strip that gets narrow when it is made smaller', 6000, 1200, ['small']],
  ])('is flagged where print is hard to read: %s', async (_, width, height, flags) => {
    expect(fileOf(await take(await twoHalves(width, height).png().toBuffer())).flags).toEqual(flags);
  });

  it('has white where it was transparent', async () => {
    const clear = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    const { upper } = await halves(fileOf(await take(clear)).bytes);
    expect(Math.min(...upper)).toBeGreaterThan(250);
  });

  it('loses the ZIP or page that was hidden behind it', async () => {
    const photo = await twoHalves(1200, 1200).jpeg().toBuffer();
    const tail = Buffer.from('PK\x03\x04 evil.exe <html><script>alert(1)</script></html> PK\x05\x06');
    const { bytes } = fileOf(await take(Buffer.concat([photo, tail])));
    expect(['PK\x03\x04', '<script', 'evil'].filter((word) => bytes.includes(word))).toEqual([]);
    expect(bytes.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });
});

describe('a file that is refused', () => {
  const svg =
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>';
  const still = (format: 'gif' | 'tiff' | 'avif') => twoHalves(64, 48).toFormat(format).toBuffer();
  const cut = async (format: 'jpeg' | 'png' | 'webp') => {
    const whole = await sharp({
      create: {
        width: 400,
        height: 300,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .toFormat(format)
      .toBuffer();
    return whole.subarray(0, Math.floor(whole.length / 2));
  };
  const rows: readonly [string, string, () => Buffer | Promise<Buffer>][] = [
    ['not-a-photo', 'zero bytes', () => Buffer.alloc(0)],
    ['not-a-photo', '10 MB of text', () => Buffer.alloc(10 * 1024 * 1024, 'Đơn xin xác nhận. ')],
    ['not-a-photo', 'SVG', () => Buffer.from(svg)],
    ['not-a-photo', 'HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['not-a-photo', 'a still GIF', () => still('gif')],
    ['not-a-photo', 'TIFF', () => still('tiff')],
    ['not-a-photo', 'AVIF', () => still('avif')],
    ['not-a-photo', 'a ZIP', () => Buffer.from('PK\x03\x04 and more')],
    ['not-a-photo', 'the start of a JPEG only', () => Buffer.from([0xff, 0xd8])],
    ['animated', 'an animated GIF', async () => (await frames(3)).gif().toBuffer()],
    ['animated', 'an animated WebP', async () => (await frames(3)).webp().toBuffer()],
    ['animated', 'an animated PNG', () => blackPng(64, 48, [animationControl(2)])],
    [
      'animated',
      'a HEIC sequence',
      () => Buffer.concat([Buffer.from('\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc'), Buffer.alloc(99)]),
    ],
    ['broken', 'a JPEG cut in half', () => cut('jpeg')],
    ['broken', 'a PNG cut in half', () => cut('png')],
    ['broken', 'a WebP cut in half', () => cut('webp')],
    ['broken', 'a HEIC cut in half', () => sample('two-halves.heic').subarray(0, 800)],
    [
      'broken',
      'HTML behind the first bytes of a JPEG',
      () => Buffer.from('\xff\xd8\xff\xe0<html>', 'latin1'),
    ],
    ['pdf-not-here', 'a PDF where none is asked for', () => Buffer.from('%PDF-1.7\n')],
  ];
  it.each(rows)('%s: %s', async (problem, _, make) => {
    expect(await take(await make())).toEqual({ ok: false, problem });
  });

  it('for its size, before anything else', async () => {
    const refused = { ok: false, problem: 'too-big', params: { max: 20 } };
    const photo = await twoHalves(64, 64).jpeg().toBuffer();
    const padded = (size: number) => Buffer.concat([photo, Buffer.alloc(size - photo.length)]);
    expect(await take(padded(INTAKE.bytes + 1))).toEqual(refused);
    expect(await take(padded(INTAKE.bytes))).toMatchObject({ ok: true });
  });

  it.each([
    ['PNG of 20,000 x 20,000', () => blackPng(20_000, 20_000)],
    ['HEIC of 54 megapixels', () => sample('54-megapixels.heic')],
  ])('for its pixels, by the header alone: %s', async (_, make) => {
    const bytes = make();
    expect(bytes.length).toBeLessThan(100_000);
    const from = performance.now();
    expect(await take(bytes)).toEqual({ ok: false, problem: 'too-many-pixels', params: { max: 50 } });
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it('but a PNG that calls itself an animation of one frame is a photo', async () => {
    expect(await take(blackPng(64, 48, [animationControl(1)]))).toMatchObject({ ok: true });
  });
});
