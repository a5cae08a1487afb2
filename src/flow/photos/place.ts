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
import type { Photo, Phrase, Session, Turn } from '../types';
import { present } from '../view';
import type { Spot } from '../view';
import { labelOf, own } from '../words';
import { gather, putPhotos, sortIn } from './gather';
import { likeliest, placeButtons, placeMessage, placesFor } from './photo-question';
import { findPhoto, heldAt, isGathering, limitsOf, newPhoto, waitingIn, withPhotos } from './photo-value';

type Arrived = readonly Pick<Photo, 'id' | 'print' | 'sort'>[];

/** The talk with other photos waiting; none at all takes the question away. */
export const waitWith = (talk: Talk, photos: readonly Photo[], change: Partial<Session> = {}): Talk => {
  const pending = photos.length === 0 ? null : ({ type: 'place-photos', photos } as const);
  return talkOf(talk.flow, { ...talk.session, pending, ...change }, talk.context);
};

/** The rest of an album comes a moment after its first photos, on a slow line in a minute or two. */
const ALBUM_MS = 2 * 60_000;

/** The step just answered, while it has room. */
function lateFor({ walk, session, context }: Talk): Spot | null {
  const last = walk.lines.findLast(({ step }) => !step.hidden);
  if (session.focus !== null || last === undefined || !isGathering(last.step)) return null;
  const { photos, bring } = heldAt(session, last.path);
  const since = Date.parse(context.at) - Date.parse(last.answer?.at ?? '');
  if (!(since <= ALBUM_MS)) return null;
  return !bring && photos.length > 0 && photos.length < limitsOf(last.step).max ? last : null;
}

function addLate(talk: Talk, spot: Spot, fresh: readonly Photo[]): Turn {
  const { photos, notes } = sortIn(talk, spot, fresh);
  const held = heldAt(talk.session, spot.path);
  const added = own('photos.late', { label: labelOf(talk.walk, spot), what: countOf(photos) });
  const taken = photos.length > held.photos.length;
  const after = taken ? putPhotos(talk, spot, withPhotos(held, photos, true)) : talk;
  const pending = waitsBeside(talk.session, spot.path);
  return settle(withSession(after, { pending }), lead(...notes, ...(taken ? [added] : []), ...sendOff(talk)));
}

/** Photos that fit no step wait, the same one only once; without any step for them they are not kept. */
function keepWaiting(talk: Talk, fresh: readonly Photo[]): Turn {
  const places = placesFor(talk.flow, talk.walk, talk.session);
  if (places.length === 0) {
    const gathers = talk.walk.lines.some(({ step }) => isGathering(step));
    return settle(talk, lead(own(gathers ? 'photos.noRoom' : 'photos.none')));
  }
  const waiting = fresh.reduce<readonly Photo[]>(
    (all, one) => (all.some(({ print }) => print === one.print) ? all : [...all, one]),
    waitingIn(talk.session),
  );
  const over = waiting.length > MOST_WAITING ? [own('photos.over', { max: MOST_WAITING })] : [];
  const kept = waiting.slice(0, MOST_WAITING);
  return settle(waitWith(talk, kept, { misses: 0 }), lead(...over, ...sendOff(talk)));
}

/** What was to be sent by itself is not, once there are new photos. */
const sendOff = ({ session }: Talk): readonly Phrase[] =>
  session.pending?.type === 'send' ? [own('photos.sendOff')] : [];

/** More than one step may hold need not wait. */
const MOST_WAITING = 20;

/** Photos came. */
export function onPhotos(talk: Talk, arrived: Arrived): Turn {
  const fresh = arrived.filter(({ id }) => findPhoto(talk.session, id) === null).map(newPhoto);
  const spot = present(talk.walk, talk.session);
  if (talk.session.pending?.type === 'place-photos') return keepWaiting(talk, fresh);
  if (spot !== null && isGathering(spot.step)) return gather(talk, spot, fresh);
  const late = lateFor(talk);
  return late === null ? keepWaiting(talk, fresh) : addLate(talk, late, fresh);
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
  return settle(after, lead(...notes, ...(taken ? [said] : [])));
}

const throwAway = (talk: Talk): Turn =>
  settle(waitWith(talk, [], { misses: 0 }), lead(own('photos.thrownAway')));

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
