/** How many tries are in flight: of one agency, and of all that do not answer. */
import { agencyGate } from '../../src/app/delivery/agency-gate';
import { DELIVERY } from '../../src/app/delivery/delivery-moves';

const names = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

it('one agency has its own few, and is heard again when one of them ends', () => {
  const gate = agencyGate();
  const tries = names(DELIVERY.inFlightPerAgency, '').map(() => gate.enter('a'));
  expect(tries).toEqual(tries.map(() => 0));
  expect(gate.enter('a')).toBe(DELIVERY.slotWait);
  expect(gate.enter('b')).toBe(0);
  gate.leave('a', true);
  expect(gate.enter('a')).toBe(0);
});

it('many that hang at once leave room for the healthy', () => {
  const gate = agencyGate();
  const silent = names(60, 'silent-');
  for (const id of silent)
    for (let n = 0; n < DELIVERY.troubleAfter; n += 1) {
      gate.enter(id);
      gate.leave(id, false);
    }
  const held = silent.map((id) => gate.enter(id));
  expect(held.filter((wait) => wait === 0)).toHaveLength(DELIVERY.inTroubleTogether);
  expect(held.at(-1)).toBe(DELIVERY.troubleWait);
  const healthy = names(60, 'healthy-').map((id) => gate.enter(id));
  expect(healthy).toEqual(healthy.map(() => 0));
  gate.leave('silent-0', true);
  expect(gate.enter('silent-59')).toBe(0);
});
