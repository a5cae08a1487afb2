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

interface Bounds<V extends AnswerValue, O> {
  readonly max?: number;
  /** `got`: characters of what was typed. */
  readonly flood?: (got: number, options: O) => Reading<V>;
}

/**
 * A kind whose `read` is given clean, non-blank text of at most `max` characters: beyond it the answer is `too-long`,
 * so that no pattern ever runs over a flood of text. `flood`: what a kind says instead whose `too-long` tells what it counted.
 */
export function defineKind<V extends AnswerValue, O>(
  kind: Kind<V, O>,
  { max = 300, flood = (got) => no('too-long', { params: { max, got } }) }: Bounds<V, O> = {},
): Kind<V, O> {
  return {
    ...kind,
    read(text, options, world) {
      if (text.length > LIMITS.typed) return flood(text.length, options);
      const cleaned = clean(text);
      if (cleaned === '') return no('empty');
      return cleaned.length > max ? flood(cleaned.length, options) : kind.read(cleaned, options, world);
    },
  };
}
