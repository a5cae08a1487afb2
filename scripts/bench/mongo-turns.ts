/** Durable turns a second of the house on MongoDB beside bare compare-and-sets on the same server, by turns in one run. */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { newKeys } from '../../src/crypto/key-ring';
import { dropDatabase, newDatabase, openMongoServer, realMongo } from '../../tests/servers/mongo-server';
import { standInName } from '../../tests/servers/found.cjs';
import { nodeFlags, startChild, type Child } from './child';
import { rate, type Rate } from './client';
import { citizens, HOUSE, writers } from './turns';

const BARE = join(__dirname, 'bare-mongo-server.js');
/** Until the compilers of both sides, Node's and the server's, are done with what is hot. */
const WARM_MS = 12_000;

export interface MongoTurns {
  readonly house: readonly Rate[];
  readonly bare: readonly Rate[];
  /** What the writes went to. */
  readonly store: string;
  /** Of the machine, at the end of each round. */
  readonly loads: readonly number[];
}

export interface MongoTurnsOptions {
  readonly dir: string;
  readonly chats: number;
  readonly rounds: number;
  readonly roundMs: number;
}

async function play(house: Child, bare: Child, { chats, rounds, roundMs }: MongoTurnsOptions) {
  const turns = (ms: number) => rate(house, { lanes: chats, ms, lane: citizens });
  const writes = (ms: number) => rate(bare, { lanes: chats, ms, lane: writers });
  await turns(WARM_MS);
  await writes(WARM_MS / 2);
  const figures = { house: [] as Rate[], bare: [] as Rate[], loads: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    figures.house.push(await turns(roundMs));
    figures.bare.push(await writes(roundMs));
    figures.loads.push(loadavg()[0] ?? NaN);
  }
  return figures;
}

export async function measureMongoTurns(options: MongoTurnsOptions): Promise<MongoTurns> {
  const mongo = await openMongoServer();
  const databases = [newDatabase(), newDatabase()] as const;
  const at = (database: string) => `${mongo.url}/${database}`;
  const children: Child[] = [];
  try {
    const env = { DATA_DIR: options.dir, STORE_URL: at(databases[0]), DATA_KEYS: newKeys(randomBytes) };
    children.push(await startChild([...nodeFlags(), HOUSE], env));
    children.push(await startChild([BARE], { STORE_URL: at(databases[1]) }));
    const [house, bare] = children as [Child, Child];
    const store = realMongo ? 'MongoDB' : `stand-in ${standInName()}`;
    return { ...(await play(house, bare, options)), store };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    if (realMongo) await Promise.all(databases.map((database) => dropDatabase(mongo.url, database)));
    await mongo.close();
  }
}
