/** An answer to a step: words or a tap become a value, the value is checked, stored and read back. */
import { buttonsOf, command, lead, NOTHING, pick, PICK, yesAndNo } from './ask';
import type { Lead, Talk } from './ask';
import { closed, emptyList, isMore, withItem, withoutItem } from './list';
import type { ListOptions } from './list';
import { fold } from './text';
import { leavePhotos, photoPick, photoText } from './photos/gather';
import { isCorrection, readingPhrase, warnButtons, warnLines } from './pending-question';
import { asksOwnPhone, waitsElsewhere } from './own-phone';
import { isStop } from './stop';
import { isGathering } from './photos/photo-value';
import { miss, missOffer, settle, unknown, withAnswer, withSession } from './turn';
import type { AnswerSource, AnswerValue, Choice, FlowEffect, Phrase, Reading, Turn } from './types';
import { LIMITS } from './types';
import type { Spot, Why } from './view';
import { present, spotAt } from './view';
import { checkOf, display, labelOf, own, problemOf } from './words';
import { saysFix, saysNoFix } from './reading/correction-words';
import { readYesNo } from './reading/yes-no-words';

/** What is given to a step, and what the citizen has already said yes to. */
interface Given {
  readonly value: AnswerValue;
  readonly source: AnswerSource;
  /** `warn` checks that were shown and kept. */
  readonly kept?: readonly string[];
  /** Was it just read back and confirmed? Then it is not echoed again. */
  readonly confirmed?: boolean;
}

/** Longer words are not read back: they stand right above. */
const ECHOED = 80;

const KEEP = new Set(['giu nguyen', 'giu', 'giu lai', 'de nguyen', 'khong doi', 'khong sua', 'keep']);
/** "Vẫn giữ?" is answered with these as well as with a yes. */
const KEEP_ODD = /^(?:u |da |van |cu |thi )*(?:giu|de)(?: nguyen| vay| the| nhu vay| nhu the| lai| y)*$/;
/** "Bỏ qua", and the ways people say that they do not know: "ko biết", "tôi không nhớ rõ", "quên rồi". */
const SKIP =
  /^(?:(?:da|toi|tui|minh|bac|chau|con|em|ong|ba|co|chu|thi) )*(?:bo(?: qua)?|skip|chiu(?: thoi| luon| roi)*|quen(?: roi| mat| het)*|(?:khong|ko|k|hong|hok|chang) (?:co|con|biet|nho|ro|ranh|thay)(?: (?:giay(?: to)?|so|ro|nua|dau|gi|het|duoc|a))*)$/;

const same = (a: AnswerValue, b: AnswerValue): boolean => JSON.stringify(a) === JSON.stringify(b);

function consentEffects(talk: Talk, { step, path }: Spot, value: AnswerValue): readonly FlowEffect[] {
  if (step.kind !== 'consent' || typeof value !== 'object' || value === null || !('agreed' in value))
    return [];
  const { agency } = talk.walk.world;
  return agency === null
    ? []
    : [{ type: 'consent', step: path, agency: agency.id, agreed: value.agreed === true }];
}

function changed(talk: Talk, spot: Spot, from: AnswerValue, to: AnswerValue): Lead {
  const params = { label: labelOf(talk.walk, spot), from: display(spot, from), to: display(spot, to) };
  return { lines: [own('edit.changed', params)], buttons: [command('undo', own('undo.button'), spot.path)] };
}

/** What is said of an answer that was taken in. */
function said(talk: Talk, spot: Spot, given: Given): Lead {
  if (spot.answer !== null) {
    if (same(spot.answer.value, given.value)) return lead(own('edit.same'));
    return changed(talk, spot, spot.answer.value, given.value);
  }
  const heard = given.source === 'typed' || given.source === 'profile';
  const echo = spot.step.reader.echo === true && heard && given.confirmed !== true;
  const short = typeof given.value !== 'string' || given.value.length <= ECHOED;
  return echo && short && given.value !== null
    ? lead(own('echo', { value: display(spot, given.value) }))
    : lead();
}

function askWarn(talk: Talk, spot: Spot, { value, source }: Given, warns: readonly string[]): Turn {
  const pending = { type: 'warn', step: spot.path, value, source, checks: warns } as const;
  const focus = spot.answer === null ? talk.session.focus : spot.path;
  const [first = ''] = warns;
  const lines = (second: boolean): Phrase[] => warnLines(talk.walk, spot, value, first, second);
  return missOffer(talk, { pending, focus }, lines, warnButtons(spot));
}

function refuse(talk: Talk, spot: Spot, why: Why | null): Turn {
  if (typeof why !== 'object' || why === null) {
    return miss(talk, spot, (second) => problemOf(talk.walk, spot, 'unreadable', second));
  }
  return miss(talk, spot, (second) => checkOf(talk.walk, spot, why.check, second));
}

