/** How long a dossier stays here: its days after it is closed, as its citizen was told before sending. Then it is erased, with all that hangs on it. */
import type { Dossier } from '../../ports/documents';
import type { Files } from '../../ports/files';
import type { Store } from '../../ports/store';
import type { Universe } from '../../ports/universe';
import { deliveryKey } from './parcel';
import type { Converse } from '../converse';
import { eraseAttachments } from '../photo-acts';
import { isOpen } from './dossier-moves';
import { isAboutReach } from './not-told';

const DAY_MS = 86_400_000;

/** When a dossier is erased, ms epoch; null while a part of it is open. */
export function eraseAt(dossier: Dossier): number | null {
  if (dossier.parts.some(isOpen)) return null;
  return closedAt(dossier) + dossier.retentionDays * DAY_MS;
}

const closedAt = ({ history, createdAt }: Dossier): number =>
  history.findLast((entry) => !isAboutReach(entry))?.at ?? createdAt;

export interface RetentionDeps {
  readonly store: Store;
  readonly files: Files;
  readonly universe: Universe;
  readonly converse: Converse;
}

export type EraseDossier = (dossier: Dossier) => Promise<void>;

/**
 * What hangs on it goes first and the dossier last, so that a crash on the way is taken up again. The consents and the audit
 * stay: proof without personal data.
 */
export function dossierEraser({ store, files, universe, converse }: RetentionDeps): EraseDossier {
  return async (dossier) => {
    await eraseAttachments({ store, files }, dossier.id);
    for (const part of dossier.parts) {
      for (const { n } of part.rounds) await store.deliveries.remove(deliveryKey(dossier.id, part.id, n));
    }
    // What was typed for it stands in the talk as well.
    await store.transcripts.removeOf(dossier.conversation, closedAt(dossier));
    const forget = { id: `${dossier.id}-erased`, type: 'dossier-erased', dossierId: dossier.id } as const;
    await converse.tell(dossier.conversation, forget);
    await store.audit.append({
      at: universe.now(),
      who: 'system',
      agency: null,
      what: 'erase-dossier',
      subject: dossier.id,
    });
    await store.dossiers.remove(dossier.id);
  };
}
