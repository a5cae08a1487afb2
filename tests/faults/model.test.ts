/**
 * Whatever a messenger, the network and the house's own deaths do to the order of things, a chat comes to what the reference
 * model says, and its screen shows each line once. fast-check makes up the runs and permutes every step of the store and the
 * channel; runs that failed once stand in `model-cases.json` and are tried first. MODEL_RUNS and MODEL_LENGTH set the size,
 * MODEL_SEED the seed; STORM_MUTATE breaks the engine, and the test must fail.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { openLibrary, type Library } from '../../src/house/library';
import {
  command,
  COMMANDS,
  newModel,
  newReal,
  type ModelSide,
  type RealSide,
  type Spec,
} from './model-commands';
import { makeModelRoot } from './model-root';
import { problemsOfRun, settle } from './model-run';

const { env } = process;
const RUNS = Number(env['MODEL_RUNS'] ?? 200);
const LENGTH = Number(env['MODEL_LENGTH'] ?? 30);
const mutate = env['STORM_MUTATE'];
const CASES = JSON.parse(readFileSync(join(__dirname, 'model-cases.json'), 'utf8')) as readonly {
  readonly why: string;
  readonly processes: 1 | 2;
  readonly run: readonly Spec[];
}[];

jest.setTimeout(20_000 + RUNS * 2_000);

const { root, remove } = makeModelRoot();
let library: Library;
beforeAll(() => void (library = openLibrary(root, '2026-11-23')));
afterAll(remove);

type Commands = Iterable<fc.AsyncCommand<ModelSide, RealSide>>;

/** One run, with `processes` over one store (alone, a process keeps its conversations open, as the house does). */
async function tryOut(scheduler: fc.Scheduler, processes: 1 | 2, commands: Commands): Promise<void> {
  const step = async (what: string): Promise<void> => scheduler.schedule(Promise.resolve(), what);
  const model = newModel();
  const made: RealSide[] = [];
  const begin = async () => {
    const real = await newReal({ library, step, cached: processes === 1, mutate }, processes);
    made.push(real);
    return { model, real };
  };
  // Not `scheduledModelRun`: there no step of the house comes while a message is on its way.
  await scheduler.waitFor(fc.asyncModelRun(begin, commands));
  for (const real of made) {
    await scheduler.waitFor(settle(real));
    const problems = await scheduler.waitFor(problemsOfRun(model, real));
    expect(problems).toEqual([]);
  }
}

const start = command({ do: 'one', act: { type: 'start' } });

for (const { why, processes, run } of CASES) {
  test(`a case that failed once: ${why}`, async () => {
    const commands = run.map(command);
    const property = fc.asyncProperty(fc.scheduler(), (scheduler) => tryOut(scheduler, processes, commands));
    await fc.assert(property, { numRuns: 40, seed: 1 });
  });
}

test.each([1, 2] as const)(
  '%i processes over one store: what is found is what the model says',
  async (processes) => {
    const commands = fc.commands([...COMMANDS], { maxCommands: LENGTH, size: 'max' });
    const property = fc.asyncProperty(fc.scheduler(), commands, (scheduler, made) =>
      tryOut(scheduler, processes, [start, ...made]),
    );
    await fc.assert(property, {
      numRuns: RUNS,
      seed: Number(env['MODEL_SEED'] ?? 1),
      endOnFailure: mutate !== undefined,
    });
  },
);
