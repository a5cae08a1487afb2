/** One turn of a flow: an event in, the session and what to do out. */
import { answerOwnPhone, answerPick, answerText, pendingPick, pendingText } from './answer';
import { explainMessage, lead, NOTHING, progressOf, stopButtons, stopMessage } from './ask';
import type { Talk } from './ask';
import { correctionText, whichPick, whichText } from './correction';
import { back, edit, editNamed, editNumber, focusOn, lineNumber, review, undo } from './edit';
import { moreText, morePick, moreThanAsked } from './more-than-asked';
import { pendingMessage, waitsBeside } from './pending-question';
import { finish, isEnough, photoTalk, photoTalkAfter } from './photos/gather';
import { isLooking, photoReady, photoRefused, sendLater } from './photos/looked-at';
import { withPhotoEffects } from './photos/photo-effects';
import { isGathering } from './photos/photo-value';
import { onPhotos, placePick, placeText, stillWaiting } from './photos/place';
import { frozenLines, sendButtons } from './review';
import { isFinal, isStop } from './stop';
import { fold } from './text';
import { missOffer, say, settle, talkOf, withAnswer, withSession } from './turn';
import type { Answer, Command, Context, ExtraStep, Flow, FlowEvent, Session, Turn } from './types';
import { LIMITS } from './types';
import { present, spotAt } from './view';
import type { Spot } from './view';
import { own } from './words';

export interface NewSession {
  readonly flow: Pick<Flow, 'id'>;
  /** Random; the unique key of the dossier. */
  readonly key: string;
  readonly purpose: Session['purpose'];
  /** What is known already: a profile, or the dossier to correct. Answers with `rev` -1 are asked again. */
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly extra?: readonly ExtraStep[];
  /** Code of the dossier to correct or supplement. */
  readonly dossier?: string;
}

/** A run of a flow before its first turn; `advance` with the command `start` asks its first question. */
export function startSession({ flow, key, purpose, answers = {}, extra = [], dossier }: NewSession): Session {
  const talk = { focus: null, pending: null, misses: 0, phase: 'asking' } as const;
  return { flow: flow.id, key, purpose, dossier: dossier ?? null, answers, extra, ...talk };
}

/** "ok gửi đi con", "gửi luôn nhé": a yes before it, courtesies after it. */
const SEND =
  /^((ok|uh?|um|da|vang|duoc|dong y|yes) )*(gui|send)( di| luon| ho so| cho can bo| giup| con| chau| em| nhe| nha| a)*$/;
const LEAVE = new Set(['thoi', 'khong', 'khong sua', 'khong sua nua', 'no']);

/** "Khoan gửi đã", "thôi chưa gửi". */
const NOT_YET =
  /^(?:(?:da|thoi|a|o) )*(?:(?:khoan|dung|chua|khong|ko|hong|huy)(?: (?:co|voi|hay))*(?: (?:gui|vay|da))*|thoi|doi da|cancel|wait)(?: (?:da|nua|nhe|a|em|con|chau|voi))*$/;

const foldedOf = (text: string): string => (text.length > LIMITS.typed ? '' : fold(text));

/** What may wait when GỬI is said, without anything being lost. */
const MAY_WAIT = new Set(['undo', 'edit', 'send']);

function send(talk: Talk): Turn {
  const waiting = talk.session.pending !== null && !MAY_WAIT.has(talk.session.pending.type);
  const spot = present(talk.walk, talk.session);
  // "Gửi" after the last photo means that these are all.
  if (spot !== null && !waiting && isGathering(spot.step) && isEnough(talk, spot)) return finish(talk, spot);
  if (talk.walk.next !== null && isStop(talk.walk.next.step))
    return settle(withSession(talk, { pending: null }), NOTHING);
  if (talk.walk.next !== null || talk.session.focus !== null || waiting) {
    return settle(withSession(talk, { pending: null }), lead(own('send.missing')));
  }
  if (isLooking(talk)) return sendLater(talk);
  const session = { ...talk.session, phase: 'sending', pending: null, misses: 0 } as const;
  return { session, effects: [{ type: 'send', lines: frozenLines(talk) }] };
}

