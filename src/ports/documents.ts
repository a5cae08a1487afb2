/** The documents of the house (design §4), as the app sees them: open, typed, plain JSON. Drivers seal what must be sealed. */
import type { AnswerValue, Session } from '../flow/types';
import type { Address, FileSource, OutButton, OutMessage } from './channel';
import type { DossierNews, NewDossier, NewRound, Person } from './dossier';

export type * from './dossier';

// ------------------------------------------------------------ conversation

/** Something a conversation's commit asks the runner to do elsewhere. `id` is the effect id; targets apply an id once. */
export type Act = {
  readonly id: string;
  readonly seq: number;
  /** ms epoch of its turn */ readonly at: number;
} & (
  | { readonly type: 'create-dossier'; readonly dossier: NewDossier }
  | {
      readonly type: 'revise-dossier';
      readonly dossierId: string;
      readonly sessionKey: string;
      readonly round: NewRound;
    }
  | { readonly type: 'withdraw'; readonly dossierId: string; readonly reason: string }
  | { readonly type: 'record-consent'; readonly consent: Omit<Consent, 'id'> }
  | { readonly type: 'look-up'; readonly code: string; readonly lastFour: string }
  | { readonly type: 'reopen'; readonly dossierId: string; readonly purpose: 'correct' | 'supplement' }
  | { readonly type: 'park'; readonly draft: Omit<Draft, 'id'> }
  | { readonly type: 'unpark'; readonly draftId: string }
  /** Erases drafts, the talk, and the photos of these sessions. */
  | { readonly type: 'erase'; readonly sessions: readonly string[] }
  /** Looks at the bytes of a photo and keeps a clean copy. `owner`: the session's key. */
  | {
      readonly type: 'take-photo';
      readonly photo: string;
      readonly owner: string;
      readonly source: FileSource;
      readonly name: string;
      readonly pdf: boolean;
    }
  /** The photo is wanted no more; `source` where its bytes were never looked at. */
  | {
      readonly type: 'drop-photo';
      readonly photo: string;
      readonly owner: string;
      readonly source: FileSource | null;
    }
  /** Keeps a spoken note for an officer. `owner`: the session's key, or the dossier it corrects; outside a filing, the conversation. */
  | {
      readonly type: 'keep-voice';
      readonly voice: string;
      readonly owner: string;
      readonly source: FileSource;
      readonly seconds: number;
    }
  /** What was said (`said`: its seq) of this dossier did not reach its citizen: its officers should know. */
  | { readonly type: 'not-told'; readonly dossierId: string; readonly said: number; readonly text: string }
  /** The citizen is back, and was told where this dossier is. */
  | { readonly type: 'told-later'; readonly dossierId: string; readonly text: string }
  /** An unfinished session is gone: its photos go too. */
  | { readonly type: 'forget-session'; readonly sessionKey: string }
  /** Were this procedure's papers for this person sent before? See `AnswerTwin`. */
  | { readonly type: 'look-for-twin'; readonly sessionKey: string; readonly who: TwinQuestion }
);

/** What is needed to find an earlier dossier of the same procedure about the same person. */
export interface TwinQuestion {
  readonly procedure: string;
  readonly subject: Person;
  /** National IDs of others in the answers, never the subject's own. */
  readonly kin: readonly string[];
  /** Names of others in the answers. */
  readonly names: readonly string[];
}

/** A line of the talk on its way to the transcript and, if ours, to the channel. */
export interface Utterance {
  readonly seq: number;
  /** ms epoch */
  readonly at: number;
  readonly side: 'citizen' | 'bot' | 'officer';
  readonly message: OutMessage;
  /** A spoken note of the citizen: the id of its attachment. */
  readonly voice?: string;
  /** Photos that a citizen sent while an officer had the talk: ids of their attachments. */
  readonly photos?: readonly string[];
  /** News of this dossier: should it not reach the citizen, the dossier's history says so. */
  readonly about?: string;
  /**
   * Said at `from` (ms epoch) at the earliest, and not at all once a later turn speaks on the same `topic`: one word for a
   * whole album. `turn`: the revision that it was said in; what one turn says stays together.
   */
  readonly settles?: { readonly topic: string; readonly from: number; readonly turn: number };
}

/** What the conversation is about outside a flow: a question the bot asked in the lobby and waits for. */
export type Lobby =
  /** A wish was offered readings; with none of them, it was not understood. */
  | { readonly type: 'offer'; readonly procedures: readonly string[]; readonly times?: number }
  /** One of the offered buttons is meant, also amid a flow. */
  | { readonly type: 'pick' }
  | { readonly type: 'code' }
  | { readonly type: 'last-four'; readonly code: string }
  | { readonly type: 'withdraw-why'; readonly code: string; readonly reason?: string }
  /** Words amid a flow were taken for a question of this intent; said again, they are the answer. */
  | { readonly type: 'aside'; readonly intent: string }
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
  /** The channel's account is this agency's own: its talks are for that agency alone. */
  readonly ownAgency?: string;
  /** Last chosen commune, offered next time. */
  readonly commune: AnswerValue;
  readonly session: Session | null;
  readonly drafts: readonly { readonly id: string; readonly flow: string; readonly at: number }[];
  readonly lobby: Lobby | null;
  /** The citizen left or blocked us (ms epoch): nothing is sent before they write again. */
  readonly unreachableSince?: number | null;
  /** Ids of the dossiers whose news did not reach them meanwhile. */
  readonly missed?: readonly string[];
  /** What officers wrote that did not reach the citizen, by its seq: said again when they are back. */
  readonly missedWords?: readonly { readonly seq: number; readonly text: string }[];
  /** Notes and photos kept with the talk itself: ids of their attachments, and when they came (ms epoch). */
  readonly kept?: readonly { readonly id: string; readonly at: number }[];
  /** The revision that the bot last spoke in: buttons of it or later are the newest (a photo that is ready says nothing). */
  readonly spokenAt?: number;
  /** Buttons of the bot's last message: outside a flow their number or their words pick one. */
  readonly offered: readonly OutButton[];
  readonly dossiers: readonly DossierNews[];
  /** Key of the session that last came to its first review: its fee was said, an earlier dossier looked for. */
  readonly reviewedOnce?: string | null;
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
  /** Who said it: the applicant in person, or the filer with the applicant beside them. */
  readonly by: 'applicant' | 'filer';
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
  /** By procedure: the official form of its own, a DOCX with named cells; `missing` and `unknown` as it was checked. */
  readonly forms?: Readonly<
    Record<
      string,
      {
        readonly fileKey: string;
        readonly name: string;
        readonly at: number;
        readonly missing: readonly string[];
        readonly unknown: readonly string[];
      }
    >
  >;
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
  /** Id of the dossier; before it was sent, the key of the session. A spoken note outside a filing, and a photo for an officer who has the talk: id of the conversation. */
  readonly owner: string;
  readonly state: 'ok' | 'removed';
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly fileKey: string;
  readonly at: number;
  /** Length of a spoken note. */
  readonly seconds?: number;
  /** Of a photo or PDF that a citizen sent: pages (1 for a photo), and what is odd about it. */
  readonly pages?: number;
  readonly flags?: readonly string[];
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
