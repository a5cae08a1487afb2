/** Photos in a conversation: each gets an id, the flow says where it belongs, and acts look at its bytes. */
import type { FlowEffect, FlowEvent, Session } from '../../flow/types';
import type { IncomingFile } from '../../ports/channel';
import { t, type Offer, type Talk } from './talk';

/** Photos of this event by the id they were given. */
export type Arrived = ReadonlyMap<string, IncomingFile>;

export const NONE_ARRIVED: Arrived = new Map();

/** Gives the files ids, and the event for the flow. */
export function arrived(talk: Talk, files: readonly IncomingFile[]): { photos: Arrived; event: FlowEvent } {
  const photos = new Map(files.map((file) => [talk.world.newKey(), file]));
  const named = [...photos].map(([id, { print, pdf }]) => {
    return { id, print, sort: pdf ? ('pdf' as const) : ('photo' as const) };
  });
  return { photos, event: { type: 'photos', photos: named } };
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

/** Nothing is being filled in: nobody knows what the photo is for, so it is not kept; what can be done is said. */
export function photosOutsideFlow(talk: Talk, files: readonly IncomingFile[]): void {
  for (const { source } of files) {
    talk.act({ type: 'drop-photo', photo: talk.world.newKey(), owner: '', source });
  }
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
