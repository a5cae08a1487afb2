/** `POST /chat/photo`: one file of a citizen, kept sealed and told to the talk. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Address, FileKeeper, Inbox } from '../../ports/channel';
import { answer, later } from '../../http/json-answer';
import type { PeerOf } from '../../http/peer';
import { readPhoto, readPhotoHead, type PhotoHead } from './photo-body';
import type { Rate } from './throttle';
import { uploadRoom } from './upload-room';

export interface PhotoLimits {
  readonly photosPerChat: Rate;
  /** null counts none. */
  readonly photosPerAddress: Rate | null;
  /** Bytes of photos in memory at once, of the whole house; one network address has half of it. */
  readonly photoRoom: number;
}

export interface PhotoDoorDeps {
  readonly inbox: Inbox;
  readonly incoming: FileKeeper;
  /** `PhotoLimits.photoRoom` */
  readonly room: number;
  readonly chatOf: (request: IncomingMessage) => string | null;
  readonly addressOf: (chat: string) => Address;
  readonly peerOf: PeerOf;
  /** Milliseconds to wait; 0 counts this upload. */
  readonly waitOf: (chat: string, peer: string) => number;
  readonly onError?: (error: unknown) => void;
}

type Door = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What may succeed later is said while the body passes by unread: a page cut off amid sending would hear nothing. */
export function photoDoor(given: PhotoDoorDeps): Door {
  const deps = { ...given, incoming: inTurn(given.incoming) };
  const room = uploadRoom(deps.room);
  return async (request, response) => {
    const head = readPhotoHead(request);
    const chat = deps.chatOf(request);
    if (chat === null) {
      later(response, 401, 'not-signed-in', 1_000);
      return;
    }
    const peer = deps.peerOf(request);
    const leave = room(peer, head.bytes);
    const waitMs = leave === null ? 5_000 : deps.waitOf(chat, peer);
    try {
      if (waitMs > 0) later(response, leave === null ? 503 : 429, 'too-many-requests', waitMs);
      else await takeIn(deps, head, deps.addressOf(chat), request, response);
    } finally {
      leave?.();
    }
  };
}

/** Where the turn's outcome is unknown the bytes stay: it may have been taken. What nobody took is erased after a day. */
async function takeIn(
  { inbox, incoming, onError }: PhotoDoorDeps,
  { id, name, bytes: length }: PhotoHead,
  address: Address,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { bytes, print, pdf } = await readPhoto(request, length);
  const fileKey = await incoming.keep(bytes);
  const file = { source: { type: 'kept' as const, fileKey }, print, pdf, name };
  const taken = await inbox.take({ id, address, type: 'photos', files: [file] });
  if (taken === 'seen') await incoming.forget(fileKey).catch((error: unknown) => onError?.(error));
  answer(response, 200, taken === 'seen' ? '{"seen":true}' : '{}');
}

/** Files are kept one after another: sealing a big one holds up everything for a moment, and makes a copy of it. */
function inTurn({ keep, forget }: FileKeeper): FileKeeper {
  let last: Promise<unknown> = Promise.resolve();
  return {
    forget,
    keep(bytes) {
      const mine = last.then(() => keep(bytes));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
