/** What the house knows about a procedure on a day, with where it was read. */
import { join } from 'node:path';
import { civilDate } from '../../src/catalogue/due-dates';
import { loadFactsDir } from '../../src/catalogue/facts';
import { loadProcedures } from '../../src/catalogue/procedures';
import { refuse, type Command } from './command';

export const catalogue: Command = {
  usage: '[procedure] [yyyy-mm-dd]',
  what: 'all procedures, or the facts of one on a day, with sources',
  run([slug, day], { root, universe, say }) {
    const folder = join(root, 'flows/facts');
    const procedures = loadProcedures(folder);
    if (slug === undefined) {
      procedures.all().forEach((one) => say([one.slug, one.code ?? '-', one.handover, one.name].join('\t')));
      return;
    }
    const procedure = procedures.bySlug(slug);
    if (procedure === undefined) refuse(`no procedure is called "${slug}": "catalogue" alone lists them`);
    if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day)) refuse('the day is written yyyy-mm-dd');
    const nation = { agency: null, province: null };
    const facts = loadFactsDir(folder).factsOf(slug, nation, day ?? civilDate(universe.now()));
    say(`${procedure.name} (${procedure.legalBasis}), verified ${procedure.verifiedOn}`);
    for (const { id, value, row } of Object.values(facts))
      say([id, value ?? 'unknown', `${row.from}–${row.to ?? ''}`, row.source, row.verifiedOn].join('\t'));
  },
};