function sendAnyway(talk: Talk): Turn {
  const spot = talk.walk.next;
  if (spot === null || !isStop(spot.step) || isFinal(spot.step)) return settle(talk, lead(own('notNow')));
  const answer = {
    value: true,
    source: 'tapped',
    rev: spot.step.rev,
    at: talk.context.at,
    by: 'citizen',
  } as const;
  const answers = withAnswer(talk.session, spot.path, answer);
  const after = withSession(talk, { answers, pending: null, misses: 0, focus: null });
  return settle(after, lead(own('stop.passed')), [{ type: 'person', reason: 'send-anyway' }]);
}

function resume(talk: Talk): Turn {
  if (talk.session.pending?.type === 'send') return sendLater(talk);
  const asked = pendingMessage(talk.flow, talk.walk, talk.session, lead(own('resume')));
  // What waits for a yes is asked again, so that the yes still counts; it goes when its question is gone.
  if (asked !== null) return settle(talk, lead(own('resume')));
  const after = withSession(talk, { pending: null });
  const spot = present(after.walk, after.session);
  if (spot === null) return settle(after, lead(own('resume.review')));
  if (isStop(spot.step)) return settle(after, NOTHING);
  return settle(after, lead({ ...progressOf(after.walk, spot), key: 'flow.resume' }));
}

function explain(talk: Talk): Turn {
  const spot = present(talk.walk, talk.session);
  if (spot === null || isStop(spot.step)) return settle(talk, NOTHING);
  return { session: { ...talk.session, pending: null }, effects: [say(explainMessage(talk, spot))] };
}

const only = (session: Session, ...effects: Turn['effects']): Turn => ({ session, effects });

/** Who pauses does not want it sent meanwhile. */
const offSending = (session: Session): Session =>
  session.pending?.type === 'send' ? { ...session, pending: null } : session;

function onCommand(talk: Talk, name: Command, step: string | undefined): Turn {
  switch (name) {
    case 'start':
      return settle(withSession(talk, { focus: null, pending: null, misses: 0 }), NOTHING);
    case 'resume':
      return resume(talk);
    case 'back':
      return back(talk);
    case 'edit':
      return edit(talk, step);
    case 'review':
      return review(talk);
    case 'explain':
      return explain(talk);
    case 'stop':
      return only(offSending(talk.session), say({ lines: [own('paused')], buttons: [] }));
    case 'send':
      return send(talk);
    case 'undo':
      return undo(talk, step);
    case 'send-anyway':
      return sendAnyway(talk);
    case 'person':
      return only(talk.session, { type: 'person', reason: 'asked' });
  }
}

/** Words while a line's number is waited for. */
function editText(talk: Talk, text: string): Turn {
  const folded = foldedOf(text);
  if (LEAVE.has(folded)) return resume(talk);
  if (/^\d{1,3}$/.test(folded)) return editNumber(talk, Number(folded));
  return editNamed(talk, text) ?? editNumber(talk, 0);
}

function reviewText(talk: Talk, text: string): Turn {
  const folded = foldedOf(text);
  if (/^\d{1,3}$/.test(folded)) return editNumber(talk, Number(folded));
  if (SEND.test(folded)) return send(talk);
  const named = editNamed(talk, text);
  if (named !== null) return named;
  return missOffer(
    talk,
    { pending: null },
    (second) => [own(second ? 'review.miss.2' : 'review.miss')],
    sendButtons(),
  );
}

/** Words while GỬI waits for the last photo: it may be called off, or a line edited. */
function waitText(talk: Talk, text: string): Turn {
  const folded = foldedOf(text);
  if (/^\d{1,3}$/.test(folded)) return editNumber(talk, Number(folded));
  if (!NOT_YET.test(folded)) return sendLater(talk);
  return settle(withSession(talk, { pending: null, misses: 0 }), lead(own('photos.notSent')));
}

function stopText(talk: Talk, spot: Spot, text: string): Turn {
  const does = stopButtons(spot)[Number(/^\d$/.exec(foldedOf(text))?.[0] ?? 0) - 1]?.does;
  if (does?.type === 'command') return onCommand(talk, does.command, undefined);
  const misses = talk.session.misses + 1;
  const again = own(misses % 2 === 0 ? 'stop.again.2' : 'stop.again');
  return only({ ...talk.session, misses, pending: null }, say(stopMessage(talk, spot, NOTHING, again)));
}

