/** What every chat channel gives the house and takes from it. Channels differ in capabilities, which are data, never in behaviour. */

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
  (
    | { readonly type: 'text'; readonly text: string }
    /** A pressed button: its `id` as sent, and the label the citizen saw. */
    | { readonly type: 'choice'; readonly choice: string; readonly label?: string }
    /** Photos or documents sent together, in their order. */
    | { readonly type: 'photos'; readonly files: readonly IncomingFile[] }
    /** First contact, or a deep link with an agency or procedure code. */
    | { readonly type: 'start'; readonly link?: string }
    | { readonly type: 'joined' | 'left' | 'erase-request' | 'unsupported' }
  );

/** One file a citizen sent: its bytes lie already, sealed and unread, in the files port. */
export interface IncomingFile {
  readonly fileKey: string;
  /** SHA-256 of the bytes, base64url, or the channel's own id of the same file: the same file has the same print. ≤ 64 characters. */
  readonly print: string;
  /** Does it begin as a PDF does? Nothing else is believed of it before the intake. */
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
}

/** `seq` orders all messages of a conversation, both sides; the same message sent again has the same seq. */
export interface Outgoing extends OutMessage {
  readonly seq: number;
  readonly at: number;
}

export type SendOutcome = 'sent' | 'unreachable';

export interface Capabilities {
  readonly buttons: boolean;
  /** Can the house write first, hours later? Without it the citizen is asked for another way to be reached. */
  readonly push: boolean;
}

export interface Channel {
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Sends messages in order. May be repeated with the same `seq` after an unknown outcome.
   * Rejects with a retryable error when the channel did not answer; resolves `unreachable` when the citizen left.
   */
  send(address: Address, messages: readonly Outgoing[]): Promise<SendOutcome>;
}

/** What a channel calls when it has proved an event authentic. */
export interface Inbox {
  /**
   * Resolves when the turn's result is durable (or the event was seen before): only then may the provider get its 2xx.
   * @throws AppError `store-unavailable` | `stopping`: nothing was done, answer 503 and let it be redelivered.
   */
  take(event: ChannelEvent): Promise<'done' | 'seen'>;
}

/** One line of a talk as a channel that shows history (the web page) reads it. */
export interface TalkLine extends Outgoing {
  readonly side: 'citizen' | 'bot' | 'officer';
}

export interface TalkReader {
  /** Lines with seq > after, oldest first, ≤ limit. Empty for a chat that never spoke. */
  read(address: Address, after: number, limit: number): Promise<readonly TalkLine[]>;
}
