/** Takes photos and PDFs of papers in: untrusted bytes go in, clean bytes of ours come out. */
import type { PhotoProblem } from '../flow/types';

export interface IntakeOptions {
  /** May it be a PDF? */
  readonly pdf: boolean;
}

export interface CleanFile {
  /** Encoded anew, upright, without metadata. */
  readonly bytes: Buffer;
  readonly type: 'image/jpeg' | 'application/pdf';
  /** 1 for a photo. */
  readonly pages: number;
  /** `small`: the short side has too few pixels for print to be read well. */
  readonly flags: readonly 'small'[];
}

export type IntakeResult =
  | { readonly ok: true; readonly file: CleanFile }
  /** `params`: the bound that was passed, for the sentence. */
  | {
      readonly ok: false;
      readonly problem: PhotoProblem;
      readonly params?: Readonly<Record<string, number>>;
    };

/** Bounds with names; what is beyond them is refused with a sentence of its own. */
export const INTAKE = {
  bytes: 20 * 1024 * 1024,
  pixels: 50_000_000,
  pdfPages: 30,
  /** Below this short side print is hard to read. */
  smallSide: 1_000,
} as const;

export interface Intake {
  /** Never rejects for what the bytes are: a file that kills its reader is `broken` or `too-slow`. @throws AppError `stopping` after `close`. */
  take(bytes: Buffer, options: IntakeOptions): Promise<IntakeResult>;
  close(): Promise<void>;
}