function onText(talk: Talk, text: string): Turn {
  const { walk, session } = talk;
  const { pending } = session;
  const line = text.length > 20 ? null : lineNumber(text);
  if (line !== null) return editNumber(talk, line);
  const spot = present(walk, session);
  if (pending?.type === 'send') return waitText(talk, text);
  // "Ok" is a yes to what waits for one before it says that the photos are enough.
  const asked = spot === null || pending?.type === 'edit' || waitsBeside(session, spot.path) !== null;
  const about = asked ? null : photoTalk(talk, spot, text);
  if (about !== null) return about;
  if (pending?.type === 'edit') return correctionText(talk, spot, text) ?? editText(talk, text);
  const waiting = pending === null || !('step' in pending) ? null : spotAt(walk, pending.step);
  const settled =
    waiting === null ? (moreText(talk, text) ?? whichText(talk, text)) : pendingText(talk, waiting, text);
  if (settled !== null) return settled;
  const photos = spot !== null && isGathering(spot.step) ? null : photoTalkAfter(talk, text);
  if (photos !== null) return photos;
  const corrected = correctionText(talk, spot, text);
  if (corrected !== null) return corrected;
  if (spot === null) return reviewText(talk, text);
  if (isStop(spot.step)) return stopText(talk, spot, text);
  const now = withSession(talk, { pending: null });
  return moreThanAsked(now, spot, text) ?? answerText(now, spot, text);
}

function onChoice(talk: Talk, step: string, choice: string): Turn {
  const { walk, session } = talk;
  const offered = morePick(talk, step, choice) ?? whichPick(talk, step, choice);
  if (offered !== null) return offered;
  const spot = spotAt(walk, step);
  const gone = (name: string): Turn => settle(withSession(talk, { pending: null }), lead(own(name)));
  if (spot === null || isStop(spot.step)) return gone('notNow');
  const waiting = session.pending !== null && 'step' in session.pending && session.pending.step === step;
  const settled = waiting ? pendingPick(talk, spot, choice) : null;
  const turn = settled ?? answerPick(withSession(talk, { pending: null }), spot, choice);
  if (turn !== null) return turn;
  // A button whose meaning is gone: a candidate of an old search. The step itself can still be asked again.
  return spot.answer !== null && !choice.startsWith('-') ? focusOn(talk, spot) : gone('stale');
}

/** After `send` nothing changes any more; what is said says where it stands. */
const shut = (session: Session): Turn =>
  only(session, say({ lines: [own(`closed.${session.phase}`)], buttons: [] }));

function turnOf(talk: Talk, event: FlowEvent): Turn {
  const { session } = talk;
  const isShut = session.phase === 'sending' || session.phase === 'sent';
  if (event.type === 'photo-ready') return isShut ? only(session) : photoReady(talk, event, send);
  if (event.type === 'photo-refused') return isShut ? only(session) : photoRefused(talk, event, send);
  if (isShut) return shut(session);
  if (event.type === 'photos') return onPhotos(talk, event);
  if (event.type === 'text') {
    const text = event.text.normalize('NFC').trim();
    if (event.source === 'profile') return answerOwnPhone(talk, present(talk.walk, session), text);
    return placeText(talk, text) ?? stillWaiting(talk, onText(talk, text), true);
  }
  if (event.type === 'choice') {
    const placed = placePick(talk, event.step, event.choice);
    return placed ?? stillWaiting(talk, onChoice(talk, event.step, event.choice), false);
  }
  return stillWaiting(talk, onCommand(talk, event.command, event.step), false);
}

/**
 * One turn of a flow.
 *
 * Pure: no clock, store, locale or network; same arguments, same result, so a bug report is a list of events. Texts are keys.
 * Throws AppError 'engine-bound' when a session would outgrow `LIMITS`.
 */
export function advance(flow: Flow, session: Session, event: FlowEvent, context: Context): Turn {
  const talk = talkOf(flow, session, context);
  return withPhotoEffects(talk, event, turnOf(talk, event));
}
