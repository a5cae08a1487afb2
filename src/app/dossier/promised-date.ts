/** The promised date by a procedure's own limit: proposed at reception, and again when a pause has ended. */
import { civilDate, dueDate } from '../../catalogue/due-dates';
import { dueRuleOf, type Facts } from '../../catalogue/facts';
import type { Holidays } from '../../catalogue/holidays';
import type { Agency, Part } from '../../ports/documents';
import type { Say } from '../speech';

export interface PromisedDate {
  /** yyyy-mm-dd */
  readonly dueOn: string;
  /** False when a holiday on the way is not official yet. */
  readonly confirmed: boolean;
  /** One line for the officer: by which rule. */
  readonly why: string;
}

/** Null where no limit is known: the officer says the date. */
export type ProposeDueOn = (
  procedure: string,
  agency: Agency,
  receivedAt: number,
  pauses: Part['pauses'],
) => PromisedDate | null;

export interface PromisedDateDeps {
  readonly facts: Facts;
  readonly holidays: Holidays;
  readonly say: Say;
}

export function dueProposer({ facts, holidays, say }: PromisedDateDeps): ProposeDueOn {
  return (procedure, { id, provinceCode }, receivedAt, pauses) => {
    const rule = dueRuleOf(
      facts.factsOf(procedure, { agency: id, province: provinceCode }, civilDate(receivedAt)),
    );
    if (rule === null) return null;
    const over = pauses.flatMap(({ from, to }) => (to === null ? [] : [{ from, to }]));
    const { dueOn, confirmed } = dueDate({ receivedAt, rule, holidays, pauses: over });
    return { dueOn, confirmed, why: say(`track.due.${rule.unit}`, { days: rule.days }) };
  };
}
