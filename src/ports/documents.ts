/** The documents of the house (design §4), as the app sees them: open, typed, plain JSON. Drivers seal what must be sealed. */
import type { AnswerSource, AnswerValue, Session } from '../flow/types';
import type { Address, OutButton, OutMessage } from './channel';

export interface Person {
  readonly name: string;
  readonly nationalId?: string;
  readonly phone?: string;
  /** partial-date */
  readonly birth?: string;
}

// ------------------------------------------------------------ conversation

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
  readonly at: number;
}

/** Something a conversation's commit asks the runner to do elsewhere. `id` is the effect id; targets apply an id once. */
export type Act = { readonly id: string; readonly seq: number } & (
  | { readonly type: 'create-dossier'; readonly dossier: NewDossier }
  | { readonly type: 'revise-dossier'; readonly dossierId: string; readonly round: NewRound }
  | { readonly type: 'withdraw'; readonly dossierId: string; readonly reason: string }
  | { readonly type: 'record-consent'; readonly consent: Omit<Consent, 'id'> }
  | { readonly type: 'look-up'; readonly code: string; readonly lastFour: string }
  | { readonly type: 'reopen'; readonly dossierId: string; readonly purpose: 'correct' | 'supplement' }
  | { readonly type: 'park'; readonly draft: Omit<Draft, 'id'> }
  | { readonly type: 'unpark'; readonly draftId: string }
  | { readonly type: 'erase' }
);

/** A line of the talk on its way to the transcript and, if ours, to the channel. */
export interface Utterance {
  readonly seq: number;
  /** ms epoch */
  readonly at: number;
  readonly side: 'citizen' | 'bot' | 'officer';
  readonly message: OutMessage;
}

/** What the conversation is about outside a flow: a question the bot asked in the lobby and waits for. */
export type Lobby =
  /** A wish was offered readings; with none of them, it was not understood. */
  | { readonly type: 'offer'; readonly procedures: readonly string[] }
  | { readonly type: 'code' }
  | { readonly type: 'last-four'; readonly code: string }
  | { readonly type: 'withdraw-why'; readonly code: string; readonly reason?: string }
  /** Whose officer is wanted? */
  | { readonly type: 'commune' };

export interface Conversation {
  readonly id: string;
  readonly address: Address;
  readonly lang: 'vi' | 'en';
  /** Form of address, see `app/address-forms`. */
  readonly pair: string;
  readonly mode: 'bot' | 'officer';
  /** When a person was asked for, ms epoch; null when nobody waits. Clear, so that the desk can list it. */
  readonly helpAt: number | null;
  /** The agency of the talk (last chosen); clear. */
  readonly agency: string | null;
  /** Last chosen commune, offered next time. */
  readonly commune: AnswerValue;
  readonly session: Session | null;
  readonly drafts: readonly { readonly id: string; readonly flow: string; readonly at: number }[];
  readonly lobby: Lobby | null;
  /** Buttons of the bot's last message: outside a flow their number or their words pick one. */
  readonly offered: readonly OutButton[];
  readonly dossiers: readonly DossierNews[];
  /** When wrong codes were tried, ms epoch; five in 15 minutes end the looking up. */
  readonly wrongCodes: readonly number[];
  readonly seen: readonly { readonly id: string; readonly at: number }[];
  /** Two lanes, both in `seq` order: words out, and acts elsewhere. */
  readonly says: readonly Utterance[];
  readonly acts: readonly Act[];
  readonly nextSeq: number;
  readonly startedAt: number;
  readonly lastAt: number;
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
  readonly flags: readonly string[];
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
  readonly extra: readonly { readonly text: string; readonly reply: string }[];
  readonly facts: readonly ShownFact[];
  readonly parts: readonly Part[];
  readonly history: readonly HistoryEntry[];
  /** The worst open part's status. */
  readonly status: Status;
  readonly createdAt: number;
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
}

export interface NewRound {
  readonly kind: 'correction' | 'supplement';
  readonly answers: readonly DossierAnswer[];
  readonly people: Dossier['people'];
  readonly replies: readonly { readonly item: string; readonly reply: string }[];
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

// ------------------------------------------------------------ the rest

export interface Draft {
  readonly id: string;
  /** Conversation that holds it. */
  readonly holder: string;
  readonly session: Session;
  /** ms epoch after which it is erased. */
  readonly dueAt: number;
}

/** Append-only proof. */
export interface Consent {
  readonly id: string;
  readonly conversation: string;
  readonly purpose: string;
  readonly agency: string;
  readonly procedure: string;
  readonly textKey: string;
  /** SHA-256 of the words shown. */
  readonly textHash: string;
  readonly agreed: boolean;
  readonly at: number;
  readonly withdrawnAt: number | null;
}

export interface TranscriptRow extends Utterance {
  readonly conversation: string;
}

export interface Agency {
  readonly id: string;
  readonly name: string;
  readonly communeCode: string;
  readonly provinceCode: string;
  readonly address: string;
  readonly hours: string;
  readonly phone: string;
  readonly demo: boolean;
  /** Slugs switched on. */
  readonly procedures: readonly string[];
  readonly receiver:
    { readonly type: 'desk' } | { readonly type: 'http'; readonly url: string; readonly secret: string };
}

export interface Officer {
  readonly id: string;
  /** Folded login name, unique. */
  readonly login: string;
  readonly name: string;
  readonly agency: string;
  readonly role: 'officer' | 'admin';
  readonly passwordHash: string;
  readonly active: boolean;
  readonly createdAt: number;
  /** Raised to kill all sessions (password change, disabled). */
  readonly epoch: number;
}

export interface Attachment {
  readonly id: string;
  readonly owner: string;
  readonly state: 'ok' | 'removed';
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly fileKey: string;
  readonly at: number;
}

export interface AuditEntry {
  readonly at: number;
  /** Officer id, `citizen`, `agency:<id>` or `system`. */
  readonly who: string;
  readonly agency: string | null;
  /** `view-dossier`, `list`, `receive`, `sign-in`, …. */
  readonly what: string;
  /** Id of the dossier, conversation, officer …; never personal data. */
  readonly subject: string | null;
}

export interface AuditRow extends AuditEntry {
  readonly seq: number;
  readonly hash: string;
}
