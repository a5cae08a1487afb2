/** Procedures as the lobby offers them: what people call them, and short guidance where no flow takes them. */
import type { Procedures } from '../../catalogue/procedures';
import type { ProcedureCard, TurnWorld } from './talk';

export function procedureCards(procedures: Procedures): TurnWorld['procedures'] {
  const cards = procedures.all().map((one): ProcedureCard => ({
    slug: one.slug,
    code: one.code ?? '',
    name: one.name,
    shortName: one.short,
    guide: { office: one.office, papers: one.papers, fee: one.fee, time: one.time },
  }));
  const bySlug = new Map(cards.map((card) => [card.slug, card]));
  return { all: () => cards, bySlug: (slug) => bySlug.get(slug) };
}
