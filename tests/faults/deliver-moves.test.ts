import {
  backOff,
  cancel,
  claim,
  DELIVERY,
  openDelivery,
  settle,
  tryAgain,
} from '../../src/app/delivery/delivery-moves';
import type { Delivery } from '../../src/ports/documents';
import type { ReceiverOutcome } from '../../src/ports/receiver';

const NOW = 1_800_000_000_000;
const chance = { now: NOW, random: 0.5 };
const fresh = openDelivery(
  { key: 'd-p-1', dossierId: 'd', part: 'p', round: 1, agency: 'xa-mau', body: '{}' },
  'v1',
  NOW,
);
const sending = (attempts: number, more: Partial<Delivery> = {}): Delivery => {
  return { ...fresh, state: 'sending', attempts, dueAt: NOW + DELIVERY.lease, ...more };
};

const ACCEPTED: ReceiverOutcome = { state: 'accepted', officialCode: 'H26-1' };
const REFUSED: ReceiverOutcome = { state: 'refused', status: 422 };
const UNKNOWN: ReceiverOutcome = { state: 'unknown', reason: 'time-out' };
const BUSY: ReceiverOutcome = { state: 'busy', reason: 'status-503' };
const asked = { cancelAsked: true } as const;

describe('claim', () => {
  test('a due delivery is leased; one that is not due or has ended is left alone', () => {
    expect(claim(fresh, NOW)).toMatchObject({ state: 'sending', attempts: 1, dueAt: NOW + DELIVERY.lease });
    expect(claim(fresh, NOW - 1)).toBeNull();
    expect(claim({ ...fresh, dueAt: null }, NOW)).toBeNull();
    for (const state of ['accepted', 'refused', 'needs-officer', 'cancelled'] as const) {
      expect(claim({ ...fresh, state }, NOW)).toBeNull();
    }
  });

  test('a running lease is respected, one that ran out is another try', () => {
    expect(claim(sending(3), NOW + DELIVERY.lease - 1)).toBeNull();
    expect(claim(sending(3), NOW + DELIVERY.lease)).toMatchObject({ state: 'sending', attempts: 4 });
  });

  test('a worker that dies at the last try leaves it to an officer', () => {
    const dead = sending(DELIVERY.tries);
    expect(claim(dead, NOW + DELIVERY.lease)).toMatchObject({
      state: 'needs-officer',
      lastReason: 'worker-lost',
    });
  });

  test('what was taken back is not sent again', () => {
    expect(claim(sending(1, asked), NOW + DELIVERY.lease)).toMatchObject({
      state: 'needs-officer',
      lastReason: 'cancelled-after-unknown',
    });
  });
});

