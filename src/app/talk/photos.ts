/** Photos in a conversation: each gets an id, the flow says where it belongs, and acts look at its bytes. */
import { albumIn } from '../../flow/photos/album';
import type { FlowEffect, FlowEvent, Session } from '../../flow/types';
import type { ChannelEvent, IncomingFile } from '../../ports/channel';
import type { Conversation, Utterance } from '../../ports/documents';
import { keptWithTalk } from './talk-files';
import { t, type Offer, type Talk, type TurnEvent, type TurnWorld } from './talk';

export type PhotosEvent = Extract<ChannelEvent, { type: 'photos' }>;
type PhotosOfFlow = Extract<FlowEvent, { type: 'photos' }>;

/** Photos of this event by the id they were given. */
export type Arrived = ReadonlyMap<string, IncomingFile>;

export const NONE_ARRIVED: Arrived = new Map();

/** An album is complete when nothing of it came for so long; its size cannot be known. */
const SETTLED_MS = 1_500;

const topicOf = (album: string): string => `album-${album}`;

/** The reply to a photo of an album waits for the next photo, whose reply tells of both. */
export function settlesOf(event: TurnEvent, { at, revision }: TurnWorld): Utterance['settles'] {
  if (event.type !== 'photos' || event.album === undefined) return undefined;
  return { topic: topicOf(event.album), from: at + SETTLED_MS, turn: revision + 1 };
}

/** Is the reply to an album's earlier photos not said yet, and will not be? */
const isUnsaid = ({ says }: Conversation, album: string): boolean =>
  says.some(({ settles }) => settles?.topic === topicOf(album));

/** Was the review that an album led to not said yet? */
export const isReviewUnsaid = (session: Session, event: FlowEvent): boolean =>
  event.type === 'photos' &&
  event.unsaid === true &&
  session.phase === 'review' &&
  albumIn(session, event.album)?.before.phase !== 'review';

/** Gives the files ids, and the event for the flow. */
export function arrived(
  talk: Talk,
  { files, album }: Pick<PhotosEvent, 'files' | 'album'>,
): { photos: Arrived; event: PhotosOfFlow } {
  const photos = new Map(files.map((file) => [talk.world.newKey(), file]));
  const named = [...photos].map(([id, { print, pdf }]) => {
    return { id, print, sort: pdf ? ('pdf' as const) : ('photo' as const) };
  });
  const together = album === undefined ? {} : { album, unsaid: isUnsaid(talk.state, album) };
  return { photos, event: { type: 'photos', photos: named, ...together } };
}

/** What the engine decided about a photo becomes an act. */
export function performPhoto(
  talk: Talk,
  { key }: Session,
  photos: Arrived,
  effect: Extract<FlowEffect, { type: 'take-photo' | 'drop-photo' }>,
): void {
  const { photo } = effect;
  const file = photos.get(photo);
  if (effect.type === 'drop-photo') {
    talk.act({ type: 'drop-photo', photo, owner: key, source: file?.source ?? null });
  } else if (file !== undefined) {
    const { source, name } = file;
    talk.act({ type: 'take-photo', photo, owner: key, source, name, pdf: effect.pdf });
  }
}

/** While an officer has the talk its photos are theirs: kept with the talk, wherever a filing stands. */
export function photosForOfficer(talk: Talk, heard: string, files: readonly IncomingFile[]): void {
  const { id: owner } = talk.state;
  const photos = files.map(({ source, name }) => {
    const photo = talk.world.newKey();
    talk.act({ type: 'take-photo', photo, owner, source, name, pdf: true });
    return photo;
  });
  talk.hear(heard, { photos });
  keptWithTalk(talk, photos);
}

/** Photos that nobody takes. */
export function dropThem(talk: Talk, files: readonly IncomingFile[]): void {
  for (const { source } of files)
    talk.act({ type: 'drop-photo', photo: talk.world.newKey(), owner: '', source });
}

/** Nothing is being filled in: nobody knows what the photo is for, so it is not kept; what can be done is said. */
export function photosOutsideFlow(talk: Talk, files: readonly IncomingFile[]): void {
  dropThem(talk, files);
  const waiting = talk.state.dossiers.filter(({ status }) => status === 5);
  const offers = waiting.map(({ code }): Offer => ({
    label: t('bot.button.supplementOf', { code }),
    press: { type: 'lobby', command: 'supplement', arg: code },
  }));
  const menu: Offer = { label: t('bot.button.menu'), press: { type: 'lobby', command: 'menu', arg: '' } };
  const resume: Offer = {
    label: t('bot.button.resume'),
    press: { type: 'lobby', command: 'resume', arg: '' },
  };
  talk.say(t('bot.photos.noFlow'), [...offers, ...(talk.state.drafts.length > 0 ? [resume] : []), menu]);
}
