/** A chat that writes faster than anybody reads is slowed, told so once, and may send the same messages again. */
import type { AppError } from '../../src/errors';
import { openRig, type Rig } from './rig';

let rig: Rig;
beforeEach(async () => void (rig = await openRig(undefined, 60)));
afterEach(() => rig.close());

it('reads 60 messages of a chat in a minute, refuses the rest unread, and says so once', async () => {
  const chat = rig.chat();
  const other = rig.chat();
  const events = Array.from({ length: 80 }, (_, n) => ({ id: `m${n}`, type: 'text' as const, text: 'chào' }));
  const taken = await Promise.allSettled(events.map((event) => chat.take(event)));
  await rig.quiet();
  const refused = taken.flatMap((one) => (one.status === 'rejected' ? [one.reason as AppError] : []));
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(60);
  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 'too-many-requests'));
  for (const { details } of refused) {
    expect(details['waitMs']).toBeGreaterThan(0);
    expect(details['waitMs']).toBeLessThanOrEqual(60_000);
  }
  const slow = chat.heard.filter(({ text }) => text.includes('đọc chưa kịp'));
  expect(slow).toHaveLength(1);
  expect(await other.say('chào')).not.toContain('đọc chưa kịp');
  const [state] = [await rig.house.store.conversations.find(chat.address)];
  expect(state!.doc.seen.filter(({ id }) => id.startsWith('m'))).toHaveLength(60);
});
