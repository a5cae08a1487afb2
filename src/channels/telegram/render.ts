/** A message of ours as calls of the Bot API. */
import type { OutMessage } from '../../ports/channel';
import { upload } from './bot-api';
import { htmlOf, wellFormed } from './html';
import { choicesInText, markupOf, type ReplyMarkup } from './keyboard';
import { qrPng } from './qr-png';
import { MAX_CAPTION, MAX_TEXT, splitText } from './split-text';

/** One call. `otherwise`: what to try when Telegram refuses it for good. */
export interface Part {
  readonly method: 'sendMessage' | 'sendPhoto' | 'sendDocument';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly otherwise?: Part;
}

/** All there is to read: the text, choices that buttons do not show whole, links with their whole address. */
export function wordsOf({ text, buttons, links = [] }: OutMessage): string {
  const addresses = links.map(({ label, url }) => `${label}: ${url}`);
  const blocks = [text, choicesInText(buttons).join('\n'), addresses.join('\n')];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/**
 * The calls of a message but for its files, in their order; the last one has the buttons.
 * @throws Error for a button id or a code that is too long
 */
export function partsOf(chat: string, message: OutMessage): readonly Part[] {
  const words = wordsOf(message);
  const markup = markupOf(message);
  if (message.qr === undefined) return textParts(chat, words, markup);
  const photo = upload(qrPng(message.qr), 'ma-qr.png');
  if (words.length <= MAX_CAPTION) return [photoPart(chat, photo, words, markup)];
  return [...textParts(chat, words, null), photoPart(chat, photo, message.qr.slice(0, MAX_CAPTION), markup)];
}

function textParts(chat: string, words: string, markup: ReplyMarkup | null): readonly Part[] {
  const texts = splitText(words, MAX_TEXT);
  return texts.map((text, index) => textPart(chat, text, index === texts.length - 1 ? markup : null));
}

function textPart(chat: string, text: string, markup: ReplyMarkup | null): Part {
  const common = {
    chat_id: chat,
    link_preview_options: { is_disabled: true },
    ...(markup === null ? {} : { reply_markup: markup }),
  };
  return {
    method: 'sendMessage',
    payload: { ...common, text: htmlOf(text), parse_mode: 'HTML' },
    otherwise: { method: 'sendMessage', payload: { ...common, text: wellFormed(text) } },
  };
}

/** A picture that is refused leaves the words, which hold its link. */
function photoPart(chat: string, photo: unknown, caption: string, markup: ReplyMarkup): Part {
  const words = caption === '' ? {} : { caption: htmlOf(caption), parse_mode: 'HTML' };
  return {
    method: 'sendPhoto',
    payload: { chat_id: chat, photo, ...words, reply_markup: markup },
    ...(caption === '' ? {} : { otherwise: textPart(chat, caption, markup) }),
  };
}
