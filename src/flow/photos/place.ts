/** A photo at a question that takes none: late ones of an album follow the others, any other waits to be told where it belongs. */
import { lead, NOTHING } from '../ask';
import type { Talk } from '../ask';
import { PICK } from '../buttons';
import { countOf } from '../kinds/photo';
import { choice as choiceKind } from '../kinds/choice';
import { readYesNo } from '../reading/yes-no-words';
import { saysAway } from '../reading/photo-words';
import { fold } from '../text';
import { waitsBeside } from '../pending-question';
import { missOffer, say, settle, talkOf, withSession } from '../turn';
import type { Album, FlowEvent, Photo, Phrase, Session, Turn } from '../types';
import { present, spotAt } from '../view';
import type { Spot } from '../view';
import { labelOf, own } from '../words';
import { albumIn, albumsPlaced, albumsThrownAway, notesToSay, unique, withAlbum } from './album';
import { gather, putPhotos, sortIn } from './gather';
import type { Sorted } from './gather';
import { likeliest, placeButtons, placeMessage, placesFor } from './photo-question';
import { findPhoto, heldAt, isGathering, limitsOf, newPhoto, waitingIn, withPhotos } from './photo-value';

/** The talk with other photos waiting; none at all takes the question away. */
export const waitWith = (talk: Talk, photos: readonly Photo[], change: Partial<Session> = {}): Talk => {
  const pending = photos.length === 0 ? null : ({ type: 'place-photos', photos } as const);
  return talkOf(talk.flow, { ...talk.session, pending, ...change }, talk.context);
};

/** The rest of an album comes a moment after its first photos, on a slow line in a minute or two. */
const ALBUM_MS = 2 * 60_000;

/** The spot of a step, also of one that the walk has not reached yet. */
export const spotOf = ({ walk }: Talk, path: string): Spot | null =>
  spotAt(walk, path) ?? walk.later.find((spot) => spot.path === path) ?? null;

/** The step just answered, while it has room. */
function lateFor({ walk, session, context }: Talk): Spot | null {
  const last = walk.lines.findLast(({ step }) => !step.hidden);
  if (session.focus !== null || last === undefined || !isGathering(last.step)) return null;
  const { photos, bring } = heldAt(session, last.path);
  const since = Date.parse(context.at) - Date.parse(last.answer?.at ?? '');
  if (!(since <= ALBUM_MS)) return null;
  return !bring && photos.length > 0 && photos.length < limitsOf(last.step).max ? last : null;
}

/** Photos of this event as they are dealt with. `unsaid`: so were others, without a word yet; `off`: what was to be sent by itself is not any more. */
interface Coming extends Sorted {
  readonly taken: boolean;
  readonly unsaid: boolean;
  readonly off: readonly Phrase[];
}

/** Photos for a step that is not asked now: the talk stays where it is. */
function addLate(talk: Talk, spot: Spot, { photos, notes, taken, unsaid, off }: Coming): Turn {
  const held = heldAt(talk.session, spot.path);
  const params = { label: labelOf(talk.walk, spot), what: countOf(photos) };
  const done = held.done || photos.length >= limitsOf(spot.step).max;
  const after = taken ? putPhotos(talk, spot, { ...held, photos, done }) : talk;
  const pending = waitsBeside(talk.session, spot.path);
  const total =
    photos.length === 0 || !(taken || unsaid) ? [] : [own(taken ? 'photos.late' : 'photos.took', params)];
  return settle(withSession(after, { pending }), lead(...notes, ...total, ...off));
}

/** Photos that fit no step wait; those that are not kept change nothing. */
function keepWaiting(talk: Talk, { photos, notes, off }: Coming): Turn {
  if (photos.length === 0) return settle(talk, lead(...notes));
  return settle(waitWith(talk, photos, { misses: 0 }), lead(...notes, ...off));
}

/** More than one step may hold need not wait. */
const MOST_WAITING = 20;

