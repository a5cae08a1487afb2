/** What stands in a house on its first day: one demo commune that takes every procedure we have a flow for. */
import { DEMO_COMMUNE } from '../catalogue/communes';
import type { Store } from '../ports/store';
import type { Library } from './library';

export const DEMO_AGENCY = 'demo';

/** Creates the demo agency where there is none yet; later it is the officers' to change. */
export async function furnish(store: Store, { flows }: Pick<Library, 'flows'>): Promise<void> {
  if ((await store.agencies.byId(DEMO_AGENCY)) !== null) return;
  await store.agencies.create({
    id: DEMO_AGENCY,
    name: 'UBND Phường Mẫu (THỬ)',
    communeCode: DEMO_COMMUNE.code,
    provinceCode: DEMO_COMMUNE.provinceCode,
    address: 'Số 1, đường Mẫu, Phường Mẫu (địa chỉ để làm thử)',
    hours: '7:30–11:30 và 13:30–17:00, thứ Hai đến thứ Sáu',
    phone: '',
    demo: true,
    procedures: [...flows.keys()],
    receiver: { type: 'desk' },
  });
}
