/**
 * The record of the house. Every write is durable when its promise resolves, and touches one document.
 * Common semantics, tested on every engine: a document has a revision from 1; `save` replaces it only if the revision
 * still is the one given (compare-and-set) and raises it by one; unique keys let exactly one of many creators win;
 * a document over its bound is refused with `document-too-large`. A rejected promise (`store-unavailable`) means unknown: read back.
 */
import type {
  Agency,
  Attachment,
  AuditEntry,
  AuditRow,
  Consent,
  Conversation,
  Delivery,
  DeliveryState,
  Dossier,
  Draft,
  Officer,
  Person,
  Status,
  TranscriptRow,
} from './documents';
import type { Address } from './channel';
import type { DueDocument, Job } from './queue';

/** A document as read: what it says, and which revision said it. */
export interface Versioned<T> {
  readonly doc: T;
  readonly revision: number;
}

/** Watermarks only grow and need no revision: what was said, and what was done, up to which seq. */
export interface Watermarks {
  readonly sentUpTo: number;
  readonly doneUpTo: number;
}

export interface ConversationState extends Versioned<Conversation>, Watermarks {}

export interface Conversations {
  find(address: Address): Promise<ConversationState | null>;
  byId(id: string): Promise<ConversationState | null>;
  /** Creates at revision 1. `false`: somebody else created this chat first (unique channel, account, chat). */
  create(doc: Conversation, dueAt: number | null): Promise<boolean>;
  /** Compare-and-set. `false`: the revision moved on. @throws `document-too-large` over 64 KB. */
  save(doc: Conversation, revision: number, dueAt: number | null): Promise<boolean>;
  /**
   * Takes the right to send until `until` (ms epoch) if it is free or expired at `now`; `false` when held, and, with
   * `sentUpTo`, when more than that was said already.
   */
  takeSendLease(id: string, holder: string, now: number, until: number, sentUpTo?: number): Promise<boolean>;
  /** Whoever speaks next knows what was said: `sentUpTo` rises before anybody else can have the lease. */
  releaseSendLease(id: string, holder: string, sentUpTo?: number): Promise<void>;
  /** Raises watermarks (never lowers); sets `dueAt` only while the revision still is the given one. */
  mark(
    id: string,
    marks: Partial<Watermarks>,
    due?: { readonly revision: number; readonly dueAt: number | null },
  ): Promise<void>;
  /** Waiting for a person at this agency (null: nobody's yet), oldest first. */
  waitingForPerson(
    agency: string | null,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly helpAt: number }[]>;
  remove(id: string): Promise<void>;
}

/** What the desk lists by, all clear columns. */
export interface DossierQuery {
  readonly agency: string;
  readonly statuses?: readonly Status[];
  /** dueOn <= this civil date */
  readonly dueUpTo?: string;
  readonly dueOn?: string;
  /** Blind search: national ID, phone, whole name or words of it, code. */
  readonly find?: string;
  readonly flag?: 'citizen-replied' | 'delivery-trouble' | 'withdraw-asked' | 'late-look';
  readonly today?: string;
  readonly limit: number;
  /** Opaque cursor of the row before. */
  readonly after?: string;
}

export interface DossierRow {
  readonly state: Versioned<Dossier>;
  readonly cursor: string;
}

/** A person, and the national IDs of others in the answers (a child's parents). */
export interface SubjectKeys extends Pick<Person, 'name' | 'nationalId' | 'birth'> {
  readonly kin: readonly string[];
}

export interface Dossiers {
  byId(id: string): Promise<(Versioned<Dossier> & { doneUpTo: number }) | null>;
  byCode(code: string): Promise<Versioned<Dossier> | null>;
  bySession(sessionKey: string): Promise<Versioned<Dossier> | null>;
  /** Dossiers of a procedure about the same person, newest first: by national ID, by name and birth, or by birth and a number of `kin`. */
  ofSubject(procedure: string, subject: SubjectKeys, limit: number): Promise<readonly Versioned<Dossier>[]>;
  /** Second factor built in: the code and the last four digits of a phone or national ID of its people. */
  byCodeAndLastFour(code: string, lastFour: string): Promise<Versioned<Dossier> | null>;
  /** `code-taken`: draw another code. `session-taken`: this session already became a dossier (read it). */
  create(doc: Dossier, dueAt: number | null): Promise<'created' | 'code-taken' | 'session-taken'>;
  save(doc: Dossier, revision: number, dueAt: number | null): Promise<boolean>;
  mark(
    id: string,
    doneUpTo: number,
    due?: { readonly revision: number; readonly dueAt: number | null },
  ): Promise<void>;
  /** With everything it is found by. A missing one is fine. */
  remove(id: string): Promise<void>;
  /** Newest promise first is never wanted: by due date, then by when it came. Bounded by the part's agency. */
  list(query: DossierQuery): Promise<readonly DossierRow[]>;
  count(query: Omit<DossierQuery, 'limit' | 'after'>): Promise<number>;
}