/** Why photos that wait for no step are not kept; null where they may wait. */
function notKept(talk: Talk, known: Album | null): Phrase | null {
  if (known?.step === PICK.away) return own('photos.thrownAway');
  const meant = known === null || known.step === null ? null : spotOf(talk, known.step);
  if (meant !== null) return own('photos.skipped', { label: labelOf(talk.walk, meant) });
  if (placesFor(talk.flow, talk.walk, talk.session).length > 0) return null;
  return own(talk.walk.lines.some(({ step }) => isGathering(step)) ? 'photos.noRoom' : 'photos.none');
}

/** Which photos wait then; the same one only once. */
function sortToWait(talk: Talk, known: Album | null, fresh: readonly Photo[]): Sorted {
  const before = waitingIn(talk.session);
  const note = notKept(talk, known);
  if (note !== null) return { photos: before, notes: [note] };
  const photos = fresh.reduce(
    (all, one) => (all.some(({ print }) => print === one.print) ? all : [...all, one]),
    before,
  );
  const notes = photos.length > MOST_WAITING ? [own('photos.over', { max: MOST_WAITING })] : [];
  return { photos: photos.slice(0, MOST_WAITING), notes };
}

/** The step that photos go to; null where they wait. Those of an album follow its first, wherever the talk has gone. */
function stepFor(talk: Talk, known: Album | null): Spot | null {
  if (known !== null) {
    const meant = known.step === null ? null : spotOf(talk, known.step);
    // What was skipped meanwhile stays so.
    return meant?.answer?.value === null ? null : meant;
  }
  if (talk.session.pending?.type === 'place-photos') return null;
  const asked = present(talk.walk, talk.session);
  return asked !== null && isGathering(asked.step) ? asked : lateFor(talk);
}

/** How it stood before what is not said yet. */
const standing = ({ session }: Talk, known: Album | null, unsaid: boolean): Album['before'] =>
  unsaid && known !== null
    ? known.before
    : { phase: session.phase, sending: session.pending?.type === 'send' };

/** Photos came. */
export function onPhotos(now: Talk, event: Extract<FlowEvent, { type: 'photos' }>): Turn {
  const known = albumIn(now.session, event.album);
  const unsaid = event.unsaid === true;
  const before = standing(now, known, unsaid);
  const talk = { ...now, session: { ...now.session, phase: before.phase } };
  const fresh = event.photos.filter(({ id }) => findPhoto(talk.session, id) === null).map(newPhoto);
  const spot = stepFor(talk, known);
  const sorted =
    spot === null ? sortToWait(talk, known, fresh) : sortIn(talk, spot, fresh, known?.took === true);
  const taken = sorted.photos.some(({ id }) => fresh.some((one) => one.id === id));
  const notes = notesToSay(known, sorted.notes, unsaid);
  if (known !== null && !unsaid && !taken && notes.length === 0) return { session: now.session, effects: [] };
  const off = before.sending ? [own('photos.sendOff')] : [];
  const turn = takeThem(talk, spot, { photos: sorted.photos, notes, taken, unsaid, off });
  if (event.album === undefined) return turn;
  const album: Album = {
    id: event.album,
    step: known === null ? (spot?.path ?? null) : known.step,
    took: known?.took === true || (spot !== null && taken),
    notes: unique([...(known?.notes ?? []), ...sorted.notes]),
    before,
  };
  return { ...turn, session: withAlbum(turn.session, album) };
}

function takeThem(talk: Talk, spot: Spot | null, coming: Coming): Turn {
  if (spot === null) return keepWaiting(talk, coming);
  const isAsked = present(talk.walk, talk.session)?.path === spot.path;
  return isAsked ? gather(talk, spot, coming) : addLate(talk, spot, coming);
}

/** The waiting photos go to a step: it counts when the walk gets there. */
function placeAt(talk: Talk, spot: Spot): Turn {
  const { photos, notes } = sortIn(talk, spot, waitingIn(talk.session));
  const held = heldAt(talk.session, spot.path);
  const { min, max } = limitsOf(spot.step);
  const done = photos.length >= max || (spot.answer !== null && photos.length >= min);
  const free = waitWith(talk, [], { misses: 0 });
  const taken = photos !== held.photos;
  const after = taken ? putPhotos(free, spot, withPhotos(held, photos, done)) : free;
  const said = own('photos.placed', { label: labelOf(talk.walk, spot), what: countOf(photos) });
  const session = albumsPlaced(after.session, spot.path, taken);
  return settle({ ...after, session }, lead(...notes, ...(taken ? [said] : [])));
}

