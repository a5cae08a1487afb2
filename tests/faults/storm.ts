/** A storm: citizens file through the web chat while the one server is killed again and again. They outlive it and keep count. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemsOf } from './storm-checks';
import { openCitizen, person, type Around, type Citizen, type Plan } from './storm-citizen';
import { closeAgent, patience, pause } from './storm-http';
import { stormServer, type StormServer } from './storm-server';
import { seeded } from '../servers/seeded';

export interface StormOptions {
  readonly citizens: number;
  readonly kills: number;
  /** Same seed, same moments (as far as a machine allows). */
  readonly seed: number;
  /** An engine broken on purpose, see tests/servers/mutations. */
  readonly mutate?: string;
  /** After the last kill everyone must be done within this time. */
  readonly quietMs?: number;
}

export interface StormReport {
  /** Empty, or what was lost, doubled or said wrongly. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

type Moment = Parameters<Around['tell']>[0];
/** `dossier`: the server kills itself when a dossier is durable and nobody knows yet. Null: at any moment. */
const MOMENTS: readonly (Moment | 'dossier' | null)[] = [null, 'pressing', 'dossier', 'sent', null, 'code'];
const momentOf = (round: number) => MOMENTS[round % MOMENTS.length] ?? null;
const lifeOf = (round: number) => (momentOf(round) === 'dossier' ? { DIE_AFTER: 'dossiers' } : {});

/** A life that is to end at a dossier may end before it was ready: the last one left something to do. */
async function restart(server: StormServer, life: Readonly<Record<string, string>>): Promise<void> {
  try {
    await server.start(life);
  } catch (error) {
    if (Object.keys(life).length === 0) throw error;
  }
}

/** Kills a moment after something happened, or after 20–400 ms whatever happened. */
async function strike(
  server: StormServer,
  ears: Set<(what: Moment) => void>,
  moment: Moment | 'dossier' | null,
  roll: () => number,
) {
  if (moment === 'dossier') {
    await Promise.race([server.gone(), patience(5_000)]);
    return server.kill();
  }
  const blind = pause(20 + roll() * 380);
  const heard = new Promise<void>((resolve) => {
    const ear = (what: Moment) => {
      if (what !== moment) return;
      ears.delete(ear);
      resolve();
    };
    ears.add(ear);
  });
  await (moment === null ? blind : Promise.race([heard.then(() => pause(roll() * 12)), patience(1_500)]));
  ears.clear();
  await server.kill();
}

const waiting =
  (quietMs: number) =>
  ({ plan, taken, lines }: Citizen): string => {
    const last = [...lines.values()].at(-1);
    const heard = last === undefined ? 'nothing' : `${last.seq} ${last.side} "${last.text.slice(-60)}"`;
    return `${plan.person.nationalId}: not done after ${quietMs} ms; ${taken.length} messages taken, last heard ${heard}`;
  };

function planOf(n: number, roll: () => number): Plan {
  return { person: person(n), presses: roll() < 0.5 ? 1 : 2, officer: roll() < 0.2 };
}

export async function storm({
  citizens,
  kills,
  seed,
  mutate,
  quietMs = 60_000,
}: StormOptions): Promise<StormReport> {
  const roll = seeded(seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'mot-cua-storm-'));
  const server = stormServer(dataDir, mutate === undefined ? {} : { MUTATE: mutate });
  const ears = new Set<(what: Moment) => void>();
  let ids = 0;
  const around: Around = {
    url: server.url,
    newId: () => `storm-${seed}-${String((ids += 1)).padStart(16, '0')}`,
    tell: (what) => [...ears].forEach((ear) => ear(what)),
  };
  const all: Citizen[] = [];
  const filings: Promise<void>[] = [];
  const enter = (plan: Plan) => {
    const citizen = openCitizen(plan, around);
    all.push(citizen);
    filings.push(citizen.file());
    return filings.at(-1);
  };

  try {
    await server.start();
    // The first files in peace: every other talk must read the same.
    await enter({ person: person(0), presses: 1, officer: false });
    const from = Date.now();
    for (let round = 0; round < kills; round += 1) {
      // Citizens come all along, so that each kill finds some at every step.
      while (all.length - 1 < (citizens * (round + 1)) / kills) void enter(planOf(all.length, roll));
      await strike(server, ears, momentOf(round), roll);
      await restart(server, round + 1 < kills ? lifeOf(round + 1) : {});
    }
    const stormMs = Date.now() - from;
    const inTime = await Promise.race([
      Promise.all(filings).then(() => true),
      patience(quietMs).then(() => false),
    ]);
    const quiet = Date.now() - from - stormMs;
    // Whoever says something twice still has the time to do so.
    await pause(3_000);
    const problems = await problemsOf({ citizens: all, server, dataDir });
    const late = inTime ? [] : all.filter((citizen) => !citizen.isDone()).map(waiting(quietMs));
    const start = [...server.starts].sort((a, b) => a - b)[Math.floor(server.starts.length / 2)] ?? 0;
    return {
      problems: [...late, ...problems],
      figures: { citizens: all.length, kills, stormMs, quietMs: quiet, medianStartMs: start },
    };
  } finally {
    all.forEach((citizen) => citizen.close());
    await server.kill();
    closeAgent();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
