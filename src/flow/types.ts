/** The words of a flow: what a procedure's questions are, what one run of them remembers, what goes in and what comes out. */
import type { ZodType } from 'zod';

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

// ---------------------------------------------------------------- kinds

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
  /** The agency that the answers so far lead to; null before a commune is known or where none is set up. */
  readonly agency: AgencyView | null;
}

export type CelType = 'string' | 'double' | 'bool' | 'list' | { readonly [field: string]: CelType };

/**
 * One sort of answer. `read` takes words as typed (NFC, trimmed, ≤ MAX_TYPED characters) and never throws;
 * `accepts` re-checks a stored value against the same options; `show` gives it back as people read it.
 */
export interface Kind<V extends AnswerValue = AnswerValue, O = unknown> {
  readonly name: string;
  /** The keys a step of this kind may set, strict. */
  readonly options: ZodType<O>;
  /** Type of the value inside conditions. */
  readonly cel: CelType;
  read(text: string, options: O, world: World): Reading<V>;
  accepts(value: AnswerValue, options: O, world: World): boolean;
  show(value: V, options: O, keys: readonly string[]): Phrase;
  /** Buttons to offer with the question. `keys` are the step's text prefixes, most specific first. */
  choices?(options: O, keys: readonly string[], world: World): readonly Choice[];
  /** Read back before moving on (names, dates, numbers)? */
  readonly echo?: boolean;
}

// ---------------------------------------------------------------- flows

/** A compiled condition. Absent answers make a comparison false; it never throws. */
export type Condition = (scope: Scope) => boolean;

/** What conditions see: the view nested by path, today, facts, the agency, and `item` inside a repeat. */
export interface Scope {
  readonly view: Readonly<Record<string, unknown>>;
  readonly today: string;
  readonly facts: Readonly<Record<string, Scalar | null>>;
  readonly agency: AgencyView | null;
  readonly item?: Readonly<Record<string, unknown>>;
}

export interface Check {
  /** Locale suffix: `<prefix>.error.<id>` or `<prefix>.warn.<id>`. */
  readonly id: string;
  readonly level: 'error' | 'warn';
  readonly when: Condition;
  readonly source: string;
}

export interface PersonalData {
  /** Locale key suffix of the purpose sentence is `<prefix>.purpose`; retention in days after the result. */
  readonly retentionDays: number;
}

/** One question, or a `stop`. */
export interface Step {
  /** Unique in the flow, e.g. `applicant.name`; inside a repeat `<list>.*.<id>`. */
  readonly path: string;
  readonly kind: string;
  readonly options: unknown;
  readonly when: Condition | null;
  readonly whenSource: string | null;
  readonly checks: readonly Check[];
  /** Raised by the author when the meaning changes: older answers are asked again. */
  readonly rev: number;
  readonly optional: boolean;
  /** Has a `note` to say before it the first time. */
  readonly note: boolean;
  readonly personal: PersonalData | null;
  /** Text prefixes, most specific first: `<flow>.<as>.<step>`, `<block>.<step>`. */
  readonly keys: readonly string[];
  /** Heading of its group on review and desk: prefixes as above, `.title` beneath. */
  readonly section: readonly string[];
  /** The repeat it belongs to, if any. */
  readonly list: string | null;
}

/** `repeat: { max, item }`: asks for one item after another until "không còn ai nữa". Its own path holds the list of item ids. */
export interface RepeatStep {
  readonly path: string;
  readonly repeat: { readonly max: number; readonly min: number; readonly item: readonly Step[] };
  readonly when: Condition | null;
  readonly whenSource: string | null;
  readonly rev: number;
  readonly keys: readonly string[];
  readonly section: readonly string[];
}

export type FlowEntry = Step | RepeatStep;
export type Handover = 'file' | 'prepare' | 'guide';

export interface Flow {
  /** Slug, e.g. `trich-luc-ho-tich`. */
  readonly id: string;
  /** National code, e.g. "2.000635". */
  readonly code: string;
  readonly handover: Handover;
  readonly entries: readonly FlowEntry[];
  /** Path of the step whose commune decides the agency. */
  readonly agencyFrom: string;
  /** Paths of the answers that name the people of the dossier. */
  readonly people: Readonly<Record<'filer' | 'applicant' | 'subject', readonly PersonSource[]>>;
}

/** Where a person's data come from; the first source whose name is in the view wins. */
export interface PersonSource {
  readonly name: string;
  readonly nationalId?: string | undefined;
  readonly phone?: string | undefined;
  readonly birth?: string | undefined;
}

// ---------------------------------------------------------------- one run of a flow

export type AnswerSource = 'typed' | 'tapped' | 'card' | 'profile' | 'officer';

