/** A correction in the middle: finds the answer that is meant, shows what it would become, and asks before it changes anything. */
import { lead, NOTHING, PICK, yesAndNo } from './ask';
import type { Talk } from './ask';
import { answerText, give, notMeant } from './answer';
import { isMore } from './list';
import { namedChoice, patched, readAs } from './patch';
import { changePhrase, whichButtons } from './pending-question';
import { readCorrection } from './reading/correction-words';
import type { Correction } from './reading/correction-words';
import { readYesNo } from './reading/yes-no-words';
import { isStop } from './stop';
import { fold } from './text';
import { say, withSession } from './turn';
import { labelled } from './topics';
import type { AnswerValue, Turn } from './types';
import { LIMITS } from './types';
import { spotAt } from './view';
import type { Spot } from './view';
import { own } from './words';

/** One answer and what it would become. */
interface Edit {
  readonly spot: Spot;
  readonly value: AnswerValue;
  readonly stands: boolean;
}

/** More than this nobody reads. */
const OFFERED = 6;
const UNTOUCHED = new Set(['consent', 'yes-no', 'extra']);

/** Answered lines a correction may mean, the most recent first. */
const lines = ({ walk }: Talk): readonly Spot[] =>
  walk.lines
    .filter(
      ({ step, answer }) =>
        answer !== null && !step.hidden && !UNTOUCHED.has(step.kind) && !isStop(step) && !isMore(step),
    )
    .reverse();

/** "Ngày 6", "năm 86": a part of a date, and of nothing else. */
const DATE_PART = /^(?:ngay|mung|mong|thang|nam) \d/;
const DATES = new Set(['date', 'partial-date']);

function editsOf(talk: Talk, { right, wrong, topic, whose }: Correction): readonly Edit[] {
  const dated = DATE_PART.test(fold(right));
  const fitting = lines(talk).filter(
    ({ step }) => (topic === null || topic.fits(step)) && (!dated || DATES.has(step.kind)),
  );
  const theirs = fitting.filter(({ path }) => whose?.test(path) === true);
  return (theirs.length > 0 ? theirs : fitting).flatMap((spot): Edit[] => {
    const found = patched(spot, { right, wrong }, talk.walk.world);
    return found === null ? [] : [{ spot, ...found }];
  });
}

/** Kinds whose reading tells that a value of theirs was meant. */
const TELLING = new Set(['date', 'partial-date', 'national-id', 'phone', 'email', 'sex']);
const NAME = /^\p{Lu}[\p{L}\p{M}']*(?: \p{Lu}[\p{L}\p{M}']*)+$/u;

/** Could these words alone be an answer of this step, and hardly anything else? */
function tells(spot: Pick<Spot, 'step'>, words: string, talk: Talk): boolean {
  const { world } = talk.walk;
  const { kind } = spot.step;
  if (kind === 'person-name') return NAME.test(words);
  if (kind === 'choice') return namedChoice(spot, words, world) !== null;
  if (kind === 'integer') return /^\d+ \p{L}+$/u.test(words) && readAs(spot, words, world) !== null;
  return (
    TELLING.has(kind) && (kind !== 'sex' || /\p{L}{2}/u.test(words)) && readAs(spot, words, world) !== null
  );
}

const isWords = ({ step }: Spot): boolean => step.kind === 'person-name' || step.kind === 'address';

/** The answers meant: by the wrong words, by a label, or the most recent one that the right words alone could be. */
function meant(talk: Talk, said: Correction): readonly Edit[] {
  const edits = editsOf(talk, said);
  const standing = edits.filter(({ stands }) => stands);
  if (standing.length > 0) return standing;
  const sure = ({ spot }: Edit): boolean =>
    DATES.has(spot.step.kind) ||
    (spot.step.kind === 'text' && /\d{4}/.test(said.right)) ||
    tells(spot, said.right, talk);
  // "À quên" alone may be chat: only with a label, and words that are surely an answer.
  if (!said.before) return said.topic === null || said.wrong !== null ? [] : edits.filter(sure);
  // Wrong words that stand in no name were about something else.
  if (said.topic !== null) return said.wrong === null ? edits : edits.filter(({ spot }) => !isWords(spot));
  return edits.filter(({ spot }) => tells(spot, said.right, talk)).slice(0, 1);
}

// ---------------------------------------------------------------- what is said

/** The words, where they would have been an answer all the same. */
type Kept = { readonly words?: string };

function askEdit(talk: Talk, edit: Edit, kept: Kept): Turn {
  const { spot, value } = edit;
  const pending = { type: 'confirm', step: spot.path, value, ...kept } as const;
  const again = JSON.stringify(talk.session.pending) === JSON.stringify(pending);
  const line = changePhrase(talk.walk, spot, value, again ? 'correct.ask.2' : 'correct.ask');
  return {
    session: { ...talk.session, pending },
    effects: [say({ lines: [line], buttons: yesAndNo(spot) })],
  };
}

function askWhich(talk: Talk, edits: readonly Edit[], kept: Kept): Turn {
  const answers = edits.map(({ spot, value }) => ({ step: spot.path, value }));
  const pending = { type: 'correct', answers, ...kept } as const;
  const again = JSON.stringify(talk.session.pending) === JSON.stringify(pending);
  const message = {
    lines: [own(again ? 'correct.which.2' : 'correct.which')],
    buttons: whichButtons(talk.walk, edits),
  };
  return { session: { ...talk.session, pending }, effects: [say(message)] };
}

