/** The questions of an officer's supplement: steps after the flow's own, in the officer's words. */
import { z } from 'zod';
import { clean } from './text';
import type { AnswerValue, ExtraStep, Kind, Step } from './types';
import { LIMITS } from './types';

type Sort = ExtraStep['sort'];

/** "Tôi sẽ mang giấy đến quầy." */
export const BRING = '-bring';
const broughtLater = { bring: true } as const;

function isBring(value: AnswerValue): boolean {
  return typeof value === 'object' && value !== null && 'bring' in value && value.bring === true;
}

const fits = (value: AnswerValue): boolean =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LIMITS.answerChars;

const EXTRA: Kind<AnswerValue, Sort> = {
  name: 'extra',
  options: z.enum(['paper', 'question']),
  cel: 'string',
  read(typed) {
    const text = clean(typed);
    if (text === '') return { ok: false, problem: 'empty' };
    if (text.length <= LIMITS.answerChars) return { ok: true, value: text };
    return { ok: false, problem: 'too-long', params: { max: LIMITS.answerChars } };
  },
  accepts: (value, sort) => fits(value) || (sort === 'paper' && isBring(value)),
  show: (value) =>
    isBring(value) ? { key: 'flow.extra.bring' } : { text: typeof value === 'string' ? value : '' },
  choices: (sort) =>
    sort === 'paper' ? [{ id: BRING, value: broughtLater, label: { key: 'flow.extra.bring' } }] : [],
  echo: false,
};

/** Is this one of the officer's questions?  */
export const isExtra = (step: Step): boolean => step.kind === EXTRA.name;

/** Steps at `extra.<id>`. Their texts are `flow.extra.<sort>.…` with the officer's words as `{{text}}`. */
export function extraSteps(extra: readonly ExtraStep[]): readonly Step[] {
  return extra.map(({ id, sort, text }) => ({
    ...{ path: `extra.${id}`, kind: EXTRA.name, reader: EXTRA, options: sort, when: null, whenSource: null },
    ...{ checks: [], rev: 1, optional: false, note: false, hidden: false, personal: null, list: null },
    ...{ keys: [`flow.extra.${sort}`], section: ['flow.extra'], whom: [], params: { text } },
  }));
}