/** Takes a value in: error checks ask again, new warnings ask once, else it is stored and the talk goes on. */
export function give(talk: Talk, spot: Spot, given: Given): Turn {
  const { session, context } = talk;
  const { value, source, kept = [] } = given;
  const flags = kept.length === 0 ? {} : { flags: kept };
  const answer = { value, source, rev: spot.step.rev, at: context.at, by: 'citizen', ...flags };
  const focus = session.focus === spot.path ? null : session.focus;
  const answers = withAnswer(session, spot.path, answer);
  const after = withSession(talk, { answers, focus, pending: null, misses: 0 });
  const now = spotAt(after.walk, spot.path);
  // A list that got one more item is not done: its new item is asked next.
  if (!isMore(spot.step) && (now === null || now.why !== null)) return refuse(talk, spot, now?.why ?? null);
  const warns = now?.warns ?? [];
  if (warns.some((id) => !kept.includes(id))) return askWarn(talk, spot, given, warns);
  const edited = spot.answer !== null && !same(spot.answer.value, value);
  const pending = edited ? ({ type: 'undo', step: spot.path, previous: spot.answer } as const) : null;
  return settle(withSession(after, { pending }), said(talk, spot, given), consentEffects(after, spot, value));
}

/** A reading that waits for a yes, or one of several. */
function askReading(talk: Talk, spot: Spot, reading: Reading & { ok: false }): Turn | null {
  const { problem, params, suggest, choices } = reading;
  const lines =
    (name: 'confirm' | 'ambiguous', more: Readonly<Record<string, Phrase>>) => (second: boolean) => [
      readingPhrase(talk.walk, spot, name, second, { ...params, ...more }),
    ];
  if (problem === 'confirm' && suggest !== undefined) {
    const pending = { type: 'confirm', step: spot.path, value: suggest } as const;
    return missOffer(talk, { pending }, lines(problem, { value: display(spot, suggest) }), yesAndNo(spot));
  }
  if (problem === 'ambiguous' && choices !== undefined && choices.length > 0) {
    const pending = { type: 'choose', step: spot.path, choices } as const;
    return missOffer(
      talk,
      { pending },
      lines(problem, {}),
      choices.map(({ id, label }) => pick(spot, id, label)),
    );
  }
  return null;
}

function read(talk: Talk, spot: Spot, text: string, source: AnswerSource = 'typed'): Turn {
  const { step } = spot;
  const reading: Reading = step.reader.read(text, step.options, talk.walk.world);
  if (reading.ok) return give(talk, spot, { value: reading.value, source });
  const { problem, params } = reading;
  return (
    askReading(talk, spot, reading) ??
    miss(talk, spot, (second) => problemOf(talk.walk, spot, problem, second, params))
  );
}

/** Kinds that may have such words among their answers: "không có" is a no, a none, or a line of a list. */
const MAY_MEAN = new Set('choice multi-choice yes-no consent integer money text extra'.split(' '));

/** "Không biết", "không nhớ" where an answer is needed; some steps have it among their answers. */
function isUnknown(talk: Talk, { step }: Spot, text: string, folded: string): boolean {
  if (step.optional || isMore(step) || step.reader.gathers === true || !SKIP.test(folded)) return false;
  return !MAY_MEAN.has(step.kind) || !step.reader.read(text, step.options, talk.walk.world).ok;
}

/** The number of a button, where numbers are not themselves answers. */
function numbered(talk: Talk, spot: Spot, folded: string): string | null {
  const choices = spot.step.reader.choices !== undefined || isMore(spot.step);
  if (!choices || spot.step.reader.cel === 'double' || !/^\d{1,2}$/.test(folded)) return null;
  const does = buttonsOf(talk.walk, talk.session, spot)[Number(folded) - 1]?.does;
  return does?.type === 'choice' ? does.choice : null;
}

/** A phone number that the channel vouches for. At any other question than that for it, it answers nothing and the question stands. */
export function answerOwnPhone(talk: Talk, spot: Spot | null, number: string): Turn {
  const waits = spot !== null && waitsElsewhere(talk.session, spot);
  const asked = spot !== null && !waits && spot.step.kind === 'phone';
  if (!asked || !asksOwnPhone(talk.flow, talk.walk, spot))
    return settle(talk, lead(own(asked ? 'phone.another' : 'phone.notAsked')));
  return read(withSession(talk, { pending: null }), spot, number, 'profile');
}

/** Words at a question. */
export function answerText(talk: Talk, spot: Spot, text: string): Turn {
  const folded = text.length > LIMITS.typed ? '' : fold(text);
  if (KEEP.has(folded) && talk.session.focus === spot.path) return keep(talk);
  const about = isGathering(spot.step) ? photoText(talk, spot, text) : null;
  if (about !== null) return about;
  if (SKIP.test(folded) && spot.step.optional && spot.step.reader.cel !== 'bool') return skip(talk, spot);
  if (isUnknown(talk, spot, text, folded)) return unknown(talk, spot);
  const number = numbered(talk, spot, folded);
  if (number !== null) return answerPick(talk, spot, number) ?? read(talk, spot, text);
  if (!isMore(spot.step)) return read(talk, spot, text);
  const more = readYesNo(text);
  if (more === null) return miss(talk, spot, (second) => problemOf(talk.walk, spot, 'unreadable', second));
  return answerPick(talk, spot, more ? PICK.more : PICK.done) ?? read(talk, spot, text);
}

