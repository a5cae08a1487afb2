/** The small words everything of a flow is made of: values, texts not yet in a language, choices, communes, and what reading gives. */

export type Scalar = string | number | boolean;
/** A citizen's answer as stored: plain JSON. `null` is "skipped" and never enters a condition. */
export type AnswerValue = Scalar | null | readonly AnswerValue[] | { readonly [field: string]: AnswerValue };

/** A text not yet in any language: a locale key (the first key that exists wins) with parameters, or words to show as they are. */
export type Phrase =
  | {
      readonly key: string | readonly string[];
      readonly params?: Readonly<Record<string, string | number | Phrase>>;
    }
  | { readonly text: string };

export type Problem =
  'empty' | 'unreadable' | 'impossible' | 'too-long' | 'too-short' | 'out-of-range' | 'ambiguous' | 'confirm';

export interface Choice {
  /** Stable id, ≤ 40 characters; for short lists it is the value itself. */
  readonly id: string;
  readonly value: AnswerValue;
  readonly label: Phrase;
}

/** What a kind made of the words. */
export type Reading<V extends AnswerValue = AnswerValue> =
  | { readonly ok: true; readonly value: V }
  | {
      readonly ok: false;
      readonly problem: Problem;
      /** With `ambiguous`: the readings to choose from. */
      readonly choices?: readonly Choice[];
      /** With `confirm`: what we think was meant. */
      readonly suggest?: V;
      /** With `out-of-range`, `too-long`, `too-short`, `impossible`: what the limit is, for the sentence. */
      readonly params?: Readonly<Record<string, string | number>>;
    };

export interface Commune {
  /** Five digits, e.g. "00070". */
  readonly code: string;
  readonly name: string;
  readonly provinceCode: string;
  readonly provinceName: string;
}

/** Finds communes by what people type; `catalogue` provides it. Best first; empty when nothing is sure enough. */
export type FindCommunes = (typed: string) => readonly Commune[];

/** What is wrong with a photo or document, as the citizen hears it: keys `kinds.error.photo.<problem>`. */
export type PhotoProblem =
  | 'not-a-photo'
  | 'too-big'
  | 'too-many-pixels'
  | 'broken'
  | 'animated'
  | 'pdf-not-here'
  | 'pdf-locked'
  | 'too-many-pages'
  /** It could not be read in the time a photo may take, or its bytes could not be had. */
  | 'too-slow'
  | 'lost';

/** One photo or PDF at a step. Its bytes are elsewhere, under its id. */
export interface Photo {
  readonly [field: string]: AnswerValue;
  /** Random; the id of its attachment. */
  readonly id: string;
  /** `fetching` until it was looked at; `flagged` is kept although something is odd (see `flags`). */
  readonly state: 'fetching' | 'ok' | 'flagged';
  /** The same for the same bytes: the same photo twice is noticed. */
  readonly print: string;
  readonly sort: 'photo' | 'pdf';
  /** 1 for a photo. */
  readonly pages: number;
  /** `small`: too few pixels to be read well; `lost`: sent without it, it could not be read in time. */
  readonly flags: readonly string[];
}

/** The answer to a step that gathers photos. It counts once `done`. `bring`: the paper is brought to the counter instead. */
export interface PhotoValue {
  readonly [field: string]: AnswerValue;
  readonly photos: readonly Photo[];
  readonly done: boolean;
  readonly bring: boolean;
}

/** The office a dossier would go to, as the conversation needs it. */
export interface AgencyView {
  readonly id: string;
  readonly name: string;
  /** Does it take this procedure from us (an active officer, and switched on)? */
  readonly receives: boolean;
  /** `THỬ`: nothing sent here has legal effect. */
  readonly demo: boolean;
}

/** What a kind may know besides the words. Everything is an argument; nothing here reads a clock or a store. */
export interface World {
  /** Civil date in Vietnam, yyyy-mm-dd. */
  readonly today: string;
  readonly findCommunes: FindCommunes;
  /** Communes that take dossiers here, when they are few enough to be offered as buttons. */
  readonly served?: readonly Commune[];
  /** The agency that the answers so far lead to; null before a commune is known or where none is set up. */
  readonly agency: AgencyView | null;
}