function throwAway(talk: Talk): Turn {
  const { session } = waitWith(talk, [], { misses: 0 });
  return settle({ ...talk, session: albumsThrownAway(session) }, lead(own('photos.thrownAway')));
}

const shownPlaces = (talk: Talk): readonly Spot[] => placesFor(talk.flow, talk.walk, talk.session);

/** A button under "ảnh này là … phải không?"; null for any other. */
export function placePick(talk: Talk, step: string, choice: string): Turn | null {
  if (waitingIn(talk.session).length === 0) return null;
  if (choice === PICK.away) return throwAway(talk);
  const place = shownPlaces(talk).find(({ path }) => path === step);
  return choice === PICK.here && place !== undefined ? placeAt(talk, place) : null;
}

/** "Giấy chứng sinh": the place whose label was said, if it is one only. */
function placeNamed(talk: Talk, places: readonly Spot[], text: string): Spot | null {
  const paths = places.map(({ path }) => path);
  if (paths.length === 0) return null;
  const wordsFor = ({ step }: Spot): string[] => limitsOf(step).labels ?? Object.values(step.params ?? {});
  const labels = Object.fromEntries(places.map((spot) => [spot.path, wordsFor(spot)]));
  const reading = choiceKind.read(text, { choices: paths, labels }, talk.walk.world);
  return reading.ok ? (places.find(({ path }) => path === reading.value) ?? null) : null;
}

/** Asks again where the photos belong, said another way each time. */
function askPlace(talk: Talk): Turn {
  const places = shownPlaces(talk);
  const buttons = placeButtons(talk.walk, places, likeliest(places, talk.session));
  const lines = (second: boolean): readonly Phrase[] => [
    own(second ? 'photos.place.miss.2' : 'photos.place.miss'),
  ];
  return missOffer(talk, {}, lines, buttons);
}

/** Words while photos wait: a number, a yes, a no, a label; null for what may answer the question itself. */
export function placeText(talk: Talk, text: string): Turn | null {
  const places = shownPlaces(talk);
  if (waitingIn(talk.session).length === 0 || places.length === 0 || text.length > 300) return null;
  const sure = likeliest(places, talk.session);
  const number = /^\d{1,2}$/.test(fold(text))
    ? placeButtons(talk.walk, places, sure)[Number(text) - 1]
    : undefined;
  if (number?.does.type === 'choice') return placePick(talk, number.does.step, number.does.choice);
  if (saysAway(text)) return throwAway(talk);
  const yes = sure === null ? null : readYesNo(text);
  if (yes === true && sure !== null) return placeAt(talk, sure);
  if (yes === false) return askWhich(talk);
  const named = placeNamed(talk, places, text);
  return named === null ? null : placeAt(talk, named);
}

/** "Không phải": then all places are named. */
function askWhich(talk: Talk): Turn {
  const message = placeMessage(talk.flow, talk.walk, talk.session, NOTHING, true);
  return { session: talk.session, effects: message === null ? [] : [say(message)] };
}

const waitsIn = (session: Session): boolean => waitingIn(session).length > 0;

/**
 * Photos that wait are not forgotten over anything else that is said: what answers the question is taken, then the
 * photos are asked about again; what needs another question first has to wait for them.
 */
export function stillWaiting(before: Talk, turn: Turn, byWords: boolean): Turn {
  const { pending } = before.session;
  if (pending?.type !== 'place-photos' || waitsIn(turn.session) || shownPlaces(before).length === 0)
    return turn;
  const same = turn.session.answers === before.session.answers && turn.session.focus === before.session.focus;
  const free = turn.session.pending === null || turn.session.pending.type === 'undo';
  if (turn.session.phase === 'sending') return turn;
  if (!free || (byWords && same)) return askPlace(before);
  const session = { ...turn.session, pending };
  const after = talkOf(before.flow, session, before.context);
  const message = placeMessage(after.flow, after.walk, session, NOTHING);
  return { session, effects: [...turn.effects, ...(message === null ? [] : [say(message)])] };
}
