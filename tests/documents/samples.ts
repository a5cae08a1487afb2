/** Files people and attackers send, made here; and what an intake in a test needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { openIntake } from '../../src/documents/intake/intake';
import type { ReadingLimits } from '../../src/documents/intake/limits';
import type { CleanFile, Intake, IntakeResult } from '../../src/ports/intake';
import type { Log, LogIds } from '../../src/ports/universe';

/** An intake, its log, and the pids of the processes it started, in order. */
export interface Opened {
  readonly intake: Intake;
  readonly logged: { readonly event: string; readonly ids: LogIds }[];
  readonly pids: () => number[];
}

const opened: Intake[] = [];

export function open(limits: Partial<ReadingLimits> = {}): Opened {
  const logged: Opened['logged'] = [];
  const note = (event: string, ids: LogIds = {}): void => void logged.push({ event, ids });
  const log: Log = { info: note, warn: note, error: (event) => note(event) };
  const intake = openIntake({ log, limits });
  opened.push(intake);
  const started = () => logged.filter(({ event }) => event === 'photo-reader-started');
  return { intake, logged, pids: () => started().map(({ ids }) => Number(ids['pid'])) };
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((intake) => intake.close()));
}

/** The clean file; fails the test if there is none. */
export function fileOf(result: IntakeResult): CleanFile {
  if (!result.ok) throw new Error(`refused: ${result.problem}`);
  return result.file;
}

export const sample = (name: string): Buffer => readFileSync(join(__dirname, 'samples', name));

/** Red above, blue below. */
export function twoHalves(width: number, height: number, channels: 3 | 4 = 3): sharp.Sharp {
  const [top, bottom] = ['#c01818', '#1830c0'].map((background) => ({
    create: { width, height: Math.ceil(height / 2), channels, background },
  }));
  return sharp({ ...bottom!, create: { ...bottom!.create, height } }).composite([
    { input: { ...top!, create: { ...top!.create, background: '#c01818' } }, left: 0, top: 0 },
  ]);
}

/** EXIF as phones write it: who made it, and where. */
export const PHONE_EXIF = {
  IFD0: { Make: 'SamplePhone' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '21/1 1/1 30/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '105/1 51/1 0/1',
  },
};

/** What must never be in a clean JPEG: EXIF, XMP, Photoshop's, colour profiles, names of makers. */
export const TRACES = [
  'Exif',
  'http://ns.adobe.com',
  'Photoshop',
  'ICC_PROFILE',
  'urn:iso',
  'SamplePhone',
  'GPS',
];
export const tracesIn = (bytes: Buffer): string[] => TRACES.filter((trace) => bytes.includes(trace));

/** Black and white in turn. */
export async function frames(count: number): Promise<sharp.Sharp> {
  const pictures = Array.from({ length: count }, (_, n) => {
    const background = n % 2 === 0 ? '#fff' : '#000';
    return sharp({ create: { width: 64, height: 48, channels: 3, background } })
      .png()
      .toBuffer();
  });
  return sharp(await Promise.all(pictures), { join: { animated: true } });
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, n) => bytes.writeUInt32BE(value, 4 * n));
  return bytes;
};

/** A PNG of one bit a pixel, all black; `before`: chunks between header and picture. Its rows compress to nothing. */
export function blackPng(width: number, height: number, before: readonly Buffer[] = []): Buffer {
  const header = Buffer.concat([u32(width, height), Buffer.from([1, 0, 0, 0, 0])]);
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The chunk that makes a PNG an animation of so many frames. */
export const animationControl = (count: number): Buffer => chunk('acTL', u32(count, 0));
