/** The questions of an officer's supplement: steps after the flow's own, in the officer's words. */
import { z } from 'zod';
import { BROUGHT, isPhotoValue, replyOf, showPhotos } from './kinds/photo';
import type { PhotoOptions } from './kinds/photo';
import { saysBring } from './reading/photo-words';
import { clean } from './text';
import type { AnswerValue, ExtraStep, Kind, Phrase, Reading, Step } from './types';
import { LIMITS } from './types';

/** "Tôi sẽ mang giấy đến quầy." */
export const BRING = '-bring';
const NAME = 'extra';
/** A paper that an officer asks for may have more pages than a flow's own, and be a PDF. */
const PAPER_OPTIONS: PhotoOptions = { min: 1, max: 10, pdf: true, bring: true };

const fits = (value: AnswerValue): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LIMITS.answerChars;

/** Words as they are, within bounds. */
function readWords(typed: string): Reading<string> {
  const text = typed.length > LIMITS.typed ? typed : clean(typed);
  if (text === '') return { ok: false, problem: 'empty' };
  if (text.length <= LIMITS.answerChars) return { ok: true, value: text };
  return { ok: false, problem: 'too-long', params: { max: LIMITS.answerChars } };
}

const QUESTION: Kind = {
  name: NAME,
  options: z.null(),
  cel: 'string',
  read: readWords,
  accepts: fits,
  show: (value) => ({ text: typeof value === 'string' ? value : '' }),
};

function showPaper(value: AnswerValue): Phrase {
  if (!isPhotoValue(value)) return { text: typeof value === 'string' ? value : '' };
  const reply = replyOf(value);
  if (value.photos.length === 0 && reply !== undefined) return { text: reply };
  const photos = value.photos.length === 0 ? { key: 'flow.extra.bring' } : showPhotos(value);
  return reply === undefined
    ? photos
    : { key: 'flow.extra.both', params: { photos, reply: { text: reply } } };
}

/**
 * A paper: photos of it, a promise to bring it, or words about it ("giấy đó tôi nộp hôm qua rồi"), which the officer
 * reads. Value `PhotoValue`, the words as its `reply`.
 */
const PAPER: Kind<AnswerValue, PhotoOptions> = {
  name: NAME,
  options: z.custom<PhotoOptions>(),
  cel: { bring: 'bool', photos: 'list' },
  read(typed) {
    if (saysBring(typed)) return { ok: true, value: BROUGHT };
    const words = readWords(typed);
    return words.ok ? { ok: true, value: { ...BROUGHT, bring: false, reply: words.value } } : words;
  },
  accepts(value, { min, max }) {
    if (!isPhotoValue(value)) return fits(value);
    const { photos, done, bring } = value;
    return done && photos.length <= max && (bring || photos.length >= min || fits(replyOf(value) ?? ''));
  },
  show: showPaper,
  choices: () => [{ id: BRING, value: BROUGHT, label: { key: 'flow.extra.bring' } }],
  gathers: true,
};

/** Is this one of the officer's questions?  */
export const isExtra = (step: Step): boolean => step.kind === NAME;

/** Steps at `extra.<id>`. Their texts are `flow.extra.<sort>.…` with the officer's words as `{{text}}`. */
export function extraSteps(extra: readonly ExtraStep[]): readonly Step[] {
  return extra.map(({ id, sort, text }) => ({
    ...{ path: `extra.${id}`, kind: NAME, when: null, whenSource: null, list: null, personal: null },
    ...(sort === 'paper' ? { reader: PAPER, options: PAPER_OPTIONS } : { reader: QUESTION, options: null }),
    ...{ checks: [], rev: 1, optional: false, note: false, hidden: false },
    ...{ keys: [`flow.extra.${sort}`], section: ['flow.extra'], whom: [], params: { text } },
  }));
}
