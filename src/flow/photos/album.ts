/** The memory of albums, whose photos come one event at a time: where they go, and what was to be said of them. */
import { PICK } from '../buttons';
import type { Album, Phrase, Session } from '../types';
import { own } from '../words';

/** Older albums are complete. */
const KEPT = 3;

/** What is known of an album; null for one that begins, and for photos of none. */
export const albumIn = ({ albums = [] }: Session, id: string | undefined): Album | null =>
  albums.find((one) => one.id === id) ?? null;

/** The session with this album as its last. */
export function withAlbum(session: Session, album: Album): Session {
  const others = (session.albums ?? []).filter(({ id }) => id !== album.id);
  return { ...session, albums: [...others, album].slice(-KEPT) };
}

function changeWaiting(session: Session, change: (album: Album) => Album): Session {
  if (session.albums === undefined) return session;
  return { ...session, albums: session.albums.map((one) => (one.step === null ? change(one) : one)) };
}

/** The rest of what waited follows it to its step. */
export const albumsPlaced = (session: Session, step: string, taken: boolean): Session =>
  changeWaiting(session, (one) => ({ ...one, step, took: taken }));

/** The rest of what waited goes the same way. */
export const albumsThrownAway = (session: Session): Session =>
  changeWaiting(session, (one) => ({
    ...one,
    step: PICK.away,
    notes: [...one.notes, own('photos.thrownAway')],
  }));

/** Five photos too many are one sentence. */
export const unique = (notes: readonly Phrase[]): readonly Phrase[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
];

/** What is to be said now: all where nothing was said yet, else what is new. */
export function notesToSay(
  known: Album | null,
  notes: readonly Phrase[],
  unsaid: boolean,
): readonly Phrase[] {
  const earlier = known?.notes ?? [];
  if (unsaid) return unique([...earlier, ...notes]);
  const said = new Set(earlier.map((note) => JSON.stringify(note)));
  return notes.filter((note) => !said.has(JSON.stringify(note)));
}
