/** The list of a repeat: which items there are. Item ids count up and are never used again. */
import { z } from 'zod';
import type { AnswerValue, Kind, ListValue } from './types';

const options = z.strictObject({ min: z.int(), max: z.int() });
export type ListOptions = z.infer<typeof options>;

const ITEM = /^i([1-9]\d{0,3})$/;

/** Is a stored value a list that this repeat can walk? */
export function isList(value: AnswerValue, { max }: ListOptions): value is ListValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { next, items, done } = value as Record<string, AnswerValue>;
  if (typeof next !== 'number' || typeof done !== 'boolean' || !Array.isArray(items)) return false;
  const ids = items as readonly AnswerValue[];
  const fits = (id: AnswerValue): boolean =>
    typeof id === 'string' && Number(ITEM.exec(id)?.[1] ?? next) < next;
  return ids.length <= max && new Set(ids).size === ids.length && ids.every(fits);
}

/** Before anything was answered: as many items as there must be. */
export function emptyList(min: number): ListValue {
  return { next: min + 1, items: Array.from({ length: min }, (_, i) => `i${i + 1}`), done: false };
}

/** One more item, to be asked now. */
export const withItem = (list: ListValue): ListValue => ({
  next: list.next + 1,
  items: [...list.items, `i${list.next}`],
  done: false,
});

export const withoutItem = (list: ListValue, id: string): ListValue => ({
  ...list,
  items: list.items.filter((item) => item !== id),
});

export const closed = (list: ListValue): ListValue => ({ ...list, done: true });

/** Kind of "còn ai nữa không?": the engine reads its words itself, since a yes adds to what is there. */
export const MORE: Kind<ListValue, ListOptions> = {
  name: 'list',
  options,
  cel: 'list',
  read: () => ({ ok: false, problem: 'unreadable' }),
  accepts: (value, limits) => isList(value, limits),
  show: (value) => ({ key: 'flow.list.count', params: { n: value.items.length } }),
};

/** Is this the question "còn ai nữa không?" */
export const isMore = (step: { readonly kind: string }): boolean => step.kind === MORE.name;
