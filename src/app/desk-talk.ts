/** What the desk does in a citizen's talk, and the promised date it proposes. */
import { civilDate, dueDate } from '../catalogue/due-dates';
import { dueRuleOf, type Facts } from '../catalogue/facts';
import type { Holidays } from '../catalogue/holidays';
import type { Agency, Officer, Part } from '../ports/documents';
import type { Converse } from './converse';
import type { Say } from './speech';

/** An officer's words into the chat, and the chat back to the bot. The nonce makes a repeated form harmless. */
export function deskTalk(converse: Converse) {
  return {
    officerSays: (
      conversationId: string,
      text: string,
      officer: Pick<Officer, 'id' | 'name'>,
      nonce: string,
    ) =>
      converse.tell(conversationId, { id: `desk-${nonce}`, type: 'officer-says', text, name: officer.name }),
    release: (conversationId: string, nonce: string) =>
      converse.tell(conversationId, { id: `desk-${nonce}`, type: 'officer-released' }),
  };
}

export interface DueProposer {
  readonly facts: Facts;
  readonly holidays: Holidays;
  readonly say: Say;
}

/** The promised date by the procedure's own limit; null where no limit is known. */
export function dueProposer({ facts, holidays, say }: DueProposer) {
  return (procedure: string, agency: Agency, receivedAt: number, pauses: Part['pauses']) => {
    const day = civilDate(receivedAt);
    const rule = dueRuleOf(
      facts.factsOf(procedure, { agency: agency.id, province: agency.provinceCode }, day),
    );
    if (rule === null) return null;
    const over = pauses.flatMap(({ from, to }) => (to === null ? [] : [{ from, to }]));
    const { dueOn, confirmed } = dueDate({ receivedAt, rule, holidays, pauses: over });
    const why = say(rule.unit === 'same-day' ? 'track.due.sameDay' : 'track.due.working', {
      days: rule.days,
    });
    return { dueOn, confirmed, why };
  };
}
