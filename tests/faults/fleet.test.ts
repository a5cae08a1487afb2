/** The fleet other proofs stand on: many processes file one citizen's dossier through one door, whichever of them lives. */
import { openCitizen, person } from './storm-citizen';
import { closeAgent } from './storm-http';
import { newDataKeys, openFleet, type Fleet } from '../servers/fleet';
import {
  dropDatabase,
  mongoHere,
  newDatabase,
  openMongoServer,
  type MongoServer,
} from '../servers/mongo-server';
import { openRedisServer, redisHere, type RedisServer } from '../servers/redis-server';

const here = mongoHere && redisHere;
const database = newDatabase();
let mongo: MongoServer;
let redis: RedisServer;
let fleet: Fleet;

beforeAll(async () => {
  if (!here) return;
  [mongo, redis] = await Promise.all([openMongoServer(), openRedisServer()]);
  const urls = { mongoUrl: `${mongo.url}/${database}`, redisUrl: redis.url };
  fleet = await openFleet({ webs: 2, workers: 2, ...urls, dataKeys: newDataKeys() });
  await fleet.start();
}, 120_000);
afterAll(async () => {
  if (!here) return;
  await fleet.stop();
  closeAgent();
  await dropDatabase(mongo.url, database);
  await Promise.all([mongo.close(), redis.close()]);
}, 60_000);

let ids = 0;
async function file(n: number): Promise<readonly string[]> {
  const newId = () => `fleet-${n}-${String((ids += 1)).padStart(16, '0')}`;
  const around = { url: () => fleet.door.url, newId, tell: () => undefined };
  const citizen = openCitizen({ person: person(n), presses: 2, officer: false }, around);
  await citizen.file();
  citizen.close();
  return citizen.troubles;
}
const [webs, workers] = [() => fleet.members.slice(0, 2), () => fleet.members.slice(2)];

const many = here ? describe : describe.skip;
many('a fleet on MongoDB and Redis', () => {
  it('takes a dossier through its door', async () => {
    expect(await file(1)).toEqual([]);
    expect(fleet.lives.map(({ role, until }) => [role, until])).toEqual([
      ...[
        ['web', null],
        ['web', null],
      ],
      ...[
        ['worker', null],
        ['worker', null],
      ],
    ]);
  });

  it('goes on with one web and one worker', async () => {
    await Promise.all([webs()[0]?.kill(), workers()[1]?.kill()]);
    expect(fleet.lives.filter(({ until }) => until !== null).map(({ role }) => role)).toEqual([
      'web',
      'worker',
    ]);
    expect(await file(2)).toEqual([]);
  });

  it('takes those back that were gone, each life with a number of its own', async () => {
    await fleet.start();
    expect(fleet.lives.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(fleet.members.every(({ isUp }) => isUp())).toBe(true);
  });

  it('is answered 503 at its door when no web lives', async () => {
    await Promise.all(webs().map((web) => web.kill()));
    expect((await fetch(`${fleet.door.url}/healthz`)).status).toBe(503);
  });
});
