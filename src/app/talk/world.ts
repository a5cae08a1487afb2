/** What one turn may know, put together at its moment: the house's rooms, the day, and what was learned from the store before. */
import { civilDate, nextOfficeHour, nextWorkingDay, officeOpens } from '../../catalogue/due-dates';
import type { Holidays } from '../../catalogue/holidays';
import { communeValue } from '../../flow/kinds/commune';
import type { Commune, FindCommunes, Flow } from '../../flow/types';
import type { Address, Channel } from '../../ports/channel';
import type { BriefingOf } from './briefing';
import type { Directory } from '../directory';
import type { Speech } from '../speech';
import type { Briefing, TurnWorld, Understanding } from './talk';

export interface WorldDeps {
  readonly speech: Speech;
  readonly understanding: Understanding;
  readonly flows: ReadonlyMap<string, Flow>;
  readonly procedures: TurnWorld['procedures'];
  readonly findCommunes: FindCommunes;
  readonly communeByCode: (code: string) => Commune | undefined;
  readonly holidays: Holidays;
  readonly directory: Directory;
  readonly briefing: BriefingOf;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly hasForm: (procedure: string) => boolean;
  readonly publicUrl: string;
  readonly draftDays: number;
  readonly newKey: () => string;
}

export type WorldAt = (at: number, revision: number, address: Address) => TurnWorld;

export function worldMaker(deps: WorldDeps): WorldAt {
  const { directory } = deps;
  const day = dayMaker(deps);
  return (at, revision, address) => {
    // Named one by one: a spread would cost more than all the rest, at every turn.
    const { today, lookBy, briefing, served } = day(at);
    return {
      today,
      lookBy,
      briefing,
      served,
      at,
      revision,
      newKey: deps.newKey,
      speech: deps.speech,
      understanding: deps.understanding,
      flows: deps.flows,
      procedures: deps.procedures,
      findCommunes: deps.findCommunes,
      agencyOf: (commune, procedure) => directory.ofCommune(commune, procedure),
      communeOf: (id) => {
        const found = deps.communeByCode(directory.byId(id)?.communeCode ?? '');
        return found === undefined ? null : communeValue(found);
      },
      agencyName: (id) => directory.byId(id)?.name ?? null,
      onlyAgency: directory.all().length === 1 ? (directory.all()[0]?.id ?? null) : null,
      // Few turns ask for it.
      get officeOpens() {
        return { now: officeOpens(at, deps.holidays), ...nextOfficeHour(at, deps.holidays) };
      },
      canPush: deps.channels.get(address.channel)?.capabilities.push ?? false,
      canDocuments: deps.channels.get(address.channel)?.capabilities.documents ?? false,
      hasForm: deps.hasForm,
      publicUrl: deps.publicUrl,
      draftDays: deps.draftDays,
    };
  };
}

type Day = Pick<TurnWorld, 'today' | 'lookBy' | 'briefing' | 'served'>;
/** More than these nobody reads as buttons. */
const SERVED_SHOWN = 6;

/** What stays the same all day is worked out once: the promised look, and the briefing of each procedure and agency. */
function dayMaker({ holidays, briefing, directory, communeByCode }: WorldDeps): (at: number) => Day {
  let known: Day | null = null;
  let version = -1;
  return (at) => {
    const today = civilDate(at);
    if (known?.today === today && version === directory.version()) return known;
    const briefings = new Map<string, Briefing>();
    version = directory.version();
    const served = directory.receiving().flatMap((agency) => communeByCode(agency.communeCode) ?? []);
    known = {
      today,
      lookBy: nextWorkingDay(today, holidays),
      served: served.length > SERVED_SHOWN ? [] : served,
      briefing(procedure, agency) {
        const key = `${procedure} ${agency?.id ?? ''}`;
        const made = briefings.get(key) ?? briefing(procedure, agency, today);
        briefings.set(key, made);
        return made;
      },
    };
    return known;
  };
}