function keep(talk: Talk): Turn {
  return settle(withSession(talk, { focus: null, pending: null, misses: 0 }), lead(own('edit.same')));
}

const skip = (talk: Talk, spot: Spot): Turn =>
  leavePhotos(talk, spot) ?? give(talk, spot, { value: null, source: 'tapped' });

function changeList(talk: Talk, spot: Spot, choice: string): Turn | null {
  const { min, max } = spot.step.options as ListOptions;
  const list = spot.list ?? emptyList(min);
  const put = (value: AnswerValue): Turn => give(talk, spot, { value, source: 'tapped' });
  if (choice === PICK.more && list.items.length < max) return put(withItem(list));
  if (choice === PICK.done) return put(closed(list));
  const id = choice.startsWith(PICK.drop) ? choice.slice(PICK.drop.length) : '';
  return list.items.includes(id) && list.items.length > min ? put(closed(withoutItem(list, id))) : null;
}

/** A tapped button of a step; null when it means nothing there any more. */
export function answerPick(talk: Talk, spot: Spot, choice: string): Turn | null {
  if (choice === PICK.keep) return talk.session.focus === spot.path ? keep(talk) : null;
  if (choice === PICK.skip) return spot.step.optional ? skip(talk, spot) : null;
  if (isMore(spot.step)) return changeList(talk, spot, choice);
  if (isGathering(spot.step)) return photoPick(talk, spot, choice);
  const { step } = spot;
  const offered = step.reader.choices?.(step.options, step.keys, talk.walk.world) ?? [];
  const found = offered.find(({ id }) => id === choice);
  return found === undefined ? null : give(talk, spot, { value: found.value, source: 'tapped' });
}

const shown = ({ label }: Choice): string => ('text' in label ? fold(label.text) : '');

function fromChoices(choices: readonly Choice[], text: string): Choice | undefined {
  const folded = text.length > LIMITS.typed ? '' : fold(text);
  const number = /^\d{1,2}$/.test(folded) ? choices[Number(folded) - 1] : undefined;
  return number ?? choices.find((choice) => folded !== '' && shown(choice) === folded);
}

/** No correction was meant: words that the present question could take are offered to it, else it is asked again. */
export function notMeant(talk: Talk, words: string | undefined, before: Lead): Turn {
  const after = withSession(talk, { pending: null });
  const spot = present(after.walk, after.session);
  if (words === undefined || spot === null || isStop(spot.step)) return settle(after, before);
  const reading = spot.step.reader.read(words, spot.step.options, after.walk.world);
  if (!reading.ok) return settle(after, before);
  const pending = { type: 'confirm', step: spot.path, value: reading.value } as const;
  return settle(withSession(after, { pending }), NOTHING);
}

/** Yes or no to a reading or a warning. */
export function answerPending(talk: Talk, spot: Spot, yes: boolean): Turn | null {
  const { pending } = talk.session;
  if (pending?.type !== 'confirm' && pending?.type !== 'warn') return null;
  // A correction of another line was not meant: that line stays, and the present question is asked again.
  const elsewhere = isCorrection(talk.walk, talk.session, spot);
  if (!yes && elsewhere && pending.type === 'confirm')
    return notMeant(talk, pending.words, lead(own('edit.same')));
  if (!yes) return settle(withSession(talk, { pending: null }), lead(own('again.please')));
  const { value } = pending;
  if (pending.type === 'confirm') return give(talk, spot, { value, source: 'typed', confirmed: true });
  return give(talk, spot, { value, source: pending.source, kept: pending.checks, confirmed: true });
}

/** Words while a reading waits: a yes, a no, a number; anything else is null and a new answer. */
export function pendingText(talk: Talk, spot: Spot, text: string): Turn | null {
  const { pending } = talk.session;
  if (pending?.type === 'choose') {
    const found = fromChoices(pending.choices, text);
    return found === undefined ? null : give(talk, spot, { value: found.value, source: 'tapped' });
  }
  if (pending === null || text.length > LIMITS.typed) return null;
  const keeps = pending.type === 'warn' && KEEP_ODD.test(fold(text));
  const yes = keeps ? true : (readYesNo(text) ?? fixes(text, isCorrection(talk.walk, talk.session, spot)));
  return yes === null ? null : answerPending(talk, spot, yes);
}

/** "Sửa đi" is a yes to "sửa … thành …?", and a no to anything else that was read; "đừng sửa" is a no to the first. */
function fixes(text: string, correction: boolean): boolean | null {
  if (text.length > LIMITS.askChars) return null;
  if (saysFix(text)) return correction;
  return correction && saysNoFix(text) ? false : null;
}

/** A tap while a reading waits. */
export function pendingPick(talk: Talk, spot: Spot, choice: string): Turn | null {
  const { pending } = talk.session;
  if (pending?.type === 'choose') {
    const found = pending.choices.find(({ id }) => id === choice);
    return found === undefined ? null : give(talk, spot, { value: found.value, source: 'tapped' });
  }
  if (choice !== PICK.yes && choice !== PICK.no) return null;
  return answerPending(talk, spot, choice === PICK.yes);
}
