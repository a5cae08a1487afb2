/** What a dossier's commit asks elsewhere: tell its citizen, hand a round to its agency. */
import type { Dossier, DossierAct } from '../../ports/documents';
import type { Converse } from '../converse';
import type { Deliverer } from '../delivery/deliver';

export type DossierActs = (doc: Dossier, act: DossierAct) => Promise<void>;

export function openDossierActs(converse: Converse, deliverer: Deliverer, newId: () => string): DossierActs {
  return async (_doc, act) => {
    switch (act.type) {
      case 'tell':
        await converse.tell(act.conversation, {
          id: act.id,
          type: 'told',
          kind: act.kind,
          news: act.news,
          text: act.text,
        });
        return;
      case 'create-delivery':
        return deliverer.open(act.delivery, newId());
      case 'cancel-delivery':
        await deliverer.cancel(act.key);
    }
  };
}
