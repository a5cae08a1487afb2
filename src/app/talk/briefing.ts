/** What a flow may say and ask about its procedure at one agency on one day: the facts, as values, as words, and as frozen into a dossier. */
import { phraseOf, valuesOf, type Facts, type MergedFacts } from '../../catalogue/facts';
import { feeFor } from '../../catalogue/fees';
import type { AgencyView, Phrase } from '../../flow/types';
import type { Agency, ShownFact } from '../../ports/documents';
import type { Speech } from '../speech';
import type { Briefing } from './talk';

export interface BriefingDeps {
  readonly facts: Facts;
  readonly speech: Speech;
  readonly agency: (id: string) => Agency | undefined;
  /** Where a citizen may file by themselves: shown wherever we do not take a dossier. */
  readonly portal: string;
}

/** Facts that are only rules for us, not sentences for people. */
const SILENT = new Set(['timeLimitAfter15', 'feeUnit', 'resultCode']);

export type BriefingOf = (procedure: string, agency: AgencyView | null, day: string) => Briefing;

export function openBriefing(deps: BriefingDeps): BriefingOf {
  return (procedure, view, day) => {
    const agency = view === null ? undefined : deps.agency(view.id);
    const place = { agency: agency?.id ?? null, province: agency?.provinceCode ?? null };
    const merged = deps.facts.factsOf(procedure, place, day);
    return {
      facts: valuesOf(merged),
      params: { ...factWords(merged), ...agencyWords(agency, deps) },
      shown: shownOf(merged, deps.speech),
      fee: (copies) =>
        feeFor(merged, { copies: copies ?? unasked(merged), online: false, exempt: false }).lines,
    };
  };
}

/** Copies where nobody was asked for a number: one where they are what is paid for. */
const unasked = (merged: MergedFacts): number => (merged['feeUnit']?.value === 'copy' ? 1 : 0);

function factWords(merged: MergedFacts): Readonly<Record<string, Phrase>> {
  return Object.fromEntries(Object.values(merged).map((fact) => [fact.id, phraseOf(fact)]));
}

function agencyWords(agency: Agency | undefined, deps: BriefingDeps): Readonly<Record<string, Phrase>> {
  const unknown: Phrase = { key: 'facts.unknown' };
  const words = (text: string | undefined): Phrase =>
    text === undefined || text === '' ? unknown : { text };
  return {
    agency: words(agency?.name),
    agencyAddress: words(agency?.address),
    agencyHours: words(agency?.hours),
    agencyPhone: words(agency?.phone),
    portal: { text: deps.portal },
  };
}

/** Frozen in Vietnamese, as documents are, each with where it was read and when. */
function shownOf(merged: MergedFacts, speech: Speech): readonly ShownFact[] {
  return Object.values(merged)
    .filter((fact) => !SILENT.has(fact.id))
    .map((fact) => ({
      id: fact.id,
      text: speech.phrase(phraseOf(fact), speech.pair('formal', 'vi'), 'vi'),
      source: fact.row.source,
      verifiedOn: fact.row.verifiedOn,
    }));
}
