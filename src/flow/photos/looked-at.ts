/** What came of looking at a photo: silent when all is well, one sentence when it is not; what was to be sent is sent then. */
import { command } from '../buttons';
import { lead } from '../ask';
import type { Lead, Talk } from '../ask';
import { settle, say, withSession } from '../turn';
import type { FlowEffect, FlowEvent, Photo, PhotoProblem, PhotoValue, Phrase, Session, Turn } from '../types';
import { LIMITS } from '../types';
import { spotAt } from '../view';
import { labelOf, own } from '../words';
import { answerOf } from './gather';
import { retakeButton } from './photo-question';
import { findPhoto, heldAt, isGathering, limitsOf, settledValue, waitingIn } from './photo-value';
import type { Found } from './photo-value';
import { spotOf, waitWith } from './place';

type Ready = Extract<FlowEvent, { type: 'photo-ready' }>;
type Refused = Extract<FlowEvent, { type: 'photo-refused' }>;
type Send = (talk: Talk) => Turn;

const only = (session: Session, ...effects: readonly FlowEffect[]): Turn => ({ session, effects });
const isWaitingToSend = ({ session }: Talk): boolean => session.pending?.type === 'send';

/** Are photos that would be sent still being looked at? */
export const isLooking = ({ walk, session }: Talk): boolean =>
  walk.lines.some(
    ({ step, path }) =>
      isGathering(step) && heldAt(session, path).photos.some(({ state }) => state === 'fetching'),
  );

/** GỬI before the last photo was looked at: it is sent by itself then. */
export function sendLater(talk: Talk): Turn {
  const again = isWaitingToSend(talk);
  const session = { ...talk.session, pending: { type: 'send' }, misses: 0 } as const;
  return only(session, say({ lines: [own(again ? 'photos.wait.2' : 'photos.wait')], buttons: [] }));
}

/** Puts a value where a photo was found, whether the step applies now or not. */
function withValue(talk: Talk, path: string, value: PhotoValue): Talk {
  const stored = talk.session.answers[path];
  const spot = spotOf(talk, path);
  const answer = stored === undefined && spot !== null ? answerOf(talk, spot, value) : stored;
  if (answer === undefined) return talk;
  return withSession(talk, { answers: { ...talk.session.answers, [path]: { ...answer, value } } });
}

function changePhoto(talk: Talk, { path, photo }: Found, now: Photo | null): Talk {
  const change = (photos: readonly Photo[]): readonly Photo[] =>
    photos.flatMap((one) => (one.id !== photo.id ? [one] : now === null ? [] : [now]));
  if (path === null) return waitWith(talk, change(waitingIn(talk.session)));
  const held = heldAt(talk.session, path);
  return withValue(talk, path, { ...held, photos: change(held.photos) });
}

const MAX_FLAGS = 2;
const flagsOf = (flags: readonly string[]): readonly string[] =>
  [...new Set(flags)].filter((flag) => /^[a-z-]{1,12}$/.test(flag)).slice(0, MAX_FLAGS);

/** A photo was looked at and kept. */
export function photoReady(talk: Talk, event: Ready, send: Send): Turn {
  const found = findPhoto(talk.session, event.photo);
  if (found === null || found.photo.state !== 'fetching') return only(talk.session);
  const spot = found.path === null ? null : spotOf(talk, found.path);
  if (event.sort === 'pdf' && spot !== null && !limitsOf(spot.step).pdf) {
    return refuse(talk, found, 'pdf-not-here');
  }
  const flags = flagsOf(event.flags);
  const state = flags.length === 0 ? 'ok' : 'flagged';
  const pages = Math.min(Math.max(1, Math.trunc(event.pages)), 9_999);
  const after = settled(
    changePhoto(talk, found, { ...found.photo, state, flags, pages, sort: event.sort }),
    found,
  );
  if (isWaitingToSend(after)) return isLooking(after) ? only(after.session) : send(after);
  if (!flags.includes('small') || spot === null || found.path === null) return only(after.session);
  const n = found.index + 1;
  const said = own('photos.small', { which: whichOf(talk, found) });
  return settle(after, { lines: [said], buttons: [retakeButton(spot, found.photo, n)] });
}

