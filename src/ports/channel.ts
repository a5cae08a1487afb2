/** What every chat channel gives the house and takes from it. Channels differ in capabilities, which are data, never in behaviour. */
import type { StoredFile } from './files';

/** One chat: unique across the house. */
export interface Address {
  /** `web`, `telegram`, `zalo-oa`, `zalo-bot`, `terminal`. */
  readonly channel: string;
  /** The bot or OA account; `default` unless CHANNELS_FILE names more. */
  readonly account: string;
  /** The channel's own id of the chat. */
  readonly chat: string;
}

interface EventBase {
  /** The channel's message id: the same message redelivered has the same id. ≤ 128 characters. */
  readonly id: string;
  readonly address: Address;
  /** Agency fixed by the account, if any. */
  readonly agency?: string;
}

/** What a citizen did. Personal data: never log. */
export type ChannelEvent = EventBase &
  /** `caption`: the words stood under a photo, which is an event of its own before them. */
  (
    | { readonly type: 'text'; readonly text: string; readonly caption?: true }
    /** A pressed button: its `id` as sent, and the label the citizen saw. */
    | { readonly type: 'choice'; readonly choice: string; readonly label?: string }
    /** Photos or documents sent together, in their order. `album`: more may follow under the same name, ≤ 64 characters. */
    | { readonly type: 'photos'; readonly files: readonly IncomingFile[]; readonly album?: string }
    /** A spoken note: kept for an officer, no machine listens to it. */
    | { readonly type: 'voice'; readonly file: IncomingFile; readonly seconds: number }
    /** A phone number handed over by a press; `own`: the channel says that it is the sender's. */
    | { readonly type: 'contact'; readonly phone: string; readonly own: boolean }
    /** Degrees. */
    | { readonly type: 'location'; readonly latitude: number; readonly longitude: number }
    /** First contact, or a deep link with an agency or procedure code. */
    | { readonly type: 'start'; readonly link?: string }
    | { readonly type: 'joined' | 'left' | 'erase-request' }
    /** What no channel can be asked to do; `what` chooses the words. */
    | { readonly type: 'unsupported'; readonly what?: 'edited' | 'video' | 'sticker' }
  );

/** Where the bytes of a file are: sealed and unread in the files port, or still with the channel, which is asked for them at once. */
export type FileSource =
  | { readonly type: 'kept'; readonly fileKey: string }
  /** `ref`: the channel's own name of it, ≤ 256 characters. */
  | { readonly type: 'remote'; readonly ref: string };

/** One file a citizen sent. */
export interface IncomingFile {
  readonly source: FileSource;
  /** SHA-256 of the bytes, base64url, or the channel's own id of the same file: the same file has the same print. ≤ 64 characters. */
  readonly print: string;
  /** Does it look like a PDF? Nothing else is believed of it before the intake, which looks for itself. */
  readonly pdf: boolean;
  /** As the channel named it: untrusted text, ≤ 200 characters; may be empty. */
  readonly name: string;
}

/** Where a channel leaves the bytes of a file before it tells of them. */
export interface FileKeeper {
  /** Durable when it resolves: the key to find them by. Erased after a day unless taken. @throws AppError `store-unavailable` */
  keep(bytes: Buffer): Promise<string>;
  /** Erases them; gone ones are fine. */
  forget(fileKey: string): Promise<void>;
}

/** A button as a channel shows it. `id` is computed from what it does (≤ 64 bytes), so it survives restarts. */
export interface OutButton {
  readonly id: string;
  readonly label: string;
}

/** One message out, already in the citizen's language. Channels without buttons show the choices as numbered text. */
export interface OutMessage {
  readonly text: string;
  readonly buttons: readonly OutButton[];
  /** Links to our own pages, shown whole (never shortened). */
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  /** A QR code to draw with this content (a link to our own page). */
  readonly qr?: string;
  /** What is asked for may be shared with one press, where the channel can; `label` is what that button says. */
  readonly asks?: { readonly type: 'phone'; readonly label: string };
  /** Files that follow the text; only where the channel `documents`. */
  readonly files?: readonly OutFile[];
}

/** A file of a dossier, made or read when it is sent. `owner`: the conversation that it goes to; the dossier must be its own. */
export type OutFile = { readonly dossier: string; readonly owner: string } & (
  | { readonly type: 'declaration'; readonly format: 'pdf' | 'docx' }
  | { readonly type: 'result'; readonly attachment: string }
);

/** Reads a file to send; null when it is gone (erased with its dossier): the citizen is told by the house. */
export type OpenFile = (file: OutFile) => Promise<StoredFile | null>;

/** `seq` orders all messages of a conversation, both sides; the same message sent again has the same seq. */
export interface Outgoing extends OutMessage {
  readonly seq: number;
  readonly at: number;
}

/**
 * `unreachable`: the citizen left, nothing more is sent before they write again. `later`: all up to `sentUpTo` is sent
 * (0: nothing), the rest may be in `waitMs`.
 */
export type SendOutcome =
  | 'sent'
  | { readonly unreachable: { readonly sentUpTo: number } }
  | { readonly later: { readonly sentUpTo: number; readonly waitMs: number } };

export interface Capabilities {
  readonly buttons: boolean;
  /** Can the house write first, hours later? Without it the citizen is asked for another way to be reached. */
  readonly push: boolean;
  /** Can it hand out files? Without it they are had from the status page. */
  readonly documents: boolean;
}

export interface Channel {
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Sends messages in order, and returns before `until` (ms epoch) with what it got done. May be repeated with the same
   * `seq` after an unknown outcome. A channel that did not answer is `later`, never a rejection.
   */
  send(address: Address, messages: readonly Outgoing[], until: number): Promise<SendOutcome>;
  /** Shows for some seconds that work goes on. Never rejects. */
  working?(address: Address): Promise<void>;
  /**
   * Bytes of a file the citizen sent, by its `ref`.
   * @throws AppError `not-found` when it is gone, `payload-too-large`, `channel-unavailable` for now
   */
  fetch?(address: Address, ref: string): Promise<Buffer>;
}

/** What a channel calls when it has proved an event authentic. */
export interface Inbox {
  /**
   * Resolves when the turn's result is durable (or the event was seen before): only then may the provider get its 2xx.
   * `stale`: durable too, but the pressed button was worn out, and the citizen was told so.
   * @throws AppError `store-unavailable` | `stopping`: nothing was done, answer 503 and let it be redelivered.
   * `too-many-requests`: this chat is too fast, nothing was done, `details.waitMs` says when it may come again.
   */
  take(event: ChannelEvent): Promise<'done' | 'seen' | 'stale'>;
}

/** One line of a talk as a channel that shows history (the web page) reads it. */
export interface TalkLine extends Outgoing {
  readonly side: 'citizen' | 'bot' | 'officer';
}

export interface TalkReader {
  /** Lines with seq > after, oldest first, ≤ limit. Empty for a chat that never spoke. */
  read(address: Address, after: number, limit: number): Promise<readonly TalkLine[]>;
}
