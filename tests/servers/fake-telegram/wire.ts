/** What goes over the wire, as far as the fake speaks it. Bot API: core.telegram.org/bots/api "Available types". */

export interface User {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly last_name?: string;
  readonly username?: string;
  readonly language_code?: string;
}

export interface ChatInfo {
  readonly id: number;
  readonly type: 'private' | 'group';
  readonly first_name?: string;
  readonly title?: string;
}

export interface Entity {
  readonly type: string;
  /** In UTF-16 units, like all offsets of the Bot API. */
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly language?: string;
}

export interface FileRef {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size: number;
}
export type PhotoSize = FileRef & { readonly width: number; readonly height: number };
export type DocumentFile = FileRef & { readonly file_name?: string; readonly mime_type?: string };
export type VoiceFile = FileRef & { readonly duration: number; readonly mime_type?: string };

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}
export interface ReplyButton {
  readonly text: string;
  readonly request_contact?: boolean;
  readonly request_location?: boolean;
}
export interface Markup {
  readonly inline_keyboard?: readonly (readonly InlineButton[])[];
  readonly keyboard?: readonly (readonly (ReplyButton | string)[])[];
  readonly remove_keyboard?: boolean;
  readonly [more: string]: unknown;
}

export interface Message {
  readonly message_id: number;
  readonly from?: User;
  readonly chat: ChatInfo;
  /** Epoch seconds. */
  readonly date: number;
  readonly edit_date?: number;
  readonly media_group_id?: string;
  readonly text?: string;
  readonly entities?: readonly Entity[];
  readonly caption?: string;
  readonly caption_entities?: readonly Entity[];
  readonly photo?: readonly PhotoSize[];
  readonly document?: DocumentFile;
  readonly voice?: VoiceFile;
  readonly location?: { readonly latitude: number; readonly longitude: number };
  readonly contact?: {
    readonly phone_number: string;
    readonly first_name: string;
    readonly user_id?: number;
  };
  readonly sticker?: FileRef & Readonly<Record<string, unknown>>;
  readonly new_chat_members?: readonly User[];
  readonly reply_markup?: Markup;
}

export interface CallbackQuery {
  readonly id: string;
  readonly from: User;
  /** Only `chat`, `message_id` and `date: 0` when the message is gone. */
  readonly message?: Message;
  readonly chat_instance: string;
  readonly data: string;
}

export interface MemberChange {
  readonly chat: ChatInfo;
  readonly from: User;
  readonly date: number;
  readonly old_chat_member: { readonly user: User; readonly status: string };
  readonly new_chat_member: { readonly user: User; readonly status: string };
}

/** Exactly one of the kinds is there. */
export interface Update {
  readonly update_id: number;
  readonly message?: Message;
  readonly edited_message?: Message;
  readonly callback_query?: CallbackQuery;
  readonly my_chat_member?: MemberChange;
}
export type UpdateKind = 'message' | 'edited_message' | 'callback_query' | 'my_chat_member';

/** How the Bot API refuses: `{ ok: false, error_code, description, parameters? }`. */
export class ApiError extends Error {
  readonly code: number;
  readonly retryAfter: number | undefined;

  constructor(code: number, description: string, retryAfter?: number) {
    super(description);
    this.name = 'ApiError';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export const badRequest = (why: string): ApiError => new ApiError(400, `Bad Request: ${why}`);
