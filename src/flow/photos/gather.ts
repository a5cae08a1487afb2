/** A step that gathers photos: photos come in, are taken out, put in order, and are enough. */
import { lead } from '../ask';
import type { Lead, Talk } from '../ask';
import { PICK } from '../buttons';
import { countOf, replyOf } from '../kinds/photo';
import { fold } from '../text';
import { unique } from './album';
import { readPhotoWish, saysBring } from '../reading/photo-words';
import type { PhotoWish, Which } from '../reading/photo-words';
import { miss, settle, withAnswer, withSession } from '../turn';
import { waitsBeside } from '../pending-question';
import type { Answer, Pending, Photo, PhotoValue, Phrase, Turn } from '../types';
import type { Spot } from '../view';
import { display, labelOf, own, problemOf } from '../words';
import {
  asPhotos,
  heldAt,
  isGathering,
  limitsOf,
  NO_PHOTOS,
  photosIn,
  tagOf,
  withPhotos,
} from './photo-value';

/** A value put at a step, with who answered and when. */
export function answerOf({ context }: Talk, { step }: Spot, value: PhotoValue): Answer {
  return { value, source: 'typed', rev: step.rev, at: context.at, by: 'citizen' };
}

/** The talk with other photos at a step. Nothing else of the session changes. */
export function putPhotos(talk: Talk, spot: Spot, value: PhotoValue): Talk {
  return withSession(talk, { answers: withAnswer(talk.session, spot.path, answerOf(talk, spot, value)) });
}

const isFocus = ({ session }: Talk, { path }: Spot): boolean => session.focus === path;

/** Goes on after a step got what it needs; stays at it while it is edited. */
function goOn(talk: Talk, spot: Spot, before: Lead, pending: Pending | null = null): Turn {
  const focus = isFocus(talk, spot) ? null : talk.session.focus;
  return settle(withSession(talk, { focus, pending, misses: 0 }), before);
}

const tookPhrase = (talk: Talk, spot: Spot, photos: readonly Photo[]): Phrase =>
  own('photos.took', { label: labelOf(talk.walk, spot), what: countOf(photos) });

/** Enough: the step counts and the talk goes on, or it is said what is missing. */
export function finish(talk: Talk, spot: Spot): Turn {
  const held = heldAt(talk.session, spot.path);
  const { photos } = held;
  const { min, max } = limitsOf(spot.step);
  if (photos.length < min || photos.length > max) {
    const name = photos.length < min ? 'photos.missing' : 'photos.tooMany';
    const params = { min, max, what: countOf(photos), label: labelOf(talk.walk, spot) };
    return miss(talk, spot, (second) => own(second ? `${name}.2` : name, params));
  }
  return goOn(putPhotos(talk, spot, { ...held, done: true }), spot, lead(tookPhrase(talk, spot, photos)));
}

/** Has this step all it needs, and only waits for "đủ rồi"? */
export function isEnough({ session }: Talk, { step, path }: Spot): boolean {
  const { photos } = heldAt(session, path);
  const { min, max } = limitsOf(step);
  return photos.length >= min && photos.length <= max;
}

/** Photos sorted out for one step: what is there then, and what has to be said. */
export interface Sorted {
  readonly photos: readonly Photo[];
  readonly notes: readonly Phrase[];
}

function twinOf(talk: Talk, path: string, { print }: Photo): Phrase | null {
  const twin = photosIn(talk.session).find(
    (one) => one.path !== path && one.path !== null && one.photo.print === print,
  );
  if (twin === undefined || twin.path === null) return null;
  const spots = [
    ...talk.walk.lines,
    ...(talk.walk.next === null ? [] : [talk.walk.next]),
    ...talk.walk.later,
  ];
  const spot = spots.find(({ path: other }) => other === twin.path);
  return spot === undefined
    ? null
    : own('photos.twin', { label: labelOf(talk.walk, spot), n: twin.index + 1 });
}

/** Which of the new photos a step takes, in order. A single photo is changed for the new one, but not by the rest of its album (`more`). */
export function sortIn(talk: Talk, { step, path }: Spot, fresh: readonly Photo[], more = false): Sorted {
  const { max, pdf } = limitsOf(step);
  const before = heldAt(talk.session, path).photos;
  const photos = max === 1 && fresh.length > 0 && !more ? [] : [...before];
  const notes: Phrase[] = [];
  for (const one of fresh) {
    const there = max === 1 ? [...before, ...photos] : photos;
    const same = there.findIndex(({ print }) => print === one.print);
    if (same >= 0) notes.push(own('photos.same', { n: max === 1 ? 1 : same + 1 }));
    else if (one.sort === 'pdf' && !pdf) notes.push(pdfNotHere(own('photos.justSentFile')));
    else if (photos.length >= max) notes.push(own('photos.over', { max }));
    else {
      photos.push(one);
      notes.push(...[twinOf(talk, path, one)].filter((note) => note !== null));
    }
  }
  return { photos: photos.length === 0 ? before : photos, notes: unique(notes) };
}

