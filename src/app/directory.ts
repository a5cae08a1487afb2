/** Which agency serves a commune and what it takes from us: a copy in memory, refreshed from the store. */
import type { AgencyView } from '../flow/types';
import type { Agency } from '../ports/documents';
import type { Store } from '../ports/store';

export interface Directory {
  /** The agency of a commune as a flow sees it for one procedure; null where none is set up. */
  ofCommune(communeCode: string, procedure: string): AgencyView | null;
  byId(id: string): Agency | undefined;
  all(): readonly Agency[];
  /** Those that take dossiers. */
  receiving(): readonly Agency[];
  /** Moves on with every refresh that found something new. */
  version(): number;
  /** Reads agencies and officers again: at start, after a change at the desk, and now and then for other processes' changes. */
  refresh(): Promise<void>;
}

/** Only an agency with an active officer that switched the procedure on receives; a demo commune takes everything. */
export async function openDirectory(store: Store): Promise<Directory> {
  let byId = new Map<string, Agency>();
  let byCommune = new Map<string, Agency>();
  let manned = new Set<string>();
  let version = 0;
  let print = '';

  async function refresh(): Promise<void> {
    const [agencies, officers] = await Promise.all([store.agencies.all(), store.officers.all()]);
    const now = JSON.stringify([agencies, officers.map(({ doc }) => [doc.agency, doc.active])]);
    if (now === print) return;
    print = now;
    version += 1;
    byId = new Map(agencies.map(({ doc }) => [doc.id, doc]));
    byCommune = new Map(agencies.map(({ doc }) => [doc.communeCode, doc]));
    manned = new Set(officers.filter(({ doc }) => doc.active).map(({ doc }) => doc.agency));
  }
  function viewOf(agency: Agency, procedure: string): AgencyView {
    const receives = agency.demo || (agency.procedures.includes(procedure) && manned.has(agency.id));
    return { id: agency.id, name: agency.name, receives, demo: agency.demo };
  }
  await refresh();
  return {
    refresh,
    byId: (id) => byId.get(id),
    all: () => [...byId.values()],
    receiving: () => [...byId.values()].filter((agency) => agency.demo || manned.has(agency.id)),
    version: () => version,
    ofCommune(communeCode, procedure) {
      const agency = byCommune.get(communeCode);
      return agency === undefined ? null : viewOf(agency, procedure);
    },
  };
}
