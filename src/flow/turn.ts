/** Where every turn ends: the next question, the explanation of a stop, or the review. */
import { AppError } from '../errors';
import { askMessages, command, missMessages, stopMessage, unknownMessages } from './ask';
import type { Lead, Talk } from './ask';
import { pendingMessage } from './pending-question';
import { placeMessage } from './photos/photo-question';
import { readyMessage, reviewMessages } from './review';
import { isStop } from './stop';
import type {
  Answer,
  Button,
  Context,
  Flow,
  FlowEffect,
  Message,
  Phase,
  Phrase,
  Session,
  Turn,
} from './types';
import { LIMITS } from './types';
import { present, walk } from './view';
import type { Spot, Walk } from './view';
import { own } from './words';

export const talkOf = (flow: Flow, session: Session, context: Context): Talk => ({
  flow,
  context,
  session,
  walk: walk(flow, session, context),
});

/** The same turn with other facts about the session; walks again only when the answers changed. */
export function withSession(talk: Talk, change: Partial<Session>): Talk {
  const { pending } = talk.session;
  // Photos that wait for a place wait on: only placing them, or another question that cannot wait, ends that.
  const waits =
    pending?.type === 'place-photos' && (change.pending === null || change.pending?.type === 'undo');
  const session = { ...talk.session, ...change, ...(waits ? { pending } : {}) };
  if (change.answers === undefined) return { ...talk, session };
  return talkOf(talk.flow, session, talk.context);
}

/** The session with an answer put in, or taken out when null. Throws AppError 'engine-bound' past the limits. */
export function withAnswer(session: Session, path: string, answer: Answer | null): Session['answers'] {
  const { answers } = session;
  if (answer === null) return Object.fromEntries(Object.entries(answers).filter(([key]) => key !== path));
  if (!Object.hasOwn(answers, path) && Object.keys(answers).length >= LIMITS.answersPerSession) {
    throw new AppError('engine-bound', 'too many answers in one session', {
      details: { limit: LIMITS.answersPerSession },
    });
  }
  if (JSON.stringify(answer.value).length > 4 * LIMITS.answerChars) {
    throw new AppError('engine-bound', 'an answer is too long', {
      details: { limit: 4 * LIMITS.answerChars },
    });
  }
  return { ...answers, [path]: answer };
}

export const say = (message: Message): FlowEffect => ({ type: 'say', message });

function phaseOf({ next }: Walk): Phase {
  if (next === null) return 'review';
  return isStop(next.step) ? 'stopped' : 'asking';
}

function endMessages(talk: Talk, spot: Spot | null, before: Lead): readonly Message[] {
  const place = placeMessage(talk.flow, talk.walk, talk.session, before);
  if (place !== null) return [place];
  const waiting = pendingMessage(talk.flow, talk.walk, talk.session, before);
  if (waiting !== null) return [waiting];
  if (spot !== null)
    return isStop(spot.step) ? [stopMessage(talk, spot, before, null)] : askMessages(talk, spot, before);
  // Who has just read the whole review does not want it again after each correction.
  return talk.session.phase === 'review' ? [readyMessage(talk, before)] : reviewMessages(talk, before);
}

/** Says what there is to say, then asks what comes next: a reading that waits before all else. */
export function settle(talk: Talk, before: Lead, effects: readonly FlowEffect[] = []): Turn {
  const spot = present(talk.walk, talk.session);
  const focus = spot !== null && spot.path === talk.session.focus ? spot.path : null;
  const said = endMessages({ ...talk, session: { ...talk.session, focus } }, spot, before);
  const session = { ...talk.session, focus, phase: phaseOf(talk.walk) };
  return { session, effects: [...effects, ...said.map(say)] };
}

const handOver = (misses: number): readonly FlowEffect[] =>
  misses === LIMITS.missesToPerson ? [{ type: 'person', reason: 'misses' }] : [];

/** One more reading that was not understood at a question. `problem` is asked for its second wording the second time. */
export function miss(talk: Talk, spot: Spot, problem: (second: boolean) => Phrase): Turn {
  const misses = talk.session.misses + 1;
  const session = { ...talk.session, misses, pending: null };
  const messages = missMessages({ ...talk, session }, spot, problem(misses % 2 === 0));
  return { session, effects: [...messages.map(say), ...handOver(misses)] };
}

/** "Không biết" at a question that needs an answer: it counts as not understood, but is met in its own way. */
export function unknown(talk: Talk, spot: Spot): Turn {
  const misses = talk.session.misses + 1;
  const session = { ...talk.session, misses, pending: null };
  const messages = unknownMessages({ ...talk, session }, spot);
  return { session, effects: [...messages.map(say), ...handOver(misses)] };
}

/** Words that are no answer to what is offered: says `name` and `name.2` in turn, with the offers, then a person too. */
export function missOffer(
  talk: Talk,
  change: Partial<Session>,
  lines: (second: boolean) => readonly Phrase[],
  offers: readonly Button[],
): Turn {
  const misses = talk.session.misses + 1;
  const person = misses >= LIMITS.missesToPerson ? [command('person', own('person.button'))] : [];
  const message = { lines: lines(misses % 2 === 0), buttons: [...offers, ...person] };
  return { session: { ...talk.session, ...change, misses }, effects: [say(message), ...handOver(misses)] };
}
