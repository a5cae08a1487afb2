/** What the public pages say of each procedure: its facts where there are rows, the guidance table elsewhere. */
import { civilDate } from '../catalogue/due-dates';
import { phraseOf, type Facts, type MergedFacts } from '../catalogue/facts';
import type { Procedure, Procedures } from '../catalogue/procedures';
import type { Lang, Speech } from './speech';

export interface ProcedureView {
  readonly slug: string;
  readonly code: string;
  readonly name: string;
  readonly group: string;
  readonly handover: Procedure['handover'];
  readonly papers: readonly string[];
  readonly fee: string;
  readonly waivers: readonly string[];
  readonly time: string;
  readonly authority: string;
  readonly law: readonly string[];
  readonly verifiedOn: string;
}

export interface PagesDeps {
  readonly procedures: Procedures;
  readonly facts: Facts;
  readonly flows: ReadonlyMap<string, unknown>;
  readonly speech: Speech;
}

/** Facts are as of the nation and today; an agency's own stand in its chat. */
export function procedurePages(deps: PagesDeps, now: () => number) {
  return (lang: Lang): readonly ProcedureView[] => {
    const day = civilDate(now());
    return deps.procedures.all().map((one) => viewOf(deps, one, day, lang));
  };
}

function viewOf({ facts, flows, speech }: PagesDeps, one: Procedure, day: string, lang: Lang): ProcedureView {
  const merged = facts.factsOf(one.slug, { agency: null, province: null }, day);
  const said = (id: string) =>
    merged[id] === undefined ? null : speech.phrase(phraseOf(merged[id]), speech.pair('formal', lang), lang);
  return {
    slug: one.slug,
    code: one.code ?? '',
    name: one.name,
    group: speech.say(`pages.group.${one.authority}`, {}, lang),
    handover: flows.has(one.slug) ? one.handover : 'guide',
    papers: [said('papers') ?? one.papers, said('helpfulPapers')].filter((text) => text !== null),
    fee: said('fee') ?? one.fee,
    waivers: [said('feeWaiver'), said('feeExemptions')].filter((text) => text !== null),
    time: said('timeLimit') ?? one.time,
    authority: one.office,
    law: (said('legalBasis') ?? one.legalBasis).split(';').map((text) => text.trim()),
    verifiedOn: oldest(merged, one.verifiedOn),
  };
}

/** The day on which the oldest of these facts was checked. */
function oldest(merged: MergedFacts, fallback: string): string {
  const days = Object.values(merged).map((fact) => fact.row.verifiedOn);
  return days.length === 0 ? fallback : days.reduce((one, other) => (one < other ? one : other));
}
