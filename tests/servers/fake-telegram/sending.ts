/** The methods that put messages into a chat. Bot API: C2. */
import { flag, number, structure, text, type Params, type Upload } from './body';
import { asShown, parseHtml, type Parsed } from './html';
import { readMarkup, staying } from './markup';
import {
  ApiError,
  badRequest,
  type DocumentFile,
  type Entity,
  type Markup,
  type Message,
  type PhotoSize,
} from './wire';
import {
  chatOf,
  epochSeconds,
  fileById,
  storeFile,
  type Bot,
  type Chat,
  type StoredFile,
  type World,
} from './world';

/** Bot API: C2 "Text 1-4096 chars after entity parsing; caption 0-1024". Counted in UTF-16 units, the stricter reading. */
const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
/** Bot API: C2 "Upload: photo 10 MB". */
const MAX_PHOTO = 10 * 1024 * 1024;

/**
 * The chat a call is meant for.
 * @throws ApiError 400 chat not found · 403 the citizen blocked the bot, or the bot left the group
 */
export function targetOf(world: World, bot: Bot, params: Params): Chat {
  const id = number(params, 'chat_id');
  if (id === undefined && text(params, 'chat_id') === '') throw badRequest('chat_id is empty');
  const { openChats, stub } = world.options;
  const known = bot.chats.get(id ?? 0);
  const open = (openChats || stub) && id !== undefined;
  const chat = known ?? (open ? chatOf(bot, { id, type: id < 0 ? 'group' : 'private' }) : undefined);
  if (chat === undefined || !(chat.known || open)) throw badRequest('chat not found');
  if (chat.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  if (chat.left) throw new ApiError(403, 'Forbidden: bot is not a member of the group chat');
  return chat;
}

/** Text as the reader gets it. @throws ApiError 400 markup Telegram refuses, or too long */
export function readText(params: Params, field: 'text' | 'caption'): Parsed {
  const raw = text(params, field);
  if (/\p{Surrogate}/u.test(raw)) throw badRequest('text must be encoded in UTF-8');
  if (field === 'text' && raw === '') throw badRequest('message text is empty');
  const mode = text(params, 'parse_mode').toLowerCase();
  if (mode !== '' && mode !== 'html') throw badRequest('unsupported parse_mode');
  const given = (structure(params, field === 'text' ? 'entities' : 'caption_entities') ??
    []) as readonly Entity[];
  const shown = asShown(mode === 'html' ? parseHtml(raw) : { text: raw, entities: given });
  if (field === 'text' && shown.text === '') throw badRequest('text must be non-empty');
  if (field === 'text' && shown.text.length > MAX_TEXT) throw badRequest('message is too long');
  if (field === 'caption' && shown.text.length > MAX_CAPTION) throw badRequest('message caption is too long');
  return shown;
}

export const textParts = ({ text: words, entities }: Parsed): Pick<Message, 'text' | 'entities'> => ({
  text: words,
  ...(entities.length > 0 ? { entities } : {}),
});

export const captionParts = ({
  text: words,
  entities,
}: Parsed): Pick<Message, 'caption' | 'caption_entities'> =>
  words === '' ? {} : { caption: words, ...(entities.length > 0 ? { caption_entities: entities } : {}) };

type Content = Omit<Message, 'message_id' | 'from' | 'chat' | 'date'>;

/** Puts a message into the chat; `reply_markup` as sent is kept, the answer holds inline buttons only. */
function post(world: World, bot: Bot, chat: Chat, content: Content, markup?: Markup): Message {
  bot.lastMessageId += 1;
  const message: Message = {
    message_id: bot.lastMessageId,
    from: bot.user,
    chat: chat.info,
    date: epochSeconds(),
    ...content,
  };
  if (!world.options.stub) {
    const kept = markup === undefined ? message : { ...message, reply_markup: markup };
    chat.messages.set(message.message_id, { message: kept, by: 'bot', edits: 0, at: Date.now() });
    world.changed(chat);
  }
  return { ...message, ...staying(markup) };
}

export function sendMessage(world: World, bot: Bot, params: Params): Message {
  const chat = targetOf(world, bot, params);
  return post(world, bot, chat, textParts(readText(params, 'text')), readMarkup(params, chat.info));
}

const IMAGES = [/^\xff\xd8\xff/, /^\x89PNG\r\n/, /^RIFF....WEBP/s, /^GIF8/];
export const isImage = (bytes: Buffer): boolean =>
  IMAGES.some((magic) => magic.test(bytes.subarray(0, 12).toString('latin1')));

/** The file of a field: uploaded under its name, by `attach://`, or one the bot knows by its id. */
function fileOf(
  bot: Bot,
  params: Params,
  media: string,
  field: string,
  type: 'Photo' | 'Document',
): StoredFile {
  const attached = /^attach:\/\/(.+)$/.exec(media)?.[1];
  const upload = params.files.get(attached ?? field);
  if (upload !== undefined) return keepUpload(bot, upload, type);
  if (media === '' || attached !== undefined)
    throw badRequest(`there is no ${type.toLowerCase()} in the request`);
  const file = fileById(bot, media);
  if (file.type !== type) throw badRequest(`can't use file of type ${file.type} as ${type}`);
  return file;
}

function keepUpload(bot: Bot, { name, type: mime, bytes }: Upload, type: 'Photo' | 'Document'): StoredFile {
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (type === 'Photo' && bytes.length > MAX_PHOTO) throw badRequest('file is too big');
  if (type === 'Photo' && !isImage(bytes)) throw badRequest('IMAGE_PROCESS_FAILED');
  const known = /\.(\w+)$/.exec(name.toLowerCase())?.[1] ?? '';
  return storeFile(bot, { type, bytes, name, mime: MIMES[known] ?? mime });
}

/** The type goes by the name's ending, as with Telegram; a multipart part often brings none of its own. */
const MIMES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};

