/** The rooms that only read: words, flows, facts, communes, and the understanding of what people type. */
import { join } from 'node:path';
import { loadFlows } from '../app/load-flows';
import { procedureCards } from '../app/talk/procedure-cards';
import { openSpeech } from '../app/speech';
import { openUnderstanding } from '../app/talk/understanding';
import { DEMO_COMMUNE, openCommunes } from '../catalogue/communes';
import { loadFactsDir, valuesOf, type Facts } from '../catalogue/facts';
import { loadHolidays } from '../catalogue/holidays';
import { loadProcedures } from '../catalogue/procedures';
import { kindOf } from '../flow/kinds';
import type { CelType } from '../flow/types';
import { openFinder } from '../understand/find';
import { loadPhrasings } from '../understand/load-phrasings';

export type Library = ReturnType<typeof openLibrary>;

/**
 * @param root folder that holds `flows/` and `locales/`
 * @param today civil day for which dated tables are read
 * @throws AppError `flow-invalid` | `facts-invalid` with file, line and remedy
 */
export function openLibrary(root: string, today: string) {
  const factsDir = join(root, 'flows/facts');
  const speech = openSpeech(join(root, 'locales'));
  const facts = loadFactsDir(factsDir);
  const procedures = loadProcedures(factsDir);
  const communes = openCommunes(factsDir, { today, extra: [DEMO_COMMUNE] });
  const finder = openFinder({
    ...loadPhrasings(join(root, 'flows/phrasings')),
    procedures: procedures.all().map(({ slug, name }) => ({ id: slug, name })),
  });
  const world = { today, findCommunes: communes.find, agency: null };
  return {
    speech,
    facts,
    procedures,
    cards: procedureCards(procedures),
    communes,
    holidays: loadHolidays(factsDir),
    flows: loadFlows(root, speech, factTypes(facts, today)),
    understanding: openUnderstanding(finder, kindOf('yes-no'), world),
  };
}

const CEL = { string: 'string', number: 'double', boolean: 'bool' } as const;

/** What conditions may read of facts, by what the nation's rows hold today; a fact not known today has no type and is no condition's. */
export function factTypes(facts: Facts, today: string): Readonly<Record<string, CelType>> {
  const nation = { agency: null, province: null };
  const values = facts
    .procedures()
    .flatMap((slug) => Object.entries(valuesOf(facts.factsOf(slug, nation, today))));
  return Object.fromEntries(
    values.flatMap(([id, value]) =>
      value === null ? [] : [[id, CEL[typeof value as keyof typeof CEL]] as const],
    ),
  );
}
