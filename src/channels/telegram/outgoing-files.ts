/** Files of a dossier on their way to a chat. */
import type { StoredFile } from '../../ports/files';
import { upload } from './bot-api';
import { wellFormed } from './html';
import type { Part } from './render';

/** `not-sent`: it is not there. `unknown`: nobody knows; it was uploaded twice. */
export type FileFate = 'not-sent' | 'unknown';

/** A document under its own name, as it is: Telegram must not make a picture or a film of it. */
export const filePart = (chat: string, { name, bytes }: StoredFile): Part => ({
  method: 'sendDocument',
  payload: { chat_id: chat, document: upload(bytes, name), disable_content_type_detection: true },
});

/** One plain sentence in place of a file. */
export const insteadPart = (chat: string, words: string): Part => ({
  method: 'sendMessage',
  payload: { chat_id: chat, text: wellFormed(words) },
});
