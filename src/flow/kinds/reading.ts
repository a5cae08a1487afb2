/** What every kind's `read` shares: how it says no, and the bounds it sets before looking at the words. */
import type { AnswerValue, Kind, Problem, Reading } from '../types';
import { LIMITS } from '../types';
import { clean } from '../text';

export const ok = <V extends AnswerValue>(value: V): Reading<V> => ({ ok: true, value });

type Details<V extends AnswerValue> = Omit<Extract<Reading<V>, { ok: false }>, 'ok' | 'problem'>;

export const no = <V extends AnswerValue>(problem: Problem, details: Details<V> = {}): Reading<V> => ({
  ok: false,
  problem,
  ...details,
});

/**
 * A kind whose `read` is given clean, non-blank text of at most `max` characters: beyond it the answer is `too-long`,
 * so that no pattern ever runs over a flood of text.
 */
export function defineKind<V extends AnswerValue, O>(
  kind: Kind<V, O>,
  { max = 300 }: { max?: number } = {},
): Kind<V, O> {
  return {
    ...kind,
    read(text, options, world) {
      if (text.length > LIMITS.typed) return no('too-long', { params: { max } });
      const cleaned = clean(text);
      if (cleaned === '') return no('empty');
      return cleaned.length > max ? no('too-long', { params: { max } }) : kind.read(cleaned, options, world);
    },
  };
}
