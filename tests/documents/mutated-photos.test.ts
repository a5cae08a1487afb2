/** A thousand damaged photos: flipped bits and cuts, seeded, so that a failure comes again. */
import sharp from 'sharp';
import { seeded } from '../servers/seeded';
import { closeAll, open, PHONE_EXIF, sample, tracesIn, twoHalves } from './samples';

afterAll(closeAll);

const EACH = 330;
const HEICS = 10;

/** One to eight flipped bits, half of them in the first 200 bytes where the headers are; every fifth file is cut too. */
function damaged(whole: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(whole);
  const flips = 1 + Math.floor(random() * 8);
  for (let n = 0; n < flips; n += 1) {
    const at = Math.floor(random() * (random() < 0.5 ? Math.min(200, bytes.length) : bytes.length));
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

const base = () => twoHalves(96, 64).withExif(PHONE_EXIF);
const sources: readonly [string, number, () => Promise<Buffer>][] = [
  ['jpeg', EACH, () => base().jpeg().toBuffer()],
  ['progressive jpeg', HEICS, () => base().jpeg({ progressive: true }).toBuffer()],
  ['png', EACH, () => base().png().toBuffer()],
  ['webp', EACH, () => base().webp().toBuffer()],
  ['heic', HEICS, () => Promise.resolve(sample('two-halves.heic'))],
];

it.each(sources)(
  '%s: %i damaged files are each taken clean or refused by name',
  async (sort, count, make) => {
    const { intake, logged } = open({ wallMs: 5_000 });
    const whole = await make();
    const random = seeded(count + sort.length);
    const outcomes: Record<string, number> = {};
    for (let n = 0; n < count; n += 1) {
      const result = await intake.take(damaged(whole, random), { pdf: false });
      const outcome = result.ok ? 'taken' : result.problem;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (!result.ok) continue;
      expect(result.file.bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
      expect(tracesIn(result.file.bytes)).toEqual([]);
      const { format, exif, xmp } = await sharp(result.file.bytes).metadata();
      expect({ format, exif, xmp }).toEqual({ format: 'jpeg', exif: undefined, xmp: undefined });
    }
    const deaths = logged.filter(({ event }) => event === 'photo-reader-died').length;
    console.log(sort, outcomes, `${deaths} processes died`);
    expect(outcomes['broken']).toBeGreaterThan(0);
  },
  120_000,
);
