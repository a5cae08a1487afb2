/**
 * Many processes of one house on MongoDB and Redis, as an operator runs them: web and worker members that tests may kill, and
 * one door before the webs, as a load balancer is. Each life of each member has a number of its own.
 *
 * ```ts
 * const fleet = openFleet({ webs: 2, workers: 2, mongoUrl, redisUrl, dataKeys: newDataKeys() });
 * await fleet.start();
 * await post(`${fleet.door.url}/chat/say`, …);
 * await fleet.members[3]?.kill();
 * await fleet.stop();
 * ```
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stormServer, type StormServer } from '../faults/storm-server';
import { openFleetDoor, type FleetDoor } from './fleet-door';

export type Role = 'web' | 'worker';
export type Env = Readonly<Record<string, string>>;

export interface FleetOptions {
  readonly webs: number;
  readonly workers: number;
  /** With the database's name, `mongodb://127.0.0.1:<port>/<newDatabase()>`; may point at a proxy. */
  readonly mongoUrl: string;
  /** Null: no bell between the processes, workers look by themselves. */
  readonly redisUrl: string | null;
  /** DATA_KEYS, see `newDataKeys`. */
  readonly dataKeys: string;
  /** More environment: of all lives, or of the life with this number. */
  readonly env?: Env | ((life: FleetLife) => Env);
}

/** One life of one member. */
export interface FleetLife {
  /** From 1, in the order of beginning; no two of a fleet have the same. */
  readonly number: number;
  readonly role: Role;
  /** ms epoch. */
  readonly from: number;
  /** ms epoch; null while it lives. */
  until: number | null;
}

export interface FleetMember extends StormServer {
  /** `web-1`, `worker-2`. */
  readonly name: string;
  readonly role: Role;
}

export interface Fleet {
  /** The webs first. */
  readonly members: readonly FleetMember[];
  /** Every life that ever began. */
  readonly lives: readonly FleetLife[];
  /** One address, spread request by request over the webs that live. Of no use before the first `start`. */
  readonly door: Pick<FleetDoor, 'url'>;
  /** Starts all that do not live, at once. */
  start(): Promise<void>;
  /** Ends all gracefully, and the door. */
  stop(): Promise<void>;
  /** Ends all at once without a word, and the door. */
  kill(): Promise<void>;
  /** What all members ever printed. */
  printed(): string;
}

const key = () => randomBytes(32).toString('base64');

/** DATA_KEYS of a fleet: one data key, one index key. */
export const newDataKeys = (): string => `k1:${key()};index:${key()}`;

type Common = Pick<FleetOptions, 'mongoUrl' | 'redisUrl' | 'dataKeys' | 'env'> & {
  readonly dir: string;
  readonly lives: FleetLife[];
  readonly doorUrl: () => string;
};

const STARTS = 4;

function memberOf(name: string, role: Role, common: Common): FleetMember {
  const { mongoUrl, redisUrl, dataKeys, env = {}, lives, doorUrl } = common;
  const server = stormServer(join(common.dir, name), () => {
    const life: FleetLife = { number: lives.length + 1, role, from: Date.now(), until: null };
    lives.push(life);
    // The child is being made: its end is asked for once it is there.
    setImmediate(() => void server.gone().then(() => (life.until = Date.now())));
    return {
      STORE_URL: mongoUrl,
      QUEUE_URL: redisUrl ?? 'embedded:',
      ROLE: role,
      DATA_KEYS: dataKeys,
      PUBLIC_URL: doorUrl(),
      ...(typeof env === 'function' ? env(life) : env),
    };
  });
  /** As a supervisor does: who found no store on a busy machine comes again. */
  async function start(more: Env = {}): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await server.start(more);
        return;
      } catch (error) {
        if (tries === STARTS || !String(error).includes('store-unavailable')) throw error;
      }
    }
  }
  return { ...server, start, name, role };
}

/** Nothing runs yet but the door, which answers 503 until a web lives. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { webs, workers } = options;
  const dir = mkdtempSync(join(tmpdir(), 'mot-cua-fleet-'));
  const lives: FleetLife[] = [];
  const common: Common = { ...options, dir, lives, doorUrl: () => door.url };
  const many = (role: Role, count: number) =>
    Array.from({ length: count }, (_, n) => memberOf(`${role}-${n + 1}`, role, common));
  const members = [...many('web', webs), ...many('worker', workers)];
  const door = await openFleetDoor(() =>
    members.filter(({ role, isUp }) => role === 'web' && isUp()).map(({ url }) => url()),
  );
  async function end(how: 'stop' | 'kill'): Promise<void> {
    await Promise.all(members.map((member) => member[how]()));
    await door.close();
    rmSync(dir, { recursive: true, force: true });
  }
  return {
    members,
    lives,
    door,
    async start() {
      await Promise.all(members.filter(({ isUp }) => !isUp()).map((member) => member.start()));
    },
    stop: () => end('stop'),
    kill: () => end('kill'),
    printed: () => members.map((member) => member.printed()).join(''),
  };
}