export interface Answer {
  readonly value: AnswerValue;
  readonly source: AnswerSource;
  readonly rev: number;
  /** ISO instant. */
  readonly at: string;
  /** `citizen` or an officer's id. */
  readonly by: string;
  /** Ids of `warn` checks the citizen was shown and kept: the officer sees them as flags. */
  readonly flags?: readonly string[];
}

export type Phase = 'asking' | 'review' | 'sending' | 'sent' | 'stopped';

/** A reading that waits for the citizen: a yes, a choice, the number of a line to edit, or an undo. */
export type Pending =
  | { readonly type: 'confirm'; readonly step: string; readonly value: AnswerValue }
  | {
      readonly type: 'warn';
      readonly step: string;
      readonly value: AnswerValue;
      readonly checks: readonly string[];
      readonly source: AnswerSource;
    }
  | { readonly type: 'choose'; readonly step: string; readonly choices: readonly Choice[] }
  | { readonly type: 'edit' }
  | { readonly type: 'undo'; readonly step: string; readonly previous: Answer | null };

/** A question that an officer's supplement adds after the flow's own steps; its words are the officer's. */
export interface ExtraStep {
  readonly id: string;
  readonly sort: 'paper' | 'question';
  readonly text: string;
}

/** One run of a flow: plain JSON, all that is needed to go on later, anywhere. */
export interface Session {
  readonly flow: string;
  /** Random; the unique key of the dossier it becomes. */
  readonly key: string;
  readonly purpose: 'file' | 'correct' | 'supplement';
  /** Code of the dossier that a correction or supplement belongs to. */
  readonly dossier: string | null;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly extra: readonly ExtraStep[];
  /** The step being asked again. */
  readonly focus: string | null;
  readonly pending: Pending | null;
  /** Rejected readings in a row at the present question. */
  readonly misses: number;
  readonly phase: Phase;
}

export type Command =
  'start' | 'resume' | 'back' | 'edit' | 'review' | 'explain' | 'stop' | 'send' | 'undo' | 'send-anyway';

/** What can happen to a session. Words and taps arrive here only after the app has taken out what is not for the flow. */
export type FlowEvent =
  | { readonly type: 'text'; readonly text: string }
  /** A tapped answer; never expires: for another step than the present one it edits that step. */
  | { readonly type: 'choice'; readonly step: string; readonly choice: string }
  | { readonly type: 'command'; readonly command: Command; readonly step?: string };

/** A button under a message: an answer to a step, or a command. */
export interface Button {
  readonly label: Phrase;
  readonly does:
    | { readonly type: 'choice'; readonly step: string; readonly choice: string }
    | { readonly type: 'command'; readonly command: Command; readonly step?: string };
}

/** One message to the citizen: lines in order, the question last. */
export interface Message {
  readonly lines: readonly Phrase[];
  readonly buttons: readonly Button[];
}

/** One line of the answers as a person reads them; what review shows and a dossier freezes. */
export interface ViewLine {
  /** Concrete path, item ids in place of `*`. */
  readonly step: string;
  readonly label: Phrase;
  readonly section: Phrase;
  readonly display: Phrase;
  readonly answer: Answer;
}

export type FlowEffect =
  | { readonly type: 'say'; readonly message: Message }
  /** The answers of this commit, frozen, go to the agency. */
  | { readonly type: 'send'; readonly lines: readonly ViewLine[] }
  | { readonly type: 'consent'; readonly step: string; readonly agency: string; readonly agreed: boolean }
  /** The third miss, or the citizen wants a person to look. */
  | { readonly type: 'person'; readonly reason: 'misses' | 'send-anyway' };

/** All that a turn may know besides the session and the event. */
export interface Context {
  /** ISO instant of the event. */
  readonly at: string;
  readonly today: string;
  readonly findCommunes: FindCommunes;
  /** The agency of a commune for this flow's procedure; null where none is set up. */
  readonly agencyOf: (communeCode: string) => AgencyView | null;
  /** Facts of the procedure at that agency (or the nation's, for null) today: what conditions see. */
  readonly factsOf: (agency: AgencyView | null) => Readonly<Record<string, Scalar | null>>;
  /** Parameters for every phrase of this flow: `{{fee}}`, `{{agency}}`, …, as of the agency. */
  readonly paramsOf: (agency: AgencyView | null) => Readonly<Record<string, string | number | Phrase>>;
}

export interface Turn {
  readonly session: Session;
  readonly effects: readonly FlowEffect[];
}

/** Bounds with names: a flow or session beyond one of them is refused, never truncated silently. */
export const LIMITS = {
  /** Characters of one typed message that a kind looks at. */
  typed: 10_000,
  stepsPerFlow: 300,
  conditionChars: 500,
  repeatItems: 20,
  answersPerSession: 400,
  /** Longest text an answer may hold unless its step says less. */
  answerChars: 1_000,
  askChars: 300,
  noteChars: 600,
  reviewPageChars: 900,
  missesToPerson: 3,
} as const;
