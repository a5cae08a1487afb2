/** The photos that a session holds: at its steps, and those that wait for a place. Pure functions over plain JSON. */
import { isPhotoValue } from '../kinds/photo';
import type { PhotoOptions } from '../kinds/photo';
import type { Answer, AnswerValue, Photo, PhotoValue, Session, Step } from '../types';

export const NO_PHOTOS: PhotoValue = { photos: [], done: false, bring: false };

/** Is the answer of this step gathered over several messages? */
export const isGathering = (step: Step): boolean => step.reader.gathers === true;

/** The options of a step that gathers. */
export const limitsOf = (step: Step): PhotoOptions => step.options as PhotoOptions;

/** A stored value as photos; words (the answer to an officer's paper) become its reply. */
export function asPhotos(value: AnswerValue | undefined): PhotoValue {
  if (value === undefined || value === null) return NO_PHOTOS;
  if (typeof value === 'string') return { ...NO_PHOTOS, done: true, reply: value };
  return isPhotoValue(value) ? value : NO_PHOTOS;
}

const kept = ({ answers }: Session, path: string): Answer | undefined =>
  Object.hasOwn(answers, path) ? answers[path] : undefined;

/** What is gathered at a step so far, whether it counts or not. */
export const heldAt = (session: Session, path: string): PhotoValue => asPhotos(kept(session, path)?.value);

/** Photos that wait to be told where they belong. */
export const waitingIn = ({ pending }: Session): readonly Photo[] =>
  pending?.type === 'place-photos' ? pending.photos : [];

/** Where a photo is: the path of its step, or null while it waits. */
export interface Found {
  readonly path: string | null;
  readonly index: number;
  readonly photo: Photo;
}

/** Every photo of the session. */
export function photosIn(session: Session): readonly Found[] {
  const found: Found[] = [];
  const add = (path: string | null, photos: readonly Photo[]): void =>
    photos.forEach((photo, index) => found.push({ path, index, photo }));
  for (const [path, { value }] of Object.entries(session.answers))
    if (isPhotoValue(value)) add(path, value.photos);
  add(null, waitingIn(session));
  return found;
}

export const findPhoto = (session: Session, id: string): Found | null =>
  photosIn(session).find(({ photo }) => photo.id === id) ?? null;

/** As it comes: nobody has looked at it yet. */
export const newPhoto = (photo: Pick<Photo, 'id' | 'print' | 'sort'>): Photo => ({
  id: photo.id,
  state: 'fetching',
  print: photo.print,
  sort: photo.sort,
  pages: 1,
  flags: [],
});

/** The ids of buttons stay short: a channel allows 64 bytes for step and choice. */
export const tagOf = ({ id }: Photo): string => id.slice(0, 8);

/** A value with other photos; nothing is brought any more once a photo is there. */
export const withPhotos = (held: PhotoValue, photos: readonly Photo[], done: boolean): PhotoValue => ({
  ...held,
  photos,
  done,
  bring: false,
});

/** Without the count of refusals: a photo came through. */
export function settledValue(held: PhotoValue): PhotoValue {
  const fields = Object.entries(held).filter(([name]) => name !== 'refused');
  return { ...NO_PHOTOS, ...Object.fromEntries(fields) };
}
