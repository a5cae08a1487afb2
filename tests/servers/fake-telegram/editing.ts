/** The methods that change messages already sent. Bot API: C2 "inline keyboards … can be edited". */
import { isDeepStrictEqual } from 'node:util';
import { number, type Params } from './body';
import { readMarkup, staying } from './markup';
import { captionParts, readText, targetOf, textParts } from './sending';
import { badRequest, type Message } from './wire';
import { epochSeconds, type Bot, type Chat, type Kept, type World } from './world';

function editable(chat: Chat, params: Params): Kept {
  const kept = chat.messages.get(number(params, 'message_id') ?? 0);
  if (kept === undefined) throw badRequest('message to edit not found');
  const { keyboard } = kept.message.reply_markup ?? {};
  // A message that carried a reply keyboard cannot be edited any more.
  if (kept.by === 'citizen' || keyboard !== undefined) throw badRequest("message can't be edited");
  return kept;
}

/** Bot API: C2 "editMessageText with identical content fails: message is not modified". */
function replace(world: World, chat: Chat, { message, edits, at }: Kept, next: Message): Message {
  const { edit_date: before, ...old } = message;
  const { edit_date: after, ...fresh } = next;
  if (isDeepStrictEqual(old, fresh)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  const edited = { ...fresh, edit_date: after ?? before ?? epochSeconds() };
  chat.messages.set(message.message_id, { message: edited, by: 'bot', edits: edits + 1, at });
  world.changed(chat);
  return edited;
}

type Field = 'text' | 'caption' | 'reply_markup';

function without(message: Message, ...fields: readonly (keyof Message)[]): Message {
  const left = Object.entries(message).filter(([name]) => !fields.includes(name as keyof Message));
  return Object.fromEntries(left) as unknown as Message;
}

/** Edits one field; an edit that names no keyboard takes the keyboard away. */
function edit(field: Field) {
  return (world: World, bot: Bot, params: Params): Message => {
    const chat = targetOf(world, bot, params);
    const kept = editable(chat, params);
    const markup = staying(readMarkup(params, chat.info));
    const bare = without(kept.message, 'reply_markup');
    return replace(world, chat, kept, { ...changed(field, bare, params), ...markup });
  };
}

function changed(field: Field, bare: Message, params: Params): Message {
  if (field === 'reply_markup') return bare;
  if (field === 'text') {
    if (bare.text === undefined) throw badRequest('there is no text in the message to edit');
    return { ...without(bare, 'entities'), ...textParts(readText(params, 'text')) };
  }
  if (bare.photo === undefined && bare.document === undefined) {
    throw badRequest('there is no caption in the message to edit');
  }
  return { ...without(bare, 'caption', 'caption_entities'), ...captionParts(readText(params, 'caption')) };
}

export const editMessageText = edit('text');
export const editMessageCaption = edit('caption');
export const editMessageReplyMarkup = edit('reply_markup');

export function deleteMessage(world: World, bot: Bot, params: Params): true {
  const chat = targetOf(world, bot, params);
  if (!chat.messages.delete(number(params, 'message_id') ?? 0))
    throw badRequest('message to delete not found');
  world.changed(chat);
  return true;
}