/** 1 x 1 grey: what a thumbnail holds, so that a reader who takes the first size notices. */
const THUMBNAIL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** Bot API: C2 "PhotoSize[] … ascending sizes … take the last". */
export function photoSizes(bot: Bot, file: StoredFile): readonly PhotoSize[] {
  const small = storeFile(bot, { type: 'Photo', bytes: THUMBNAIL, name: 'thumb.png', mime: 'image/png' });
  return [
    { ...small.ref, width: 90, height: 67 },
    { ...file.ref, width: 1280, height: 960 },
  ];
}

export const documentOf = (file: StoredFile): DocumentFile => ({
  ...file.ref,
  file_name: file.name,
  mime_type: file.mime,
});

const shownFile = (bot: Bot, file: StoredFile): Content =>
  file.type === 'Photo' ? { photo: photoSizes(bot, file) } : { document: documentOf(file) };

function sendFile(type: 'Photo' | 'Document') {
  const field = type.toLowerCase();
  return (world: World, bot: Bot, params: Params): Message => {
    const chat = targetOf(world, bot, params);
    const caption = captionParts(readText(params, 'caption'));
    const markup = readMarkup(params, chat.info);
    const file = fileOf(bot, params, text(params, field), field, type);
    return post(world, bot, chat, { ...shownFile(bot, file), ...caption }, markup);
  };
}
export const sendPhoto = sendFile('Photo');
export const sendDocument = sendFile('Document');

export function sendMediaGroup(world: World, bot: Bot, params: Params): readonly Message[] {
  const chat = targetOf(world, bot, params);
  const media = (structure(params, 'media') ?? []) as readonly Readonly<Record<string, unknown>>[];
  if (media.length < 2 || media.length > 10) {
    throw badRequest('media group must contain 2-10 items');
  }
  const contents = media.map((item): Content => {
    if (item['type'] !== 'photo' && item['type'] !== 'document')
      throw badRequest('media type is unsupported');
    if (item['type'] !== media[0]?.['type'])
      throw badRequest("documents can't be mixed with other media types");
    const type = item['type'] === 'photo' ? 'Photo' : 'Document';
    const file = fileOf(bot, params, String(item['media']), '', type);
    return {
      ...shownFile(bot, file),
      ...captionParts(readText({ fields: item, files: params.files }, 'caption')),
    };
  });
  const group = `${bot.user.id}${bot.lastMessageId}`;
  return contents.map((content) => post(world, bot, chat, { media_group_id: group, ...content }));
}

export function sendChatAction(world: World, bot: Bot, params: Params): true {
  const chat = targetOf(world, bot, params);
  const action = text(params, 'action');
  if (!/^[a-z_]{3,}$/.test(action)) throw badRequest('wrong parameter action in request');
  chat.actions.push({ at: Date.now(), action });
  world.changed(chat);
  return true;
}

/** Bot API: C2 "answerCallbackQuery" once per tap; 0-200 letters; a late one fails. */
export function answerCallbackQuery(world: World, bot: Bot, params: Params): true {
  const tap = bot.taps.get(text(params, 'callback_query_id'));
  if (tap === undefined || tap.answered || Date.now() > tap.until) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  const words = text(params, 'text');
  if (words.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  tap.answered = true;
  const chat = bot.chats.get(tap.chat);
  if (words !== '') chat?.toasts.push({ text: words, alert: flag(params, 'show_alert') });
  if (chat !== undefined) world.changed(chat);
  return true;
}
