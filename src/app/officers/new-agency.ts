/** A receiving office as it begins: for one real commune, at the desk, with nothing switched on. */
import type { Agency } from '../../ports/documents';

export type AgencyWords = Pick<Agency, 'name' | 'address' | 'hours' | 'phone'>;

/** The commune's code is the agency's id: one office receives for a commune. */
export const newAgency = (
  { name, address, hours, phone }: AgencyWords,
  commune: { readonly code: string; readonly provinceCode: string },
): Agency => ({
  id: `xa-${commune.code}`,
  name,
  communeCode: commune.code,
  provinceCode: commune.provinceCode,
  address,
  hours,
  phone,
  demo: false,
  procedures: [],
  receiver: { type: 'desk' },
});