/** A good photo ends the row of refused ones. */
function settled(talk: Talk, { path }: Found): Talk {
  return path === null ? talk : withValue(talk, path, settledValue(heldAt(talk.session, path)));
}

/** "Ảnh số 2 của “Giấy chứng sinh”", as a part of a sentence; what is none is called a file. */
function whichOf(talk: Talk, { path, index, photo }: Found, problem: PhotoProblem | null = null): Phrase {
  const spot = path === null ? null : spotOf(talk, path);
  const isFile = photo.sort === 'pdf' || problem === 'not-a-photo';
  if (spot === null) return own(isFile ? 'photos.justSentFile' : 'photos.justSent');
  const params = { n: index + 1, label: labelOf(talk.walk, spot) };
  return own(isFile ? 'photos.whichFile' : 'photos.which', params);
}

/** A photo could not be kept. */
export function photoRefused(talk: Talk, { photo, problem }: Refused, send: Send): Turn {
  const found = findPhoto(talk.session, photo);
  if (found === null || found.photo.state !== 'fetching') return only(talk.session);
  const away = problem === 'lost' || problem === 'too-slow';
  if (!isWaitingToSend(talk) || !away || found.path === null) return refuse(talk, found, problem);
  // What waits to be sent is not held up by what may never come: the officer sees that a photo is missing.
  const after = changePhoto(talk, found, { ...found.photo, state: 'flagged', flags: ['lost'] });
  return isLooking(after) ? only(after.session) : send(settled(after, found));
}

const sentence = (talk: Talk, found: Found, problem: PhotoProblem, second: boolean): Phrase => ({
  key: `kinds.error.photo.${problem}${second ? '.2' : ''}`,
  params: { which: whichOf(talk, found, problem) },
});

/** Takes a photo out, says why, and asks for its step again if that has too few now. */
function refuse(talk: Talk, found: Found, problem: PhotoProblem): Turn {
  const { path } = found;
  if (path === null)
    return settle(changePhoto(talk, found, null), lead(sentence(talk, found, problem, false)));
  const held = heldAt(talk.session, path);
  const refused = (typeof held['refused'] === 'number' ? held['refused'] : 0) + 1;
  const photos = held.photos.filter(({ id }) => id !== found.photo.id);
  const spot = spotOf(talk, path);
  const short = !held.bring && photos.length < (spot === null ? 1 : limitsOf(spot.step).min);
  const value = { ...held, photos, refused, done: held.done && !short };
  const said = refusal(talk, found, problem, refused);
  return comeBack(withValue(talk, path, value), path, short, said);
}

/** What is said of a refused photo: another way the second time, then with a person. */
function refusal(
  talk: Talk,
  found: Found,
  problem: PhotoProblem,
  times: number,
): Lead & { readonly effects: readonly FlowEffect[] } {
  const stuck = times >= LIMITS.missesToPerson;
  const spot = found.path === null ? null : spotOf(talk, found.path);
  const stuckLine = own(times % 2 === 1 ? 'photos.stuck' : 'photos.stuck.2');
  const lines = [
    sentence(talk, found, problem, times % 2 === 0),
    ...(stuck && spot !== null ? [stuckLine] : []),
  ];
  return {
    lines,
    buttons: stuck ? [command('person', own('person.button'))] : [],
    effects: times === LIMITS.missesToPerson ? [{ type: 'person', reason: 'misses' }] : [],
  };
}

function comeBack(
  talk: Talk,
  path: string,
  short: boolean,
  { effects, ...said }: Lead & { readonly effects: readonly FlowEffect[] },
): Turn {
  const sending = isWaitingToSend(talk);
  const reached = spotAt(talk.walk, path) !== null;
  const off = sending && reached ? [own('photos.sendOff')] : [];
  const before = { lines: [...said.lines, ...off], buttons: said.buttons };
  const back = reached && (short || sending);
  const after = back ? withSession(talk, { focus: path, pending: null, misses: 0 }) : talk;
  const turn = back ? settle(after, before) : settle(after, before);
  return { ...turn, effects: [...effects, ...turn.effects] };
}
