/** What nobody took is erased after a day; what somebody took meanwhile is not, whatever slip is left of it. */
import { openRig, type Rig } from './rig';

const DAY_MS = 86_400_000;
let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());

const isThere = (key: string) =>
  rig.house.files.get(key).then(
    () => true,
    () => false,
  );

it('erases bytes that nobody took, and keeps a clean copy though its slip was left behind', async () => {
  const { incoming, store, files } = rig.house;
  const lost = await incoming.keep(Buffer.from('nobody asks for it'));
  const photo = 'p'.repeat(22);
  await incoming.hold(photo);
  await files.put(photo, Buffer.from('a clean copy'));
  await store.attachments.put({
    ...{ id: photo, owner: 'a-dossier', state: 'ok', name: '', type: 'image/jpeg', bytes: 12 },
    ...{ fileKey: photo, at: rig.universe.now() },
  });
  expect(await incoming.sweep(rig.universe.now() + 2 * DAY_MS)).toBe(2);
  expect([await isThere(lost), await isThere(photo)]).toEqual([false, true]);
  expect(await incoming.sweep(rig.universe.now() + 2 * DAY_MS)).toBe(0);
});
