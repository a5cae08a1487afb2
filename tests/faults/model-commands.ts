/** What may happen in a run of the model: citizens' deeds in every way a messenger may bring them, and bad days of the house. */
import fc from 'fast-check';
import {
  newGround,
  startProcess,
  type Ground,
  type Process,
  type ProcessOptions,
  type SendFate,
} from './model-house';
import { eventOf } from './model-run';
import { applied, atOnce, NOTHING, TAPS, WORDS, type Deed, type State } from './reference-model';

/** The one chat of a run. */
export const CHAT = '7';

export type Act =
  | { readonly type: 'start' }
  | { readonly type: 'text'; readonly words: string }
  | { readonly type: 'tap'; readonly step: string; readonly choice: string }
  | { readonly type: 'photos'; readonly prints: readonly string[] };

/** A step of a run as data: what failed once is kept as a list of these. */
export type Spec =
  | { readonly do: 'one'; readonly act: Act }
  /** A message that was taken before comes again. */
  | { readonly do: 'again'; readonly which: number }
  /** The same message over two connections at once. */
  | { readonly do: 'twice'; readonly act: Act }
  | { readonly do: 'pair'; readonly acts: readonly [Act, Act] }
  /** The second comes first. */
  | { readonly do: 'swapped'; readonly acts: readonly [Act, Act] }
  /** The process is killed while it takes the message, which comes again to the next. */
  | { readonly do: 'die'; readonly act: Act; readonly after: number }
  | { readonly do: 'restart'; readonly which: number }
  | { readonly do: 'sends'; readonly fates: readonly SendFate[] }
  | { readonly do: 'pass'; readonly ms: number };

export interface ModelSide {
  states: readonly State[];
  /** Every message there was, once. */
  readonly deeds: Deed[];
}
export interface RealSide {
  readonly ground: Ground;
  readonly processes: Process[];
  readonly open: () => Promise<Process>;
  readonly hops: (count: number) => Promise<void>;
  /** How often words may come once more. */
  mayRepeat: number;
  unreachable: boolean;
}

type Side = fc.AsyncCommand<ModelSide, RealSide>;

export const newModel = (): ModelSide => ({ states: NOTHING, deeds: [] });

export async function newReal(
  { library, step, cached, mutate }: Omit<ProcessOptions, 'ground'>,
  count: number,
): Promise<RealSide> {
  const ground = newGround();
  const open = () => startProcess({ library, ground, step, cached, mutate });
  const processes: Process[] = [];
  for (let n = 0; n < count; n += 1) processes.push(await open());
  async function hops(wanted: number): Promise<void> {
    for (let n = 0; n < wanted; n += 1) await step('wait');
  }
  return { ground, processes, open, hops, mayRepeat: 0, unreachable: false };
}

function fresh(model: ModelSide, act: Act): Deed {
  const deed: Deed = { id: `u${model.deeds.length + 1}`, ...act };
  model.deeds.push(deed);
  return deed;
}
const at = (real: RealSide, n: number): Process => real.processes[n % real.processes.length] as Process;
const take = (real: RealSide, n: number, deed: Deed) => at(real, n).converse.take(eventOf(CHAT, deed));

function expectThat(true_: boolean, what: string): void {
  if (!true_) throw new Error(what);
}

async function replace(real: RealSide, n: number): Promise<void> {
  const which = n % real.processes.length;
  real.processes[which]?.kill();
  // What it sent last is not marked as sent, perhaps.
  real.mayRepeat += 1;
  real.processes[which] = await real.open();
}