export interface Deliveries {
  byKey(key: string): Promise<Versioned<Delivery> | null>;
  byId(id: string): Promise<Versioned<Delivery> | null>;
  /** `false`: the key exists. */
  create(doc: Delivery): Promise<boolean>;
  save(doc: Delivery, revision: number): Promise<boolean>;
  inState(states: readonly DeliveryState[], limit: number): Promise<readonly Versioned<Delivery>[]>;
  /** By key; a missing one is fine. */
  remove(key: string): Promise<void>;
}

export interface Drafts {
  /** Same id again is a no-op. */
  put(doc: Draft): Promise<void>;
  get(id: string): Promise<Draft | null>;
  ofHolder(holder: string): Promise<readonly Draft[]>;
  remove(id: string): Promise<void>;
  /** Those past their days, for whoever erases what hangs on them and then removes them. */
  due(now: number, limit: number): Promise<readonly Draft[]>;
}

export interface Transcripts {
  /** Rows are unique by (conversation, seq): repeating is harmless. */
  append(rows: readonly TranscriptRow[]): Promise<void>;
  /** Rows with seq > after, oldest first. */
  read(conversation: string, after: number, limit: number): Promise<readonly TranscriptRow[]>;
  last(conversation: string, limit: number): Promise<readonly TranscriptRow[]>;
  /** All rows of a conversation, or those said up to a moment (ms epoch). */
  removeOf(conversation: string, upTo?: number): Promise<void>;
  removeOlderThan(at: number): Promise<number>;
}

export interface Consents {
  /** Unique by id: repeating is harmless. */
  append(doc: Consent): Promise<void>;
  ofConversation(conversation: string): Promise<readonly Consent[]>;
}

export interface Agencies {
  all(): Promise<readonly Versioned<Agency>[]>;
  byId(id: string): Promise<Versioned<Agency> | null>;
  create(doc: Agency): Promise<boolean>;
  save(doc: Agency, revision: number): Promise<boolean>;
}

export interface Officers {
  byId(id: string): Promise<Versioned<Officer> | null>;
  byLogin(login: string): Promise<Versioned<Officer> | null>;
  all(): Promise<readonly Versioned<Officer>[]>;
  /** `false`: the login exists. */
  create(doc: Officer): Promise<boolean>;
  save(doc: Officer, revision: number): Promise<boolean>;
}

/** Small values with an end: officers' web sessions, one-time links, set-aside events. Sealed. */
export interface Slips {
  put(kind: string, id: string, value: unknown, expiresAt: number): Promise<void>;
  get<T>(kind: string, id: string, now: number): Promise<T | null>;
  /** Reads and removes in one step: exactly one caller gets it. */
  take<T>(kind: string, id: string, now: number): Promise<T | null>;
  remove(kind: string, id: string): Promise<void>;
  count(kind: string): Promise<number>;
  /** Values of a kind past their end that are not removed yet: for what must be done before they go. */
  expired<T>(kind: string, now: number, limit: number): Promise<readonly T[]>;
  removeExpired(now: number): Promise<number>;
}

export interface Attachments {
  put(doc: Attachment): Promise<void>;
  /** Creates; false, and nothing done, where there is one of its id. */
  add(doc: Attachment): Promise<boolean>;
  get(id: string): Promise<Attachment | null>;
  ofOwner(owner: string): Promise<readonly Attachment[]>;
  /** A missing one is fine. */
  remove(id: string): Promise<void>;
}

export interface Audit {
  /** Appends to the hash chain: each row's hash covers the row before. Resolves when durable. */
  append(entry: AuditEntry): Promise<void>;
  ofSubject(subject: string, limit: number): Promise<readonly AuditRow[]>;
  last(limit: number): Promise<readonly AuditRow[]>;
  /** Walks the chain; the first broken seq, or null. */
  verify(): Promise<number | null>;
}

export interface Leases {
  /** Takes or renews a named lease until `until` (ms epoch); `false` when another holder has it at `now`. */
  take(name: string, holder: string, now: number, until: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export interface Store {
  readonly conversations: Conversations;
  readonly dossiers: Dossiers;
  readonly deliveries: Deliveries;
  readonly drafts: Drafts;
  readonly transcripts: Transcripts;
  readonly consents: Consents;
  readonly agencies: Agencies;
  readonly officers: Officers;
  readonly slips: Slips;
  readonly attachments: Attachments;
  readonly audit: Audit;
  readonly leases: Leases;
  /** Documents with `dueAt` ≤ now, earliest first, at most `limit` of each kind: what the sweeper rings for. */
  due(now: number, limit: number): Promise<readonly (Job & { readonly document: DueDocument })[]>;
  /** Resolves when a small write is durable. @throws `store-unavailable`. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
