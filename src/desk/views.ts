/** The standing views of the list: what each shows. Names are `desk.view.<id>`. */
import type { DossierQuery } from '../ports/store';
import { dayBefore } from './dates';

type Filter = Omit<DossierQuery, 'agency' | 'limit' | 'after' | 'find'>;

/** In the order of the page: what is urgent first. */
export const VIEWS = [
  'new',
  'overdue',
  'today',
  'replied',
  'withdraw',
  'trouble',
  'working',
  'waiting',
  'result',
  'done',
] as const;
export type View = (typeof VIEWS)[number];

const FILTERS: Readonly<Record<View, (today: string) => Filter>> = {
  new: () => ({ statuses: [1] }),
  overdue: (today) => ({ statuses: [2, 4], dueUpTo: dayBefore(today) }),
  today: (today) => ({ statuses: [2, 4], dueOn: today }),
  replied: () => ({ statuses: [1, 2, 4, 5, 6], flag: 'citizen-replied' }),
  withdraw: () => ({ statuses: [1, 2, 4, 5, 6], flag: 'withdraw-asked' }),
  trouble: () => ({ statuses: [1, 2, 4, 5, 6], flag: 'delivery-trouble' }),
  working: () => ({ statuses: [2, 4] }),
  waiting: () => ({ statuses: [5, 6] }),
  result: () => ({ statuses: [9] }),
  done: () => ({ statuses: [3, 7, 8, 10] }),
};

export const viewOf = (name: string): View => VIEWS.find((view) => view === name) ?? 'new';

export const filterOf = (view: View, today: string): Filter => ({ ...FILTERS[view](today), today });

/** What waits for an officer's hand: the order of "next dossier". */
export const TO_DO: Filter = { statuses: [1, 2, 4] };
