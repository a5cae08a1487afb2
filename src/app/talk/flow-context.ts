/** What the engine knows of the house while it advances: the day, communes and agencies, facts and words. */
import type { Context, Flow } from '../../flow/types';
import type { Params } from '../speech';
import type { Talk } from './talk';

const known = new WeakMap<Params, WeakMap<Params, Params>>();

/** Facts and form of address together: the same few tables all day, joined once. */
function joined(facts: Params, words: Params): Params {
  const inner = known.get(facts) ?? new WeakMap<Params, Params>();
  const params = inner.get(words) ?? { ...facts, ...words };
  known.set(facts, inner.set(words, params));
  return params;
}

/** What a flow may ask of the house in this turn. */
export function flowContext(talk: Talk, flow: Flow): Context {
  const { world } = talk;
  const { ownAgency } = talk.state;
  const words = talk.words();
  return {
    at: new Date(world.at).toISOString(),
    today: world.today,
    findCommunes: world.findCommunes,
    served: ownAgency === undefined ? world.served : [],
    agencyOf: (commune) => {
      const agency = world.agencyOf(commune, flow.id);
      return ownAgency === undefined || agency?.id === ownAgency ? agency : null;
    },
    factsOf: (agency) => world.briefing(flow.id, agency).facts,
    paramsOf: (agency) => joined(world.briefing(flow.id, agency).params, words),
  };
}
