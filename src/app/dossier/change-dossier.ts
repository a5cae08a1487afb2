/** Changes one dossier by a pure function: compare-and-set, each effect id once, and rings for what the change left to do. */
import { AppError } from '../../errors';
import type { Dossier } from '../../ports/documents';
import type { Queue } from '../../ports/queue';
import type { Store } from '../../ports/store';
import type { Universe } from '../../ports/universe';
import { eraseAt } from './retention';

const MAX_TRIES = 20;
const GRACE_MS = 5_000;
const APPLIED_KEPT = 200;

export type ChangeDossier = (
  id: string,
  effectId: string,
  change: (dossier: Dossier, revision: number) => Dossier,
) => Promise<'done' | 'seen' | 'gone'>;

/**
 * @throws AppError `conflict` after too many lost races; whatever `change` throws (`move-not-allowed`) leaves the dossier as it is.
 */
export function dossierChanger(store: Store, queue: Queue, universe: Universe): ChangeDossier {
  return async (id, effectId, change) => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const state = await store.dossiers.byId(id);
      if (state === null) return 'gone';
      if (state.doc.applied.includes(effectId)) return 'seen';
      const kept = { ...state.doc, acts: state.doc.acts.filter((act) => act.seq > state.doneUpTo) };
      const changed = change(kept, state.revision);
      const after = {
        ...changed,
        applied: [...changed.applied.filter((one) => one !== effectId), effectId].slice(-APPLIED_KEPT),
      };
      const toDo = after.acts.length > 0;
      const dueAt = toDo ? universe.now() + GRACE_MS : eraseAt(after);
      if (!(await store.dossiers.save(after, state.revision, dueAt))) continue;
      if (toDo) queue.ring({ document: 'dossier', id, revision: state.revision + 1 });
      return 'done';
    }
    throw new AppError('conflict', `a dossier moved on ${MAX_TRIES} times while one change was applied`);
  };
}
