/** One update of Telegram, which anybody may have forged until its secret was checked: read field by field, bounded, never thrown at. */
import type { ChannelEvent, IncomingFile } from '../../ports/channel';
import { slashIn, wordsOf } from './commands';
import type { InlineButton, InlineKeyboard } from './keyboard';
import type { Tap } from './tap';

/** Kinds of updates that are asked for; all else Telegram keeps. */
export const UPDATE_KINDS = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

/** What an update is for us. */
export type Read =
  /** In their order. `chat`: whose they are. */
  | { readonly chat: string; readonly events: readonly ChannelEvent[]; readonly tap?: Tap }
  /** Somebody took the bot into a group: it says one sentence and leaves. */
  | { readonly group: string };

export interface Reader {
  readonly account: string;
  /** Agency fixed by the account. */
  readonly agency?: string;
}

type Fields = Readonly<Record<string, unknown>>;
/** An event but for its id and address. */
type Said = ChannelEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'id' | 'address' | 'agency'>
    : never
  : never;

const MAX_TEXT = 4_096;
const MAX_DATA_BYTES = 64;
const MAX_KEYBOARD = 100;
/** What a deep link may carry. */
const LINK = /^[A-Za-z0-9_-]{1,64}$/;

/** Null: nothing for us. `update`: parsed JSON. */
export function readUpdate(update: unknown, reader: Reader): Read | null {
  const fields = fieldsIn(update);
  const id = numberIn(fields, 'update_id');
  if (id === null || id < 0) return null;
  const tapped = fieldsIn(fields['callback_query']);
  if (has(fields, 'callback_query')) return readTap(tapped, id, reader);
  if (has(fields, 'my_chat_member')) return readMember(fieldsIn(fields['my_chat_member']), id, reader);
  const edited = has(fields, 'edited_message');
  const message = fieldsIn(fields[edited ? 'edited_message' : 'message']);
  const chat = chatIn(message);
  if (chat === null || fieldsIn(message['from'])['is_bot'] === true) return null;
  // Of a group only a message that speaks: what is said about its members comes as `my_chat_member` as well.
  if (!chat.own) return edited || has(message, 'left_chat_member') ? null : { group: chat.id };
  const said = edited ? editedIn(message) : saidIn(message);
  return said.length === 0 ? null : { chat: chat.id, events: eventsOf(said, id, chat.id, reader) };
}

/** Words beside a photo are an event of their own, after it: a command, a wish or an answer like any other. */
function eventsOf(said: readonly Said[], id: number, chat: string, reader: Reader): readonly ChannelEvent[] {
  const { account, agency } = reader;
  const address = { channel: 'telegram', account, chat };
  return said.map((one, at) => ({
    ...one,
    id: at === 0 ? `u${id}` : `u${id}-caption`,
    address,
    ...(agency === undefined ? {} : { agency }),
  }));
}

// ------------------------------------------------------------ messages

function saidIn(message: Fields): readonly Said[] {
  const text = textIn(message, 'text');
  if (text !== null) return [wordsIn(text)];
  const said = photosIn(message) ?? voiceIn(message) ?? contactIn(message) ?? placeIn(message);
  const one = said ?? unsupportedIn(message);
  if (one === null) return [];
  const caption = textIn(message, 'caption');
  return caption === null ? [one] : [one, { type: 'text', text: caption, caption: true }];
}

function wordsIn(text: string): Said {
  const slash = slashIn(text);
  if (slash?.name !== 'start') return { type: 'text', text: wordsOf(text) };
  return LINK.test(slash.rest) ? { type: 'start', link: slash.rest } : { type: 'start' };
}

/** A live location is edited every few seconds; only words and captions that were changed deserve an answer. */
function editedIn(message: Fields): readonly Said[] {
  const changed = has(message, 'text') || has(message, 'caption') || has(message, 'photo');
  return changed ? [{ type: 'unsupported', what: 'edited' }] : [];
}

function photosIn(message: Fields): Said | null {
  // GIFs come as documents too.
  const file = has(message, 'animation') ? null : (photoIn(message) ?? documentIn(message));
  if (file === null) return null;
  const album = shortIn(message, 'media_group_id', 64);
  return { type: 'photos', files: [file], ...(album === null ? {} : { album }) };
}

/** Telegram sends a photo in several sizes, the largest last. */
function photoIn(message: Fields): IncomingFile | null {
  const sizes = message['photo'];
  const last: unknown = Array.isArray(sizes) ? sizes.at(-1) : undefined;
  return fileIn(fieldsIn(last), '', false);
}