async function run(spec: Spec, model: ModelSide, real: RealSide): Promise<void> {
  switch (spec.do) {
    case 'one': {
      const deed = fresh(model, spec.act);
      model.states = applied(model.states, deed);
      const took = await take(real, model.deeds.length, deed);
      expectThat(took === 'done', 'a new message was called seen');
      return;
    }
    case 'again': {
      const deed = model.deeds[spec.which % model.deeds.length] as Deed;
      expectThat((await take(real, spec.which, deed)) === 'seen', 'a message was taken twice');
      return;
    }
    case 'twice': {
      const deed = fresh(model, spec.act);
      model.states = applied(model.states, deed);
      const took = await Promise.all([take(real, 0, deed), take(real, 1, deed)]);
      expectThat(took.sort().join() === 'done,seen', `at once it was ${took.join()}`);
      return;
    }
    case 'pair': {
      const deeds = [fresh(model, spec.acts[0]), fresh(model, spec.acts[1])] as const;
      model.states = atOnce(model.states, deeds);
      await Promise.all(deeds.map((deed, n) => take(real, n, deed)));
      return;
    }
    case 'swapped': {
      const [a, b] = [fresh(model, spec.acts[0]), fresh(model, spec.acts[1])];
      model.states = applied(applied(model.states, b), a);
      await take(real, 0, b);
      await take(real, 1, a);
      return;
    }
    case 'die': {
      const deed = fresh(model, spec.act);
      model.states = applied(model.states, deed);
      void take(real, 0, deed);
      await real.hops(spec.after);
      await replace(real, 0);
      await take(real, 0, deed);
      return;
    }
    default:
      return disturb(spec, real);
  }
}

async function disturb(
  spec: Extract<Spec, { do: 'restart' | 'sends' | 'pass' }>,
  real: RealSide,
): Promise<void> {
  const { ground } = real;
  if (spec.do === 'restart') return replace(real, spec.which);
  if (spec.do === 'sends') {
    ground.outcomes.push(...spec.fates);
    real.mayRepeat += spec.fates.filter((fate) => fate === 'unheard').length;
    real.unreachable ||= spec.fates.includes('unreachable');
    return;
  }
  ground.now += spec.ms;
  // A lease may have run out under whoever has it, or is about to.
  if (real.processes.some((process) => process.busy() > 0)) real.mayRepeat += 1;
  for (const process of real.processes) await process.sweep();
}

export const command = (spec: Spec): Side => ({
  check: (model) => spec.do !== 'again' || model.deeds.length > 0,
  run: (model, real) => run(spec, model, real),
  toString: () => JSON.stringify(spec),
});

const PRINTS = ['p1', 'p2', 'p3', 'bad1', 'bad2'];
const word = fc.constantFrom(...WORDS).map((words): Act => ({ type: 'text', words }));
const tap = fc.constantFrom(...TAPS).map(([step, choice]): Act => ({ type: 'tap', step, choice }));
const prints = fc.array(fc.constantFrom(...PRINTS), { minLength: 1, maxLength: 3 });
const photos = prints.map((shown): Act => ({ type: 'photos', prints: shown }));
const send = fc.constant<Act>({ type: 'text', words: 'gửi' });
const start = fc.constant<Act>({ type: 'start' });
export const act = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 3, arbitrary: photos },
  { weight: 2, arbitrary: tap },
  { weight: 2, arbitrary: send },
  { weight: 1, arbitrary: start },
);
const acts = fc.tuple(act, act);
const fates = fc.array(fc.constantFrom<SendFate>('sent', 'half', 'later', 'unheard', 'unreachable'), {
  minLength: 1,
  maxLength: 4,
});

/** One arbitrary for each sort of step, as `fc.commands` wants them. */
export const COMMANDS: readonly fc.Arbitrary<Side>[] = [
  ...[act, act, act, act].map((one) => one.map((done): Spec => ({ do: 'one', act: done }))),
  fc.nat(100).map((which): Spec => ({ do: 'again', which })),
  act.map((done): Spec => ({ do: 'twice', act: done })),
  acts.map((both): Spec => ({ do: 'pair', acts: both })),
  acts.map((both): Spec => ({ do: 'swapped', acts: both })),
  fc.tuple(act, fc.nat(12)).map(([done, after]): Spec => ({ do: 'die', act: done, after })),
  fc.nat(1).map((which): Spec => ({ do: 'restart', which })),
  fates.map((all): Spec => ({ do: 'sends', fates: all })),
  fc.constantFrom(300, 6_000, 15_000).map((ms): Spec => ({ do: 'pass', ms })),
].map((spec) => spec.map(command));
