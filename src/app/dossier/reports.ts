/** What receiving systems say, written into dossiers: how a delivery ended, and status reports of agencies. */
import { AppError } from '../../errors';
import type { AgencyReport } from '../../ports/receiver';
import type { Store } from '../../ports/store';
import type { Universe } from '../../ports/universe';
import type { ChangeDossier } from './change-dossier';
import type { DeliveryOutcome } from '../delivery/deliver';
import type { Move } from './dossier-moves';
import type { EffectMove } from './effect-move';
import { applyAgencyStatus, applyDelivery } from './track-agency';

export interface ReportsDeps {
  readonly store: Store;
  readonly universe: Universe;
  readonly moveOf: EffectMove;
  readonly changeDossier: ChangeDossier;
}

export interface Reports {
  /** A gone dossier swallows its outcome. */
  deliveryEnded(dossierId: string, outcome: DeliveryOutcome): Promise<void>;
  /** @throws AppError `not-found` · `move-not-allowed` */
  agencyReports(agencyId: string, report: AgencyReport): Promise<'applied' | 'seen'>;
}

export function openReports({ store, universe, moveOf, changeDossier }: ReportsDeps): Reports {
  async function moveFor(conversation: string, effect: string): Promise<(revision: number) => Move> {
    const talk = await store.conversations.byId(conversation);
    return (revision) => moveOf(talk?.doc ?? null, effect, revision);
  }
  async function reported(agencyId: string, report: AgencyReport) {
    const key = report.key === undefined ? null : await store.deliveries.byKey(report.key);
    const found =
      key !== null
        ? await store.dossiers.byId(key.doc.dossierId)
        : report.code === undefined
          ? null
          : await store.dossiers.byCode(report.code);
    const part = found?.doc.parts.find(
      (one) => one.agency === agencyId && (key === null || one.id === key.doc.part),
    );
    if (found === null || part === undefined)
      throw new AppError('not-found', 'no such dossier at this agency');
    return { dossier: found.doc, part: part.id };
  }
  return {
    async deliveryEnded(dossierId, outcome) {
      // Nobody is told in words: that is the officers' to do.
      await changeDossier(dossierId, outcome.id, (dossier, revision) =>
        applyDelivery(dossier, outcome, moveOf(null, outcome.id, revision)),
      );
    },
    async agencyReports(agencyId, report) {
      const { dossier, part } = await reported(agencyId, report);
      const effect = `${agencyId}:${report.id}`;
      const move = await moveFor(dossier.conversation, effect);
      const result = await changeDossier(dossier.id, effect, (before, revision) =>
        applyAgencyStatus(before, part, report, move(revision)),
      );
      await store.audit.append({
        at: universe.now(),
        who: `agency:${agencyId}`,
        agency: agencyId,
        what: 'status',
        subject: dossier.id,
      });
      return result === 'done' ? 'applied' : 'seen';
    },
  };
}
