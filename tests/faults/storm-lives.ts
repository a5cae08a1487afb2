/** How the servers of a storm live and die: at named moments, after something a citizen did, or at any time, each on its own clock. */
import { DIED, type Point } from '../servers/crash-points';
import { patience, pause } from './storm-http';
import type { StormServer } from './storm-server';
import type { Moment } from './telegram-citizen';

/** One process that is killed again and again. */
export interface Mortal {
  readonly server: StormServer;
  /** Of those whose points are counted together: `all`, `web`, `worker`. */
  readonly role: string;
  /** The moments that its role passes. */
  readonly points: readonly Point[];
}

export interface Storm {
  /** Begins one more of the storm's lives, and lets citizens in for it; null when there were enough. */
  readonly next: (wanted: boolean) => Promise<number | null>;
  readonly roll: () => number;
  /** Hear what citizens do. */
  readonly ears: Set<(what: Moment) => void>;
  /** Moments that are waited for just now, by role. */
  readonly wished: Map<string, readonly Point[]>;
  readonly printed: (role: string) => string;
}

/** Passed by every message; the others are rarer. */
const OFTEN = new Set<Point>([
  'turn-unsaved',
  'turn-saved',
  'turn-answered',
  'words-claimed',
  'words-sent',
  'bell-rung',
]);
/** So long is waited for a moment, or one and a half times as long as the server took to start: machines are slow and busy. */
const POINT_MS = 6_000;
const patienceFor = ({ starts }: StormServer): number => Math.max(POINT_MS, 1.5 * (starts.at(-1) ?? 0));

export const hitsOf = (printed: string, points: readonly Point[]): ReadonlyMap<Point, number> =>
  new Map(points.map((point) => [point, printed.split(`${DIED}${point}\n`).length - 1]));

/** One life of a server, and its end. */
interface Life {
  readonly env: Readonly<Record<string, string>>;
  readonly until: 'point' | Moment | 'any';
  readonly point?: Point;
}
const AS_IT_IS: Life = { env: {}, until: 'any' };

/** A moment that nobody died at yet, and nobody waits for, comes first, another one each time. */
function pointFor({ role, points }: Mortal, { wished, printed }: Storm, n: number): Point {
  const hits = hitsOf(printed(role), points);
  const waiting = wished.get(role) ?? [];
  const count = (one: Point) => (hits.get(one) ?? 0) + waiting.filter((other) => other === one).length;
  const turned = points.map((_, at) => points[(at + n / 2) % points.length] as Point);
  return turned.reduce((best, one) => (count(one) < count(best) ? one : best));
}

/** `n`: of this server's lives; every other one ends at a named moment. */
function lifeOf(mortal: Mortal, storm: Storm, n: number): Life {
  const { roll } = storm;
  // The first life has nothing to die of yet.
  if (n === 0 || n % 2 === 1) {
    const until = (['any', 'pressing', 'photos', 'code'] as const)[Math.floor(roll() * 4)] ?? 'any';
    return { env: {}, until };
  }
  const point = pointFor(mortal, storm, n);
  const pass = 1 + Math.floor(roll() * (OFTEN.has(point) ? 8 : 2));
  return { env: { DIE_AT: `${point}:${pass}` }, until: 'point', point };
}

async function strike({ server }: Mortal, { ears, roll }: Storm, { until }: Life): Promise<void> {
  if (until === 'point') await Promise.race([server.gone(), patience(patienceFor(server))]);
  else if (until === 'any') await pause(20 + roll() * 1_500);
  else {
    let ear: (what: Moment) => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      ear = (what) => {
        if (what === until) resolve();
      };
      ears.add(ear);
    });
    await Promise.race([heard.then(() => pause(roll() * 150)), patience(2_500)]);
    ears.delete(ear);
  }
  await server.kill();
}

/** A life that is to end at a named moment may end before it was ready: the last one left something to do. */
async function startLife(server: StormServer, { env }: Life): Promise<void> {
  try {
    await server.start(env);
  } catch (error) {
    if (Object.keys(env).length === 0) throw error;
  }
}

const isMissed = ({ role, points }: Mortal, storm: Storm): boolean =>
  [...hitsOf(storm.printed(role), points).values()].includes(0);

/** Lives and dies, beginning with a life that already runs, until there were enough; then lives on. */
export async function haunt(mortal: Mortal, storm: Storm): Promise<void> {
  const { role, server } = mortal;
  const { wished } = storm;
  for (let n = 0; (await storm.next(isMissed(mortal, storm))) !== null; n += 1) {
    const life = lifeOf(mortal, storm, n);
    const { point } = life;
    if (point !== undefined) wished.set(role, [...(wished.get(role) ?? []), point]);
    if (n > 0) await startLife(server, life);
    await strike(mortal, storm, life);
    if (point !== undefined)
      wished.set(role, (wished.get(role) ?? []).toSpliced(wished.get(role)?.indexOf(point) ?? 0, 1));
  }
  if (!server.isUp()) await startLife(server, AS_IT_IS);
}

/** A moment that nobody ever died at proves nothing. */
export function missedPoints(mortals: readonly Mortal[], printed: Storm['printed']): string[] {
  return [...new Map(mortals.map((one) => [one.role, one])).values()].flatMap(({ role, points }) =>
    [...hitsOf(printed(role), points)].flatMap(([point, hits]) =>
      hits === 0 ? [`no ${role === 'all' ? 'server' : role} died at ${point}`] : [],
    ),
  );
}