describe('settle', () => {
  test.each<[string, boolean, ReceiverOutcome, number, Partial<Delivery>]>([
    ['accepted', false, ACCEPTED, 1, { state: 'accepted', officialCode: 'H26-1', dueAt: NOW }],
    ['refused', false, REFUSED, 1, { state: 'needs-officer', lastReason: 'refused-422', dueAt: NOW }],
    ['refused later', true, REFUSED, 2, { state: 'needs-officer', lastReason: 'refused-422-after-unknown' }],
    ['unknown', false, UNKNOWN, 1, { state: 'unknown', lastReason: 'time-out', dueAt: NOW + 60_000 }],
    ['busy', false, BUSY, 2, { state: 'waiting', lastReason: 'status-503', dueAt: NOW + 120_000 }],
    ['busy after unknown', true, BUSY, 2, { state: 'unknown', dueAt: NOW + 120_000 }],
    ['the last unknown', true, UNKNOWN, DELIVERY.tries, { state: 'needs-officer', lastReason: 'time-out' }],
    ['the last busy', false, BUSY, DELIVERY.tries, { state: 'needs-officer', lastReason: 'status-503' }],
  ])('%s (uncertain before: %p)', (_name, uncertain, outcome, attempt, expected) => {
    expect(settle(sending(attempt), { attempt, uncertain }, outcome, chance)).toMatchObject(expected);
  });

  test('a wait that the agency asks for is kept, within an hour', () => {
    const asking = (retryAfterMs: number) =>
      settle(sending(1), { attempt: 1, uncertain: false }, { ...BUSY, retryAfterMs }, chance)?.dueAt;
    expect(asking(600_000)).toBe(NOW + 600_000);
    expect(asking(5)).toBe(NOW + 60_000);
    expect(asking(9e9)).toBe(NOW + DELIVERY.maxDelay);
  });

  test('only an acceptance counts from a worker whose lease ran out', () => {
    const own = { attempt: 1, uncertain: false };
    expect(settle(sending(2), own, REFUSED, chance)).toBeNull();
    expect(settle(sending(2), own, UNKNOWN, chance)).toBeNull();
    expect(settle(sending(2), own, ACCEPTED, chance)).toMatchObject({ state: 'accepted' });
    const givenUp: Delivery = { ...fresh, state: 'needs-officer', attempts: 10 };
    expect(settle(givenUp, own, ACCEPTED, chance)).toMatchObject({ state: 'accepted' });
    expect(settle({ ...fresh, state: 'accepted' }, own, REFUSED, chance)).toBeNull();
  });

  test.each<[ReceiverOutcome, boolean, string]>([
    [ACCEPTED, false, 'accepted'],
    [BUSY, false, 'cancelled'],
    [BUSY, true, 'needs-officer'],
    [UNKNOWN, false, 'needs-officer'],
    [REFUSED, false, 'needs-officer'],
  ])('taken back while sending: %j (uncertain before: %p) ends as %s', (outcome, uncertain, state) => {
    expect(settle(sending(2, asked), { attempt: 2, uncertain }, outcome, chance)).toMatchObject({
      state,
      dueAt: NOW,
    });
  });
});

test('all waits together are about four hours, each spread by half', () => {
  const waits = Array.from({ length: DELIVERY.tries - 1 }, (_, index) => backOff(index + 1, 0.5));
  expect(waits.map((ms) => ms / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(backOff(1, 0)).toBe(30_000);
  expect(backOff(3, 0.999)).toBeLessThan(360_000);
});

test.each<[Partial<Delivery>, Partial<Delivery> | null]>([
  [{ state: 'waiting' }, { state: 'cancelled', dueAt: NOW }],
  [{ state: 'unknown' }, { state: 'needs-officer', lastReason: 'cancelled-after-unknown' }],
  [
    { state: 'sending', dueAt: NOW + 5 },
    { state: 'sending', dueAt: NOW + 5, ...asked },
  ],
  [
    { state: 'needs-officer', dueAt: null },
    { state: 'needs-officer', dueAt: null, ...asked },
  ],
  [{ state: 'accepted' }, null],
  [{ state: 'cancelled' }, null],
  [{ state: 'sending', ...asked }, null],
])('taking back %j', (before, after) => {
  const moved = cancel({ ...fresh, ...before }, NOW);
  if (after === null) expect(moved).toBeNull();
  else expect(moved).toMatchObject(after);
});

test('an officer gives one more try to what was given up, never to what was taken back', () => {
  const givenUp: Delivery = { ...fresh, state: 'needs-officer', attempts: DELIVERY.tries, dueAt: null };
  const again = tryAgain(givenUp, NOW);
  expect(again).toMatchObject({ state: 'unknown', dueAt: NOW });
  const claimed = claim(again!, NOW);
  expect(claimed).toMatchObject({ state: 'sending', attempts: DELIVERY.tries + 1 });
  const own = { attempt: DELIVERY.tries + 1, uncertain: true };
  expect(settle(claimed!, own, UNKNOWN, chance)).toMatchObject({ state: 'needs-officer' });
  expect(tryAgain({ ...givenUp, ...asked }, NOW)).toBeNull();
  expect(tryAgain(fresh, NOW)).toBeNull();
});
