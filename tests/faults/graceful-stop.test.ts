/** A worker that is told to stop lets calls end; one that gets no answer within 8 s is of unknown fate, and nobody waits longer. */
import { mongoHere } from '../servers/mongo-server';
import { redisHere } from '../servers/redis-server';
import { ended, fileAll, openWorkers, pause, underWay, type Workers } from './bad-agencies';

const WITHIN_MS = 10_000;

const onServers = mongoHere && redisHere ? describe : describe.skip;

onServers('a worker that is told to stop', () => {
  let workers: Workers;
  beforeEach(async () => {
    workers = await openWorkers({ houses: 1, offices: 2, slowMs: 3_000 });
  }, 180_000);
  afterEach(() => workers.close(), 60_000);

  it('takes the answer that comes in time, and does not know of the one that does not', async () => {
    const [slow, silent] = workers.offices;
    slow!.system.setMode('slow');
    silent!.system.setMode('hang-after-commit');
    await fileAll(workers, workers.offices, 2);
    const sending = async () => (await underWay(workers)).filter(({ state }) => state === 'sending').length;
    while ((await sending()) < 2) await pause(20);

    const from = performance.now();
    await workers.end();
    const tookMs = performance.now() - from;
    expect(tookMs).toBeGreaterThan(7_000);
    expect(tookMs).toBeLessThan(WITHIN_MS);
    expect((await ended(workers)).map(({ agency, state, attempts }) => [agency, state, attempts])).toEqual([
      [slow!.doc.id, 'accepted', 1],
    ]);
    expect(
      (await underWay(workers)).map(({ agency, state, lastReason }) => [agency, state, lastReason]),
    ).toEqual([[silent!.doc.id, 'unknown', 'stopped']]);
  }, 60_000);
});
