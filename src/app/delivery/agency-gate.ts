/** How many deliveries of this process one agency may hold, and all in trouble: who hangs must never stand in the way of the others. */
import { DELIVERY } from './delivery-moves';

export interface AgencyGate {
  /** 0: go in, and call `leave` afterwards. Else ms to stay away. */
  enter(agency: string): number;
  /** `well`: did the agency say yes or no, as it should? null when it is not to blame (we stopped). */
  leave(agency: string, well: boolean | null): void;
}

/** Counts in memory only: a restart forgets, and learns again within a few tries. */
export function agencyGate(): AgencyGate {
  const inside = new Map<string, number>();
  const silentInRow = new Map<string, number>();
  const inTrouble = (agency: string): boolean => (silentInRow.get(agency) ?? 0) >= DELIVERY.troubleAfter;
  const troubled = (): number => [...inside].reduce((all, [id, held]) => all + (inTrouble(id) ? held : 0), 0);
  return {
    enter(agency) {
      const count = inside.get(agency) ?? 0;
      const trouble = inTrouble(agency);
      const room = trouble ? DELIVERY.inFlightInTrouble : DELIVERY.inFlightPerAgency;
      const crowded = trouble && troubled() >= DELIVERY.inTroubleTogether;
      if (count >= room || crowded) return trouble ? DELIVERY.troubleWait : DELIVERY.slotWait;
      inside.set(agency, count + 1);
      return 0;
    },
    leave(agency, well) {
      const count = (inside.get(agency) ?? 1) - 1;
      if (count > 0) inside.set(agency, count);
      else inside.delete(agency);
      if (well === true) silentInRow.delete(agency);
      if (well === false) silentInRow.set(agency, (silentInRow.get(agency) ?? 0) + 1);
    },
  };
}
