/** What the desk does in a citizen's talk. */
import type { Officer } from '../../ports/documents';
import type { Converse } from '../converse';

/** An officer's words into the chat, and the chat back to the bot. The nonce makes a repeated form harmless. */
export function deskTalk(converse: Converse) {
  return {
    officerSays: (
      conversationId: string,
      text: string,
      officer: Pick<Officer, 'id' | 'name'>,
      nonce: string,
    ) =>
      converse.tell(conversationId, { id: `desk-${nonce}`, type: 'officer-says', text, name: officer.name }),
    release: (conversationId: string, nonce: string) =>
      converse.tell(conversationId, { id: `desk-${nonce}`, type: 'officer-released' }),
  };
}
