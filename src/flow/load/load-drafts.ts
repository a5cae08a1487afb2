/** A flow written out but not yet compiled: every step with its path, texts, place and the guards above it. */
import type { NameSpace } from './condition-paths';
import type { RepeatSource, StepSource } from './schema';
import type { Kind } from '../types';

/** A condition as written, with what is needed to compile it and to blame it. */
export interface Guard {
  readonly source: string;
  readonly spaces: readonly NameSpace[];
  readonly list: string | null;
  readonly place: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What every entry has. */
export interface Common {
  readonly path: string;
  readonly place: Place;
  readonly keys: readonly string[];
  readonly section: readonly string[];
  readonly whom: readonly string[];
  readonly whens: readonly Guard[];
}

export interface StepDraft extends Common {
  readonly sort: 'step';
  readonly source: StepSource;
  /** As authored: what the lock's hash is made of. */
  readonly rawOptions: Readonly<Record<string, unknown>>;
  readonly options: unknown;
  readonly kind: Kind;
  readonly checks: readonly Guard[];
  readonly list: string | null;
}

export interface RepeatDraft extends Common {
  readonly sort: 'repeat';
  readonly source: RepeatSource;
  readonly item: readonly StepDraft[];
}

export type Draft = StepDraft | RepeatDraft;
