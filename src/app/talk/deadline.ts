/** A time limit that the law sets for the citizen: sending here does not keep it, only reception or the portal does. */
import type { Phrase, Scalar } from '../../flow/types';
import type { Person } from '../../ports/documents';
import { t } from './talk';

/** Fact of a procedure that must be asked for within so many days of the subject's birth. */
const IN_TIME = 'inTimeDays';
const FULL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** What to say while it runs; nothing where there is none, or it is over. @param today civil date */
export function deadlineOf(
  facts: Readonly<Record<string, Scalar | null>>,
  { birth = '' }: Person,
  today: string,
): readonly Phrase[] {
  const days = facts[IN_TIME];
  if (typeof days !== 'number' || !FULL_DATE.test(birth)) return [];
  const last = new Date(Date.parse(birth) + days * DAY_MS).toISOString().slice(0, 10);
  if (last < today) return [];
  return [t('bot.deadline', { date: last.split('-').reverse().join('/') })];
}
