/**
 * Turns by webhook while a twentieth of what the house says to MongoDB is cut off, some of it before it arrives, some after it
 * was carried out; some is late, some never answered, and once the server is away for long. Every chat ends as the reference
 * model says, every update is answered 200 or 503 in time, and nothing is done twice. CUT_TURNS, CUT_AWAY_MS and STORM_SEED
 * set the size; STORM_MUTATE breaks the house, and the test must fail.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { mongoHere, openMongoServer, type MongoServer } from '../servers/mongo-server';
import { cutTurns } from './cut-turns';

const { env } = process;
const turns = Number(env['CUT_TURNS'] ?? 400);
const awayMs = Number(env['CUT_AWAY_MS'] ?? 30_000);
const seed = Number(env['STORM_SEED'] ?? 1);
const mutate = env['STORM_MUTATE'];
const IN_TIME_MS = 2_000;

const here = mongoHere ? describe : describe.skip;

here(`${turns} turns while commands are cut`, () => {
  let mongo: MongoServer;
  beforeAll(async () => {
    mongo = await openMongoServer();
  }, 180_000);
  afterAll(() => mongo.close());

  it.each([
    ['writes', 0],
    ['all commands', awayMs],
  ] as const)(
    '%s, and %i ms without the server: every chat is as the model says',
    async (cut, away) => {
      const sizes = { mongo, turns, seed, cut, awayMs: away, ...(mutate === undefined ? {} : { mutate }) };
      const stalls = monitorEventLoopDelay();
      stalls.enable();
      const report = await cutTurns(sizes);
      // House and citizens are one process here: while the machine lets it stand still, nobody's clock is fair.
      const stalledMs = stalls.max / 1e6;
      const { problems, statuses, slowestMs, wire } = report;
      if (env['CUT_TURNS'] !== undefined)
        console.log(JSON.stringify({ ...report, stalledMs, statuses: Object.fromEntries(statuses) }));
      expect(problems.slice(0, 10)).toEqual([]);
      expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(slowestMs - stalledMs).toBeLessThan(IN_TIME_MS);
      expect(Math.min(wire.before, wire.after)).toBeGreaterThan(wire.commands / 80);
      expect(wire.delayed).toBeGreaterThan(0);
    },
    180_000 + awayMs * 4 + turns * 500,
  );
});