export const pdfNotHere = (which: Phrase): Phrase => ({
  key: 'kinds.error.photo.pdf-not-here',
  params: { which },
});

/** Puts photos into the step that is asked: it is asked on until it is full. */
export function gather(talk: Talk, spot: Spot, { photos, notes }: Sorted): Turn {
  const held = heldAt(talk.session, spot.path);
  const pending = waitsBeside(talk.session, spot.path);
  if (photos === held.photos) return settle(withSession(talk, { pending, misses: 0 }), lead(...notes));
  const { min, max } = limitsOf(spot.step);
  const full = photos.length >= max;
  const done = full || (spot.answer !== null && photos.length >= min);
  const after = putPhotos(talk, spot, withPhotos(held, photos, done));
  if (full) return goOn(after, spot, lead(...notes, tookPhrase(talk, spot, photos)), pending);
  return settle(withSession(after, { pending, misses: 0 }), lead(...notes));
}

/** Takes photos out; the step is asked again then, whether it still has enough or not. */
function drop(talk: Talk, spot: Spot, gone: readonly Photo[], ...said: readonly Phrase[]): Turn {
  const held = heldAt(talk.session, spot.path);
  const photos = held.photos.filter((one) => !gone.includes(one));
  const done = spot.answer !== null && photos.length >= limitsOf(spot.step).min;
  const after = putPhotos(talk, spot, withPhotos(held, photos, done));
  return settle(withSession(after, { focus: spot.path, pending: null, misses: 0 }), lead(...said));
}

function dropWhich(talk: Talk, spot: Spot, which: Which): Turn {
  const { photos } = heldAt(talk.session, spot.path);
  if (which === 'all') return drop(talk, spot, photos, own('photos.droppedAll'));
  const at = which === 'last' ? photos.length : which;
  const found = photos[at - 1];
  if (found === undefined) return noSuch(talk, spot);
  return drop(talk, spot, [found], own('photos.dropped', { n: at }));
}

function noSuch(talk: Talk, spot: Spot): Turn {
  const max = heldAt(talk.session, spot.path).photos.length;
  return miss(talk, spot, (second) => own(second ? 'photos.noSuch.2' : 'photos.noSuch', { max }));
}

/** The photos in another order, or null where a number is none of theirs. */
function reordered(photos: readonly Photo[], wish: PhotoWish): readonly Photo[] | null {
  const list = [...photos];
  if (wish.type === 'swap') {
    const [a, b] = [list[wish.a - 1], list[wish.b - 1]];
    if (a === undefined || b === undefined) return null;
    list[wish.a - 1] = b;
    list[wish.b - 1] = a;
    return list;
  }
  if (wish.type !== 'move') return list;
  const to = wish.to === 'last' ? list.length : wish.to;
  const [moved] = list.splice(wish.from - 1, 1);
  if (moved === undefined || to < 1 || to > photos.length) return null;
  list.splice(to - 1, 0, moved);
  return list;
}

function reorder(talk: Talk, spot: Spot, wish: PhotoWish): Turn {
  const held = heldAt(talk.session, spot.path);
  const photos = reordered(held.photos, wish);
  if (photos === null) return noSuch(talk, spot);
  const after = putPhotos(talk, spot, { ...held, photos });
  return settle(withSession(after, { pending: null, misses: 0 }), lead(own('photos.moved')));
}

function granted(talk: Talk, spot: Spot, wish: PhotoWish): Turn {
  switch (wish.type) {
    case 'done':
      return finish(talk, spot);
    case 'more':
      return settle(withSession(talk, { pending: null }), lead(own('photos.more')));
    case 'drop':
      return dropWhich(talk, spot, wish.which);
    case 'swap':
    case 'move':
      return reorder(talk, spot, wish);
  }
}

/** A promise to bring the paper, or words for the officer; photos that are there already stay. */
function giveWhole(talk: Talk, spot: Spot, value: PhotoValue): Turn {
  const held = heldAt(talk.session, spot.path);
  const { photos } = held;
  const reply = replyOf(value);
  const said = lead(own('echo', { value: reply === undefined ? display(spot, value) : { text: reply } }));
  if (reply === undefined) return goOn(putPhotos(talk, spot, { ...held, ...value, photos }), spot, said);
  const done = photos.length === 0 || held.done;
  const after = putPhotos(talk, spot, { ...withPhotos(held, photos, done), reply });
  return photos.length === 0
    ? goOn(after, spot, said)
    : settle(withSession(after, { pending: null, misses: 0 }), said);
}

