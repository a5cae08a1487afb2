/** How a step that gathers photos is asked, and how a photo without a place is: lines and buttons. */
import { PICK, pick } from '../buttons';
import { countOf, replyOf } from '../kinds/photo';
import { heldAt, isGathering, limitsOf, tagOf, waitingIn } from './photo-value';
import type { Button, Flow, Message, Photo, Phrase, Session } from '../types';
import type { Spot, Walk } from '../view';
import { labelOf, own, textOf } from '../words';

/** Without a label the officer's own words would stand twice in one message. */
const labelled = (at: Walk, spot: Spot, photos: readonly Photo[]) => ({
  label: labelOf(at, spot),
  what: countOf(photos),
});

/** Is the step complete and only looked at again? */
const isEdit = (session: Session, spot: Spot): boolean => session.focus === spot.path && spot.answer !== null;

/** The question of a step that gathers: plainly while nothing is there, then what is there and how to go on. */
export function photoLines(at: Walk, session: Session, spot: Spot): readonly Phrase[] {
  const { photos, bring, ...held } = heldAt(session, spot.path);
  const { min, max } = limitsOf(spot.step);
  const params = { ...labelled(at, spot, photos), min, max };
  if (photos.length === 0) {
    const reply = replyOf({ photos, bring, ...held });
    const value = reply === undefined ? own('photos.brought') : { text: reply };
    const now = isEdit(session, spot) ? [own('edit.now', { value })] : [];
    return [...now, textOf(at, spot, 'ask')];
  }
  if (photos.length > max) return [own('photos.tooMany', params)];
  if (photos.length < min) return [own('photos.few', params)];
  return [own(isEdit(session, spot) ? 'photos.now' : 'photos.have', params)];
}

const dropButton = (spot: Spot, photo: Photo, n: number): Button =>
  pick(spot, PICK.drop + tagOf(photo), own('photos.drop', { n }));

/** Answers to offer at a step that gathers, in the order of their numbers. */
export function photoButtons(at: Walk, session: Session, spot: Spot): readonly Button[] {
  const { step } = spot;
  const { photos } = heldAt(session, spot.path);
  const { min, max } = limitsOf(step);
  const editing = isEdit(session, spot);
  const last = photos.at(-1);
  const choices = step.reader.choices?.(step.options, step.keys, at.world) ?? [];
  const others = choices.map(({ id, label }) => pick(spot, id, label));
  const keep = editing ? [pick(spot, PICK.keep, own('keep'))] : [];
  if (last === undefined)
    return [...others, ...keep, ...(step.optional ? [pick(spot, PICK.skip, own('skip'))] : [])];
  const drops = photos.map((photo, i) => dropButton(spot, photo, i + 1));
  if (editing)
    return [...keep, ...(photos.length < max ? [pick(spot, PICK.more, own('photos.add'))] : []), ...drops];
  if (photos.length > max) return drops;
  const end = photos.length < min ? [] : [pick(spot, PICK.done, own('photos.done'))];
  return [
    ...end,
    pick(spot, PICK.drop + tagOf(last), own('photos.dropLast')),
    ...(end.length > 0 ? [] : others),
  ];
}

/** The button that takes one photo out, so that it is taken again. */
export const retakeButton = (spot: Spot, photo: Photo, n: number): Button =>
  pick(spot, PICK.drop + tagOf(photo), own('photos.retake', { n }));

const unanswered = (step: Spot['step'], path: string): Spot => ({
  ...{ step, path, n: 0, answer: null, why: 'new' },
  ...{ warns: [], list: null },
});

/** Steps that could take one more photo, those without any first; a single photo can be changed for another. */
export function placesFor(flow: Flow, at: Walk, session: Session): readonly Spot[] {
  const applying = [...at.lines, ...(at.next === null ? [] : [at.next]), ...at.later];
  const gathering = applying.filter(({ step }) => isGathering(step));
  // Nothing applies as far as the answers tell: then any paper of the flow may be meant.
  const all =
    gathering.length > 0
      ? gathering
      : flow.entries.flatMap((entry) =>
          'repeat' in entry || !isGathering(entry) ? [] : [unanswered(entry, entry.path)],
        );
  const open = all.filter(({ step, path }) => {
    const { max } = limitsOf(step);
    return max === 1 || heldAt(session, path).photos.length < max;
  });
  const isEmpty = ({ path }: Spot): boolean => heldAt(session, path).photos.length === 0;
  return [...open.filter(isEmpty), ...open.filter((spot) => !isEmpty(spot))];
}

/** The one step that is surely meant: the only one, or the only one without photos. */
export function likeliest(places: readonly Spot[], session: Session): Spot | null {
  const empty = places.filter(({ path }) => heldAt(session, path).photos.length === 0);
  if (empty.length === 1) return empty[0] ?? null;
  return places.length === 1 ? (places[0] ?? null) : null;
}

/** More places than these are said, but not all of them are buttons. */
const MOST_PLACES = 8;

/** Where does a photo belong? The buttons in the order of their numbers: the steps, then "Bỏ ảnh này". `asList` after a no. */
export function placeButtons(at: Walk, places: readonly Spot[], sure: Spot | null): readonly Button[] {
  const shown = places.slice(0, MOST_PLACES);
  const here = shown.map((spot) => pick(spot, PICK.here, spot === sure ? own('yes') : labelOf(at, spot)));
  const [first] = shown;
  return first === undefined ? [] : [...here, pick(first, PICK.away, own('photos.away'))];
}

/** "Ảnh này là giấy chứng sinh phải không ạ?"; null where no photo waits, or no step could take it. */
export function placeMessage(
  flow: Flow,
  at: Walk,
  session: Session,
  before: Pick<Message, 'lines' | 'buttons'>,
  asList = false,
): Message | null {
  const waiting = waitingIn(session);
  const places = waiting.length === 0 ? [] : placesFor(flow, at, session);
  if (places.length === 0) return null;
  const sure = asList ? null : likeliest(places, session);
  const many = waiting.length > 1 ? 'many' : 'one';
  const question =
    sure === null
      ? own(`photos.where.${many}`, { n: waiting.length })
      : own(`photos.isIt.${many}`, { n: waiting.length, label: labelOf(at, sure) });
  return {
    lines: [...before.lines, question],
    buttons: [...before.buttons, ...placeButtons(at, places, sure)],
  };
}
