/** A dossier and its deliveries as the app sees them: self-describing, readable without the flow that made it. */
import type { AnswerSource, AnswerValue } from '../flow/types';

export interface Person {
  readonly name: string;
  readonly nationalId?: string;
  readonly phone?: string;
  /** partial-date */
  readonly birth?: string;
}

/** What the citizen is told about one of their dossiers; kept in the conversation so that "đến đâu rồi" needs no lookup. */
export interface DossierNews {
  readonly id: string;
  readonly code: string;
  readonly procedure: string;
  readonly procedureName: string;
  readonly agencyName: string;
  readonly status: Status;
  readonly dueOn: string | null;
  readonly officialCode: string | null;
  /** yyyy-mm-dd by which an officer should have looked. */
  readonly lookBy: string;
  /** The last plain sentence the citizen was told. */
  readonly lastWord: string;
  /** The attachment that is the result, where it is a file. */
  readonly result?: string;
  readonly at: number;
}

// ------------------------------------------------------------ dossier

/** Numbers of the national status list. @see docs/design.md §4 */
export type Status = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** One answer as frozen: readable without the flow. */
export interface DossierAnswer {
  readonly step: string;
  readonly section: string;
  readonly label: string;
  readonly display: string;
  readonly value: AnswerValue;
  readonly source: AnswerSource;
  readonly by: string;
  readonly rev: number;
  /** Ids of warnings that hold and were kept. */
  readonly flags: readonly string[];
  /** The same in words, as the citizen was asked. */
  readonly warnings?: readonly string[];
}

/** A fact as it was shown to the citizen on the day of sending. */
export interface ShownFact {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly verifiedOn: string;
}

/** What an officer asks for: an answer to give again, a paper to bring or send, or a question in their own words. */
export interface SupplementItem {
  readonly id: string;
  readonly sort: 'answer' | 'paper' | 'question';
  /** With `answer`: the step to answer again. */
  readonly step?: string;
  /** What the citizen reads. */
  readonly text: string;
  readonly done: boolean;
  /** The citizen's answer to a paper or question item. */
  readonly reply?: string;
}

export interface Round {
  readonly n: number;
  readonly kind: 'first' | 'correction' | 'supplement';
  readonly at: number;
  /** Steps whose display text changed against the round before, with the text before. */
  readonly changed: readonly { readonly step: string; readonly before: string | null }[];
}

export interface Part {
  readonly id: string;
  readonly agency: string;
  readonly agencyName: string;
  readonly procedure: string;
  readonly status: Status;
  /** yyyy-mm-dd promised to the citizen. */
  readonly dueOn: string | null;
  /** yyyy-mm-dd by which an officer should have looked. */
  readonly lookBy: string;
  readonly officialCode: string | null;
  readonly receivedAt: number | null;
  readonly rounds: readonly Round[];
  readonly supplement: {
    readonly at: number;
    readonly items: readonly SupplementItem[];
    readonly untilOn: string | null;
  } | null;
  readonly payment: { readonly amount: number; readonly how: string } | null;
  readonly result: {
    readonly kind: 'file' | 'pick-up';
    readonly attachment?: string;
    readonly place?: string;
    readonly hours?: string;
  } | null;
  /** The citizen asked to withdraw after reception: an officer confirms. */
  readonly withdrawAsked: { readonly at: number; readonly reason: string } | null;
  readonly refusal: { readonly reason: string; readonly law: string; readonly next: string } | null;
  /** How the hand-over to the receiver goes. */
  readonly delivery: { readonly key: string; readonly state: DeliveryState } | null;
  /** Spent waiting for the citizen: does not count for the promised date. */
  readonly pauses: readonly { readonly from: number; readonly to: number | null }[];
}

export interface HistoryEntry {
  readonly at: number;
  readonly by: {
    readonly role: 'citizen' | 'officer' | 'agency' | 'system';
    readonly id?: string;
    readonly name?: string;
  };
  /** What happened: `sent`, `corrected`, `supplemented`, `received`, …: keys `track.event.*`. */
  readonly event: string;
  readonly part: string | null;
  readonly status: Status;
  /** The words the citizen was told, or an officer's note. */
  readonly text: string | null;
}

export interface Dossier {
  readonly id: string;
  readonly code: string;
  readonly sessionKey: string;
  readonly conversation: string;
  readonly demo: boolean;
  readonly procedure: { readonly id: string; readonly code: string; readonly name: string };
  readonly people: { readonly filer: Person | null; readonly applicant: Person; readonly subject: Person };
  readonly answers: readonly DossierAnswer[];
  readonly extra: readonly {
    readonly text: string;
    readonly reply: string;
    /** Ids of attachments sent for it. */
    readonly photos?: readonly string[];
  }[];
  readonly facts: readonly ShownFact[];
  readonly parts: readonly Part[];
  readonly history: readonly HistoryEntry[];
  /** The worst open part's status. */
  readonly status: Status;
  readonly createdAt: number;
  /** Days it stays here after it is closed, as the citizen was told. */
  readonly retentionDays: number;
  /** Ids of effects already applied: each once. ≤ 200 newest. */
  readonly applied: readonly string[];
  readonly acts: readonly DossierAct[];
  readonly nextSeq: number;
}

/** Effects of a dossier's commit. */
export type DossierAct = { readonly id: string; readonly seq: number } & (
  | {
      readonly type: 'tell';
      readonly conversation: string;
      readonly news: DossierNews;
      readonly kind: TellKind;
      readonly text: string;
      readonly attachment?: string;
    }
  | { readonly type: 'create-delivery'; readonly delivery: NewDelivery }
  | { readonly type: 'cancel-delivery'; readonly key: string }
);
export type TellKind = 'created' | 'changed' | 'supplement' | 'result';

/** What a session becomes when it is sent: everything of a dossier that the turn knows. */
export interface NewDossier {
  readonly sessionKey: string;
  readonly demo: boolean;
  readonly procedure: Dossier['procedure'];
  readonly people: Dossier['people'];
  readonly answers: readonly DossierAnswer[];
  readonly facts: readonly ShownFact[];
  readonly parts: readonly {
    readonly agency: string;
    readonly agencyName: string;
    readonly procedure: string;
    readonly lookBy: string;
  }[];
  readonly at: number;
  readonly retentionDays: number;
}

export interface NewRound {
  readonly kind: 'correction' | 'supplement';
  readonly answers: readonly DossierAnswer[];
  readonly people: Dossier['people'];
  readonly replies: readonly {
    readonly item: string;
    readonly reply: string;
    readonly photos?: readonly string[];
  }[];
  readonly at: number;
}

// ------------------------------------------------------------ delivery

export type DeliveryState =
  'waiting' | 'sending' | 'unknown' | 'accepted' | 'refused' | 'needs-officer' | 'cancelled';

export interface NewDelivery {
  /** `<dossier id>-<part>-<round>`: unique. */
  readonly key: string;
  readonly dossierId: string;
  readonly part: string;
  readonly round: number;
  readonly agency: string;
  /** Frozen JSON of the parcel; the same bytes on every try. */
  readonly body: string;
}

export interface Delivery extends NewDelivery {
  readonly id: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly officialCode: string | null;
  readonly lastReason: string | null;
  /** The dossier took this round back: it is never sent (again), though an outcome under way is still kept. */
  readonly cancelAsked?: true;
  /** ms epoch of the next look: the next try, the end of a try's lease, or, once ended, until its dossier took the outcome. */
  readonly dueAt: number | null;
  readonly createdAt: number;
}
