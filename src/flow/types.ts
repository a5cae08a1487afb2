/** The words of a flow: what a procedure's questions are, what one run of them remembers, what goes in and what comes out. */
import type { ZodType } from 'zod';
import type { AgencyView, AnswerValue, Choice, Phrase, Reading, Scalar, World } from './values';

export type * from './session';
export type * from './values';

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
  /** Its answer is gathered over several messages (photos) and counts once its value is `done`. */
  readonly gathers?: boolean;
  /** Read back before moving on (names, dates, numbers)? */
  readonly echo?: boolean;
}

// ---------------------------------------------------------------- flows

/** A compiled condition. Absent answers make a comparison false; it never throws. */
export type Condition = (scope: Scope) => boolean;

/** What conditions see: the answers in the view by concrete path, today, facts, the agency, and `item` inside a repeat. */
export interface Scope {
  /** Null is a skipped answer, which is as good as none; a repeat's own path holds the list of its item ids. */
  readonly view: ReadonlyMap<string, AnswerValue>;
  readonly today: string;
  readonly facts: Readonly<Record<string, Scalar | null>>;
  readonly agency: AgencyView | null;
  /** Path of the present item, e.g. `members.i2`. */
  readonly item: string | null;
  /** Beyond the question being asked: what is not answered yet counts as going to be (`has`), for the estimate of the questions left. */
  readonly ahead?: boolean;
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
  /** The kind itself, put in at load, so that nothing later needs the registry. */
  readonly reader: Kind;
  readonly options: unknown;
  readonly when: Condition | null;
  readonly whenSource: string | null;
  readonly checks: readonly Check[];
  /** Raised by the author when the meaning changes: older answers are asked again. */
  readonly rev: number;
  readonly optional: boolean;
  /** Has a `note` to say before it the first time. */
  readonly note: boolean;
  /** Answered and sent, but not a numbered line of the review. */
  readonly hidden: boolean;
  readonly personal: PersonalData | null;
  /** Text prefixes, most specific first: `<flow>.<as>.<step>`, `<block>.<step>`. */
  readonly keys: readonly string[];
  /** Heading of its group on review and desk: prefixes as above, `.title` beneath. */
  readonly section: readonly string[];
  /** Whose data: prefixes with `.whom` beneath, innermost block first; empty at the top of a flow. */
  readonly whom: readonly string[];
  /** Parameters of its own texts: the officer's words of a supplement. */
  readonly params?: Readonly<Record<string, string>>;
  /** The repeat it belongs to, if any. */
  readonly list: string | null;
}

/** `repeat: { max, item }`: asks for one item after another until "không còn ai nữa". */
export interface RepeatStep {
  readonly path: string;
  readonly repeat: { readonly max: number; readonly min: number; readonly item: readonly Step[] };
  readonly when: Condition | null;
  /** The question "còn ai nữa không?" at the repeat's own path; its answer is a `ListValue`. */
  readonly more: Step;
}

/** The answer at a repeat's own path: item ids are never used again. */
export interface ListValue {
  readonly [field: string]: AnswerValue;
  /** Number of the next item id. */
  readonly next: number;
  readonly items: readonly string[];
  /** "Không còn ai nữa". */
  readonly done: boolean;
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