// ---------------------------------------------------------------- precedence

/** Kinds that take nearly any words: there only what is said outright is a correction. */
const WORDS = new Set(['text', 'extra']);
/** Kinds that read much more than they should: what plainly corrects another line goes first. */
const LOOSE = new Set(['person-name', 'address', 'commune', 'choice']);

const standing = (edits: readonly Edit[]): boolean => edits.some(({ stands }) => stands);

/** Is the text first of all an answer to the present question? */
function answersPresent(
  talk: Talk,
  spot: Spot,
  text: string,
  said: Correction,
  edits: readonly Edit[],
): boolean {
  const { kind } = spot.step;
  if (WORDS.has(kind)) {
    const outright = (said.before || said.forgot) && said.topic !== null && edits.length > 0;
    return !outright && !(said.explicit && standing(edits));
  }
  if (!spot.step.reader.read(text, spot.step.options, talk.walk.world).ok) return false;
  if (!LOOSE.has(kind)) return true;
  const plain = said.explicit && standing(edits);
  return !(plain || (kind !== 'choice' && said.topic !== null && said.before && edits.length > 0));
}

/** Are the right words an answer to the present question, once read or shown? */
function fitsPresent(talk: Talk, spot: Spot, { right, topic }: Correction): boolean {
  if (WORDS.has(spot.step.kind) || (topic !== null && !topic.fits(spot.step))) return false;
  const named = topic !== null || spot.answer !== null;
  const short = spot.step.kind === 'integer' && /^\d+( \p{L}+)?$/u.test(right);
  return (named || short || tells(spot, right, talk)) && readAs(spot, right, talk.walk.world) !== null;
}

/** A question that was just misread, or is being edited, is what its own words correct; so is one that nothing else fits. */
function belongsHere(talk: Talk, spot: Spot, said: Correction, edits: readonly Edit[]): boolean {
  if (standing(edits) || !fitsPresent(talk, spot, said)) return false;
  const { pending, misses } = talk.session;
  const waiting = pending?.type === 'confirm' || pending?.type === 'warn' || pending?.type === 'choose';
  return edits.length === 0 || waiting || misses > 0 || spot.answer !== null || !said.before;
}

/** At the review, words with a label can only be a correction. */
function labelledLine(text: string): Correction | null {
  if (text.length > LIMITS.askChars) return null;
  const { topic, whose, rest: right } = labelled(text);
  return topic === null
    ? null
    : { right, wrong: null, topic, whose, explicit: false, before: true, forgot: false };
}

/**
 * A text that corrects something said before; null when it is none, or first of all an answer to the present question.
 * `spot` is that question; null at the review.
 */
export function correctionText(talk: Talk, spot: Spot | null, text: string): Turn | null {
  const said = readCorrection(text) ?? (spot === null ? labelledLine(text) : null);
  if (said === null) return null;
  const edits = meant(talk, said).slice(0, OFFERED);
  const asked = spot === null || isStop(spot.step) || isMore(spot.step) ? null : spot;
  if (asked !== null && answersPresent(talk, asked, text, said, edits)) return null;
  if (asked !== null && belongsHere(talk, asked, said, edits))
    return answerText(withSession(talk, { pending: null }), asked, said.right);
  const [only, ...others] = edits;
  if (only === undefined) return null;
  const kept = asked !== null && WORDS.has(asked.step.kind) ? { words: text } : {};
  return others.length === 0 ? askEdit(talk, only, kept) : askWhich(talk, edits, kept);
}

// ---------------------------------------------------------------- which of several

function take(talk: Talk, step: string): Turn | null {
  const { pending } = talk.session;
  const found = pending?.type === 'correct' ? pending.answers.find((one) => one.step === step) : undefined;
  const spot = found === undefined ? null : spotAt(talk.walk, found.step);
  if (found === undefined || spot === null) return null;
  return give(talk, spot, { value: found.value, source: 'typed', confirmed: true });
}

/** Words while one of several corrections is to be chosen: a number or a no; anything else is null. */
export function whichText(talk: Talk, text: string): Turn | null {
  const { pending } = talk.session;
  if (pending?.type !== 'correct') return null;
  const number = /^\d$/.exec(fold(text))?.[0];
  const chosen = number === undefined ? undefined : pending.answers[Number(number) - 1];
  if (chosen !== undefined) return take(talk, chosen.step);
  const none = number !== undefined && Number(number) === pending.answers.length + 1;
  if (!none && readYesNo(text) !== false) return null;
  return notMeant(talk, pending.words, none ? NOTHING : lead(own('edit.same')));
}

/** A tap on one of several corrections. */
export function whichPick(talk: Talk, step: string, choice: string): Turn | null {
  if (choice === PICK.yes) return take(talk, step);
  const { pending } = talk.session;
  const none = choice === PICK.no && pending?.type === 'correct' && pending.answers[0]?.step === step;
  return none ? notMeant(talk, pending.words, NOTHING) : null;
}
