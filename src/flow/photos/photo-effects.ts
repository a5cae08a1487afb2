/** What a turn did with photos, found by comparing the session before and after: nothing can be taken or lost unseen. */
import type { Talk } from '../ask';
import { talkOf } from '../turn';
import type { FlowEffect, FlowEvent, Session, Turn } from '../types';
import { spotAt } from '../view';
import { placesFor } from './photo-question';
import { findPhoto, limitsOf, photosIn } from './photo-value';

const idsIn = (session: Session): readonly string[] => photosIn(session).map(({ photo }) => photo.id);

/** May this photo be a PDF where it is, or, while it waits, where it may go? */
function pdfTaken(talk: Talk, id: string): boolean {
  const path = findPhoto(talk.session, id)?.path ?? null;
  const spot =
    path === null ? null : (spotAt(talk.walk, path) ?? talk.walk.later.find((one) => one.path === path));
  if (spot !== null && spot !== undefined) return limitsOf(spot.step).pdf;
  return placesFor(talk.flow, talk.walk, talk.session).some(({ step }) => limitsOf(step).pdf);
}

/**
 * The turn with `take-photo` for each photo that came into the session and `drop-photo` for each that left it or never
 * got in, in their order, before all that is said.
 */
export function withPhotoEffects(before: Talk, event: FlowEvent, turn: Turn): Turn {
  const came = event.type === 'photos' ? event.photos.map(({ id }) => id) : [];
  const { answers, pending } = before.session;
  if (came.length === 0 && turn.session.answers === answers && turn.session.pending === pending) return turn;
  const had = idsIn(before.session);
  if (came.length === 0 && had.length === 0) return turn;
  const has = new Set(idsIn(turn.session));
  const known = new Set(had);
  const fresh = [...new Set(came)].filter((id) => !known.has(id));
  const gone = [...had, ...fresh].filter((id) => !has.has(id));
  if (fresh.length === 0 && gone.length === 0) return turn;
  const after = talkOf(before.flow, turn.session, before.context);
  const taken = fresh
    .filter((id) => has.has(id))
    .map((photo): FlowEffect => ({ type: 'take-photo', photo, pdf: pdfTaken(after, photo) }));
  const dropped = gone.map((photo): FlowEffect => ({ type: 'drop-photo', photo }));
  return { ...turn, effects: [...taken, ...dropped, ...turn.effects] };
}
