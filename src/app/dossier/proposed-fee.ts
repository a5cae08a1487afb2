/** The fee of a dossier by the facts of its day, for an officer to check: exemptions are theirs to see. */
import { civilDate } from '../../catalogue/due-dates';
import type { Facts } from '../../catalogue/facts';
import { feeFor } from '../../catalogue/fees';
import type { Agency, Dossier } from '../../ports/documents';

/** Step that says how many copies are wanted, in every flow that asks. */
const COPIES = 'copies';

/** Đồng; null where the facts do not know it. */
export function feeProposer(facts: Facts) {
  return (dossier: Dossier, { id, provinceCode }: Agency): number | null => {
    const place = { agency: id, province: provinceCode };
    const merged = facts.factsOf(dossier.procedure.id, place, civilDate(dossier.createdAt));
    const asked = dossier.answers.find(({ step }) => step === COPIES)?.value;
    const copies = typeof asked === 'number' ? asked : 1;
    const { amount } = feeFor(merged, { copies, online: false, exempt: false });
    return amount === 'unknown' ? null : amount;
  };
}