function documentIn(message: Fields): IncomingFile | null {
  const document = fieldsIn(message['document']);
  const name = textIn(document, 'file_name') ?? '';
  const mime = textIn(document, 'mime_type') ?? '';
  if (/^(?:video|audio)\//i.test(mime)) return null;
  return fileIn(document, name, /^application\/pdf\b/i.test(mime) || /\.pdf$/i.test(name));
}

function fileIn(file: Fields, name: string, pdf: boolean): IncomingFile | null {
  const ref = shortIn(file, 'file_id', 256);
  const print = shortIn(file, 'file_unique_id', 64);
  if (ref === null || print === null) return null;
  return { source: { type: 'remote', ref }, print, pdf, name: cut(name, 200) };
}

function voiceIn(message: Fields): Said | null {
  const voice = fieldsIn(message['voice']);
  const file = fileIn(voice, '', false);
  const seconds = Math.min(Math.max(numberIn(voice, 'duration') ?? 0, 0), 86_400);
  return file === null ? null : { type: 'voice', file, seconds };
}

/** Somebody else's card names another user, or none. */
function contactIn(message: Fields): Said | null {
  const contact = fieldsIn(message['contact']);
  const phone = shortIn(contact, 'phone_number', 32);
  const whose = numberIn(contact, 'user_id');
  const sender = numberIn(fieldsIn(message['from']), 'id');
  return phone === null ? null : { type: 'contact', phone, own: whose !== null && whose === sender };
}

function placeIn(message: Fields): Said | null {
  const { latitude, longitude } = fieldsIn(message['location']);
  const degrees = (value: unknown, most: number): value is number =>
    typeof value === 'number' && Math.abs(value) <= most;
  return degrees(latitude, 90) && degrees(longitude, 180) ? { type: 'location', latitude, longitude } : null;
}

const UNSUPPORTED: Readonly<Record<string, 'video' | 'sticker' | null>> = {
  video: 'video',
  video_note: 'video',
  animation: 'video',
  sticker: 'sticker',
  dice: 'sticker',
  audio: null,
  document: null,
  photo: null,
  voice: null,
  contact: null,
  location: null,
  poll: null,
  story: null,
  game: null,
  paid_media: null,
  checklist: null,
};

/** What cannot be asked of a bot is said to be so; what Telegram itself reports (a pinned message …) is nobody's word. */
function unsupportedIn(message: Fields): Said | null {
  const kind = Object.keys(UNSUPPORTED).find((one) => has(message, one));
  if (kind === undefined) return null;
  const mime = textIn(fieldsIn(message['document']), 'mime_type') ?? '';
  const what = /^video\//i.test(mime) ? 'video' : UNSUPPORTED[kind];
  return { type: 'unsupported', ...(what === null || what === undefined ? {} : { what }) };
}

// ------------------------------------------------------------ taps and members

function readTap(query: Fields, id: number, reader: Reader): Read | null {
  const message = fieldsIn(query['message']);
  const chat = chatIn(message);
  const choice = textIn(query, 'data');
  const tapId = shortIn(query, 'id', 64);
  if (chat?.own !== true || choice === null || tapId === null) return null;
  if (Buffer.byteLength(choice) > MAX_DATA_BYTES) return null;
  const keyboard = keyboardIn(message);
  const label = labelOf(keyboard, choice);
  const said: Said = { type: 'choice', choice, ...(label === null ? {} : { label }) };
  const messageId = numberIn(message, 'message_id') ?? 0;
  const tap: Tap = { id: tapId, chat: chat.id, messageId, keyboard, data: choice };
  return { chat: chat.id, events: eventsOf([said], id, chat.id, reader), tap };
}

/** Made anew: whatever else stands in it is not sent back. Null where there is none, or an odd one. */
function keyboardIn(message: Fields): InlineKeyboard | null {
  const rows = fieldsIn(message['reply_markup'])['inline_keyboard'];
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > MAX_KEYBOARD) return null;
  return {
    inline_keyboard: rows.map((row: unknown) =>
      Array.isArray(row) ? row.slice(0, 8).flatMap(buttonIn) : [],
    ),
  };
}

function buttonIn(value: unknown): InlineButton[] {
  const fields = fieldsIn(value);
  const text = textIn(fields, 'text');
  const data = textIn(fields, 'callback_data');
  const url = textIn(fields, 'url');
  if (text === null || (data === null && url === null)) return [];
  return [{ text, ...(data === null ? {} : { callback_data: data }), ...(url === null ? {} : { url }) }];
}

/** As the citizen reads it, without its number and the mark of an earlier press. */
function labelOf(keyboard: InlineKeyboard | null, data: string): string | null {
  const pressed = keyboard?.inline_keyboard.flat().find((one) => one.callback_data === data);
  const label =
    pressed?.text
      .replace(/^✅ /, '')
      .replace(/^\d{1,3} · /, '')
      .trim() ?? '';
  return label === '' ? null : cut(label, 200);
}

function readMember(change: Fields, id: number, reader: Reader): Read | null {
  const chat = chatIn(change);
  const status = fieldsIn(change['new_chat_member'])['status'];
  const inside = status === 'member' || status === 'administrator';
  if (chat === null) return null;
  if (!chat.own) return inside ? { group: chat.id } : null;
  if (!inside && status !== 'kicked' && status !== 'left') return null;
  const events = eventsOf([{ type: inside ? 'joined' : 'left' }], id, chat.id, reader);
  return { chat: chat.id, events };
}

// ------------------------------------------------------------ fields

const has = (fields: Fields, key: string): boolean => Object.hasOwn(fields, key);

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** Ids are whole numbers that survive JSON. */
function numberIn(fields: Fields, key: string): number | null {
  const value = fields[key];
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** Words, well-formed and not blank. */
function textIn(fields: Fields, key: string): string | null {
  const value = fields[key];
  if (typeof value !== 'string') return null;
  const text = cut(value, MAX_TEXT);
  return text.trim() === '' ? null : text;
}

/** An id or number of Telegram's: whole or not at all. */
function shortIn(fields: Fields, key: string, most: number): string | null {
  const value = fields[key];
  return typeof value === 'string' && value !== '' && value.length <= most && !/[^\x20-\x7e]/.test(value)
    ? value
    : null;
}

/** Half a surrogate pair cannot be stored as UTF-8; NUL has no place in words. */
const cut = (text: string, most: number): string =>
  Buffer.from(text.slice(0, most), 'utf8').toString('utf8').replaceAll('\0', '');

/** `own`: a talk with one person. Of no chat at all: null. */
function chatIn(message: Fields): { readonly id: string; readonly own: boolean } | null {
  const chat = fieldsIn(message['chat']);
  const id = numberIn(chat, 'id');
  return id === null || typeof chat['type'] !== 'string'
    ? null
    : { id: String(id), own: chat['type'] === 'private' };
}
