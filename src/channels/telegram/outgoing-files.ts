/** Files of a dossier on their way to a chat. */
import type { StoredFile } from '../../ports/files';
import { upload } from './bot-api';
import type { Part } from './render';

/** A document under its own name, as it is: Telegram must not make a picture or a film of it. */
export const filePart = (chat: string, { name, bytes }: StoredFile): Part => ({
  method: 'sendDocument',
  payload: { chat_id: chat, document: upload(bytes, name), disable_content_type_detection: true },
});
