/**
 * The golden talks of all flows, from the first word to the result, in a house on SQLite, its disk and its own queue, and in
 * one on MongoDB, GridFS and Redis: the dossiers are the same, to the last byte of their photos.
 */
import { newDataKeys } from '../servers/fleet';
import { dropDatabase, mongoHere, newDatabase, openMongoServer } from '../servers/mongo-server';
import { openRedisServer, redisHere } from '../servers/redis-server';
import { readTalks } from '../flow/talk-runner';
import { openWeb, type GoldenHouse } from './golden-house';
import { playTalk, type Played } from './golden-play';

/** So many citizens talk at one time. */
const TOGETHER = 8;
const talks = readTalks();
type Ends = ReadonlyMap<string, Played>;

async function playAll(house: GoldenHouse): Promise<Ends> {
  const ends = new Map<string, Played>();
  const rest = [...talks];
  async function line(): Promise<void> {
    for (let talk = rest.shift(); talk !== undefined; talk = rest.shift())
      ends.set(talk.file, await playTalk(house, talk, 'text'));
  }
  const lines = await Promise.allSettled(Array.from({ length: TOGETHER }, line));
  await house.close();
  expect(lines.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
  return ends;
}

async function playOnServers(): Promise<Ends> {
  const [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  const database = newDatabase();
  const house = await openWeb({
    STORE_URL: `${mongo.url}/${database}`,
    QUEUE_URL: redis.url,
    DATA_KEYS: newDataKeys(),
  });
  try {
    return await playAll(house);
  } finally {
    await dropDatabase(mongo.url, database);
    await Promise.all([mongo.close(), redis.close()]);
  }
}

const here = mongoHere && redisHere ? describe : describe.skip;

here('the golden talks on MongoDB, GridFS and Redis', () => {
  let embedded: Ends;
  let servers: Ends;
  beforeAll(async () => {
    embedded = await playAll(await openWeb());
    servers = await playOnServers();
  }, 240_000);

  it('every question is the one the talk says', () => {
    expect([...servers.values()].flatMap(({ strayed }) => strayed)).toEqual([]);
  });

  it.each(talks.map(({ title, file }) => [title, file]))('the dossier is that of SQLite: %s', (_, file) => {
    expect(servers.get(file)?.dossier).toEqual(embedded.get(file)?.dossier);
  });

  it('they hold what was sent, with its photos', () => {
    const sent = [...servers.values()].flatMap(({ dossier }) => (dossier === null ? [] : [dossier]));
    const photos = JSON.stringify(sent).match(/"print":"[0-9a-f]{64}"/g) ?? [];
    expect(sent.length).toBeGreaterThan(25);
    expect(photos.length).toBeGreaterThan(5);
  });
});
