/** Who is writing: a random chat id in a cookie of this machine, nothing else. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Visitors {
  /** The chat id of the request; null without one, or with one that was never ours in form. */
  read(request: IncomingMessage): string | null;
  /** Keeps this chat on the machine for another `KEEP_DAYS`. */
  keep(response: ServerResponse, chat: string): void;
  forget(response: ServerResponse): void;
}

/** A dossier may take months; a shared machine has its own button to forget at once. */
const KEEP_DAYS = 180;
/** At least 128 random bits in base64url or hex. */
const CHAT_ID = /^[A-Za-z0-9_-]{22,64}$/;

/** `secure`: the public address is https, so the cookie is bound to this host (`__Host-`). */
export function visitors(secure: boolean): Visitors {
  const name = secure ? '__Host-chat' : 'chat';
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read: (request) => readChat(request.headers.cookie, `${name}=`),
    keep: (response, chat) => {
      response.setHeader('Set-Cookie', `${name}=${chat}${attributes}; Max-Age=${KEEP_DAYS * 86_400}`);
    },
    forget: (response) => void response.setHeader('Set-Cookie', `${name}=${attributes}; Max-Age=0`),
  };
}

function readChat(header: string | undefined, prefix: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const text = pair.trim();
    if (!text.startsWith(prefix)) continue;
    const value = text.slice(prefix.length);
    return CHAT_ID.test(value) ? value : null;
  }
  return null;
}

/** Tells two chats apart on the page without giving the id away. */
export function chatTag(chat: string): string {
  return createHash('sha256').update(chat).digest('base64url').slice(0, 12);
}