/** Words at a step that gathers; null where they are a number, a skip, or nothing that is understood here. */
export function photoText(talk: Talk, spot: Spot, text: string): Turn | null {
  const there = heldAt(talk.session, spot.path).photos.length > 0;
  const wish = readPhotoWish(text);
  if (there && wish !== null) return granted(talk, spot, wish);
  if (/^\d{1,2}$/.test(text)) return null;
  const reading = spot.step.reader.read(text, spot.step.options, talk.walk.world);
  // "Xong rồi", and nothing came: what is asked for is said again; "không có" may be an answer to an officer.
  const early = wish !== null && !(wish.type === 'done' && wish.none);
  if (early) return miss(talk, spot, (second) => problemOf(talk.walk, spot, 'unreadable', second));
  return reading.ok ? giveWhole(talk, spot, asPhotos(reading.value)) : null;
}

/** Words that are surely about photos, before anything else is made of them; null for all others. */
export function photoTalk(talk: Talk, spot: Spot, text: string): Turn | null {
  if (!isGathering(spot.step) || (readPhotoWish(text) === null && !saysBring(text))) return null;
  return photoText(talk, spot, text);
}

const PHOTO_NOUN = /\b(?:anh|hinh|photo|picture|pdf|file|tep)\b/;

/**
 * Words about photos ("bỏ ảnh 3", "ảnh 2 bị mờ") after their step filled itself: they are meant for the last one that has any.
 * Null for all other words.
 */
export function photoTalkAfter(talk: Talk, text: string): Turn | null {
  const wish = readPhotoWish(text);
  if (wish === null || wish.type === 'done' || wish.type === 'more' || !PHOTO_NOUN.test(fold(text)))
    return null;
  const spot = talk.walk.lines.findLast(
    ({ step, path }) => isGathering(step) && heldAt(talk.session, path).photos.length > 0,
  );
  if (spot === undefined) return null;
  const about = own('photos.about', { label: labelOf(talk.walk, spot) });
  const now = withSession(talk, { pending: null });
  const { photos } = heldAt(now.session, spot.path);
  if (wish.type === 'drop') {
    if (wish.which === 'all') return drop(now, spot, photos, about, own('photos.droppedAll'));
    const n = wish.which === 'last' ? photos.length : wish.which;
    const gone = photos[n - 1];
    if (gone === undefined) return noneOfThem(now, about, photos);
    return drop(now, spot, [gone], about, own('photos.dropped', { n }));
  }
  const order = reordered(photos, wish);
  if (order === null) return noneOfThem(now, about, photos);
  const after = putPhotos(now, spot, { ...heldAt(now.session, spot.path), photos: order });
  return settle(withSession(after, { misses: 0 }), lead(about, own('photos.moved')));
}

const noneOfThem = (talk: Talk, about: Phrase, photos: readonly Photo[]): Turn =>
  settle(talk, lead(about, own('photos.noSuch', { max: photos.length })));

/** A button of a step that gathers; null when it means nothing there any more. */
export function photoPick(talk: Talk, spot: Spot, choice: string): Turn | null {
  const { photos } = heldAt(talk.session, spot.path);
  if (choice === PICK.done) return photos.length === 0 ? null : finish(talk, spot);
  if (choice === PICK.more) {
    const after = withSession(talk, { focus: spot.path, pending: null, misses: 0 });
    return settle(after, lead(own('photos.more')));
  }
  if (choice.startsWith(PICK.drop)) {
    const at = photos.findIndex((one) => tagOf(one) === choice.slice(PICK.drop.length));
    return at < 0 ? null : dropWhich(talk, spot, at + 1);
  }
  const { step } = spot;
  const offered = step.reader.choices?.(step.options, step.keys, talk.walk.world) ?? [];
  const found = offered.find(({ id }) => id === choice);
  return found === undefined ? null : giveWhole(talk, spot, asPhotos(found.value));
}

/** "Bỏ qua" where photos are there: enough of them are kept, too few go. Null where there is nothing to lose. */
export function leavePhotos(talk: Talk, spot: Spot): Turn | null {
  if (!isGathering(spot.step) || heldAt(talk.session, spot.path).photos.length === 0) return null;
  if (isEnough(talk, spot)) return finish(talk, spot);
  const answer = { ...answerOf(talk, spot, NO_PHOTOS), value: null };
  const answers = withAnswer(talk.session, spot.path, answer);
  return goOn(withSession(talk, { answers }), spot, lead(own('photos.droppedAll')));
}
