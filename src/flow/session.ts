/** One run of a flow: what is remembered between turns, what can happen, and what a turn gives back. */
import type {
  AgencyView,
  Commune,
  AnswerValue,
  Choice,
  FindCommunes,
  Photo,
  PhotoProblem,
  Phrase,
  Scalar,
} from './values';

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
  /** `words`: what was said at a question that takes any words; after a no they may be its answer. */
  | { readonly type: 'confirm'; readonly step: string; readonly value: AnswerValue; readonly words?: string }
  | {
      readonly type: 'warn';
      readonly step: string;
      readonly value: AnswerValue;
      readonly checks: readonly string[];
      readonly source: AnswerSource;
    }
  | { readonly type: 'choose'; readonly step: string; readonly choices: readonly Choice[] }
  | { readonly type: 'edit' }
  /** GỬI was said while photos are still being looked at: it is sent when the last one is. */
  | { readonly type: 'send' }
  /** Photos that came at a question that takes none: where do they belong? */
  | { readonly type: 'place-photos'; readonly photos: readonly Photo[] }
  /** More was said than was asked: recognised answers to later questions, in order, waiting for a yes. */
  | {
      readonly type: 'more';
      readonly answers: readonly { readonly step: string; readonly value: AnswerValue }[];
    }
  /** A correction that several answers fit: which of them? */
  | {
      readonly type: 'correct';
      readonly words?: string;
      readonly answers: readonly { readonly step: string; readonly value: AnswerValue }[];
    }
  | { readonly type: 'undo'; readonly step: string; readonly previous: Answer | null };

/** A question that an officer's supplement adds after the flow's own steps; its words are the officer's. */
export interface ExtraStep {
  readonly id: string;
  readonly sort: 'paper' | 'question';
  readonly text: string;
}

/**
 * An album comes as one event after another, and nobody knows how many: what was decided for its first photo holds for
 * the rest, wherever the talk has gone meanwhile.
 */
export interface Album {
  readonly id: string;
  /** Path of the step they belong to; null: they wait for a place; `-away`: they were thrown away. */
  readonly step: string | null;
  /** Has the step taken any of them? */
  readonly took: boolean;
  /** What there was to say of single ones so far. */
  readonly notes: readonly Phrase[];
  /** How it stood before the first of its replies that are not said yet; `sending`: GỬI waited for photos. */
  readonly before: { readonly phase: Phase; readonly sending: boolean };
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
  /** The last albums. */
  readonly albums?: readonly Album[];
}

export type Command =
  | 'start'
  | 'resume'
  | 'back'
  | 'edit'
  | 'review'
  | 'explain'
  | 'stop'
  | 'send'
  | 'undo'
  | 'send-anyway'
  | 'person';

/** What can happen to a session. Words and taps arrive here only after the app has taken out what is not for the flow. */
export type FlowEvent =
  /** `profile`: a phone number of whoever holds the phone, vouched for by the channel. */
  | { readonly type: 'text'; readonly text: string; readonly source?: 'profile' }
  /** A tapped answer; never expires: for another step than the present one it edits that step. */
  | { readonly type: 'choice'; readonly step: string; readonly choice: string }
  | { readonly type: 'command'; readonly command: Command; readonly step?: string }
  /**
   * Photos sent, in their order; ids are new. Each is either taken (`take-photo`) or not (`drop-photo`). `album`: others of
   * the same name belong with them. `unsaid`: the reply to the last of these will not be said, this one tells it all.
   */
  | {
      readonly type: 'photos';
      readonly photos: readonly Pick<Photo, 'id' | 'print' | 'sort'>[];
      readonly album?: string;
      readonly unsaid?: boolean;
    }
  /** What the intake made of a photo, wherever in the session it stands. */
  | {
      readonly type: 'photo-ready';
      readonly photo: string;
      readonly sort: Photo['sort'];
      readonly pages: number;
      readonly flags: readonly string[];
    }
  | { readonly type: 'photo-refused'; readonly photo: string; readonly problem: PhotoProblem };

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
  /** The lines are one list, not paragraphs. */
  readonly list?: boolean;
  /** It asks for the phone of whoever holds it: the channel may offer to share that with one press. */
  readonly asks?: 'phone';
}

/** One line of the answers as a person reads them; what review shows and a dossier freezes. */
export interface ViewLine {
  /** Concrete path, item ids in place of `*`. */
  readonly step: string;
  readonly label: Phrase;
  readonly section: Phrase;
  readonly display: Phrase;
  /** What was odd and kept all the same, as it was asked. */
  readonly warnings: readonly Phrase[];
  readonly answer: Answer;
}

export type FlowEffect =
  | { readonly type: 'say'; readonly message: Message }
  /** The answers of this commit, frozen, go to the agency. */
  | { readonly type: 'send'; readonly lines: readonly ViewLine[] }
  | { readonly type: 'consent'; readonly step: string; readonly agency: string; readonly agreed: boolean }
  /** A photo of this event was put into the session: its bytes are wanted. `pdf`: the step takes PDF too. */
  | { readonly type: 'take-photo'; readonly photo: string; readonly pdf: boolean }
  /** A photo is in the session no more, or never was: its bytes go. */
  | { readonly type: 'drop-photo'; readonly photo: string }
  /** The third miss, a wish to have it looked at in spite of a `stop`, or the button for a person. */
  | { readonly type: 'person'; readonly reason: 'misses' | 'send-anyway' | 'asked' };

/** All that a turn may know besides the session and the event. */
export interface Context {
  /** ISO instant of the event. */
  readonly at: string;
  readonly today: string;
  readonly findCommunes: FindCommunes;
  /** Communes that take dossiers here, when they are few enough to be offered as buttons. */
  readonly served?: readonly Commune[];
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
