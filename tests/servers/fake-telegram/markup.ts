/** The buttons under a message, checked as the Bot API checks them. Bot API: C2 "Keyboards". */
import { structure, type Params } from './body';
import { isUrl } from './html';
import { badRequest, type ChatInfo, type InlineButton, type Markup, type ReplyButton } from './wire';

function checkInline(button: InlineButton): void {
  if (typeof button.text !== 'string' || button.text.trim() === '') {
    throw badRequest('can\'t parse inline keyboard button: Field "text" must be a non-empty string');
  }
  if (button.url !== undefined) {
    if (isUrl(button.url)) return;
    throw badRequest(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
  }
  if (typeof button.callback_data !== 'string') {
    // web_app, copy_text and others are not ours; a button that does nothing is an error.
    if (Object.keys(button).length > 1) return;
    throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
  }
  // Bot API: C2 "callback_data is 1-64 bytes (UTF-8)", not letters.
  const bytes = Buffer.byteLength(button.callback_data, 'utf8');
  if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
}

function checkReply(button: ReplyButton | string, chat: ChatInfo): void {
  const { text, request_contact, request_location } = typeof button === 'string' ? { text: button } : button;
  if (typeof text !== 'string' || text.trim() === '') {
    throw badRequest('can\'t parse keyboard button: Field "text" must be a non-empty string');
  }
  // Bot API: C2 "request_contact / request_location (private chats only)".
  if ((request_contact || request_location) && chat.type !== 'private') {
    throw badRequest('phone number can be requested in private chats only');
  }
}

/** @throws ApiError 400 */
export function readMarkup(params: Params, chat: ChatInfo): Markup | undefined {
  const markup = structure(params, 'reply_markup');
  if (markup === undefined || markup === null) return undefined;
  if (typeof markup !== 'object') throw badRequest("can't parse reply keyboard markup JSON object");
  const { inline_keyboard: inline, keyboard, input_field_placeholder: hint } = markup as Markup;
  const rows: unknown = inline ?? keyboard ?? [];
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest('field of the keyboard must be of type Array');
  }
  inline?.flat().forEach(checkInline);
  keyboard?.flat().forEach((button) => checkReply(button, chat));
  if (typeof hint === 'string' && (hint === '' || hint.length > 64)) {
    throw badRequest('input field placeholder must be of 1-64 characters');
  }
  return markup as Markup;
}

/** Only inline buttons stay with a message; an empty inline keyboard is none. */
export const staying = (markup: Markup | undefined): { readonly reply_markup?: Markup } =>
  (markup?.inline_keyboard?.flat().length ?? 0) > 0 && markup !== undefined ? { reply_markup: markup } : {};
